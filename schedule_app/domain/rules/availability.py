"""A shift lies within the times an employee can work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, Preference, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, WEEKDAYS, found, listed
from schedule_app.domain.rules.limit import BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import (
    Interval,
    WallPiece,
    day_label,
    local_date,
    minutes_by_local_day,
    span_label,
    subtract,
    wall_pieces,
)
from schedule_app.domain.violation import Violation

_DAY = timedelta(days=1)
_OPENING = (Preference.AVAILABLE, Preference.PREFERRED)


@dataclass(frozen=True, slots=True)
class AvailabilityLimits:
    """What of the weekly availability is looked at, and days that are closed whatever it says.

    A single date, or some of them, is closed by a rule for every weekday that is in effect on these dates only.

    Attributes:
        warn_disliked: Also warn when the shift touches times the employee dislikes.
        weekly_times: Whether the weekly availability is looked at.
        closed_weekdays: Weekdays (0 is Monday) no part of which is worked.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    warn_disliked: bool = limit(
        Kind.FLAG,
        "Also warn of times people would rather not work",
        "yes or no",
        hint="Such times only ever warn, also where the rule blocks.",
        default=True,
    )
    weekly_times: bool = limit(
        Kind.FLAG, "Only at the times of the week people are available", "yes or no", default=True
    )
    closed_weekdays: tuple[int, ...] = limit(
        Kind.WEEKDAYS,
        "Never on these days",
        "weekdays",
        hint="For single dates choose every day, and the dates below as from and until.",
        high=7,
        default=(),
    )

    def __post_init__(self) -> None:
        check_limits(self)
        if not self.weekly_times and not self.closed_weekdays:
            raise BadLimit({"closed_weekdays": "Please choose a day, or the times of the week above."})


def describe(limits: AvailabilityLimits) -> str:
    """Say what the rule means."""
    sentences = []
    if limits.weekly_times:
        sentences.append("People work only at times they are available.")
        if limits.warn_disliked:
            sentences.append("Times they would rather not work are pointed out.")
    closed = sorted(set(limits.closed_weekdays))
    if len(closed) == len(WEEKDAYS):
        sentences.append("Nobody works at all.")
    elif closed:
        sentences.append(f"Nobody works on {listed([WEEKDAYS[each] for each in closed], 'or')}.")
    return " ".join(sentences)


def judge(
    rule: RuleFacts[AvailabilityLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find times of the shift at which the employee cannot work, or would rather not.

    Available and preferred slots open their times and close the rest of the day; a day with neither is open throughout.
    Unavailable slots close theirs. A slot wrapping past midnight holds into the next day, even a day without
    availability. The shift is looked at on every local date it touches, in wall time, so a clock change neither adds
    nor hides time.
    Disliked times warn even when the rule is strict. Of a closed weekday no part is worked.
    """
    closed_to_all = _on_closed_days(rule, employee, candidate)
    if closed_to_all or not rule.limits.weekly_times:
        return closed_to_all
    unavailable, disliked = times_against(employee, candidate)
    if unavailable:
        times = _times(unavailable, candidate)
        return [found(rule, employee, candidate, f"{employee.name} is not available on {times}.")]
    if disliked and rule.limits.warn_disliked:
        times = _times(disliked, candidate)
        return [found(rule, employee, candidate, f"{employee.name} would rather not work on {times}.", "warn")]
    return []


def times_against(employee: EmployeeFacts, candidate: ShiftFacts) -> tuple[list[Interval], list[Interval]]:
    """The times of a shift at which somebody cannot work, and those at which they would rather not."""
    unavailable: list[Interval] = []
    disliked: list[Interval] = []
    for piece in wall_pieces(candidate.span, candidate.zone):
        opened, closed, unloved = _slots_near(piece, employee)
        span = piece.instants(piece.starts_at, piece.ends_at)
        free = [part for each in opened for part in subtract(each, closed)]
        unavailable += subtract(span, free)
        disliked += subtract(span, subtract(span, unloved))
    return unavailable, disliked


def _on_closed_days(
    rule: RuleFacts[AvailabilityLimits], employee: EmployeeFacts, candidate: ShiftFacts
) -> list[Violation]:
    closed = set(rule.limits.closed_weekdays)
    days = minutes_by_local_day(candidate.span, candidate.zone) if closed else {}
    touched = [day for day in days if day.weekday() in closed]
    if not touched:
        return []
    return [found(rule, employee, candidate, f"{employee.name} does not work on {day_label(touched[0])}.")]


def _slots_near(piece: WallPiece, employee: EmployeeFacts) -> tuple[list[Interval], list[Interval], list[Interval]]:
    """The open, closed and disliked times of the local dates a piece touches and of the one before."""
    opened: list[Interval] = []
    closed: list[Interval] = []
    disliked: list[Interval] = []
    by_preference = {Preference.UNAVAILABLE: closed, Preference.DISLIKED: disliked}
    midnight = datetime.combine(piece.starts_at.date() - _DAY, time.min)
    while midnight < piece.ends_at:
        day = employee.availability_on(midnight.date())
        if day.available:
            if not any(slot.preference in _OPENING for slot in day.slots):
                opened.append(piece.instants(midnight, midnight + _DAY))
            for slot in day.slots:
                start = datetime.combine(midnight.date(), slot.start)
                end = datetime.combine(midnight.date() + (_DAY if slot.end <= slot.start else timedelta()), slot.end)
                by_preference.get(slot.preference, opened).append(piece.instants(start, end))
        midnight += _DAY
    return opened, closed, disliked


def _times(parts: Iterable[Interval], candidate: ShiftFacts) -> str:
    zone, clock_24h = candidate.zone, candidate.clock_24h
    joined: list[Interval] = []
    for part in sorted(parts, key=lambda each: each.starts_at):
        if joined and joined[-1].ends_at == part.starts_at:
            joined[-1] = Interval(joined[-1].starts_at, part.ends_at)
        else:
            joined.append(part)
    return " and ".join(
        f"{day_label(local_date(part.starts_at, zone))}, {span_label(part, zone, clock_24h=clock_24h)}"
        for part in joined
    )
