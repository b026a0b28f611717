"""How many days in a row people work, how many are free between, and how many weekends they work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts
from schedule_app.domain.fairness import is_weekend
from schedule_app.domain.rules.common import FORBID_EXTRA, counted, found, found_in_week, people_of
from schedule_app.domain.rules.limit import BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import day_label
from schedule_app.domain.violation import Violation

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_SATURDAY: Final = 5
#: Weekends are counted in this many after one another.
WEEKENDS: Final = 4


@dataclass(frozen=True, slots=True)
class ConsecutiveDaysLimits:
    """How many days in a row, and which.

    Attributes:
        max_days: At most this many, 14 at the very most: the shifts looked at reach no further to either side.
        min_days: A run of days that is over has at least this many.
        min_days_off: Between two runs at least this many days are free.
        max_weekends: Of four weekends after one another at most this many are worked.
        whole_weekends: Whether a weekend is worked on both days or on neither.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    max_days: int | None = limit(
        Kind.COUNT, "Days in a row", "days", hint="The most that somebody works.", low=1, high=14, default=None
    )
    min_days: int | None = limit(
        Kind.COUNT,
        "Fewest days in a row",
        "days",
        hint="Shorter runs are listed once they are over.",
        low=2,
        high=7,
        of_week=True,
        default=None,
    )
    min_days_off: int | None = limit(
        Kind.COUNT,
        "Fewest free days between",
        "days",
        hint="From one run of days to the next.",
        low=2,
        high=7,
        of_week=True,
        default=None,
    )
    max_weekends: int | None = limit(
        Kind.COUNT, f"Most weekends in {WEEKENDS} weeks", "weekends", hint="Empty: any.", high=WEEKENDS, default=None
    )
    whole_weekends: bool = limit(Kind.FLAG, "Weekends whole or not at all", "yes or no", of_week=True, default=False)

    def __post_init__(self) -> None:
        check_limits(self)
        given = self.max_days, self.min_days, self.min_days_off, self.max_weekends
        if not self.whole_weekends and all(each is None for each in given):
            raise BadLimit({"max_days": "Please fill in one of these."})
        if self.max_days is not None and self.min_days is not None and self.min_days > self.max_days:
            raise BadLimit({"min_days": "The least cannot be more than the most."})

    @property
    def looks_at_shifts(self) -> bool:
        """Whether any of it is judged when a single shift is given."""
        return self.max_days is not None or self.max_weekends is not None


def describe(limits: ConsecutiveDaysLimits) -> str:
    """Say what the rule means."""
    sentences = []
    if limits.max_days is not None:
        sentences.append(f"Nobody works more than {counted(limits.max_days, 'day')} in a row.")
    if limits.min_days is not None:
        sentences.append(f"Nobody works fewer than {limits.min_days} days in a row.")
    if limits.min_days_off is not None:
        sentences.append(f"Everybody has at least {limits.min_days_off} days off in a row.")
    if limits.max_weekends is not None:
        sentences.append(f"Nobody works more than {counted(limits.max_weekends, 'weekend')} in {WEEKENDS} weeks.")
    if limits.whole_weekends:
        sentences.append("Weekends are worked whole or not at all.")
    return " ".join(sentences)


def judge(
    rule: RuleFacts[ConsecutiveDaysLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find a run of days, or of weekends, that is too long with the candidate in it, across the week's edges too.

    A day counts when a shift starts on it; the morning a night shift ends on does not.
    """
    days = {candidate.local_date, *(shift.local_date for shift in worked)}
    limits = rule.limits
    messages: list[str] = []
    if limits.max_days is not None:
        first, last = _run_around(candidate.local_date, days)
        run = (last - first).days + 1
        if run > limits.max_days:
            messages.append(
                f"{employee.name} would work {run} days in a row, from {day_label(first)} to {day_label(last)}; "
                f"at most {limits.max_days} are allowed."
            )
    if limits.max_weekends is not None and is_weekend(candidate.local_date):
        messages += _weekends(limits.max_weekends, employee, candidate.local_date, days)
    return [found(rule, employee, candidate, message) for message in messages]


def _run_around(day: date, days: set[date]) -> tuple[date, date]:
    first = last = day
    while first - _DAY in days:
        first -= _DAY
    while last + _DAY in days:
        last += _DAY
    return first, last


def _weekends(most: int, employee: EmployeeFacts, day: date, days: set[date]) -> list[str]:
    worked = {_saturday(each) for each in days if is_weekend(each)}
    for back in range(WEEKENDS):
        first = _saturday(day) - back * _WEEK
        count = sum(first + forth * _WEEK in worked for forth in range(WEEKENDS))
        if count > most:
            return [
                f"{employee.name} would work {counted(count, 'weekend')} of the {WEEKENDS} from {day_label(first)}; "
                f"at most {most} are allowed."
            ]
    return []


def _saturday(day: date) -> date:
    return day - timedelta(days=day.weekday() - _SATURDAY)


def judge_week(rule: RuleFacts[ConsecutiveDaysLimits], week: WeekFacts) -> list[Violation]:
    """Find runs and breaks that are too short, and halves of weekends.

    A run is told of in the week of the first free day after it, a break in the week of the first day worked after it:
    only then are they over.
    """
    violations: list[Violation] = []
    for employee in people_of(rule, week):
        days = {shift.local_date for shift in week.worked.get(employee.id, ())}
        violations += [found_in_week(rule, words, employee) for words in _too_short(rule.limits, employee, week, days)]
    return violations


def _too_short(limits: ConsecutiveDaysLimits, employee: EmployeeFacts, week: WeekFacts, days: set[date]) -> list[str]:
    said: list[str] = []
    for day in week.days:
        before = day - _DAY
        if limits.min_days is not None and day not in days and before in days:
            first, _ = _run_around(before, days)
            run = (before - first).days + 1
            if run < limits.min_days:
                said.append(
                    f"{employee.name} works only {counted(run, 'day')} in a row, to {day_label(before)}; "
                    f"at least {limits.min_days} are asked for."
                )
        if limits.min_days_off is not None and day in days and before not in days:
            last = max((each for each in days if each < day), default=None)
            free = (before - last).days if last else limits.min_days_off
            if free < limits.min_days_off:
                said.append(
                    f"{employee.name} has only {counted(free, 'day')} off before {day_label(day)}; "
                    f"at least {limits.min_days_off} in a row are asked for."
                )
    if limits.whole_weekends:
        said += [f"{employee.name} works only half of the weekend of {day_label(day)}." for day in _halves(week, days)]
    return said


def _halves(week: WeekFacts, days: set[date]) -> Iterable[date]:
    """The Saturdays of half weekends, told of in the week their Sunday is in."""
    for day in week.days:
        saturday = day - _DAY
        if saturday.weekday() == _SATURDAY and (saturday in days) != (day in days):
            yield saturday
