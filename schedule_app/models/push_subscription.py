"""Devices on which people are told things by push."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from schedule_app.models.base import Model, id_field, length, reference


class PushSubscription(Model, table=True):
    """One browser of one person: where its push service takes messages, and the keys they are encrypted for.

    Attributes:
        session_id: The person's session there. With it the subscription ends.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        CheckConstraint(
            "endpoint ~ '^https://' AND char_length(endpoint) <= 1000", name="ck_push_subscriptions_endpoint"
        ),
        CheckConstraint("char_length(p256dh) <= 200 AND char_length(auth) <= 200", name="ck_push_subscriptions_keys"),
        length("device", 1, 100, "ck_push_subscriptions_device"),
        UniqueConstraint("endpoint", name="uq_push_subscriptions_endpoint"),
        Index("ix_push_subscriptions_employee_id", "employee_id"),
        Index("ix_push_subscriptions_session_id", "session_id"),
    )

    id: int = id_field()
    employee_id: int = reference("employees.id", ondelete="CASCADE")
    endpoint: str
    p256dh: str
    auth: str
    device: str
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    last_used_at: datetime | None = None
    session_id: int = reference("auth_sessions.id", ondelete="CASCADE")
