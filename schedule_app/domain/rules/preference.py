"""People get the shifts they like, where that can be had."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, found, require_between, require_names
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

    wanted_shift_types: tuple[str, ...] = ()
    unwanted_shift_types: tuple[str, ...] = ()
    wanted_weekdays: tuple[int, ...] = ()
    unwanted_weekdays: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        require_names("Shift types", (*self.wanted_shift_types, *self.unwanted_shift_types))
        for weekday in (*self.wanted_weekdays, *self.unwanted_weekdays):
            require_between("A weekday", weekday, 0, 6)
        if {*self.wanted_shift_types} & {*self.unwanted_shift_types}:
            raise ValueError("A shift type is either wanted or unwanted, not both.")
        if {*self.wanted_weekdays} & {*self.unwanted_weekdays}:
            raise ValueError("A weekday is either wanted or unwanted, not both.")


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
        wanted = _listed(limits.wanted_shift_types)
        messages.append(f"{employee.name} prefers {wanted} shifts; this is {candidate.named}.")
    if weekday in limits.unwanted_weekdays:
        messages.append(f"{employee.name} would rather not work on {_WEEKDAYS[weekday]}.")
    elif limits.wanted_weekdays and weekday not in limits.wanted_weekdays:
        wanted = _listed(_WEEKDAYS[each] for each in sorted(limits.wanted_weekdays))
        messages.append(f"{employee.name} prefers to work on {wanted}, not on {_WEEKDAYS[weekday]}.")
    return [found(rule, employee, candidate, message, "warn") for message in messages]


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
