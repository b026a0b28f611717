"""The life of what an employee asks of colleagues: to take a shift of theirs, or to exchange it for another."""

from enum import StrEnum
from typing import Final

from schedule_app.domain.errors import IllegalTransition


class SwapKind(StrEnum):
    """What is asked."""

    #: Somebody shall take the shift.
    OFFER = "offer"
    #: One colleague shall take it and give a shift of theirs for it.
    SWAP = "swap"


class SwapStatus(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    #: A colleague has said yes, and a planner has to.
    ACCEPTED = "accepted"
    APPROVED = "approved"
    REJECTED = "rejected"
    #: Everybody who was asked has said no.
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    #: Nobody said the last word in time.
    EXPIRED = "expired"
    #: A shift of it changed hands or was published anew, or a rule has come to forbid it.
    VOID = "void"


#: Those in which something can still come of it. Whose shift it was is responsible for it all the while.
LIVE: Final = frozenset({SwapStatus.OPEN, SwapStatus.ACCEPTED})

TRANSITIONS: Final = frozenset(
    {
        (SwapStatus.OPEN, SwapStatus.ACCEPTED),
        (SwapStatus.OPEN, SwapStatus.DECLINED),
        (SwapStatus.OPEN, SwapStatus.WITHDRAWN),
        (SwapStatus.OPEN, SwapStatus.EXPIRED),
        (SwapStatus.OPEN, SwapStatus.VOID),
        (SwapStatus.ACCEPTED, SwapStatus.APPROVED),
        (SwapStatus.ACCEPTED, SwapStatus.REJECTED),
        (SwapStatus.ACCEPTED, SwapStatus.WITHDRAWN),
        (SwapStatus.ACCEPTED, SwapStatus.EXPIRED),
        (SwapStatus.ACCEPTED, SwapStatus.VOID),
    }
)

_WHY_NOT: Final = {
    SwapStatus.OPEN: "Nobody has said yes to this yet.",
    SwapStatus.ACCEPTED: "A colleague was faster: somebody has said yes to this already.",
    SwapStatus.APPROVED: "This is settled already: the shifts have changed hands.",
    SwapStatus.REJECTED: "This was refused; everything stays as it was.",
    SwapStatus.DECLINED: "Everybody who was asked has said no.",
    SwapStatus.WITHDRAWN: "This was withdrawn; everything stays as it was.",
    SwapStatus.EXPIRED: "The time for this is over; everything stays as it was.",
    SwapStatus.VOID: "This is not possible any more, because a shift or a rule has changed since.",
}


def check_step(current: SwapStatus, new: SwapStatus) -> None:
    """Refuse a status change the table does not have.

    Raises:
        IllegalTransition: A request cannot go from the one to the other; says what has become of it.
    """
    if (current, new) not in TRANSITIONS:
        raise IllegalTransition(_WHY_NOT[current])
