"""Templates: a shift, or the shifts of a week, kept to be used again."""

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic import Field as Bounded
from sqlalchemy import CheckConstraint, UniqueConstraint

from schedule_app.models.base import Authored, id_field, json_field, length, one_of, reference

SCOPES = ("shift", "week")


class TemplateShift(BaseModel):
    """One shift of a template: wall times, and the day counted from the first day of the week.

    Departments and people are named by number alone. Whoever uses the template finds out whether they are still there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: Annotated[int, Bounded(ge=0, le=6)] = 0
    local_start: time
    local_end: time
    title: str | None = None
    shift_type: Literal["general", "management", "specialized", "emergency", "training"] = "general"
    department_id: int | None = None
    required_staff: Annotated[int, Bounded(ge=1, le=1000)] = 1
    priority: Annotated[int, Bounded(ge=1, le=10)] = 5
    qualifications: tuple[str, ...] = ()
    notes: str | None = None
    employee_ids: tuple[int, ...] = ()


_SHIFTS = TypeAdapter(tuple[TemplateShift, ...])


def parse_template_shifts(value: object) -> tuple[TemplateShift, ...]:
    """Read `Template.shifts`.

    Raises:
        pydantic.ValidationError: When it has another shape.
    """
    return _SHIFTS.validate_python(value)


class Template(Authored, table=True):
    """A template of a site, by its name."""

    __tablename__ = "templates"
    __table_args__ = (
        length("name", 1, 100, "ck_templates_name"),
        one_of("scope", SCOPES, "ck_templates_scope"),
        CheckConstraint(
            "jsonb_typeof(shifts) = 'array' AND (shifts -> 0) IS NOT NULL"
            " AND (scope = 'week' OR (shifts -> 1) IS NULL)",
            name="ck_templates_shifts",
        ),
        UniqueConstraint("site_id", "scope", "name", name="uq_templates_name"),
    )

    id: int = id_field()
    site_id: int = reference("sites.id")
    scope: str
    name: str
    shifts: list[dict[str, Any]] = json_field("[]")
