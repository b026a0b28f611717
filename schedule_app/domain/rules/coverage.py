"""There are enough people on the shifts, and not too many."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import ClassVar

from schedule_app.domain.facts import RuleFacts, ShiftFacts, WeekFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, WEEKDAYS, counted, found_in_week, listed, shifts_of
from schedule_app.domain.rules.kinds import is_meant, shifts_named
from schedule_app.domain.rules.limit import BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import day_label, span_label, wall_pieces
from schedule_app.domain.violation import Violation

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CoverageLimits:
    """How many people, of some shifts. The rule's department says whose shifts, its priority how much each counts.

    Attributes:
        max_short: At most so many fewer than the shift asks for.
        max_over: At most so many more than it asks for.
        min_people: At least so many, whatever it asks for.
        max_people: At most so many.
        shift_types: Only of these kinds; empty means every kind.
        weekdays: Only on these days (0 is Monday), by the date they start; empty means any.
        from_hour: Only shifts with any time of theirs at or after this local hour, and before `until_hour`.
        until_hour: The end of these hours; one that is not after `from_hour` is on the next day.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    max_short: int | None = limit(
        Kind.COUNT,
        "People missing at most",
        "people",
        hint="Of those a shift asks for. Empty: any.",
        high=50,
        of_week=True,
        default=None,
    )
    max_over: int | None = limit(
        Kind.COUNT,
        "People too many at most",
        "people",
        hint="Beyond what a shift asks for. Empty: any.",
        high=50,
        of_week=True,
        default=None,
    )
    min_people: int | None = limit(
        Kind.COUNT,
        "People at least",
        "people",
        hint="Whatever the shift asks for. Empty: any.",
        low=1,
        high=50,
        of_week=True,
        default=None,
    )
    max_people: int | None = limit(
        Kind.COUNT,
        "People at most",
        "people",
        hint="Whatever the shift asks for. Empty: any.",
        low=1,
        high=50,
        of_week=True,
        default=None,
    )
    shift_types: tuple[str, ...] = limit(
        Kind.SHIFT_TYPES,
        "For these kinds of shift",
        "kinds of shift",
        hint="None chosen means every kind.",
        of_week=True,
        default=(),
    )
    weekdays: tuple[int, ...] = limit(
        Kind.WEEKDAYS,
        "On these days",
        "weekdays",
        hint="None chosen means every day.",
        high=7,
        of_week=True,
        default=(),
    )
    from_hour: int | None = limit(
        Kind.COUNT,
        "From this hour",
        "o'clock",
        hint="For shifts with any time of theirs between the two. Empty: the whole day.",
        high=24,
        of_week=True,
        default=None,
    )
    until_hour: int | None = limit(Kind.COUNT, "Until this hour", "o'clock", high=24, of_week=True, default=None)

    def __post_init__(self) -> None:
        check_limits(self)
        if all(each is None for each in (self.max_short, self.max_over, self.min_people, self.max_people)):
            raise BadLimit({"max_short": "Please fill in one of these."})
        if self.min_people is not None and self.max_people is not None and self.min_people > self.max_people:
            raise BadLimit({"min_people": "The least cannot be more than the most."})
        if (self.from_hour is None) != (self.until_hour is None):
            raise BadLimit({"from_hour" if self.from_hour is None else "until_hour": "Please give both hours."})
        if self.from_hour is not None and self.from_hour == self.until_hour:
            raise BadLimit({"until_hour": "There is no time between the two."})

    @property
    def looks_at_shifts(self) -> bool:
        """Coverage is of a week as a whole."""
        return False


def describe(limits: CoverageLimits) -> str:
    """Say what the rule means."""
    which = shifts_named(limits.shift_types, "every shift")
    on_days = ""
    if limits.weekdays:
        on_days = f" on {listed([WEEKDAYS[each] for each in sorted(set(limits.weekdays))], 'and')}"
    between = ""
    if limits.from_hour is not None:
        between = f" between {limits.from_hour} and {limits.until_hour} o'clock"
    has = [
        f"at least {_people(limits.min_people)}" if limits.min_people is not None else "",
        f"at most {_people(limits.max_people)}" if limits.max_people is not None else "",
        f"at most {_people(limits.max_short)} missing" if limits.max_short is not None else "",
        f"at most {_people(limits.max_over)} too many" if limits.max_over is not None else "",
    ]
    verb = "have" if limits.shift_types else "has"
    return f"{which[:1].upper()}{which[1:]}{on_days}{between} {verb} {listed(filter(None, has), 'and')}."


def _people(count: int) -> str:
    return counted(count, "person", "people")


def judge_week(rule: RuleFacts[CoverageLimits], week: WeekFacts) -> list[Violation]:
    """Find shifts with too few or too many people."""
    violations: list[Violation] = []
    for shift in shifts_of(rule, week):
        if not is_about(rule.limits, shift):
            continue
        staffed = len(week.staff.get(shift.id, ()))
        head = f"{day_label(shift.local_date)}, {span_label(shift.span, shift.zone, clock_24h=shift.clock_24h)}: "
        problems = _problems(rule.limits, staffed, shift.required_staff)
        violations += [found_in_week(rule, head + words, shift=shift) for words in problems]
    return violations


def _problems(limits: CoverageLimits, staffed: int, required: int) -> Iterator[str]:
    needed = f"{staffed} of {_people(required)} needed"
    if limits.max_short is not None and required - staffed > limits.max_short:
        yield f"{needed}; {_allowed(limits.max_short)} missing."
    if limits.max_over is not None and staffed - required > limits.max_over:
        yield f"{needed}; {_allowed(limits.max_over)} too many."
    if limits.min_people is not None and staffed < limits.min_people:
        yield f"{_people(staffed)}; at least {limits.min_people} have to be there."
    if limits.max_people is not None and staffed > limits.max_people:
        yield f"{_people(staffed)}; at most {limits.max_people} may be there."


def _allowed(count: int) -> str:
    return f"at most {count} may be" if count else "nobody may be"


def is_about(limits: CoverageLimits, shift: ShiftFacts) -> bool:
    """Tell whether a rule with these limits looks at a shift."""
    first, last = limits.from_hour, limits.until_hour
    return (
        is_meant(shift, limits.shift_types)
        and (not limits.weekdays or shift.local_date.weekday() in limits.weekdays)
        and (first is None or last is None or _is_between(shift, first, last))
    )


def _is_between(shift: ShiftFacts, first: int, last: int) -> bool:
    """Tell whether any time of the shift lies in these local hours."""
    length = timedelta(hours=(last - first) % 24 or 24)
    for piece in wall_pieces(shift.span, shift.zone):
        day = piece.starts_at.date() - _DAY
        while day <= piece.ends_at.date():
            begins = datetime.combine(day, time.min) + timedelta(hours=first)
            if begins < piece.ends_at and piece.starts_at < begins + length:
                return True
            day += _DAY
    return False
