"""Work is spread evenly over people: hours, nights, weekends and the shifts nobody likes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final, TypeAlias

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts
from schedule_app.domain.fairness import is_night_work, is_weekend
from schedule_app.domain.rules.common import (
    FORBID_EXTRA,
    counted,
    found_in_week,
    listed,
    people_of,
    total_minutes,
    within,
)
from schedule_app.domain.rules.kinds import kind_among, shifts_named
from schedule_app.domain.rules.limit import MINUTES_PER_WEEK, BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import day_label, minutes_label
from schedule_app.domain.violation import Violation

MOST_WEEKS: Final = 13

_Amounts: TypeAlias = list[tuple[int, EmployeeFacts]]
_HINT: Final = "Between who has most and who has least. Empty: any."


@dataclass(frozen=True, slots=True)
class FairnessLimits:
    """How far people may be apart over some weeks.

    Attributes:
        max_minutes_apart: Minutes beyond the contract of these weeks; who has no contract is passed over.
        max_nights_apart: Shifts that are night work.
        max_weekends_apart: Weekends with a shift on either day.
        max_unpopular_apart: Shifts of the unpopular kinds.
        unpopular_shift_types: Those kinds.
        weeks: How many weeks are looked at, the last one being the week judged; earlier ones as they were published.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    max_minutes_apart: int | None = limit(
        Kind.MINUTES,
        "Hours apart",
        "hours",
        hint=f"Beside the contract. {_HINT}",
        high=MOST_WEEKS * MINUTES_PER_WEEK,
        of_week=True,
        default=None,
    )
    max_nights_apart: int | None = limit(
        Kind.COUNT, "Nights apart", "nights", hint=_HINT, high=50, of_week=True, default=None
    )
    max_weekends_apart: int | None = limit(
        Kind.COUNT, "Weekends apart", "weekends", hint=_HINT, high=MOST_WEEKS, of_week=True, default=None
    )
    max_unpopular_apart: int | None = limit(
        Kind.COUNT, "Unpopular shifts apart", "shifts", hint=_HINT, high=50, of_week=True, default=None
    )
    unpopular_shift_types: tuple[str, ...] = limit(
        Kind.SHIFT_TYPES, "Unpopular kinds of shift", "kinds of shift", of_week=True, default=()
    )
    weeks: int = limit(
        Kind.COUNT,
        "Looked at together",
        "weeks",
        hint="The week itself and those before it.",
        low=1,
        high=MOST_WEEKS,
        of_week=True,
        default=4,
    )

    def __post_init__(self) -> None:
        check_limits(self)
        apart = self.max_minutes_apart, self.max_nights_apart, self.max_weekends_apart, self.max_unpopular_apart
        if all(each is None for each in apart):
            raise BadLimit({"max_minutes_apart": "Please fill in one of these."})
        if (self.max_unpopular_apart is not None) != bool(self.unpopular_shift_types):
            field = "max_unpopular_apart" if self.unpopular_shift_types else "unpopular_shift_types"
            raise BadLimit({field: "Unpopular shifts need both: how many, and which kinds."})

    @property
    def looks_at_shifts(self) -> bool:
        """Fairness is of a week as a whole."""
        return False


def describe(limits: FairnessLimits) -> str:
    """Say what the rule means."""
    differ = []
    if limits.max_minutes_apart is not None:
        length = minutes_label(limits.max_minutes_apart) if limits.max_minutes_apart else "0 h"
        differ.append(f"hours beside their contract differ by at most {length}")
    for count, what in (
        (limits.max_nights_apart, "nights"),
        (limits.max_weekends_apart, "weekends"),
        (limits.max_unpopular_apart, "unpopular shifts"),
    ):
        if count is not None:
            differ.append(f"{what} {'' if differ else 'differ '}by at most {count}")
    unpopular = limits.unpopular_shift_types
    more = f" Unpopular are {shifts_named(unpopular)}." if unpopular else ""
    return f"Over {counted(limits.weeks, 'week')} people's {listed(differ, 'and')}.{more}"


def judge_week(rule: RuleFacts[FairnessLimits], week: WeekFacts) -> list[Violation]:
    """Find what is spread too unevenly over the people the rule holds for, from who has most to who has least."""
    limits = rule.limits
    first = week.week_start - timedelta(weeks=limits.weeks - 1)
    people = people_of(rule, week)
    worked = {each.id: within(week.worked.get(each.id, ()), first, 7 * limits.weeks) for each in people}

    def amounts(measure: Callable[[Sequence[ShiftFacts]], int]) -> _Amounts:
        return [(measure(worked[each.id]), each) for each in people]

    beyond = [
        (total_minutes(worked[each.id]) - limits.weeks * each.contracted_minutes, each)
        for each in people
        if each.contracted_minutes is not None
    ]
    unpopular = limits.unpopular_shift_types
    found = [
        *_apart(limits.max_minutes_apart, beyond, "Hours beside their contract", _signed),
        *_apart(limits.max_nights_apart, amounts(_nights), "Nights", str),
        *_apart(limits.max_weekends_apart, amounts(_weekends), "Weekends", str),
        *_apart(
            limits.max_unpopular_apart,
            amounts(lambda shifts: sum(kind_among(each, unpopular) is not None for each in shifts)),
            "Unpopular shifts",
            str,
        ),
    ]
    since = f"in the {limits.weeks} weeks from {day_label(first)}" if limits.weeks > 1 else "in this week"
    return [found_in_week(rule, f"{what} {since}: {words}") for what, words in found]


def _apart(allowed: int | None, amounts: _Amounts, what: str, said: Callable[[int], str]) -> Iterable[tuple[str, str]]:
    if allowed is None or len(amounts) < 2:
        return
    (most, who), (least, other) = (
        max(amounts, key=lambda each: each[0]),
        min(amounts, key=lambda each: each[0]),
    )
    if most - least > allowed:
        limit_words = said(allowed).removeprefix("+")
        yield (
            what,
            f"{who.name} has {said(most)}, {other.name} {said(least)}; at most {limit_words} apart are allowed.",
        )


def _signed(minutes: int) -> str:
    label = minutes_label(abs(minutes)) if minutes else "0 h"
    return f"−{label}" if minutes < 0 else f"+{label}"


def _nights(shifts: Sequence[ShiftFacts]) -> int:
    return sum(is_night_work(shift.span, shift.zone) for shift in shifts)


def _weekends(shifts: Sequence[ShiftFacts]) -> int:
    return len({_saturday(shift.local_date) for shift in shifts if is_weekend(shift.local_date)})


def _saturday(day: date) -> date:
    return day - timedelta(days=day.weekday() - 5)
