"""Assignments: an employee on a shift."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from schedule_app.domain.assignment import ACTIVE, AssignmentStatus
from schedule_app.models.base import Authored, id_field, is_one_of, json_field, one_of, reference

SOURCES = ("manual", "auto", "claim", "swap")

# The statuses in which the employee's time is taken.
_IS_ACTIVE = is_one_of("status", (status for status in AssignmentStatus if status in ACTIVE))
# Equality of a number, written as the overlap of one-element ranges: GiST can do that without an extension.
_SAME_SCHEDULE = (literal_column("int8range(schedule_id, schedule_id, '[]')"), "&&")
_SAME_EMPLOYEE = (literal_column("int8range(employee_id, employee_id, '[]')"), "&&")
_SAME_TIME = (literal_column("tstzrange(starts_at, ends_at)"), "&&")


class ScheduleAssignment(Authored, table=True):
    """An employee on a shift.

    `starts_at`, `ends_at` and `in_force` are copies of the shift's times and of the schedule being published. Foreign
    keys refuse a wrong copy and carry changes over, so that the exclusion constraints can rely on them. Both
    exclusion constraints can be deferred: two people may swap their shifts in one transaction.
    """

    __tablename__ = "schedule_assignments"
    __table_args__ = (
        one_of("status", AssignmentStatus, "ck_schedule_assignments_status"),
        one_of("source", SOURCES, "ck_schedule_assignments_source"),
        CheckConstraint("char_length(response_note) <= 2000", name="ck_schedule_assignments_response_note"),
        CheckConstraint("char_length(override_reason) <= 2000", name="ck_schedule_assignments_override_reason"),
        CheckConstraint("char_length(objection) BETWEEN 3 AND 500", name="ck_schedule_assignments_objection"),
        CheckConstraint("(objection IS NULL) = (objected_at IS NULL)", name="ck_schedule_assignments_objected_at"),
        CheckConstraint("jsonb_typeof(reason) = 'object'", name="ck_schedule_assignments_reason"),
        UniqueConstraint("schedule_id", "shift_id", "employee_id", name="uq_schedule_assignments_shift_employee"),
        ForeignKeyConstraint(
            ["shift_id", "schedule_id", "starts_at", "ends_at"],
            ["shifts.id", "shifts.schedule_id", "shifts.starts_at", "shifts.ends_at"],
            name="fk_schedule_assignments_shift",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["schedule_id", "in_force"],
            ["schedules.id", "schedules.in_force"],
            name="fk_schedule_assignments_schedule",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        ExcludeConstraint(
            _SAME_SCHEDULE,
            _SAME_EMPLOYEE,
            _SAME_TIME,
            where=text(_IS_ACTIVE),
            deferrable=True,
            initially="IMMEDIATE",
            name="ex_schedule_assignments_overlap_in_schedule",
        ),
        ExcludeConstraint(
            _SAME_EMPLOYEE,
            _SAME_TIME,
            where=text(f"in_force AND {_IS_ACTIVE}"),
            deferrable=True,
            initially="IMMEDIATE",
            name="ex_schedule_assignments_overlap_in_force",
        ),
        Index("ix_schedule_assignments_schedule_id_status", "schedule_id", "status"),
        Index("ix_schedule_assignments_employee_id_status", "employee_id", "status"),
        Index("ix_schedule_assignments_employee_id_starts_at", "employee_id", "starts_at"),
        Index("ix_schedule_assignments_shift_id", "shift_id"),
        Index(
            "ix_schedule_assignments_unanswered",
            "confirm_by",
            postgresql_where=text("status = 'pending' AND in_force"),
        ),
        Index("ix_schedule_assignments_ahead", "starts_at", postgresql_where=text("in_force")),
    )

    id: int = id_field()
    schedule_id: int = Field(sa_type=BigInteger)
    shift_id: int = Field(sa_type=BigInteger)
    employee_id: int = reference("employees.id")
    starts_at: datetime
    ends_at: datetime
    in_force: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    status: str = Field(default="assigned", sa_column_kwargs={"server_default": "assigned"})
    source: str = Field(default="manual", sa_column_kwargs={"server_default": "manual"})
    pinned: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    confirm_by: datetime | None = None
    responded_at: datetime | None = None
    response_note: str | None = None
    override_reason: str | None = None
    objection: str | None = None
    objected_at: datetime | None = None
    reason: dict[str, Any] = json_field("{}")
