"""Schedules: one version of one site's week."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint, text
from sqlmodel import Field

from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.models.base import Authored, id_field, one_of, reference


class Schedule(Authored, table=True):
    """One version of a site's week. Triggers keep its status machine, and freeze it once it is published."""

    __tablename__ = "schedules"
    __table_args__ = (
        CheckConstraint("week_start <= week_end AND week_end - week_start <= 6", name="ck_schedules_week"),
        one_of("status", ScheduleStatus, "ck_schedules_status"),
        CheckConstraint("version_number > 0", name="ck_schedules_version_number"),
        CheckConstraint(
            "status NOT IN ('approved', 'published', 'archived')"
            " OR approved_by_id IS NOT NULL AND approved_at IS NOT NULL",
            name="ck_schedules_approved",
        ),
        CheckConstraint("char_length(title) <= 200", name="ck_schedules_title"),
        CheckConstraint("char_length(rejected_reason) <= 2000", name="ck_schedules_rejected_reason"),
        UniqueConstraint("site_id", "week_start", "version_number", name="uq_schedules_version"),
        UniqueConstraint("id", "site_id", name="uq_schedules_id_site"),
        UniqueConstraint("id", "in_force", name="uq_schedules_id_in_force"),
        Index(
            "uq_schedules_one_published",
            "site_id",
            "week_start",
            unique=True,
            postgresql_where=text("status = 'published'"),
        ),
        Index(
            "uq_schedules_one_in_work",
            "site_id",
            "week_start",
            unique=True,
            postgresql_where=text("status IN ('draft', 'pending', 'approved')"),
        ),
        Index("ix_schedules_parent_id", "parent_id"),
    )

    id: int = id_field()
    site_id: int = reference("sites.id")
    week_start: date
    week_end: date
    status: str = Field(default="draft", sa_column_kwargs={"server_default": "draft"})
    in_force: bool = Field(
        default=None, nullable=False, sa_column_args=[Computed("status = 'published'", persisted=True)]
    )
    parent_id: int | None = reference("schedules.id", nullable=True)
    version_number: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    title: str | None = None
    submitted_by_id: int | None = reference("employees.id", nullable=True)
    submitted_at: datetime | None = None
    approved_by_id: int | None = reference("employees.id", nullable=True)
    approved_at: datetime | None = None
    published_by_id: int | None = reference("employees.id", nullable=True)
    published_at: datetime | None = None
    rejected_reason: str | None = None
    archived_at: datetime | None = None
