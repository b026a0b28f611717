"""Call-outs: somebody who has a shift says that they cannot come."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from schedule_app.models.base import Model, id_field, reference


class CallOut(Model, table=True):
    """That somebody could not come to a shift of theirs. Their words are with the assignment, as with any answer."""

    __tablename__ = "call_outs"
    __table_args__ = (
        Index("ix_call_outs_shift_id_employee_id", "shift_id", "employee_id"),
        Index("ix_call_outs_employee_id", "employee_id"),
    )

    id: int = id_field()
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    shift_id: int = reference("shifts.id", ondelete="CASCADE")
    employee_id: int = reference("employees.id", ondelete="CASCADE")
