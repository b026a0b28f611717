"""What employees ask of colleagues about a shift of theirs, and what each of those answers."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, PrimaryKeyConstraint, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from schedule_app.domain.swap_request import LIVE, SwapKind, SwapStatus
from schedule_app.models.base import Model, id_field, is_one_of, one_of, reference

ANSWERS = ("none", "accepted", "declined")

_IS_LIVE = is_one_of("status", (status for status in SwapStatus if status in LIVE))
# Given in one and wanted in another would be twice as well.
_ASSIGNMENTS = """
    int8multirange(int8range(assignment_id, assignment_id, '[]'),
                   int8range(coalesce(wanted_id, assignment_id), coalesce(wanted_id, assignment_id), '[]'))
"""


class SwapRequest(Model, table=True):
    """Somebody wants to give a shift of theirs away, or to have a colleague's for it.

    The assignments have no foreign keys: undoing makes them anew, and giving a shift again forgets who had it before.
    A trigger makes a live request void as soon as one of its assignments is in force no longer.

    Attributes:
        assignment_id: What is given, with its shift.
        wanted_id: What is asked for it, in an exchange.
        taker_id: Who said yes.
        decided_by_id: Who approved or rejected it; nobody where the site needs no approval.
        decision_note: What they, or the rules, had to say.
    """

    __tablename__ = "swap_requests"
    __table_args__ = (
        one_of("kind", SwapKind, "ck_swap_requests_kind"),
        one_of("status", SwapStatus, "ck_swap_requests_status"),
        CheckConstraint(
            "(kind = 'swap') = (wanted_id IS NOT NULL) AND (kind = 'swap') = (wanted_shift_id IS NOT NULL)",
            name="ck_swap_requests_wanted",
        ),
        CheckConstraint("wanted_id <> assignment_id", name="ck_swap_requests_itself"),
        CheckConstraint(
            "(taker_id IS NOT NULL OR status NOT IN ('accepted', 'approved', 'rejected'))"
            " AND (taker_id IS NULL OR status NOT IN ('open', 'declined')) AND taker_id <> proposer_id",
            name="ck_swap_requests_taker",
        ),
        CheckConstraint("char_length(note) <= 500", name="ck_swap_requests_note"),
        CheckConstraint("char_length(decision_note) <= 2000", name="ck_swap_requests_decision_note"),
        CheckConstraint(f"({_IS_LIVE}) = (ended_at IS NULL)", name="ck_swap_requests_ended"),
        ExcludeConstraint((literal_column(_ASSIGNMENTS), "&&"), where=text(_IS_LIVE), name="ex_swap_requests_one_live"),
        Index("ix_swap_requests_proposer_id", "proposer_id"),
        Index("ix_swap_requests_taker_id", "taker_id"),
        Index("ix_swap_requests_live", "site_id", postgresql_where=text(_IS_LIVE)),
    )

    id: int = id_field()
    site_id: int = reference("sites.id", ondelete="CASCADE")
    kind: str
    proposer_id: int = reference("employees.id", ondelete="CASCADE")
    assignment_id: int = Field(sa_type=BigInteger)
    shift_id: int = reference("shifts.id", ondelete="CASCADE")
    wanted_id: int | None = Field(default=None, sa_type=BigInteger)
    wanted_shift_id: int | None = reference("shifts.id", ondelete="CASCADE", nullable=True)
    note: str | None = None
    status: str = Field(default="open", sa_column_kwargs={"server_default": "open"})
    taker_id: int | None = reference("employees.id", ondelete="CASCADE", nullable=True)
    decided_by_id: int | None = reference("employees.id", nullable=True)
    decision_note: str | None = None
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    accepted_at: datetime | None = None
    ended_at: datetime | None = None


class SwapInvitee(Model, table=True):
    """A colleague who was asked."""

    __tablename__ = "swap_invitees"
    __table_args__ = (
        PrimaryKeyConstraint("request_id", "employee_id", name="pk_swap_invitees"),
        one_of("answer", ANSWERS, "ck_swap_invitees_answer"),
        Index("ix_swap_invitees_employee_id", "employee_id"),
    )

    request_id: int = reference("swap_requests.id", ondelete="CASCADE")
    employee_id: int = reference("employees.id", ondelete="CASCADE")
    answer: str = Field(default="none", sa_column_kwargs={"server_default": "none"})
    answered_at: datetime | None = None
