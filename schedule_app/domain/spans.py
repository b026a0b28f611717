"""Several weeks looked at together: two of them, or those that touch a month."""

from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from schedule_app.domain.time import week_start_of

SpanKind: TypeAlias = Literal["two-weeks", "month"]

_WEEK: Final = timedelta(weeks=1)
_MIDDLE: Final = timedelta(days=3)


def month_of(week_start: date) -> date:
    """The first day of the month that most of a week's days lie in."""
    return (week_start + _MIDDLE).replace(day=1)


def span_weeks(kind: SpanKind, week_start: date, week_starts_on: int) -> list[date]:
    """The first days of the weeks shown together with one, in order; of a month at most six."""
    if kind == "two-weeks":
        return [week_start, week_start + _WEEK]
    first = month_of(week_start)
    start, end = week_start_of(first, week_starts_on), _next_month(first)
    return [start + count * _WEEK for count in range(-(-(end - start).days // 7))]


def span_beside(kind: SpanKind, week_start: date, week_starts_on: int, step: Literal[-1, 1]) -> date:
    """A week of the span before or after."""
    if kind == "two-weeks":
        return week_start + step * 2 * _WEEK
    first = month_of(week_start)
    beside = _next_month(first) if step == 1 else (first - timedelta(days=1)).replace(day=1)
    return week_start_of(beside + _MIDDLE, week_starts_on)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
