"""Shifts: blocks of work which need people."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from schedule_app.models.base import Authored, id_field, json_field, one_of

SHIFT_TYPES = ("general", "management", "specialized", "emergency", "training")


class Shift(Authored, table=True):
    """A block of work in one schedule version: wall times as people read them, and the instants they resolve to.

    `lineage_id` stays the same across versions of a week. A trigger freezes the shifts of a published schedule.
    """

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at AND ends_at - starts_at <= interval '26 hours'", name="ck_shifts_span"),
        CheckConstraint("required_staff > 0 AND required_staff <= 1000", name="ck_shifts_required_staff"),
        CheckConstraint("priority BETWEEN 1 AND 10", name="ck_shifts_priority"),
        one_of("shift_type", SHIFT_TYPES, "ck_shifts_type"),
        CheckConstraint(
            "jsonb_typeof(requirements) = 'object'"
            " AND jsonb_typeof(coalesce(requirements -> 'qualifications', '[]')) = 'array'"
            """ AND NOT jsonb_path_exists(requirements, '$.qualifications[*] ? (@.type() != "string")')""",
            name="ck_shifts_requirements",
        ),
        CheckConstraint("char_length(time_zone) BETWEEN 1 AND 64", name="ck_shifts_time_zone"),
        CheckConstraint("char_length(title) <= 200", name="ck_shifts_title"),
        CheckConstraint("char_length(notes) <= 2000", name="ck_shifts_notes"),
        UniqueConstraint("schedule_id", "lineage_id", name="uq_shifts_lineage"),
        UniqueConstraint("id", "schedule_id", "starts_at", "ends_at", name="uq_shifts_span"),
        ForeignKeyConstraint(
            ["schedule_id", "site_id"],
            ["schedules.id", "schedules.site_id"],
            name="fk_shifts_schedule",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["department_id", "site_id"], ["departments.id", "departments.site_id"], name="fk_shifts_department"
        ),
        Index("ix_shifts_site_id_starts_at_ends_at", "site_id", "starts_at", "ends_at"),
        Index("ix_shifts_schedule_id_local_date", "schedule_id", "local_date"),
        Index("ix_shifts_department_id", "department_id"),
        Index("ix_shifts_requirements", "requirements", postgresql_using="gin"),
    )

    id: int = id_field()
    schedule_id: int = Field(sa_type=BigInteger)
    site_id: int = Field(sa_type=BigInteger)
    department_id: int | None = Field(default=None, sa_type=BigInteger)
    lineage_id: UUID = Field(
        default=None, nullable=False, sa_column_kwargs={"server_default": text("gen_random_uuid()")}
    )
    local_date: date
    local_start: time
    local_end: time
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    shift_type: str = Field(default="general", sa_column_kwargs={"server_default": "general"})
    title: str | None = None
    required_staff: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    priority: int = Field(default=5, sa_column_kwargs={"server_default": text("5")})
    requirements: dict[str, Any] = json_field("{}")
    notes: str | None = None
