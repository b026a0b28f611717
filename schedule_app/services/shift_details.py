"""A shift as it is entered, kept and written down."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, time
from typing import Any, Final

from sqlalchemy import Row

from schedule_app.domain.errors import Difference, InvalidInput
from schedule_app.domain.time import Interval, clock_label
from schedule_app.queries.labels import long_day
from schedule_app.services.text import clean_line, clean_note

MAX_TITLE: Final = 200
MAX_NOTES: Final = 2000
MAX_QUALIFICATION: Final = 100
MOST_QUALIFICATIONS: Final = 20

#: What the columns are called in words, in the order of the form.
LABELS: Final = {
    "title": "Title",
    "local_date": "Day",
    "local_start": "Start",
    "local_end": "End",
    "department_id": "Department",
    "shift_type": "Kind",
    "required_staff": "People needed",
    "priority": "Priority",
    "qualifications": "Qualifications",
    "notes": "Notes",
}


@dataclass(frozen=True, slots=True)
class ShiftDetails:
    """A shift as it is entered: wall times of its site, an end at or before the start meaning the next day.

    Attributes:
        title: At most 200 characters on one line.
        shift_type: general, management, specialized, emergency or training.
        department_id: One of the site's departments.
        required_staff: 1 to 1000.
        priority: 1 to 10, 10 the most important.
        qualifications: At most 20, each of at most 100 characters.
        notes: At most 2000 characters.
    """

    local_date: date
    local_start: time
    local_end: time
    title: str | None = None
    shift_type: str = "general"
    department_id: int | None = None
    required_staff: int = 1
    priority: int = 5
    qualifications: tuple[str, ...] = ()
    notes: str | None = None


def cleaned_details(details: ShiftDetails) -> ShiftDetails:
    """A shift as it is kept: texts trimmed, no qualification twice.

    Raises:
        InvalidInput: A value that cannot be accepted; `field` names it.
    """
    qualifications: dict[str, str] = {}
    for name in details.qualifications:
        cleaned = clean_line(name, "qualifications", MAX_QUALIFICATION)
        if cleaned:
            qualifications.setdefault(cleaned.casefold(), cleaned)
    if len(qualifications) > MOST_QUALIFICATIONS:
        raise InvalidInput(f"A shift asks for at most {MOST_QUALIFICATIONS} qualifications.", "qualifications")
    for field in ("local_start", "local_end"):
        at: time = getattr(details, field)
        if at.tzinfo is not None or at.second or at.microsecond:
            raise InvalidInput("Please give this in hours and minutes.", field)
    return replace(
        details,
        title=clean_line(details.title, "title", MAX_TITLE),
        qualifications=tuple(qualifications.values()),
        notes=clean_note(details.notes, "notes", MAX_NOTES),
    )


def shift_columns(details: ShiftDetails, span: Interval, zone: str) -> dict[str, Any]:
    """What a row of a shift is written with."""
    columns = asdict(details)
    requirements = json.dumps({"qualifications": columns.pop("qualifications")})
    times = {"time_zone": zone, "starts_at": span.starts_at, "ends_at": span.ends_at}
    return {**columns, **times, "requirements": requirements}


def shift_facts(details: ShiftDetails, zone: str) -> dict[str, Any]:
    """What the record of changes says of a shift, in plain JSON values."""
    plain = {
        "local_date": details.local_date.isoformat(),
        "local_start": details.local_start.isoformat("minutes"),
        "local_end": details.local_end.isoformat("minutes"),
        "qualifications": list(details.qualifications),
    }
    return {**asdict(details), **plain, "time_zone": zone}


def details_of(shift: Row[Any]) -> ShiftDetails:
    """A shift as it was read."""
    return ShiftDetails(
        local_date=shift.local_date,
        local_start=shift.local_start,
        local_end=shift.local_end,
        title=shift.title,
        shift_type=shift.shift_type,
        department_id=shift.department_id,
        required_staff=shift.required_staff,
        priority=shift.priority,
        qualifications=tuple(shift.qualifications),
        notes=shift.notes,
    )


def differences(
    entered: ShiftDetails, stored: ShiftDetails, departments: Mapping[int, str], *, clock_24h: bool
) -> list[Difference]:
    """Where two versions of a shift differ, in words.

    Args:
        entered: What somebody wanted to save.
        stored: What is stored.
        departments: Names of the site's departments.
        clock_24h: How the site's clock counts.
    """
    return [
        Difference(label, _said(name, entered, departments, clock_24h), _said(name, stored, departments, clock_24h))
        for name, label in LABELS.items()
        if getattr(entered, name) != getattr(stored, name)
    ]


def _said(name: str, details: ShiftDetails, departments: Mapping[int, str], clock_24h: bool) -> str:
    value = getattr(details, name)
    match name:
        case _ if value in (None, "", ()):
            return "nothing"
        case "local_date":
            return long_day(value)
        case "local_start":
            return clock_label(value, clock_24h=clock_24h)
        case "local_end":
            label = clock_label(value, clock_24h=clock_24h)
            return f"{label} +1" if value <= details.local_start else label
        case "department_id":
            return departments.get(value, "another department")
        case "shift_type":
            return value.capitalize()
        case "qualifications":
            return ", ".join(value)
    return str(value)
