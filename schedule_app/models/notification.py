"""Notifications in people's inboxes, and their deliveries over each channel."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

from schedule_app.domain.notices import Category, Priority
from schedule_app.models.base import Model, id_field, json_field, one_of, reference

CHANNELS = ("in_app", "email", "push", "sms")
DELIVERY_STATUSES = ("created", "sent", "seen", "failed", "dropped")


class Notification(Model, table=True):
    """One message to one person; its words are made from the typed payload when it is shown."""

    __tablename__ = "notifications"
    __table_args__ = (
        one_of("priority", Priority, "ck_notifications_priority"),
        one_of("category", Category, "ck_notifications_category"),
        CheckConstraint("jsonb_typeof(payload) = 'object'", name="ck_notifications_payload"),
        CheckConstraint("(related_type IS NULL) = (related_id IS NULL)", name="ck_notifications_related"),
        # A path of our own: never another host, which browsers also read into "//host" and "/\host".
        CheckConstraint(r"action_url ~ '^/([^/\\[:cntrl:]][^\\[:cntrl:]]*)?$'", name="ck_notifications_action_url"),
        CheckConstraint("expires_at > created_at", name="ck_notifications_expires_at"),
        UniqueConstraint("recipient_id", "dedupe_key", name="uq_notifications_dedupe_key"),
        Index("ix_notifications_recipient_id_id", "recipient_id", "id"),
        Index("ix_notifications_recipient_id_category_id", "recipient_id", "category", "id"),
        Index("ix_notifications_recipient_id_priority_id", "recipient_id", "priority", "id"),
        Index(
            "ix_notifications_unread",
            "recipient_id",
            "id",
            postgresql_include=["expires_at", "category", "priority"],
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notifications_expires_at", "expires_at"),
        Index(
            "ix_notifications_related", "related_type", "related_id", postgresql_where=text("related_id IS NOT NULL")
        ),
    )

    id: int = id_field()
    recipient_id: int = reference("employees.id", ondelete="CASCADE")
    type: str
    payload: dict[str, Any] = json_field("{}")
    priority: str = Field(default="normal", sa_column_kwargs={"server_default": "normal"})
    category: str
    related_type: str | None = None
    related_id: int | None = Field(default=None, sa_type=BigInteger)
    action_url: str | None = None
    read_at: datetime | None = None
    expires_at: datetime | None = None
    dedupe_key: str | None = None
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})


class NotificationOutbox(Model, table=True):
    """The notifications of which nobody has looked yet over which channels besides the inbox they go out."""

    __tablename__ = "notification_outbox"

    notification_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_args=[ForeignKey("notifications.id", ondelete="CASCADE")]
    )


class NotificationDelivery(Model, table=True):
    """How a notification fares on one channel.

    What is created waits until it is due, and again after each attempt that failed. Failed is what was given up, and
    dropped what was not to be sent any more, which is nobody's mistake. What goes out as one message has one batch.

    Attributes:
        recipient_id: Whom it is for, which the database fills in; not for the inbox.
    """

    __tablename__ = "notification_deliveries"
    __table_args__ = (
        one_of("channel", CHANNELS, "ck_notification_deliveries_channel"),
        one_of("status", DELIVERY_STATUSES, "ck_notification_deliveries_status"),
        CheckConstraint("attempts >= 0", name="ck_notification_deliveries_attempts"),
        CheckConstraint(
            "status NOT IN ('failed', 'dropped') OR failed_at IS NOT NULL AND failure_reason IS NOT NULL",
            name="ck_notification_deliveries_failed",
        ),
        CheckConstraint("channel = 'in_app' OR recipient_id IS NOT NULL", name="ck_notification_deliveries_recipient"),
        UniqueConstraint("notification_id", "channel", name="uq_notification_deliveries_channel"),
        UniqueConstraint("idempotency_key", name="uq_notification_deliveries_idempotency_key"),
        Index("ix_notification_deliveries_failed_at", "failed_at", postgresql_where=text("status = 'failed'")),
        Index("ix_notification_deliveries_due_at", "due_at", postgresql_where=text("status = 'created'")),
        Index(
            "ix_notification_deliveries_waiting",
            "recipient_id",
            "channel",
            postgresql_where=text("status = 'created'"),
        ),
        Index(
            "ix_notification_deliveries_sent_at",
            "sent_at",
            "channel",
            postgresql_where=text("status = 'sent' AND channel <> 'in_app'"),
        ),
    )

    id: int = id_field()
    notification_id: int = reference("notifications.id", ondelete="CASCADE")
    recipient_id: int | None = Field(default=None, sa_type=BigInteger)
    channel: str = Field(default="in_app", sa_column_kwargs={"server_default": "in_app"})
    status: str = Field(default="created", sa_column_kwargs={"server_default": "created"})
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    due_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    batch: UUID | None = None
    attempted_at: datetime | None = None
    sent_at: datetime | None = None
    seen_at: datetime | None = None
    failed_at: datetime | None = None
    failure_reason: str | None = None
    idempotency_key: UUID = Field(
        default=None, nullable=False, sa_column_kwargs={"server_default": text("gen_random_uuid()")}
    )
