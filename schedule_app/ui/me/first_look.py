"""The next shift as the server writes it into the page: on a slow phone it is read seconds before the page is live."""

import json
from html import escape
from pathlib import Path
from typing import Final

import reflex as rx

from schedule_app.queries.me import MyShift
from schedule_app.ui.components.badge import ANSWERS
from schedule_app.ui.components.icon import IconName

#: What stands in the built page where the next shift is written.
SLOT: Final = "<!--next shift-->"

_ICONS: Final[dict[str, str]] = json.loads(
    (Path(__file__).resolve().parents[3] / "assets" / "icons.json").read_text(encoding="utf-8")
)


def first_look() -> rx.Component:
    """The place for it; the page's script leaves alone what it finds there."""
    return rx.el.div(
        custom_attrs={"dangerouslySetInnerHTML": {"__html": SLOT}, "suppressHydrationWarning": True},
    )


def next_card(shift: MyShift) -> str:
    """The card of the next shift as HTML: as `sections.next_shift` has it, without what can be done with it."""
    icon_name, answer = ANSWERS[shift.status]
    where = f"{shift.place} · {shift.department}" if shift.department else shift.place
    colleagues = f"With {', '.join(shift.colleagues)}" if shift.colleagues else ""
    return (
        '<section class="shift-card shift-card-next" aria-labelledby="next-title">'
        '<div class="spread"><h2 id="next-title" class="section-title">Next shift</h2>'
        f'<span class="badge badge-{shift.status}">{_icon(icon_name)}{answer}</span></div>'
        f"<div><p>{escape(shift.day_label)}</p>"
        f'<p><time datetime="{shift.starts_at}" class="shift-when">{escape(shift.label)}</time></p></div>'
        f'<div class="shift-facts">{_fact("calendar-check", shift.title)}{_fact("map-pin", where)}'
        f"{_fact('users', colleagues)}</div></section>"
    )


def _fact(name: IconName, words: str) -> str:
    return f"<p>{_icon(name)}<span>{escape(words)}</span></p>" if words else ""


def _icon(name: IconName) -> str:
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{_ICONS[name]}</svg>'
