"""People get the shifts they like, where that can be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, found, listed
from schedule_app.domain.rules.limit import BadLimit, Kind, check_limits, limit
from schedule_app.domain.violation import Violation

_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class PreferenceLimits:
    """Wishes; an empty list says nothing.

    Attributes:
        wanted_shift_types: Any type not among these goes against the wish.
        unwanted_shift_types: These go against it.
        wanted_weekdays: Any weekday (0 is Monday) not among these goes against the wish.
        unwanted_weekdays: These go against it.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    wanted_shift_types: tuple[str, ...] = limit(
        Kind.SHIFT_TYPES, "Liked kinds of shift", "kinds of shift", hint="Any other goes against the wish.", default=()
    )
    unwanted_shift_types: tuple[str, ...] = limit(
        Kind.SHIFT_TYPES, "Kinds of shift rather not worked", "kinds of shift", default=()
    )
    wanted_weekdays: tuple[int, ...] = limit(
        Kind.WEEKDAYS, "Liked days", "weekdays", hint="Any other goes against the wish.", high=7, default=()
    )
    unwanted_weekdays: tuple[int, ...] = limit(Kind.WEEKDAYS, "Days rather not worked", "weekdays", high=7, default=())

    def __post_init__(self) -> None:
        check_limits(self)
        if {*self.wanted_shift_types} & {*self.unwanted_shift_types}:
            raise BadLimit({"unwanted_shift_types": "A kind of shift is either liked or not, not both."})
        if {*self.wanted_weekdays} & {*self.unwanted_weekdays}:
            raise BadLimit({"unwanted_weekdays": "A day is either liked or not, not both."})


def describe(limits: PreferenceLimits) -> str:
    """Say what the rule means."""
    liked = [*_shifts(limits.wanted_shift_types), *_days(limits.wanted_weekdays)]
    unloved = [*_shifts(limits.unwanted_shift_types), *_days(limits.unwanted_weekdays)]
    sentences = [
        f"Liked: {listed(liked, 'and')}." if liked else "",
        f"Rather not: {listed(unloved, 'and')}." if unloved else "",
    ]
    return " ".join(filter(None, sentences)) or "No wishes are set."


def _shifts(kinds: Sequence[str]) -> list[str]:
    return [f"{kind} shifts" for kind in kinds]


def _days(weekdays: Sequence[int]) -> list[str]:
    return [_WEEKDAYS[each] for each in sorted(weekdays)]


def judge(
    rule: RuleFacts[PreferenceLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find wishes the shift goes against; only ever warnings, also when the rule is strict."""
    limits = rule.limits
    weekday = candidate.local_date.weekday()
    messages: list[str] = []
    if candidate.shift_type in limits.unwanted_shift_types:
        messages.append(f"{employee.name} would rather not work {candidate.shift_type} shifts.")
    elif limits.wanted_shift_types and candidate.shift_type not in limits.wanted_shift_types:
        wanted = listed(limits.wanted_shift_types, "or")
        messages.append(f"{employee.name} prefers {wanted} shifts; this is {candidate.named}.")
    if weekday in limits.unwanted_weekdays:
        messages.append(f"{employee.name} would rather not work on {_WEEKDAYS[weekday]}.")
    elif limits.wanted_weekdays and weekday not in limits.wanted_weekdays:
        wanted = listed(_days(limits.wanted_weekdays), "or")
        messages.append(f"{employee.name} prefers to work on {wanted}, not on {_WEEKDAYS[weekday]}.")
    return [found(rule, employee, candidate, message, "warn") for message in messages]
