"""What the form for time off holds: what it sends, and what is wrong with it."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.time_off import TimeOffKind
from schedule_app.services.time_offs import TimeOffAsked
from schedule_app.ui.guard import Payload

#: As a browser's control has it, which is nothing once it was emptied.
MaybeDay: TypeAlias = Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", examples=["2026-11-23"])]
MaybeTime: TypeAlias = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$", examples=["07:00"])]

KINDS: Final = (
    ("vacation", "Vacation"),
    ("sick", "Sick"),
    ("unpaid", "Unpaid"),
    ("other", "Something else"),
)


class Filled(Payload):
    """The form, filled in. What its values may be, the service says, so that it is said next to the field."""

    kind: Literal["vacation", "sick", "unpaid", "other"]
    first_on: MaybeDay = ""
    last_on: MaybeDay = ""
    start: MaybeTime = ""
    end: MaybeTime = ""
    note: str = Field(default="", max_length=500)


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong, by field."""

    first_on: str = ""
    last_on: str = ""
    start: str = ""
    end: str = ""
    note: str = ""


def entered(data: Filled, *, in_hours: bool) -> TimeOffAsked:
    """What was asked for; a last day left empty is the first.

    Raises:
        InvalidInput: A day or a time is missing, or there is no such day.
    """
    first_on = _day(data.first_on, "first_on", "Please choose the day." if in_hours else "Please choose the first day.")
    start = end = None
    if in_hours:
        start, end = _time(data.start, "start"), _time(data.end, "end")
    last_on = _day(data.last_on, "last_on") if data.last_on and not in_hours else first_on
    return TimeOffAsked(TimeOffKind(data.kind), first_on, last_on, start, end, data.note)


def errors_of(refused: InvalidInput) -> Errors:
    """The words beside the fields they are about."""
    known = Errors.__dataclass_fields__
    return Errors(**{name: words for name, words in refused.problems.items() if name in known})


def _day(value: str, field: str, missing: str = "") -> dt.date:
    if not value:
        raise InvalidInput(missing, field)
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise InvalidInput("There is no such day.", field) from error


def _time(value: str, field: str) -> dt.time:
    if not value:
        raise InvalidInput("Please give a time.", field)
    return dt.time.fromisoformat(value)
