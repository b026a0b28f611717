"""The days on which something is done again: on some weekdays, every so many weeks, until a day or so many times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.time import LATEST_DAY, week_start_of

MOST_WEEKS: Final = 26
MOST_TIMES: Final = 7 * MOST_WEEKS
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Repetition:
    """A rule by which days are found; it ends on a day or after so many of them.

    Attributes:
        weekdays: From Monday as 0 to Sunday as 6.
        every: 1 for every week, 2 for every second one, counted from the week it begins in.
        until: The last day there may be.
        times: How many days there are.

    Raises:
        InvalidInput: A rule that makes no sense; `field` says which part.
    """

    weekdays: frozenset[int]
    every: int = 1
    until: date | None = None
    times: int | None = None

    def __post_init__(self) -> None:
        if not self.weekdays:
            raise InvalidInput("Please choose a weekday.", "weekdays")
        if not self.weekdays <= frozenset(range(7)):
            raise InvalidInput("There is no such weekday.", "weekdays")
        if not 1 <= self.every <= MOST_WEEKS:
            raise InvalidInput(f"Weeks may lie 1 to {MOST_WEEKS} apart.", "every")
        if (self.until is None) == (self.times is None):
            raise InvalidInput("Please say until when, or how many times.", "until")
        if self.times is not None and not 1 <= self.times <= MOST_TIMES:
            raise InvalidInput(f"A shift is repeated 1 to {MOST_TIMES} times.", "times")


def days_of(rule: Repetition, first: date, week_starts_on: int) -> list[date]:
    """The days after a first one on which it is done again.

    Args:
        rule: How.
        first: The day it is done already.
        week_starts_on: The first day of the week, from Monday as 0 to Sunday as 6.

    Raises:
        InvalidInput: There is no such day, or the last one lies more than 26 weeks away.
    """
    last = first + timedelta(weeks=MOST_WEEKS)
    if rule.until is not None and rule.until > last:
        raise InvalidInput(f"A shift is repeated for at most {MOST_WEEKS} weeks.", "until")
    days: list[date] = []
    for day in _matching(rule, first, min(rule.until or last, LATEST_DAY), week_starts_on):
        days.append(day)
        if len(days) == rule.times:
            return days
    if rule.times is not None:
        raise InvalidInput(
            f"Within {MOST_WEEKS} weeks there are only {len(days)} such days, and a shift is repeated no longer.",
            "times",
        )
    if not days:
        raise InvalidInput("There is no such day until then.", "until")
    return days


def _matching(rule: Repetition, first: date, last: date, week_starts_on: int) -> Iterator[date]:
    own_week = week_start_of(first, week_starts_on)
    for offset in range(1, (last - first).days + 1):
        day = first + offset * _DAY
        weeks_later = (week_start_of(day, week_starts_on) - own_week).days // 7
        if day.weekday() in rule.weekdays and weeks_later % rule.every == 0:
            yield day
