"""What comes through the socket, looked at before Reflex is: only what a page of ours can send gets by.

Reflex and the libraries below it answer a malformed packet with an exception, and log it, contents and all.
"""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, NoReturn

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

#: Tells whether a browser may send this event with these arguments.
KnowsEvent = Callable[[str, Mapping[str, Any]], bool]

_CLOSE, _PONG = "1", "3"
_CONNECT, _DISCONNECT, _EVENT = "40/_event,", "41/_event,", "42/_event,"
_MAX_FRAME_CHARS: Final = 128 * 1024
#: The longest address, from its path on, that a page may have.
MAX_ADDRESS_CHARS: Final = 4000
#: How Reflex's script wraps the fields of a submitted form.
_FORM: Final = "__reflex_form_data__"
_FORM_FIELDS: Final = TypeAdapter(list[tuple[str, str]])


class _Frame(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Page(_Frame):
    """Where the browser says it is; nothing is ever allowed because of it."""

    model_config = ConfigDict(extra="forbid")

    pathname: str = Field(default="", max_length=2000)
    asPath: str = Field(default="", max_length=MAX_ADDRESS_CHARS)
    # Of an address that is none of ours, Reflex's script names the parts.
    query: dict[str, str | Annotated[list[str], Field(max_length=1000)] | None] = Field(default={}, max_length=50)


class _Event(_Frame):
    name: str = Field(max_length=500)
    payload: dict[str, Any] = {}
    router_data: _Page = _Page()

    @field_validator("payload")
    @classmethod
    def _form_is_whole(cls, payload: dict[str, Any]) -> dict[str, Any]:
        for argument in payload.values():
            if isinstance(argument, dict) and _FORM in argument:
                _FORM_FIELDS.validate_python(argument[_FORM])
        return payload


class _Boot(_Frame):
    event: _Event
    state_schema: str | None = None


def fault(frame: str, knows_event: KnowsEvent) -> str:
    """Say what is wrong with a text frame; an empty string when nothing is."""
    if frame in (_CLOSE, _PONG, _DISCONNECT):
        return ""
    if len(frame) > _MAX_FRAME_CHARS:
        return "frame too long"
    try:
        event = _event_in(frame)
    except (ValueError, RecursionError):
        return "malformed frame"
    return "" if event is None or knows_event(event.name, event.payload) else "unknown event"


def _event_in(frame: str) -> _Event | None:
    """Find the event of a packet that may hold one; ValueError for any other packet."""
    content = json.loads(frame[len(_EVENT) :], parse_constant=_refuse)
    if frame.startswith(_CONNECT):
        return _Boot.model_validate(content).event
    if not frame.startswith(_EVENT):
        raise ValueError
    match content:
        case ["event", event]:
            return _Event.model_validate(event)
        case ["client_error", {**_report}]:
            return None
    raise ValueError


def _refuse(_constant: str) -> NoReturn:
    raise ValueError
