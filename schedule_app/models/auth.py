"""Signed-in sessions, and attempts to sign in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from schedule_app.models.base import Model, id_field, reference


class AuthSession(Model, table=True):
    """A signed-in browser. Only the SHA-256 of its token is kept."""

    __tablename__ = "auth_sessions"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="ck_auth_sessions_token_hash"),
        CheckConstraint("char_length(user_agent) <= 500", name="ck_auth_sessions_user_agent"),
        CheckConstraint("char_length(ip) <= 64", name="ck_auth_sessions_ip"),
        UniqueConstraint("token_hash", name="uq_auth_sessions_token_hash"),
        Index("ix_auth_sessions_employee_id", "employee_id"),
        Index("ix_auth_sessions_expires_at", "expires_at"),
    )

    id: int = id_field()
    employee_id: int = reference("employees.id", ondelete="CASCADE")
    token_hash: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    last_seen_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    expires_at: datetime
    revoked_at: datetime | None = None
    user_agent: str = Field(default="", sa_column_kwargs={"server_default": ""})
    ip: str = Field(default="", sa_column_kwargs={"server_default": ""})


class LoginAttempt(Model, table=True):
    """An attempt to sign in, counted to slow down guessing."""

    __tablename__ = "login_attempts"
    __table_args__ = (
        CheckConstraint("char_length(ip) <= 64", name="ck_login_attempts_ip"),
        Index("ix_login_attempts_email_hash_at", "email_hash", "at"),
        Index("ix_login_attempts_ip_at", "ip", "at"),
    )

    id: int = id_field()
    email_hash: bytes = Field(sa_type=LargeBinary)
    ip: str
    at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    succeeded: bool
