"""What the form of a shift holds: what it shows, what it sends, and the service's words beside its fields."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from schedule_app.domain.time import minutes_label, resolve_span
from schedule_app.queries.shifts import ShiftDetail
from schedule_app.services.shift_details import ShiftDetails
from schedule_app.ui.guard import Payload

#: A time of day as a browser's control has it, which is nothing once it was emptied.
WallTime: TypeAlias = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["07:00"])]
MaybeTime: TypeAlias = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$", examples=["07:00"])]
NO_DEPARTMENT: Final = ("0", "No department")


class Times(Payload):
    """The day or the times that were just changed; the others stay as they were."""

    local_date: dt.date | None = None
    local_start: MaybeTime = ""
    local_end: MaybeTime = ""


class FilledContents(Payload):
    """A shift of no day, filled in. What its values may be, the service says, so that it is said next to the field."""

    title: str = ""
    local_start: WallTime
    local_end: WallTime
    shift_type: str
    department_id: int = Field(default=0, ge=0, lt=2**63)
    required_staff: int = Field(ge=0, lt=2**31)
    qualifications: str = ""
    notes: str = ""


class Filled(FilledContents):
    """The form of a shift, filled in."""

    local_date: dt.date


@dataclass(frozen=True, slots=True)
class Fields:
    """What the form shows when it opens; from then on its values are the browser's."""

    title: str = ""
    local_date: str = ""
    local_start: str = "09:00"
    local_end: str = "17:00"
    shift_type: str = "general"
    department_id: str = NO_DEPARTMENT[0]
    required_staff: str = "1"
    qualifications: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong, by field."""

    title: str = ""
    local_date: str = ""
    local_start: str = ""
    local_end: str = ""
    shift_type: str = ""
    department_id: str = ""
    required_staff: str = ""
    qualifications: str = ""
    notes: str = ""


def shown(shift: ShiftDetail) -> Fields:
    """The form for a shift as it is."""
    return Fields(
        title=shift.title,
        local_date=shift.local_date,
        local_start=shift.local_start,
        local_end=shift.local_end,
        shift_type=shift.shift_type,
        department_id=str(shift.department_id or 0),
        required_staff=str(shift.required_staff),
        qualifications=", ".join(shift.qualifications),
        notes=shift.notes,
    )


def entered(data: FilledContents, day: dt.date, priority: int) -> ShiftDetails:
    """The shift that was entered; its priority is not asked for."""
    return ShiftDetails(
        local_date=day,
        local_start=dt.time.fromisoformat(data.local_start),
        local_end=dt.time.fromisoformat(data.local_end),
        title=data.title,
        shift_type=data.shift_type,
        department_id=data.department_id or None,
        required_staff=data.required_staff,
        priority=priority,
        qualifications=tuple(data.qualifications.split(",")),
        notes=data.notes,
    )


def timing(times: Times, zone: str) -> str:
    """How long the shift truly is, as "7 h, ends the next day"; nothing while a time is missing."""
    if not (zone and times.local_date and times.local_start and times.local_end):
        return ""
    start, end = dt.time.fromisoformat(times.local_start), dt.time.fromisoformat(times.local_end)
    length = minutes_label(resolve_span(times.local_date, start, end, zone).minutes)
    return f"{length}, ends the next day" if end <= start else length
