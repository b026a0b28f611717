"""What the forms for one's availability send, made into all that somebody says of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError, from_json

from schedule_app.domain.errors import InvalidInput
from schedule_app.services.availability_details import AvailabilityDetails, columns
from schedule_app.services.forms import checked
from schedule_app.ui.guard import Payload

MaybeDay: TypeAlias = Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", examples=["2026-11-23"])]
MaybeTime: TypeAlias = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$", examples=["07:00"])]
Choice: TypeAlias = Literal["off", "all_day", "only", "not"]

CHOICES: Final[tuple[tuple[Choice, str], ...]] = (
    ("off", "Cannot work at all"),
    ("all_day", "Can work all day"),
    ("only", "Only from … until …"),
    ("not", "Not from … until …"),
)
_PREFERENCES: Final = {"only": "available", "not": "unavailable"}


def _is_json(value: str) -> str:
    try:
        from_json(value)
    except ValueError:
        raise PydanticCustomError("json", "could not be read") from None
    return value


class FilledWeek(Payload):
    """A week, and from when it holds; no date means from now on."""

    week: Annotated[str, Field(max_length=20_000, examples=["{}"]), AfterValidator(_is_json)]
    starts_on: MaybeDay = ""


class FilledDate(Payload):
    """A single date on which something else holds."""

    day: MaybeDay = ""
    choice: Choice
    start: MaybeTime = ""
    end: MaybeTime = ""


class OneDay(Payload):
    """A date: of an exception, or on which a later week begins."""

    day: dt.date


class Chosen(Payload):
    """What holds on the date that is being entered."""

    choice: Choice


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong, by field."""

    week: str = ""
    starts_on: str = ""
    day: str = ""
    start: str = ""
    end: str = ""


_NAMES: Final = {"later": "week", "exceptions": "day"}


def errors_of(refused: InvalidInput) -> Errors:
    """The words beside the fields they are about."""
    problems = {_NAMES.get(name, name): words for name, words in refused.problems.items()}
    return Errors(**{name: words for name, words in problems.items() if name in Errors.__dataclass_fields__})


def with_week(
    seen: AvailabilityDetails, data: FilledWeek, today: dt.date, editing: dt.date | None
) -> AvailabilityDetails:
    """All of it with another week: from now on, or in place of what holds from a later date.

    Args:
        seen: What the person saw.
        data: What they entered.
        today: The date at their site.
        editing: The later week that was opened to be changed, whatever date it begins on now.

    Raises:
        InvalidInput: It makes no sense, or begins in the past.
    """
    starts_on = _day(data.starts_on, "starts_on") if data.starts_on else today
    if starts_on < today:
        raise InvalidInput("Please choose today or a later day.", "starts_on")
    values = _values(seen)
    values["later"] = [
        each for each in values["later"] if dt.date.fromisoformat(each["starts_on"]) not in (starts_on, editing)
    ]
    week = from_json(data.week)
    if starts_on == today:
        values["week"] = week
    else:
        values["later"].append({"starts_on": starts_on.isoformat(), "days": week})
    return checked(AvailabilityDetails, values)


def without_week(seen: AvailabilityDetails, starts_on: dt.date) -> AvailabilityDetails:
    """All of it without a later week."""
    later = [each for each in seen.later if each.starts_on != starts_on]
    return seen.model_copy(update={"later": later})


def with_date(seen: AvailabilityDetails, data: FilledDate, today: dt.date) -> AvailabilityDetails:
    """All of it with another exception.

    Raises:
        InvalidInput: It makes no sense, or the date is over.
    """
    day = _day(data.day, "day")
    if day < today:
        raise InvalidInput("That day is over. Please choose today or a later day.", "day")
    record: dict[str, Any] = {"available": data.choice != "off", "time_slots": []}
    if data.choice in _PREFERENCES:
        for name, value in (("start", data.start), ("end", data.end)):
            if not value:
                raise InvalidInput("Please give a time.", name)
        slot = {"start": data.start, "end": data.end, "preference": _PREFERENCES[data.choice]}
        record["time_slots"] = [slot]
    values = _values(seen)
    values["exceptions"] = {**values["exceptions"], day.isoformat(): record}
    return checked(AvailabilityDetails, values)


def without_date(seen: AvailabilityDetails, day: dt.date) -> AvailabilityDetails:
    """All of it without an exception."""
    return seen.model_copy(update={"exceptions": {each: held for each, held in seen.exceptions.items() if each != day}})


def _values(seen: AvailabilityDetails) -> dict[str, Any]:
    stored = columns(seen)
    return {
        "week": stored["availability"],
        "later": stored["later_availability"],
        "exceptions": stored["availability_exceptions"],
    }


def _day(value: str, field: str) -> dt.date:
    if not value:
        raise InvalidInput("Please choose the day.", field)
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise InvalidInput("There is no such day.", field) from error
