"""Tells the live layer what a tab is looking at."""

from collections.abc import Iterable

import reflex as rx

from schedule_app.live.viewers import viewers


def watch(state: rx.State, topics: Iterable[str]) -> None:
    """From now on, call this state's `refresh` in this tab whenever one of the topics changes."""
    name = state.get_full_name()
    viewers.show(state.router.session.client_token, name, topics, f"{name}.refresh")


def watch_nothing_else(state: rx.State) -> None:
    """Forget what the page before this one was looking at."""
    viewers.hide_others(state.router.session.client_token, state.get_full_name())
