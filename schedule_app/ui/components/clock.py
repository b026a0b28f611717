"""Time passing while a page is open."""

from typing import Any

import reflex as rx
from reflex_base.utils.imports import ImportDict


class MinuteClock(rx.Fragment):
    """Calls on_minute once a minute while the page can be seen, so that "3 h left" stays true. Shows nothing."""

    on_minute: rx.EventHandler[rx.event.no_args_event_spec]

    def add_imports(self) -> ImportDict:
        """React's own hook."""
        return {"react": "useEffect"}

    def add_hooks(self) -> list[str | rx.Var[Any]]:
        """Start with the page, end with it."""
        call = rx.Var.create(self.event_triggers["on_minute"])
        return [
            rx.Var(
                f"""
useEffect(() => {{
    const call = {call};
    const timer = setInterval(() => {{ if (!document.hidden) call(); }}, 60000);
    return () => clearInterval(timer);
}}, []);
"""
            )
        ]

    def _exclude_props(self) -> list[str]:
        return [*super()._exclude_props(), "on_minute"]


minute_clock = MinuteClock.create
