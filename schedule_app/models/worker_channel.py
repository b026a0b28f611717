"""Which channels the workers have settings for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint, text
from sqlmodel import Field

from schedule_app.models.base import Model, one_of
from schedule_app.models.notification import CHANNELS


class WorkerChannel(Model, table=True):
    """A channel that a worker can send over, and when it last said so; the inbox is named by all of them."""

    __tablename__ = "worker_channels"
    __table_args__ = (
        PrimaryKeyConstraint("worker", "channel", name="pk_worker_channels"),
        one_of("channel", CHANNELS, "ck_worker_channels_channel"),
    )

    worker: UUID
    channel: str
    heard_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
