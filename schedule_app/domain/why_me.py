"""Why somebody has a shift, told to themselves: in plain words, of nobody but them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from schedule_app.domain.check import check_assignment
from schedule_app.domain.facts import EmployeeFacts, Preference, RuleFacts, ShiftFacts
from schedule_app.domain.oneself import for_oneself
from schedule_app.domain.preference import preference_at, time_of_week
from schedule_app.domain.ranking import Room, room_of
from schedule_app.domain.rules.availability import times_against
from schedule_app.domain.time import minutes_label

_CAME_ABOUT: Final = {
    "manual": "Your managers planned you for it.",
    "auto": "The optimiser chose you for it, and your managers kept its plan.",
    "claim": "You took this open shift yourself.",
    "swap": "You took it over from a colleague.",
}
_SUITS: Final = {
    Preference.PREFERRED: "It is at a time you like to work.",
    Preference.AVAILABLE: "It is at a time you can work.",
    Preference.DISLIKED: "It is at a time you would rather not work; that was known.",
    Preference.UNAVAILABLE: "It is at a time you said you cannot work.",
}
#: A longer rest than two days is not worth a word.
_LONG_REST: Final = 48 * 60


def why_me(
    source: str,
    rules: Sequence[RuleFacts[Any]],
    employee: EmployeeFacts,
    worked: Sequence[ShiftFacts],
    shift: ShiftFacts,
) -> list[str]:
    """Say how somebody came by a shift and how it suits what is known of them.

    Args:
        source: How it came about: manual, auto, claim or swap.
        rules: Of the site.
        employee: Who has the shift.
        worked: What else they work around it.
        shift: The shift.

    Returns:
        Sentences. What a rule says against the shift comes last.
    """
    against = for_oneself(check_assignment(rules, employee, worked, shift), rules, employee.name)
    broken = {each.rule_type for each in against}
    told = [_CAME_ABOUT[source]]
    if shift.required_qualifications and "qualification" not in broken:
        told.append(f"It needs {_listed(shift.required_qualifications)}, and you have that.")
    if "availability" not in broken:
        told.append(_SUITS[_wish(employee, shift)])
    room = room_of(rules, employee, worked, shift)
    told.append(_week(room, employee.contracted_minutes))
    told += _rest(room)
    return [*told, *(f"Against it: {each.message}" for each in against)]


def _wish(employee: EmployeeFacts, shift: ShiftFacts) -> Preference:
    unavailable, _ = times_against(employee, shift)
    if unavailable:
        return Preference.UNAVAILABLE
    return preference_at(time_of_week(shift), employee.week_around(shift.local_date))


def _week(room: Room, contracted: int | None) -> str:
    with_it = f"With it you work {minutes_label(room.week_minutes)} that week"
    return f"{with_it}, of {minutes_label(contracted)} agreed." if contracted else f"{with_it}."


def _rest(room: Room) -> list[str]:
    sides = (("before", room.rest_before), ("after", room.rest_after))
    near = [f"{minutes_label(rest)} {side} it" for side, rest in sides if rest is not None and rest <= _LONG_REST]
    return [f"You rest {' and '.join(near)}."] if near else []


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
