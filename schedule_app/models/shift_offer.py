"""Open shifts that the site offers to people, some at a time."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from schedule_app.models.base import Model, id_field, reference


class OfferWave(Model, table=True):
    """How an open shift is being offered: to how many at a time, and when the next are asked; null once that is over.

    A row is only ever worked on by whoever has locked it.
    """

    __tablename__ = "offer_waves"
    __table_args__ = (
        UniqueConstraint("shift_id", name="uq_offer_waves_shift_id"),
        CheckConstraint("people BETWEEN 1 AND 50", name="ck_offer_waves_people"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="ck_offer_waves_minutes"),
        CheckConstraint("wave >= 0", name="ck_offer_waves_wave"),
        Index("ix_offer_waves_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )

    id: int = id_field()
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    shift_id: int = reference("shifts.id", ondelete="CASCADE")
    people: int
    minutes: int
    wave: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    next_at: datetime | None = None


class ShiftOffer(Model, table=True):
    """That somebody was asked to take a shift."""

    __tablename__ = "shift_offers"
    __table_args__ = (
        UniqueConstraint("shift_id", "employee_id", name="uq_shift_offers_shift_employee"),
        CheckConstraint("wave > 0", name="ck_shift_offers_wave"),
        Index("ix_shift_offers_employee_id", "employee_id"),
    )

    id: int = id_field()
    shift_id: int = reference("shifts.id", ondelete="CASCADE")
    employee_id: int = reference("employees.id", ondelete="CASCADE")
    wave: int
    offered_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
