"""Nobody works more, or less, than is allowed in a day, a week, some weeks or beside their contract."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts
from schedule_app.domain.rules.common import (
    FORBID_EXTRA,
    counted,
    found,
    found_in_week,
    listed,
    people_of,
    periods,
    same_week,
    total_minutes,
    within,
)
from schedule_app.domain.rules.limit import MINUTES_PER_DAY, MINUTES_PER_WEEK, BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import day_label, minutes_label
from schedule_app.domain.violation import Violation

_MOST_WEEKS: Final = 4
_ANY: Final = "Empty: any."


@dataclass(frozen=True, slots=True)
class WorkloadLimits:
    """The most and the least an employee may work; a limit left out does not hold.

    The employee's own weekly maximum holds beside these, also when all of them are left out.

    Attributes:
        max_minutes_per_day: Minutes of the shifts starting on one local date.
        max_minutes_per_week: Minutes of the shifts starting in one week of the site.
        max_shifts_per_week: Number of those shifts.
        max_shifts_per_day: Number of the shifts starting on one local date.
        period_weeks: How many weeks a period has; any so many weeks after one another are one.
        max_minutes_per_period: Minutes of the shifts starting in a period.
        max_shifts_per_period: Number of those shifts.
        max_over_contract: Minutes a week beyond the contract; who has none is passed over.
        min_minutes_per_day: Minutes of a day that has any.
        min_minutes_per_week: Minutes of a week.
        min_shifts_per_week: Shifts of a week.
        min_minutes_per_period: Minutes of the period that ends with a week.
        min_shifts_per_period: Shifts of that period.
        max_under_contract: Minutes a week below the contract; who has none is passed over.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    max_minutes_per_day: int | None = limit(
        Kind.MINUTES,
        "Most work in a day",
        "hours",
        hint="A shift counts on the day it starts. Empty: any.",
        low=1,
        high=MINUTES_PER_DAY,
        default=None,
    )
    max_minutes_per_week: int | None = limit(
        Kind.MINUTES, "Most work in a week", "hours", hint=_ANY, low=1, high=MINUTES_PER_WEEK, default=None
    )
    max_shifts_per_week: int | None = limit(
        Kind.COUNT, "Most shifts in a week", "shifts", hint=_ANY, low=1, high=50, default=None
    )
    max_shifts_per_day: int | None = limit(
        Kind.COUNT, "Most shifts in a day", "shifts", hint=_ANY, low=1, high=10, default=None
    )
    max_over_contract: int | None = limit(
        Kind.MINUTES, "Most work beyond the contract", "hours a week", hint=_ANY, high=MINUTES_PER_WEEK, default=None
    )
    min_minutes_per_day: int | None = limit(
        Kind.MINUTES,
        "Least work in a day that has any",
        "hours",
        hint=_ANY,
        low=1,
        high=MINUTES_PER_DAY,
        of_week=True,
        default=None,
    )
    min_minutes_per_week: int | None = limit(
        Kind.MINUTES,
        "Least work in a week",
        "hours",
        hint=_ANY,
        low=1,
        high=MINUTES_PER_WEEK,
        of_week=True,
        default=None,
    )
    min_shifts_per_week: int | None = limit(
        Kind.COUNT, "Least shifts in a week", "shifts", hint=_ANY, low=1, high=50, of_week=True, default=None
    )
    max_under_contract: int | None = limit(
        Kind.MINUTES,
        "Most work lacking to the contract",
        "hours a week",
        hint=_ANY,
        high=MINUTES_PER_WEEK,
        of_week=True,
        default=None,
    )
    period_weeks: int | None = limit(
        Kind.COUNT,
        "Length of a period",
        "weeks",
        hint="Any so many weeks after one another; for the limits below.",
        low=2,
        high=_MOST_WEEKS,
        default=None,
    )
    max_minutes_per_period: int | None = limit(
        Kind.MINUTES,
        "Most work in a period",
        "hours",
        hint=_ANY,
        low=1,
        high=_MOST_WEEKS * MINUTES_PER_WEEK,
        default=None,
    )
    max_shifts_per_period: int | None = limit(
        Kind.COUNT, "Most shifts in a period", "shifts", hint=_ANY, low=1, high=200, default=None
    )
    min_minutes_per_period: int | None = limit(
        Kind.MINUTES,
        "Least work in a period",
        "hours",
        hint=_ANY,
        low=1,
        high=_MOST_WEEKS * MINUTES_PER_WEEK,
        of_week=True,
        default=None,
    )
    min_shifts_per_period: int | None = limit(
        Kind.COUNT, "Least shifts in a period", "shifts", hint=_ANY, low=1, high=200, of_week=True, default=None
    )

    def __post_init__(self) -> None:
        check_limits(self)
        for less, more, words in _PAIRS:
            low, high = getattr(self, less), getattr(self, more)
            if low is not None and high is not None and low > high:
                raise BadLimit({less: words})
        of_period = [getattr(self, name) for name in _OF_PERIOD]
        if any(each is not None for each in of_period) != (self.period_weeks is not None):
            if self.period_weeks is None:
                raise BadLimit({"period_weeks": "How many weeks are the period?"})
            raise BadLimit({"max_minutes_per_period": "Please enter what holds in a period."})


_OF_PERIOD: Final = (
    "max_minutes_per_period",
    "max_shifts_per_period",
    "min_minutes_per_period",
    "min_shifts_per_period",
)
_DAY_AND_WEEK: Final = "A day cannot have more than its week."
_LEAST_AND_MOST: Final = "The least cannot be more than the most."
_PAIRS: Final = (
    ("max_minutes_per_day", "max_minutes_per_week", _DAY_AND_WEEK),
    ("max_shifts_per_day", "max_shifts_per_week", _DAY_AND_WEEK),
    ("min_minutes_per_day", "max_minutes_per_day", _LEAST_AND_MOST),
    ("min_minutes_per_week", "max_minutes_per_week", _LEAST_AND_MOST),
    ("min_shifts_per_week", "max_shifts_per_week", _LEAST_AND_MOST),
    ("min_minutes_per_period", "max_minutes_per_period", _LEAST_AND_MOST),
    ("min_shifts_per_period", "max_shifts_per_period", _LEAST_AND_MOST),
)


def describe(limits: WorkloadLimits) -> str:
    """Say what the rule means."""
    period = f"in {limits.period_weeks} weeks"
    most = [
        *_minutes(limits.max_minutes_per_day, "a day"),
        *_minutes(limits.max_minutes_per_week, "a week"),
        *_shifts(limits.max_shifts_per_week, "a week"),
        *_shifts(limits.max_shifts_per_day, "a day"),
        *_minutes(limits.max_minutes_per_period, period),
        *_shifts(limits.max_shifts_per_period, period),
        *_contract(limits.max_over_contract, "plus"),
        "their own weekly maximum",
    ]
    least = [
        *_minutes(limits.min_minutes_per_day, "a day worked"),
        *_minutes(limits.min_minutes_per_week, "a week"),
        *_shifts(limits.min_shifts_per_week, "a week"),
        *_minutes(limits.min_minutes_per_period, period),
        *_shifts(limits.min_shifts_per_period, period),
        *_contract(limits.max_under_contract, "less"),
    ]
    said = f"Nobody works more than {listed(most, 'or')}."
    return f"{said} Everybody works at least {listed(least, 'and')}." if least else said


def _minutes(minutes: int | None, when: str) -> list[str]:
    return [] if minutes is None else [f"{minutes_label(minutes)} {when}"]


def _shifts(shifts: int | None, when: str) -> list[str]:
    return [] if shifts is None else [f"{counted(shifts, 'shift')} {when}"]


def _contract(minutes: int | None, how: str) -> list[str]:
    if minutes is None:
        return []
    return [f"their contract {how} {minutes_label(minutes)} a week" if minutes else "their contract"]


def judge(
    rule: RuleFacts[WorkloadLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find the limits the candidate would exceed.

    A shift counts wholly on the local date it starts on, and in the site's week of that date.
    """
    limits = rule.limits
    messages: list[str] = []
    today = [*(shift for shift in worked if shift.local_date == candidate.local_date), candidate]
    on_day = f"on {day_label(candidate.local_date)}"
    messages += _too_much(employee, today, on_day, "a day", limits.max_minutes_per_day, limits.max_shifts_per_day)

    week = same_week(worked, candidate)
    in_week = f"in the week of {day_label(candidate.week_start)}"
    minutes = total_minutes(week)
    messages += _too_much(employee, week, in_week, "a week", limits.max_minutes_per_week, None)
    if employee.max_minutes is not None and minutes > employee.max_minutes:
        messages.append(
            f"{employee.name} would work {minutes_label(minutes)} {in_week}; "
            f"their own maximum is {minutes_label(employee.max_minutes)} a week."
        )
    messages += _too_much(employee, week, in_week, "a week", None, limits.max_shifts_per_week)
    most_over, contract = limits.max_over_contract, employee.contracted_minutes
    if most_over is not None and contract is not None and minutes > contract + most_over:
        messages.append(
            f"{employee.name} would work {minutes_label(minutes)} {in_week}, "
            f"{minutes_label(minutes - contract)} more than their contract; "
            f"at most {minutes_label(most_over)} more are allowed."
        )
    messages += _too_much_in_periods(limits, employee, worked, candidate)
    return [found(rule, employee, candidate, message) for message in messages]


def _too_much_in_periods(
    limits: WorkloadLimits, employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> Iterator[str]:
    """Of the periods the candidate is in, the first that has too much."""
    if limits.period_weeks is None:
        return
    weeks = limits.period_weeks
    for first in periods(candidate.week_start, weeks):
        period = within([*worked, candidate], first, 7 * weeks)
        said = _too_much(
            employee,
            period,
            f"in the {weeks} weeks from {day_label(first)}",
            f"in {weeks} weeks",
            limits.max_minutes_per_period,
            limits.max_shifts_per_period,
        )
        if said:
            yield from said
            return


def _too_much(
    employee: EmployeeFacts,
    shifts: Sequence[ShiftFacts],
    when: str,
    per: str,
    most_minutes: int | None,
    most_shifts: int | None,
) -> list[str]:
    said: list[str] = []
    minutes = total_minutes(shifts)
    if most_minutes is not None and minutes > most_minutes:
        said.append(
            f"{employee.name} would work {minutes_label(minutes)} {when}; "
            f"at most {minutes_label(most_minutes)} {per} are allowed."
        )
    if most_shifts is not None and len(shifts) > most_shifts:
        said.append(f"{employee.name} would work {len(shifts)} shifts {when}; at most {most_shifts} {per} are allowed.")
    return said


def judge_week(rule: RuleFacts[WorkloadLimits], week: WeekFacts) -> list[Violation]:
    """Find who works less than the least; a period is told of in the week it ends with."""
    return [
        found_in_week(rule, message, employee)
        for employee in people_of(rule, week)
        for message in _too_little(rule.limits, employee, week)
    ]


def _too_little(limits: WorkloadLimits, employee: EmployeeFacts, week: WeekFacts) -> Iterator[str]:
    in_week = week.in_week(employee.id)
    when = f"in the week of {day_label(week.week_start)}"
    if limits.min_minutes_per_day is not None:
        yield from _short_days(limits.min_minutes_per_day, employee, in_week)
    yield from _less_than(employee, in_week, when, "a week", limits.min_minutes_per_week, limits.min_shifts_per_week)
    contract, minutes = employee.contracted_minutes, total_minutes(in_week)
    if limits.max_under_contract is not None and contract is not None:
        lacking = contract - minutes
        if lacking > limits.max_under_contract:
            yield (
                f"{employee.name} works {_worked(minutes)} {when}, {minutes_label(lacking)} less than their contract; "
                f"at most {minutes_label(limits.max_under_contract)} less are allowed."
            )
    if limits.period_weeks is not None:
        weeks = limits.period_weeks
        first = week.week_start - timedelta(weeks=weeks - 1)
        period = within(week.worked.get(employee.id, ()), first, 7 * weeks)
        yield from _less_than(
            employee,
            period,
            f"in the {weeks} weeks from {day_label(first)}",
            f"in {weeks} weeks",
            limits.min_minutes_per_period,
            limits.min_shifts_per_period,
        )


def _short_days(least: int, employee: EmployeeFacts, in_week: Sequence[ShiftFacts]) -> Iterator[str]:
    by_day: dict[date, int] = {}
    for shift in in_week:
        by_day[shift.local_date] = by_day.get(shift.local_date, 0) + shift.span.minutes
    for day, minutes in sorted(by_day.items()):
        if minutes < least:
            yield (
                f"{employee.name} works {minutes_label(minutes)} on {day_label(day)}; "
                f"at least {minutes_label(least)} a day worked are required."
            )


def _less_than(
    employee: EmployeeFacts,
    shifts: Sequence[ShiftFacts],
    when: str,
    per: str,
    least_minutes: int | None,
    least_shifts: int | None,
) -> Iterator[str]:
    minutes = total_minutes(shifts)
    if least_minutes is not None and minutes < least_minutes:
        yield (
            f"{employee.name} works {_worked(minutes)} {when}; "
            f"at least {minutes_label(least_minutes)} {per} are required."
        )
    if least_shifts is not None and len(shifts) < least_shifts:
        yield (
            f"{employee.name} works {counted(len(shifts), 'shift')} {when}; at least {least_shifts} {per} are required."
        )


def _worked(minutes: int) -> str:
    return minutes_label(minutes) if minutes else "0 h"
