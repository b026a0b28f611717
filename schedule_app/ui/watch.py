"""Tells the live layer what a tab is looking at."""

from collections.abc import Iterable

import reflex as rx
from reflex_base.registry import RegistrationContext

from schedule_app.live.viewers import viewers


def watch(state: rx.State, topics: Iterable[str], *, is_beside: bool = False) -> None:
    """From now on, call this state's `refresh` in this tab whenever one of the topics changes.

    Args:
        state: The view.
        topics: What it depends on.
        is_beside: It stands beside or around what the page is there for, which is to be shown first.
    """
    name = state.get_full_name()
    viewers.show(state.router.session.client_token, name, topics, f"{name}.refresh", is_beside=is_beside)


def watch_nothing_else(state: rx.State) -> None:
    """Forget what the page before this one was looking at."""
    viewers.hide_others(state.router.session.client_token, state.get_full_name())


def seen_anew(state: rx.State, topic: str) -> list[rx.event.EventSpec]:
    """The refreshes of this tab's own views of a topic: returned by a handler, they show what has become of it.

    The push does so too where something was changed, but not where it was refused.
    """
    handlers = RegistrationContext.get().event_handlers
    return [handlers[name].handler() for name in viewers.refreshes(state.router.session.client_token, topic)]
