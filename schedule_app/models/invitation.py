"""Invitations: links with which people set their own password."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from schedule_app.models.base import Model, id_field, reference


class Invitation(Model, table=True):
    """A link that serves once. Only the SHA-256 of its token is kept."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="ck_invitations_token_hash"),
        CheckConstraint("expires_at > created_at", name="ck_invitations_expires_at"),
        UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
        # Of several links sent to one person, the newest alone is good.
        Index(
            "uq_invitations_one_open",
            "employee_id",
            unique=True,
            postgresql_where=text("used_at IS NULL AND revoked_at IS NULL"),
        ),
        Index("ix_invitations_employee_id", "employee_id"),
    )

    id: int = id_field()
    employee_id: int = reference("employees.id", ondelete="CASCADE")
    token_hash: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    created_by_id: int | None = reference("employees.id", nullable=True)
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
