"""Why jobs have failed, which the queue itself does not keep."""

from datetime import datetime

from sqlalchemy import BigInteger, text
from sqlmodel import Field

from schedule_app.models.base import Model


class JobFailure(Model, table=True):
    """Why a job failed when it was tried last; the job itself is a row of the queue's own tables."""

    __tablename__ = "job_failures"

    job_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    failed_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    reason: str
