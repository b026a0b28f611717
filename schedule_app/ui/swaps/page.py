"""Route of offers and swaps."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import page_header, taking_tabs
from schedule_app.ui.shell import ShellState, shell
from schedule_app.ui.swaps.sections import asked, mine, news, past
from schedule_app.ui.swaps.state import SwapsState


@rx.page(route=routes.SWAPS, title="Offers and swaps", on_load=[ShellState.load, SwapsState.load])
def swaps() -> rx.Component:
    """What colleagues ask, what one has asked oneself, and what came of it."""
    return shell(
        "Offers and swaps",
        page_header("Offers and swaps"),
        taking_tabs("swaps"),
        news(),
        asked(),
        mine(),
        past(),
        current="open",
        is_ready=SwapsState.is_ready,
        narrow=True,
    )
