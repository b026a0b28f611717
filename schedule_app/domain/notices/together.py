"""The words for several notices that go out as one message."""

from collections.abc import Sequence
from typing import Final

from schedule_app.domain.notices.assignments import (
    AssignmentAdded,
    AssignmentConfirmed,
    AssignmentDeclined,
    AssignmentRemoved,
)
from schedule_app.domain.notices.open_shifts import ShiftOffered
from schedule_app.domain.notices.time_off import TimeOffRequested
from schedule_app.domain.notices.words import Wording

#: What several notices of these types have in common; their number stands in front.
_IN_COMMON: Final = (
    ({AssignmentAdded.type, AssignmentRemoved.type}, "of your shifts changed"),
    ({AssignmentConfirmed.type}, "shifts were confirmed"),
    ({AssignmentDeclined.type}, "shifts were declined"),
    ({ShiftOffered.type}, "open shifts are offered to you"),
    ({TimeOffRequested.type}, "requests for time off wait for you"),
)


def subject(told: Sequence[tuple[str, Wording]]) -> str:
    """Say in a few words what a message is about.

    Args:
        told: The type and the words of each notice in it, the most important first; at least one.
    """
    types = {each for each, _ in told}
    _, first = told[0]
    if len(told) == 1:
        return first.title
    for kinds, words in _IN_COMMON:
        if types <= kinds:
            return f"{len(told)} {words}"
    return f"{first.title}, and {len(told) - 1} more"
