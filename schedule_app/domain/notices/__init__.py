"""What people are told: one payload dataclass per notification type, and its words.

Words are plain text on one line each. Names, notes and reasons appear as they were typed; nothing here is markup.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, cast, get_args, get_origin, get_type_hints

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices.announcements import Announced
from schedule_app.domain.notices.assignments import (
    AssignmentAdded,
    AssignmentConfirmed,
    AssignmentDeclined,
    AssignmentObjected,
    AssignmentRemoved,
    AssignmentsConfirmed,
    PersonLeft,
)
from schedule_app.domain.notices.deadlines import (
    AnswerDue,
    AnswerMissed,
    PlaceReopened,
    QualificationEnds,
    ShiftAhead,
    ShiftInDoubt,
    TheirQualificationEnds,
)
from schedule_app.domain.notices.deliveries import DeliveryFailed
from schedule_app.domain.notices.open_shifts import (
    CalledOut,
    ClaimAccepted,
    ClaimLost,
    ClaimRejected,
    ClaimWaiting,
    ClaimWithdrawn,
    OffersEnded,
    ShiftClaimed,
    ShiftOffered,
)
from schedule_app.domain.notices.schedules import (
    ScheduleApproved,
    SchedulePublished,
    ScheduleRejected,
    ScheduleSubmitted,
    ShiftsPublished,
)
from schedule_app.domain.notices.swaps import SwapAccepted, SwapAsked, SwapDecided, SwapEnded, SwapWaiting
from schedule_app.domain.notices.time_off import (
    AvailabilityChanged,
    TimeOffDecided,
    TimeOffRequested,
    TimeOffRequestWithdrawn,
    TimeOffWithdrawn,
)
from schedule_app.domain.notices.together import subject
from schedule_app.domain.notices.words import (
    NAMED,
    Category,
    Moment,
    NamedDay,
    NamedShift,
    NamedTimeOff,
    NamedWeek,
    Priority,
    Reader,
    Wording,
)

Stored = TypeVar("Stored")

Notice: TypeAlias = (
    ShiftsPublished
    | AssignmentAdded
    | AssignmentRemoved
    | AssignmentConfirmed
    | AssignmentsConfirmed
    | AssignmentDeclined
    | AssignmentObjected
    | PersonLeft
    | TimeOffRequested
    | TimeOffDecided
    | TimeOffWithdrawn
    | TimeOffRequestWithdrawn
    | AvailabilityChanged
    | ScheduleSubmitted
    | ScheduleApproved
    | ScheduleRejected
    | SchedulePublished
    | ShiftClaimed
    | ClaimWaiting
    | ClaimWithdrawn
    | ClaimAccepted
    | ClaimRejected
    | ClaimLost
    | CalledOut
    | ShiftOffered
    | OffersEnded
    | SwapAsked
    | SwapAccepted
    | SwapWaiting
    | SwapDecided
    | SwapEnded
    | Announced
    | ShiftAhead
    | AnswerDue
    | AnswerMissed
    | PlaceReopened
    | QualificationEnds
    | TheirQualificationEnds
    | ShiftInDoubt
    | DeliveryFailed
)

# What was named in words, in payloads that are still read.
_RENAMED: Final = {
    "shift_label": "shift",
    "shift_labels": "shifts",
    "confirm_by_label": "confirm_by",
    "week_label": "week",
}

NOTICES: dict[str, type[Notice]] = {notice.type: notice for notice in get_args(Notice)}


def word(notice: Notice, *, clock_24h: bool, zone: str = "") -> Wording:
    """Put a notice into words for whoever reads it.

    Args:
        notice: What to say.
        clock_24h: Whether the clock of the reader's site goes to 24.
        zone: The reader's own time zone. Without it nothing says whose time is meant, and deadlines are told in the
            time of the site.
    """
    wording = notice.wording(Reader(clock_24h, zone))
    text = "\n".join(line.rstrip() for line in wording.text.strip().splitlines())
    return Wording(_one_line(wording.title), _one_line(wording.body), text)


def deadline(notice: Notice, now: datetime) -> datetime | None:
    """When it is too late to tell somebody what they have to do, or need not do any more.

    Args:
        notice: What is to be told.
        now: The present instant. What is over then is too late anyway.

    Returns:
        The first time that is still to come; None where none is meant.

    Raises:
        InvalidInput: It names a time that cannot be read.
    """
    return min((at for at in _times(notice) if at > now), default=None)


def _times(notice: Notice) -> Iterator[datetime]:
    match notice:
        case AnswerDue(confirm_by=by):
            yield by.instant
            return
        case AssignmentAdded(shift=shift, confirm_by=by):
            times = (shift, by)
        case ShiftsPublished(shifts=shifts, confirm_by=by):
            times = (*shifts, by)
        case SwapDecided(gives=gives, gets=gets):
            times = (gives, gets)
        case ShiftAhead() | AssignmentRemoved() | ShiftOffered() | ClaimAccepted() | SwapAsked() | SwapEnded():
            times = (notice.shift,)
        case _:
            return
    for each in times:
        # Older payloads hold words.
        if isinstance(each, NamedShift):
            yield each.begins
        elif isinstance(each, Moment):
            yield each.instant


def unreadable(problem: str) -> Wording:
    """What is shown in place of a message that cannot be read."""
    return Wording("This message cannot be shown", problem)


def payload(notice: Notice) -> dict[str, Any]:
    """The notice as plain data, ready for JSON; `parse` reads it back."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(notice).items()}


def parse(type: str, payload: Mapping[str, Any]) -> Notice:
    """Read a stored notification.

    Fields with a default may be missing, so that payloads written before a field existed can still be read.

    Raises:
        InvalidInput: Unknown type, or a field that is missing, unknown or of the wrong kind.
    """
    notice = NOTICES.get(type)
    if notice is None:
        raise InvalidInput(f"There is no notification type {type!r}.", "type")
    own = {field.name for field in fields(notice)}
    named = {name if name in own else _RENAMED.get(name, name): value for name, value in payload.items()}
    return _read(notice, type, named)


def _read(kind: type[Stored], type: str, stored: Mapping[str, Any]) -> Stored:
    hints = get_type_hints(kind)
    known = fields(cast("Any", kind))
    values: dict[str, Any] = {}
    for field in known:
        if field.name in stored:
            values[field.name] = _value(field.name, hints[field.name], stored[field.name], type)
        elif field.default is MISSING:
            raise InvalidInput(f"The notification {type!r} lacks {field.name!r}.", field.name)
    unknown = sorted(map(str, set(stored) - {field.name for field in known}))
    if unknown:
        raise InvalidInput(f"The notification {type!r} has no {unknown[0]!r}.", unknown[0])
    return kind(**values)


def _value(name: str, hint: Any, value: Any, type_name: str) -> Any:  # noqa: ANN401 - JSON in, checked value out
    if get_origin(hint) is tuple:
        if isinstance(value, list | tuple):
            return tuple(_value(name, get_args(hint)[0], each, type_name) for each in cast("list[Any]", value))
    else:
        allowed = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        if type(value) in allowed or (value is None and NoneType in allowed):
            return value
        for each in NAMED:
            if isinstance(value, dict) and each in allowed:
                return _read(each, type_name, cast("dict[str, Any]", value))
    raise InvalidInput(f"The notification field {name!r} has the wrong kind of value.", name)


def _one_line(text: str) -> str:
    return " ".join(text.split())


__all__ = [
    "NOTICES",
    "Announced",
    "AnswerDue",
    "AnswerMissed",
    "AssignmentAdded",
    "AssignmentConfirmed",
    "AssignmentDeclined",
    "AssignmentObjected",
    "AssignmentRemoved",
    "AssignmentsConfirmed",
    "AvailabilityChanged",
    "CalledOut",
    "Category",
    "ClaimAccepted",
    "ClaimLost",
    "ClaimRejected",
    "ClaimWaiting",
    "ClaimWithdrawn",
    "DeliveryFailed",
    "Moment",
    "NamedDay",
    "NamedShift",
    "NamedTimeOff",
    "NamedWeek",
    "Notice",
    "OffersEnded",
    "PersonLeft",
    "PlaceReopened",
    "Priority",
    "QualificationEnds",
    "Reader",
    "ScheduleApproved",
    "SchedulePublished",
    "ScheduleRejected",
    "ScheduleSubmitted",
    "ShiftAhead",
    "ShiftClaimed",
    "ShiftInDoubt",
    "ShiftOffered",
    "ShiftsPublished",
    "SwapAccepted",
    "SwapAsked",
    "SwapDecided",
    "SwapEnded",
    "SwapWaiting",
    "TheirQualificationEnds",
    "TimeOffDecided",
    "TimeOffRequestWithdrawn",
    "TimeOffRequested",
    "TimeOffWithdrawn",
    "Wording",
    "deadline",
    "parse",
    "payload",
    "subject",
    "unreadable",
    "word",
]
