"""Rules of a site, and the violations found in its schedules."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from schedule_app.domain.rules import LIMITS, RULE_TYPES
from schedule_app.models.base import Authored, Model, id_field, json_field, length, one_of, reference


@lru_cache
def _adapter(rule_type: str) -> TypeAdapter[Any]:
    return TypeAdapter(LIMITS[rule_type])


def parse_limits(rule_type: str, constraints: object) -> Any:  # noqa: ANN401 (one dataclass per rule type)
    """Read `Rule.constraints` into the limits dataclass of its type.

    Raises:
        KeyError: When there is no such rule type.
        pydantic.ValidationError: When a limit is missing, unknown or out of bounds.
    """
    return _adapter(rule_type).validate_python(constraints)


def limits_json(rule_type: str, limits: object) -> dict[str, Any]:
    """Write a limits dataclass as `Rule.constraints`; what is not given is left out."""
    return _adapter(rule_type).dump_python(limits, mode="json", exclude_defaults=True)


class Rule(Authored, table=True):
    """A rule for a whole site, one department or one person."""

    __tablename__ = "rules"
    __table_args__ = (
        one_of("rule_type", RULE_TYPES, "ck_rules_type"),
        length("name", 1, 200, "ck_rules_name"),
        CheckConstraint("jsonb_typeof(constraints) = 'object'", name="ck_rules_constraints"),
        CheckConstraint("priority BETWEEN 1 AND 10", name="ck_rules_priority"),
        CheckConstraint("department_id IS NULL OR employee_id IS NULL", name="ck_rules_scope"),
        CheckConstraint("effective_from <= effective_until", name="ck_rules_period"),
        ForeignKeyConstraint(
            ["department_id", "site_id"], ["departments.id", "departments.site_id"], name="fk_rules_department"
        ),
        Index("ix_rules_rule_type_is_active", "rule_type", "is_active"),
        Index("ix_rules_site_id", "site_id"),
        Index("ix_rules_employee_id", "employee_id"),
        Index("ix_rules_constraints", "constraints", postgresql_using="gin"),
    )

    id: int = id_field()
    site_id: int = reference("sites.id")
    department_id: int | None = Field(default=None, sa_type=BigInteger)
    employee_id: int | None = reference("employees.id", nullable=True)
    rule_type: str
    name: str
    constraints: dict[str, Any] = json_field("{}")
    priority: int = Field(default=5, sa_column_kwargs={"server_default": text("5")})
    strict: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    effective_from: date | None = None
    effective_until: date | None = None


class RuleViolation(Model, table=True):
    """A violation found when an assignment was made; an overridden one says why and by whom.

    Attributes:
        arose_at: When it came up only after the week was published; None for what the shift was given against.
    """

    __tablename__ = "rule_violations"
    __table_args__ = (
        one_of("severity", ("block", "warn"), "ck_rule_violations_severity"),
        CheckConstraint("(override_reason IS NULL) = (overridden_by_id IS NULL)", name="ck_rule_violations_override"),
        Index("ix_rule_violations_schedule_id", "schedule_id"),
        Index("ix_rule_violations_assignment_id", "assignment_id"),
        Index("ix_rule_violations_rule_id", "rule_id"),
    )

    id: int = id_field()
    schedule_id: int = reference("schedules.id", ondelete="CASCADE")
    assignment_id: int = reference("schedule_assignments.id", ondelete="CASCADE")
    rule_id: int | None = reference("rules.id", ondelete="SET NULL", nullable=True)
    rule_type: str
    severity: str
    message: str
    override_reason: str | None = None
    overridden_by_id: int | None = reference("employees.id", nullable=True)
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    arose_at: datetime | None = None
