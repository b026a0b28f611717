"""Which events a browser may send at all: our guarded handlers, and the few of Reflex's own that its script needs."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, State
from reflex_base.utils.format import format_event_handler

from schedule_app.ui.guard import Policy


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Boot(_Arguments):
    hashes: list[str] = []


class _PageError(_Arguments):
    info: str
    component_stack: str


_OF_REFLEX: Final[dict[str, type[BaseModel]]] = {
    format_event_handler(State.event_handlers["hydrate_and_load"]): _Boot,
    format_event_handler(OnLoadInternalState.event_handlers["on_load_internal"]): _Arguments,
    format_event_handler(FrontendEventExceptionState.event_handlers["handle_frontend_exception"]): _PageError,
}


def knows_event(name: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a page of ours may send this event; the arguments of our own handlers are for their guard to judge."""
    if name not in _OF_REFLEX:
        return name in _guarded()
    try:
        _OF_REFLEX[name].model_validate(arguments)
    except ValidationError:
        return False
    return True


@cache
def _guarded() -> frozenset[str]:
    """Full names of our handlers; asked for when every page has been imported."""
    states: list[type[Any]] = [State]
    names = set()
    while states:
        state = states.pop()
        states += state.get_substates()
        names |= {
            format_event_handler(handler)
            for handler in state.event_handlers.values()
            if isinstance(getattr(handler.fn, "policy", None), Policy)
        }
    return frozenset(names)
