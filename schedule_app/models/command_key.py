"""Keys of commands that were carried out, so that one which is sent again is not carried out again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, text
from sqlmodel import Field

from schedule_app.models.base import Model


class CommandKey(Model, table=True):
    """A random number that a page made for one intent of a person; only the SHA-256 of what was asked is kept."""

    __tablename__ = "command_keys"
    __table_args__ = (CheckConstraint("octet_length(body_hash) = 32", name="ck_command_keys_body_hash"),)

    employee_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_args=[ForeignKey("employees.id", ondelete="CASCADE")]
    )
    key: UUID = Field(primary_key=True)
    body_hash: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
