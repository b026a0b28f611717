"""Some kinds of shift are not given to some people, or not soon after another kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, one_shift_of
from schedule_app.domain.rules.common import FORBID_EXTRA, found, listed
from schedule_app.domain.rules.limit import MINUTES_PER_WEEK, BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import minutes_label
from schedule_app.domain.violation import Violation


@dataclass(frozen=True, slots=True)
class Succession:
    """A kind of shift that must not follow another too soon.

    Attributes:
        before: The type of the earlier shift.
        after: The type of the later shift.
        within_minutes: The later one must not start in fewer minutes than this after the earlier one ends.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    before: str = limit(Kind.SHIFT_TYPE, "After", "kind of shift")
    after: str = limit(Kind.SHIFT_TYPE, "No", "kind of shift")
    within_minutes: int = limit(Kind.MINUTES, "Within", "hours", low=1, high=MINUTES_PER_WEEK)

    def __post_init__(self) -> None:
        check_limits(self)


@dataclass(frozen=True, slots=True)
class RestrictionLimits:
    """What is forbidden.

    Attributes:
        forbidden_shift_types: Shifts of these types.
        forbidden_successions: These types too soon after one another.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    forbidden_shift_types: tuple[str, ...] = limit(
        Kind.SHIFT_TYPES, "Kinds of shift not worked", "kinds of shift", default=()
    )
    forbidden_successions: tuple[Succession, ...] = limit(
        Kind.LINES,
        "Not too soon after another",
        "kinds of shift",
        hint="Lines without a kind of shift are left out.",
        high=10,
        line=Succession,
        default=(),
    )

    def __post_init__(self) -> None:
        check_limits(self)
        if not self.forbidden_shift_types and not self.forbidden_successions:
            raise BadLimit({"forbidden_shift_types": "Please choose at least one kind of shift, or a line below."})


def describe(limits: RestrictionLimits) -> str:
    """Say what the rule means."""
    sentences = [
        f"No {each.after} shift begins within {minutes_label(each.within_minutes)} after {one_shift_of(each.before)}."
        for each in limits.forbidden_successions
    ]
    if limits.forbidden_shift_types:
        sentences.insert(0, f"Nobody works {listed(limits.forbidden_shift_types, 'or')} shifts.")
    return " ".join(sentences)


def judge(
    rule: RuleFacts[RestrictionLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find forbidden types, and forbidden successions with the shifts before and after the candidate."""
    messages: list[str] = []
    if candidate.shift_type in rule.limits.forbidden_shift_types:
        messages.append(f"{employee.name} may not work {candidate.shift_type} shifts.")
    for succession in rule.limits.forbidden_successions:
        for shift in worked:
            earlier, later = sorted((shift, candidate), key=lambda each: each.span.starts_at)
            if (earlier.shift_type, later.shift_type) != (succession.before, succession.after):
                continue
            gap = earlier.span.gap_minutes(later.span)
            if gap < succession.within_minutes and not earlier.span.overlaps(later.span):
                messages.append(
                    f"{employee.name} would start {later.named} {minutes_label(gap)} after {earlier.named};"
                    f" at least {minutes_label(succession.within_minutes)} must lie between."
                )
    return [found(rule, employee, candidate, message) for message in messages]
