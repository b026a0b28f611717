"""What planners write to the people of a site, a department or a shift."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from schedule_app.domain.announcement import LONGEST_BODY, LONGEST_SUBJECT, PRIORITIES, Audience
from schedule_app.models.base import Model, id_field, length, one_of, reference


class Announcement(Model, table=True):
    """One message to many; each of them has a notification of it.

    Attributes:
        department_id: Of which department; of a shift, the one it is of. None when it is no more.
        shift_id: Whose people were told; None when it is no more.
        told: How many were.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        one_of("audience", Audience, "ck_announcements_audience"),
        CheckConstraint(
            "(department_id IS NULL OR audience <> 'site') AND (shift_id IS NULL OR audience = 'shift')",
            name="ck_announcements_place",
        ),
        length("subject", 1, LONGEST_SUBJECT, "ck_announcements_subject"),
        length("body", 1, LONGEST_BODY, "ck_announcements_body"),
        one_of("priority", PRIORITIES, "ck_announcements_priority"),
        CheckConstraint("told > 0", name="ck_announcements_told"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="ck_announcements_withdrawn"),
        ForeignKeyConstraint(
            ["department_id", "site_id"],
            ["departments.id", "departments.site_id"],
            name="fk_announcements_department",
            ondelete="SET NULL (department_id)",
        ),
        Index("ix_announcements_site_id_id", "site_id", "id"),
        Index("ix_announcements_department_id", "department_id"),
        Index("ix_announcements_shift_id", "shift_id"),
    )

    id: int = id_field()
    site_id: int = reference("sites.id", ondelete="CASCADE")
    audience: str
    department_id: int | None = Field(default=None, sa_type=BigInteger)
    shift_id: int | None = reference("shifts.id", ondelete="SET NULL", nullable=True)
    author_id: int = reference("employees.id", ondelete="CASCADE")
    subject: str
    body: str
    priority: str
    told: int
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    withdrawn_at: datetime | None = None
    withdrawn_by_id: int | None = reference("employees.id", nullable=True)
