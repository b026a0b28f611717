"""People get the shifts they like, where that can be had."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts, one_shift_of
from schedule_app.domain.rules.common import FORBID_EXTRA, WEEKDAYS, applies, found, found_in_week, listed
from schedule_app.domain.rules.kinds import DAY_PARTS, day_part, is_meant, kind_among, shifts_named
from schedule_app.domain.rules.limit import BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import day_label
from schedule_app.domain.violation import Violation

_EVERY_DAY = "On every day one is wished for."


@dataclass(frozen=True, slots=True)
class PreferenceLimits:
    """Wishes; an empty list says nothing.

    Attributes:
        wanted_shift_types: Any type not among these goes against the wish.
        unwanted_shift_types: These go against it.
        wanted_weekdays: Any weekday (0 is Monday) not among these goes against the wish.
        unwanted_weekdays: These go against it.
        wants_each: Whether a day of the wanted weekdays, any day where none is named, without such a shift goes
            against it too. With a rule in effect on a single date this is a wish for that date.
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
    wants_each: bool = limit(
        Kind.FLAG,
        "Wants such a shift on each of these days",
        "yes or no",
        hint="A liked day without one is listed; for a single date choose it below as from and until.",
        of_week=True,
        default=False,
    )

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
    if limits.wants_each:
        sentences.append("On each of these days one is wished for." if limits.wanted_weekdays else _EVERY_DAY)
    return " ".join(filter(None, sentences)) or "No wishes are set."


def _shifts(kinds: Sequence[str]) -> list[str]:
    return [f"{kind} shifts" for kind in kinds]


def _days(weekdays: Sequence[int]) -> list[str]:
    return [WEEKDAYS[each] for each in sorted(weekdays)]


def judge(
    rule: RuleFacts[PreferenceLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find wishes the shift goes against; only ever warnings, also when the rule is strict."""
    limits = rule.limits
    weekday = candidate.local_date.weekday()
    messages: list[str] = []
    if unwanted := kind_among(candidate, limits.unwanted_shift_types):
        messages.append(f"{employee.name} would rather not work {unwanted} shifts.")
    elif not is_meant(candidate, limits.wanted_shift_types):
        wanted = listed(limits.wanted_shift_types, "or")
        messages.append(f"{employee.name} prefers {wanted} shifts; this is {_named(candidate, limits)}.")
    if weekday in limits.unwanted_weekdays:
        messages.append(f"{employee.name} would rather not work on {WEEKDAYS[weekday]}.")
    elif limits.wanted_weekdays and weekday not in limits.wanted_weekdays:
        wanted = listed(_days(limits.wanted_weekdays), "or")
        messages.append(f"{employee.name} prefers to work on {wanted}, not on {WEEKDAYS[weekday]}.")
    return [found(rule, employee, candidate, message, "warn") for message in messages]


def judge_week(rule: RuleFacts[PreferenceLimits], week: WeekFacts) -> list[Violation]:
    """Find days somebody wished to work on and does not."""
    limits = rule.limits
    if not limits.wants_each:
        return []
    violations: list[Violation] = []
    for employee in sorted(week.people.values(), key=lambda each: (each.name.casefold(), each.id)):
        shifts = [shift for shift in week.in_week(employee.id) if is_meant(shift, limits.wanted_shift_types)]
        had = {shift.local_date for shift in shifts}
        for day in week.days:
            is_wanted = not limits.wanted_weekdays or day.weekday() in limits.wanted_weekdays
            if is_wanted and day not in had and employee.is_active and applies(rule, employee, day):
                what = f"for {shifts_named(limits.wanted_shift_types)}" if limits.wanted_shift_types else "to work"
                message = f"{employee.name} wished {what} on {day_label(day)}."
                violations.append(replace(found_in_week(rule, message, employee), severity="warn"))
    return violations


def _named(shift: ShiftFacts, limits: PreferenceLimits) -> str:
    """The shift in the words of the wish: by part of the day where that is what is wished for."""
    are_parts = all(kind in DAY_PARTS for kind in limits.wanted_shift_types)
    return one_shift_of(day_part(shift)) if are_parts else shift.named
