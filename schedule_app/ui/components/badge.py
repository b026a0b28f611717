"""Badges: a state as colour, icon and word together."""

from typing import Literal

import reflex as rx

from schedule_app.ui.components.icon import IconName, icon
from schedule_app.ui.components.types import Child, Text

BadgeTone = Literal["", "info", "ok", "warn", "danger"]

_STATUS: dict[str, tuple[IconName, str]] = {
    "draft": ("pencil", "Draft"),
    "pending": ("hourglass", "Waiting for approval"),
    "approved": ("badge-check", "Approved"),
    "published": ("megaphone", "Published"),
    "archived": ("archive", "Archived"),
}
#: Icon and words for each state of an assignment.
ANSWERS: dict[str, tuple[IconName, str]] = {
    "assigned": ("circle-dashed", "Planned"),
    "pending": ("clock", "Not answered yet"),
    "confirmed": ("check", "Confirmed"),
    "declined": ("x", "Declined"),
    "expired": ("circle-x", "No answer in time"),
    "cancelled": ("ban", "Cancelled"),
    "completed": ("check-check", "Done"),
}
_TIME_OFF: dict[str, tuple[IconName, str, str]] = {
    "waiting": ("hourglass", "Waiting", "pending"),
    "approved": ("check", "Approved", "confirmed"),
    "rejected": ("x", "Rejected", "declined"),
    "withdrawn": ("ban", "Withdrawn", "cancelled"),
}
_PRIORITY: dict[str, tuple[IconName, str]] = {
    "urgent": ("triangle-alert", "Urgent"),
    "high": ("info", "Important"),
}


def badge(*children: Child, tone: BadgeTone = "", start: IconName | None = None) -> rx.Component:
    """A small rounded label.

    Args:
        children: Its words.
        tone: Colour; give an icon too when the tone carries meaning.
        start: An icon before the words.
    """
    inner = (icon(start), *children) if start else children
    return rx.el.span(*inner, class_name=f"badge badge-{tone}" if tone else "badge")


def status_badge(status: Text) -> rx.Component:
    """The state of a week's schedule: draft, pending, approved, published or archived."""
    return _lookup(status, _STATUS)


def answer_badge(status: Text) -> rx.Component:
    """The state of one assignment: assigned, pending, confirmed, declined, expired, cancelled or completed."""
    return _lookup(status, ANSWERS)


def time_off_badge(status: Text) -> rx.Component:
    """The state of a request for time off: waiting, approved, rejected or withdrawn."""
    shown = (
        (key, rx.el.span(icon(name), text, class_name=f"badge badge-{tone}"))
        for key, (name, text, tone) in _TIME_OFF.items()
    )
    return rx.fragment(rx.match(status, *shown, rx.fragment()))


def priority_badge(priority: Text) -> rx.Component:
    """Urgent and high notifications; nothing for the others."""
    return _lookup(priority, _PRIORITY)


def _lookup(value: Text, table: dict[str, tuple[IconName, str]]) -> rx.Component:
    def one(key: str) -> rx.Component:
        name, text = table[key]
        return rx.el.span(icon(name), text, class_name=f"badge badge-{key}")

    if isinstance(value, str):
        return one(value) if value in table else rx.fragment()
    return rx.fragment(rx.match(value, *((key, one(key)) for key in table), rx.fragment()))
