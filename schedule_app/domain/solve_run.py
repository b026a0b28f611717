"""Runs of the optimiser: the states they are in, and what may follow what."""

from enum import StrEnum

from schedule_app.domain.errors import IllegalTransition


class SolveRunStatus(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PROPOSED = "proposed"
    KEPT = "kept"
    DISCARDED = "discarded"
    FAILED = "failed"


_S = SolveRunStatus

#: A schedule has at most one of these.
UNDER_WAY = (_S.QUEUED, _S.RUNNING)

TRANSITIONS: dict[SolveRunStatus, frozenset[SolveRunStatus]] = {
    _S.QUEUED: frozenset({_S.RUNNING, _S.DISCARDED, _S.FAILED}),
    _S.RUNNING: frozenset({_S.PROPOSED, _S.DISCARDED, _S.FAILED}),
    _S.PROPOSED: frozenset({_S.KEPT, _S.DISCARDED}),
    _S.KEPT: frozenset(),
    _S.DISCARDED: frozenset(),
    # Nothing to throw away but the message.
    _S.FAILED: frozenset({_S.DISCARDED}),
}

_SAID: dict[SolveRunStatus, str] = {
    _S.QUEUED: "The search has not begun yet.",
    _S.RUNNING: "The search is still going on. Stop it first.",
    _S.PROPOSED: "The search is over.",
    _S.KEPT: "This proposal was kept already.",
    _S.DISCARDED: "This proposal was discarded already.",
    _S.FAILED: "This search ended without a plan.",
}


def check_step(before: SolveRunStatus, after: SolveRunStatus) -> None:
    """Refuse a step that no run takes.

    Raises:
        IllegalTransition: Says where the run stands.
    """
    if after not in TRANSITIONS[before]:
        raise IllegalTransition(_SAID[before])
