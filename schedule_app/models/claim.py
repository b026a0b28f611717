"""Claims: somebody asks for an open place of a shift."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from schedule_app.domain.claim import ClaimStatus
from schedule_app.models.base import Model, id_field, one_of, reference


class Claim(Model, table=True):
    """A request for a place, which a planner answers. A trigger keeps what was decided as it is."""

    __tablename__ = "claims"
    __table_args__ = (
        one_of("status", ClaimStatus, "ck_claims_status"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="ck_claims_decided"),
        CheckConstraint("char_length(note) <= 2000", name="ck_claims_note"),
        Index(
            "uq_claims_one_waiting",
            "shift_id",
            "employee_id",
            unique=True,
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_claims_waiting", "site_id", postgresql_where=text("status = 'waiting'")),
        Index("ix_claims_shift_id", "shift_id"),
        Index("ix_claims_employee_id", "employee_id"),
    )

    id: int = id_field()
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    site_id: int = reference("sites.id")
    shift_id: int = reference("shifts.id", ondelete="CASCADE")
    employee_id: int = reference("employees.id", ondelete="CASCADE")
    status: str = Field(default="waiting", sa_column_kwargs={"server_default": "waiting"})
    decided_at: datetime | None = None
    decided_by_id: int | None = reference("employees.id", nullable=True)
    note: str | None = None
