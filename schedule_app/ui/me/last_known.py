"""assets/last_known.jsx as a Reflex component: what is shown when there is no network."""

import reflex as rx

from schedule_app.queries.me import MyWeek
from schedule_app.ui.components.badge import ANSWERS
from schedule_app.ui.me.state import KeptState, MeState


class LastKnown(rx.Component):
    """Shows nothing.

    Args:
        weeks: What is put aside of a person's shifts.
        answers: What each status of a shift is called.
        zone: By whose clocks their times are told.
        read_at: When they were last read; nothing is put aside before.
    """

    library = "$/public/last_known.jsx"
    tag = "LastKnown"

    weeks: rx.Var[list[MyWeek]]
    answers: rx.Var[dict[str, str]]
    zone: rx.Var[str]
    read_at: rx.Var[str]


def last_known() -> rx.Component:
    """Put the person's shifts aside, and have them shown when there is no network."""
    return LastKnown.create(
        weeks=MeState.weeks,
        answers={status: words for status, (_, words) in ANSWERS.items()},
        zone=rx.cond(MeState.clocks == "own", MeState.own_zone, MeState.zone),
        read_at=KeptState.read_at,
    )
