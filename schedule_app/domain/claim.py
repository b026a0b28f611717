"""Claims: somebody asks for an open place of a shift, and what may become of that."""

from enum import StrEnum
from typing import Final

from schedule_app.domain.errors import IllegalTransition


class ClaimStatus(StrEnum):
    """Where a claim stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LOST = "lost"


_S = ClaimStatus

#: Whatever was decided stays decided.
TRANSITIONS: Final[frozenset[tuple[ClaimStatus, ClaimStatus]]] = frozenset(
    (_S.WAITING, after) for after in (_S.ACCEPTED, _S.REJECTED, _S.WITHDRAWN, _S.LOST)
)

_SAID: Final = {
    _S.WAITING: "This request still waits for an answer.",
    _S.ACCEPTED: "This request was approved already.",
    _S.REJECTED: "This request was rejected already.",
    _S.WITHDRAWN: "This request was withdrawn.",
    _S.LOST: "The place that was asked for is not open any more.",
}


def check_claim_step(before: ClaimStatus, after: ClaimStatus) -> None:
    """Refuse a step that no claim takes.

    Raises:
        IllegalTransition: Says where the claim stands.
    """
    if (before, after) not in TRANSITIONS:
        raise IllegalTransition(_SAID[before])
