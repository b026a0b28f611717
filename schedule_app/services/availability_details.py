"""When somebody can work, as it is entered: what may be in it, and how two versions of it differ."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

from pydantic import Field, field_validator

from schedule_app.domain.errors import Difference, InvalidInput
from schedule_app.domain.facts import EmployeeFacts, Preference
from schedule_app.domain.time import clock_span_label, day_label
from schedule_app.models.employee import (
    WEEKDAYS,
    DayRecord,
    LaterRecord,
    TimeSlotRecord,
    Weekday,
    availability_json,
    exceptions_json,
    later_availability_json,
    parse_availability,
    parse_exceptions,
    parse_later_availability,
    week_in_effect,
)
from schedule_app.queries.facts import availability_of_days, exceptions_of_days, later_of_records
from schedule_app.services.forms import Details, refused

MOST_SLOTS: Final = 8
MOST_LATER: Final = 12
MOST_EXCEPTIONS: Final = 100
DAYS_AHEAD: Final = 730

_ALL_DAY: Final = DayRecord(available=True)
_DAY: Final = 24 * 60
_WITHIN: Final = "Times only overlap where one lies within a time marked “Can work”."


def checked_week(days: Mapping[Weekday, DayRecord]) -> dict[Weekday, DayRecord]:
    """A week that makes sense, without the days on which everything is possible; for use in a validator.

    Times of one day do not overlap, but for one that lies within a time of "available" and says more of it. One over
    midnight may also reach into times of the next day that say the same.
    """
    for weekday, day in days.items():
        _check_day(weekday.capitalize(), day)
    for index, weekday in enumerate(WEEKDAYS):
        following = WEEKDAYS[(index + 1) % 7]
        if weekday in days and following in days:
            _check_midnight(weekday.capitalize(), days[weekday], following.capitalize(), days[following])
    return {weekday: days[weekday] for weekday in WEEKDAYS if days.get(weekday, _ALL_DAY) != _ALL_DAY}  # type: ignore[misc]


class AvailabilityDetails(Details):
    """All that somebody says of when they can work.

    Attributes:
        week: Weekday to times; a weekday left out is available all day.
        later: Weeks that take its place on a date.
        exceptions: Single dates on which something else holds.
    """

    week: dict[Weekday, DayRecord] = Field(default_factory=dict)
    later: list[LaterRecord] = Field(default_factory=list)
    exceptions: dict[date, DayRecord] = Field(default_factory=dict)

    @field_validator("week")
    @classmethod
    def _week(cls, days: dict[Weekday, DayRecord]) -> dict[Weekday, DayRecord]:
        return checked_week(days)

    @field_validator("later")
    @classmethod
    def _later(cls, records: list[LaterRecord]) -> list[LaterRecord]:
        if len(records) > MOST_LATER:
            raise refused(f"At most {MOST_LATER} changes can lie ahead.")
        if len({each.starts_on for each in records}) < len(records):
            raise refused("Two weeks cannot begin on the same day.")
        made = [LaterRecord(starts_on=each.starts_on, days=checked_week(each.days)) for each in records]
        return sorted(made, key=lambda each: each.starts_on)

    @field_validator("exceptions")
    @classmethod
    def _exceptions(cls, days: dict[date, DayRecord]) -> dict[date, DayRecord]:
        if len(days) > MOST_EXCEPTIONS:
            raise refused(f"At most {MOST_EXCEPTIONS} single dates can be given.")
        for day, record in days.items():
            _check_day(day_label(day), record)
            following = day + timedelta(days=1)
            if following in days:
                _check_midnight(day_label(day), record, day_label(following), days[following])
        return dict(sorted(days.items()))


def check_dates(details: AvailabilityDetails, today: date) -> None:
    """Refuse what lies out of reach.

    Raises:
        InvalidInput: A later week or a single date is too far ahead.
    """
    last = today + timedelta(days=DAYS_AHEAD)
    if any(each.starts_on > last for each in details.later):
        raise InvalidInput(f"A week can begin at most {DAYS_AHEAD} days ahead.", "starts_on")
    if any(day > last for day in details.exceptions):
        raise InvalidInput(f"A date can lie at most {DAYS_AHEAD} days ahead.", "day")


def stored_details(row: Any, today: date) -> AvailabilityDetails:  # noqa: ANN401 - a row with columns of `employees`
    """What is stored, as it is seen on a date: without what is over, whatever rules have become stricter since."""
    week, later = week_in_effect(row.availability, row.later_availability, today)
    return AvailabilityDetails.model_construct(
        week={weekday: day for weekday, day in parse_availability(week).items() if day != _ALL_DAY},
        later=parse_later_availability(later),
        exceptions={day: each for day, each in parse_exceptions(row.availability_exceptions).items() if day >= today},
    )


def tidied(details: AvailabilityDetails, today: date) -> AvailabilityDetails:
    """The same without what is over: the week that has begun holds, and past dates are dropped."""
    begun = [each for each in details.later if each.starts_on <= today]
    return AvailabilityDetails.model_construct(
        week=begun[-1].days if begun else details.week,
        later=[each for each in details.later if each.starts_on > today],
        exceptions={day: each for day, each in details.exceptions.items() if day >= today},
    )


def columns(details: AvailabilityDetails) -> dict[str, Any]:
    """The columns of `employees`, as plain JSON values."""
    return {
        "availability": availability_json(details.week),
        "later_availability": later_availability_json(details.later),
        "availability_exceptions": exceptions_json(details.exceptions),
    }


def facts_of(details: AvailabilityDetails) -> EmployeeFacts:
    """Somebody of whom nothing else is known, as the rules are told of them."""
    return EmployeeFacts(
        id=0,
        name="",
        role="employee",
        site_id=0,
        department_id=None,
        qualifications=(),
        availability=availability_of_days(details.week),
        contracted_minutes=None,
        max_minutes=None,
        is_active=True,
        later_availability=later_of_records(details.later),
        exceptions=exceptions_of_days(details.exceptions),
    )


def as_text(details: AvailabilityDetails) -> str:
    """All of it as a text, the same for equal ones alone; `of_text` reads it back."""
    return json.dumps(columns(details), sort_keys=True)


def of_text(text: str) -> AvailabilityDetails:
    """What `as_text` wrote."""
    stored = json.loads(text)
    return AvailabilityDetails.model_construct(
        week=parse_availability(stored["availability"]),
        later=parse_later_availability(stored["later_availability"]),
        exceptions=parse_exceptions(stored["availability_exceptions"]),
    )


def differences(entered: AvailabilityDetails, stored: AvailabilityDetails, *, clock_24h: bool) -> list[Difference]:
    """Where two versions differ, in words."""
    parts = (
        ("Your week", lambda each: week_words(each.week, clock_24h=clock_24h)),
        ("Later weeks", lambda each: "; ".join(_later_words(one, clock_24h) for one in each.later) or "none"),
        ("Single dates", lambda each: "; ".join(_dated(each.exceptions, clock_24h)) or "none"),
    )
    said = [(label, words(entered), words(stored)) for label, words in parts]
    return [Difference(*each) for each in said if each[1] != each[2]]


def week_words(days: Mapping[Weekday, DayRecord], *, clock_24h: bool) -> str:
    """A week in one line: "Monday 09:00–17:00 available; Sunday off"."""
    words = (f"{weekday.capitalize()} {day_words(day, clock_24h=clock_24h)}" for weekday, day in days.items())
    return "; ".join(words) or "always available"


def day_words(day: DayRecord, *, clock_24h: bool) -> str:
    """A day in a few words: "off", "all day", "09:00–17:00 preferred"."""
    if not day.available:
        return "off"
    return ", ".join(f"{_times(slot, clock_24h)} {slot.preference.value}" for slot in day.time_slots) or "all day"


def _later_words(later: LaterRecord, clock_24h: bool) -> str:
    return f"from {day_label(later.starts_on)}: {week_words(later.days, clock_24h=clock_24h)}"


def _dated(days: Mapping[date, DayRecord], clock_24h: bool) -> Iterable[str]:
    return (f"{day_label(day)} {day_words(record, clock_24h=clock_24h)}" for day, record in days.items())


def _check_day(name: str, day: DayRecord) -> None:
    if len(day.time_slots) > MOST_SLOTS:
        raise refused(f"{name}: at most {MOST_SLOTS} times.")
    if day.time_slots and not day.available:
        raise refused(f"{name}: a day off has no times.")
    for slot in day.time_slots:
        if any(at.tzinfo or at.second or at.microsecond for at in (slot.start, slot.end)):
            raise refused(f"{name}: please give times in hours and minutes.")
    for one, other in combinations(day.time_slots, 2):
        if _overlap(_minutes(one), _minutes(other)) and not _says_more(one, _minutes(one), other, _minutes(other)):
            raise refused(f"{name}: {_times(one)} and {_times(other)} overlap. {_WITHIN}")


def _check_midnight(name: str, day: DayRecord, following: str, next_day: DayRecord) -> None:
    for slot in day.time_slots:
        start, end = _minutes(slot)
        for other in next_day.time_slots:
            there = start - _DAY, end - _DAY
            if not _overlap(there, _minutes(other)) or slot.preference == other.preference:
                continue
            if not _says_more(slot, there, other, _minutes(other)):
                raise refused(
                    f"{name}: {_times(slot)} reaches into {following}, where {_times(other)} says something else."
                )


def _minutes(slot: TimeSlotRecord) -> tuple[int, int]:
    start, end = (at.hour * 60 + at.minute for at in (slot.start, slot.end))
    return start, end if end > start else end + _DAY


def _says_more(one: TimeSlotRecord, then: tuple[int, int], other: TimeSlotRecord, when: tuple[int, int]) -> bool:
    """Whether one of two times is "available" and the other lies within it and says how much so."""
    for frame, span, inner, within in ((one, then, other, when), (other, when, one, then)):
        is_inside = span[0] <= within[0] and within[1] <= span[1]
        if frame.preference == Preference.AVAILABLE != inner.preference and is_inside:
            return True
    return False


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _times(slot: TimeSlotRecord, clock_24h: bool = True) -> str:
    return clock_span_label(slot.start, slot.end, 0, clock_24h=clock_24h)
