"""Claims: somebody asks for an open place of a shift, and what may become of that."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from schedule_app.domain.errors import IllegalTransition
from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.restriction import pairs_apart
from schedule_app.domain.violation import Violation


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

_PRIVATE: Final = "A work rule of your site speaks against this shift."


def check_claim_step(before: ClaimStatus, after: ClaimStatus) -> None:
    """Refuse a step that no claim takes.

    Raises:
        IllegalTransition: Says where the claim stands.
    """
    if (before, after) not in TRANSITIONS:
        raise IllegalTransition(_SAID[before])


def without_others(rules: Iterable[RuleFacts[Any]], violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """The violations as the person may read them: who is kept apart from whom is not for either of them."""
    private = {rule.id for rule in rules if pairs_apart([rule])}
    return tuple(replace(each, message=_PRIVATE) if each.rule_id in private else each for each in violations)
