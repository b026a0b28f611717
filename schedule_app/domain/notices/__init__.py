"""What people are told: one payload dataclass per notification type, and its words.

Words are plain text on one line each. Names, notes and reasons appear as they were typed; nothing here is markup.
"""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, cast, get_args, get_origin, get_type_hints

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices.assignments import (
    AssignmentAdded,
    AssignmentConfirmed,
    AssignmentDeclined,
    AssignmentObjected,
    AssignmentRemoved,
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
from schedule_app.domain.notices.time_off import AvailabilityChanged, TimeOffDecided, TimeOffRequested, TimeOffWithdrawn
from schedule_app.domain.notices.together import subject
from schedule_app.domain.notices.words import Category, Moment, NamedShift, NamedTimeOff, Priority, Wording

Stored = TypeVar("Stored")

Notice: TypeAlias = (
    ShiftsPublished
    | AssignmentAdded
    | AssignmentRemoved
    | AssignmentConfirmed
    | AssignmentDeclined
    | AssignmentObjected
    | PersonLeft
    | TimeOffRequested
    | TimeOffDecided
    | TimeOffWithdrawn
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
_RENAMED: Final = {"shift_label": "shift", "shift_labels": "shifts", "confirm_by_label": "confirm_by"}

NOTICES: dict[str, type[Notice]] = {notice.type: notice for notice in get_args(Notice)}


def word(notice: Notice, *, clock_24h: bool) -> Wording:
    """Put a notice into words, each part on a single line; times as the clock of the reader's site shows them."""
    wording = notice.wording(clock_24h=clock_24h)
    return Wording(_one_line(wording.title), _one_line(wording.body))


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
    return _read(notice, type, {_RENAMED.get(name, name): value for name, value in payload.items()})


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
        for each in (NamedShift, NamedTimeOff, Moment):
            if isinstance(value, dict) and each in allowed:
                return _read(each, type_name, cast("dict[str, Any]", value))
    raise InvalidInput(f"The notification field {name!r} has the wrong kind of value.", name)


def _one_line(text: str) -> str:
    return " ".join(text.split())


__all__ = [
    "NOTICES",
    "AnswerDue",
    "AnswerMissed",
    "AssignmentAdded",
    "AssignmentConfirmed",
    "AssignmentDeclined",
    "AssignmentObjected",
    "AssignmentRemoved",
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
    "NamedShift",
    "NamedTimeOff",
    "Notice",
    "OffersEnded",
    "PersonLeft",
    "PlaceReopened",
    "Priority",
    "QualificationEnds",
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
    "TimeOffRequested",
    "TimeOffWithdrawn",
    "Wording",
    "parse",
    "payload",
    "subject",
    "word",
]
