"""Figures about a stretch of weeks: pure sums and shares of what was planned and who had it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from schedule_app.domain.cost import cost_cents
from schedule_app.domain.coverage import ShiftLoad, short_and_over_minutes
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.fairness import gini
from schedule_app.domain.preference import TimeOfWeek
from schedule_app.domain.time import Interval, week_start_of

MOST_WEEKS = 26
#: A time of the week counts as unpopular from this score on, and no more of them than so many.
UNPOPULAR_SCORE = 0.1
MOST_UNPOPULAR = 5

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift of one of the weeks, with how many people have it."""

    id: int
    week_start: date
    day: date
    span: Interval
    time_of_week: TimeOfWeek
    department_id: int | None
    required: int
    staffed: int
    is_night: bool
    is_weekend: bool

    @property
    def minutes(self) -> int:
        """Its true length."""
        return self.span.minutes


class Turn(NamedTuple):
    """One person on one shift."""

    shift: PlannedShift
    employee_id: int


@dataclass(frozen=True, slots=True)
class DayCoverage:
    """Person-minutes of the shifts that begin on a day; one shift's surplus does not make up for another's lack."""

    day: date
    needed_minutes: int
    short_minutes: int
    over_minutes: int


class CostPart(NamedTuple):
    """Where cost belongs."""

    department_id: int | None
    week_start: date


@dataclass(frozen=True, slots=True)
class Costs:
    """Cost in cents by department of the shift and week, and the minutes of people without a rate, which it lacks."""

    cents: Mapping[CostPart, int]
    unpriced_minutes: int


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part of some kind of shift.

    Attributes:
        count: How many of them.
        per_100_hours: `count / contracted hours of the window * 100`, so that part-timers are not held against others.
    """

    employee_id: int
    count: int
    per_100_hours: float


@dataclass(frozen=True, slots=True)
class Fairness:
    """How evenly some kind of shift is spread over people, by the hours of their contracts.

    Attributes:
        shares: Fewest first.
        gini: Of `per_100_hours`.
        spread: The largest `per_100_hours` less the smallest.
        uncontracted: How many of these shifts went to people without a contract, who are left out.
    """

    shares: tuple[Share, ...]
    gini: float
    spread: float
    uncontracted: int


@dataclass(frozen=True, slots=True)
class Popularity:
    """How a time of the week is liked.

    Attributes:
        asked: How often somebody was asked to work then.
        declined: How often the answer was no.
        people: How many people could be asked.
        disliking: How many of those dislike the time in their availability.
    """

    time_of_week: TimeOfWeek
    asked: int
    declined: int
    people: int
    disliking: int

    @property
    def score(self) -> float:
        """`declined / asked + disliking / people`, from 0 to 2."""
        declines = self.declined / self.asked if self.asked else 0.0
        return declines + (self.disliking / self.people if self.people else 0.0)


def weeks_between(first: date, last: date, week_starts_on: int) -> tuple[date, ...]:
    """The first days of the weeks from the one of `first` to the one of `last`.

    Raises:
        InvalidInput: The window ends before it begins, has more than 26 weeks, or lies in no years that people plan in.
    """
    if not (_EARLIEST <= first <= _LATEST and _EARLIEST <= last <= _LATEST):
        raise InvalidInput(f"Choose days between {_EARLIEST.year} and {_LATEST.year - 1}.", "first")
    if last < first:
        raise InvalidInput("The last day comes before the first one.", "last")
    start, end = week_start_of(first, week_starts_on), week_start_of(last, week_starts_on)
    count = (end - start).days // 7 + 1
    if count > MOST_WEEKS:
        raise InvalidInput(f"That is {count} weeks. Choose at most {MOST_WEEKS}.", "last")
    return tuple(start + timedelta(weeks=number) for number in range(count))


def coverage_by_day(shifts: Iterable[PlannedShift], days: Iterable[date]) -> tuple[DayCoverage, ...]:
    """What was needed, lacking and too much on each of the days; a shift counts on the day it begins."""
    by_day: defaultdict[date, list[ShiftLoad]] = defaultdict(list)
    for shift in shifts:
        by_day[shift.day].append(ShiftLoad(shift.span, shift.required, shift.staffed))
    return tuple(
        DayCoverage(day, sum(each.required * each.span.minutes for each in loads), *short_and_over_minutes(loads))
        for day in days
        for loads in [by_day[day]]
    )


def minutes_by_week(turns: Iterable[Turn]) -> Mapping[tuple[int, date], int]:
    """Minutes by employee and week."""
    minutes: Counter[tuple[int, date]] = Counter()
    for shift, employee_id in turns:
        minutes[employee_id, shift.week_start] += shift.minutes
    return minutes


def costs(turns: Iterable[Turn], rates: Mapping[int, int | None]) -> Costs:
    """Reckon what people's time costs at their hourly rates, without premiums.

    A person's minutes are rounded to the cent for each department and week, so parts add up to totals exactly.

    Args:
        turns: Who had what.
        rates: Cents per hour by employee; None where it is not known.
    """
    minutes: Counter[tuple[int, CostPart]] = Counter()
    for shift, employee_id in turns:
        minutes[employee_id, CostPart(shift.department_id, shift.week_start)] += shift.minutes
    cents: Counter[CostPart] = Counter()
    unpriced = 0
    for (employee_id, part), worked in minutes.items():
        rate = rates.get(employee_id)
        if rate is None:
            unpriced += worked
        else:
            cents[part] += cost_cents(worked, rate)
    return Costs(cents, unpriced)


def overtime(
    minutes: Mapping[tuple[int, date], int], limit_of: Callable[[int, date], int | None]
) -> Mapping[tuple[int, date], int]:
    """Minutes beyond the limit, by employee and week; those without any are left out.

    Args:
        minutes: As `minutes_by_week`.
        limit_of: Where overtime begins for an employee in a week; None where it never does.
    """
    beyond = {key: worked - limit for key, worked in minutes.items() if (limit := limit_of(*key)) is not None}
    return {key: over for key, over in beyond.items() if over > 0}


def fairness(
    turns: Iterable[Turn], is_counted: Callable[[PlannedShift], bool], contracted: Mapping[int, int]
) -> Fairness:
    """Tell how evenly a kind of shift is spread over the people who work and have a contract.

    Args:
        turns: All the turns of the window: whoever has any of them is somebody such a shift could have gone to.
        is_counted: Whether a shift is of the kind.
        contracted: Contracted minutes of the whole window by employee, above 0; people without a contract are missing.
    """
    counts: Counter[int] = Counter()
    for shift, employee_id in turns:
        counts[employee_id] += is_counted(shift)
    shares = sorted(
        (Share(each, count, count * 6000 / contracted[each]) for each, count in counts.items() if each in contracted),
        key=lambda share: (share.per_100_hours, share.employee_id),
    )
    rates = [share.per_100_hours for share in shares]
    return Fairness(
        shares=tuple(shares),
        gini=gini(rates),
        spread=rates[-1] - rates[0] if rates else 0.0,
        uncontracted=sum(count for each, count in counts.items() if each not in contracted),
    )


def unpopular(times: Iterable[Popularity]) -> tuple[Popularity, ...]:
    """The times of the week that people decline and dislike most, worst first."""
    ranked = sorted(times, key=lambda each: (-each.score, each.time_of_week))
    return tuple(each for each in ranked if each.score >= UNPOPULAR_SCORE)[:MOST_UNPOPULAR]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed, between two of them in proportion.

    Of n values in rising order the one at `share * (n - 1)` (Hyndman and Fan 1996, type 7, as spreadsheets have it).

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("There is no percentile of nothing.")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
