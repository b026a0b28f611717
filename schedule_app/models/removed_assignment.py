"""Assignments of published weeks that were removed, for calendars that show them still."""

from datetime import datetime

from sqlalchemy import Index, PrimaryKeyConstraint, text
from sqlmodel import Field

from schedule_app.models.base import Model, reference


class RemovedAssignment(Model, table=True):
    """That somebody had a shift; a trigger writes it. It stays when they have the shift anew.

    Attributes:
        versions: How often all assignments that were removed had changed, removing included.
        removed_at: When the last one was.
    """

    __tablename__ = "removed_assignments"
    __table_args__ = (
        PrimaryKeyConstraint("employee_id", "shift_id", name="pk_removed_assignments"),
        Index("ix_removed_assignments_shift_id", "shift_id"),
    )

    employee_id: int = reference("employees.id", ondelete="CASCADE")
    shift_id: int = reference("shifts.id", ondelete="CASCADE")
    versions: int
    removed_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
