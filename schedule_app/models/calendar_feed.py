"""Links at which calendar programs read a person's shifts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from schedule_app.models.base import Model, id_field, reference


class CalendarFeed(Model, table=True):
    """A link that serves until it is ended. Only the SHA-256 of its token is kept."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="ck_calendar_feeds_token_hash"),
        UniqueConstraint("token_hash", name="uq_calendar_feeds_token_hash"),
        Index("uq_calendar_feeds_one_open", "employee_id", unique=True, postgresql_where=text("revoked_at IS NULL")),
        Index("ix_calendar_feeds_employee_id", "employee_id"),
    )

    id: int = id_field()
    employee_id: int = reference("employees.id", ondelete="CASCADE")
    token_hash: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    last_read_at: datetime | None = None
    revoked_at: datetime | None = None
