"""Every event handler that a browser could name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import reflex as rx
from reflex.state import BaseState
from reflex_base.utils.format import format_event_handler

from schedule_app.schedule_app import app
from schedule_app.ui.guard import Policy


@dataclass(frozen=True, slots=True)
class Handler:
    """One of them.

    Attributes:
        name: As we write it: `AnswerState.confirm`.
        full_name: As Reflex knows it.
        function: What is called.
        is_own: Whether it is ours, and not Reflex's.
    """

    name: str
    full_name: str
    function: Callable[..., Any]
    is_own: bool

    @property
    def policy(self) -> Policy:
        """What the guard demands; it must have one."""
        return getattr(self.function, "policy")  # noqa: B009 - a function has no such attribute for the type checker


@cache
def all_handlers() -> tuple[Handler, ...]:
    """The handlers of every state of the app, Reflex's own states among them."""
    assert app is not None
    states: list[type[BaseState]] = [rx.State]
    found = []
    while states:
        state = states.pop()
        states += state.get_substates()
        for name, handler in state.event_handlers.items():
            is_own = not handler.fn.__module__.startswith("reflex")
            full_name = format_event_handler(handler)
            found.append(Handler(f"{state.__name__}.{name}", full_name, handler.fn, is_own))
    return tuple(sorted(found, key=lambda each: each.name))


@cache
def own_handlers() -> dict[str, Handler]:
    """Ours, by name."""
    return {handler.name: handler for handler in all_handlers() if handler.is_own}
