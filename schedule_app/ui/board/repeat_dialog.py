"""The dialog in which a shift is made again on other days."""

import reflex as rx

from schedule_app.ui.board.copy_dialog import foreseen
from schedule_app.ui.board.repeat_state import RepeatState
from schedule_app.ui.components import button, dialog, field, select
from schedule_app.ui.components.types import Item, Text

_ENDS = (("until", "On a day"), ("times", "After a number of shifts"))


def repeat_dialog() -> rx.Component:
    """Ask on which days, and how long."""
    return dialog(
        rx.el.div(
            rx.el.fieldset(
                rx.el.legend("On these weekdays", class_name="field-label"),
                rx.el.div(rx.foreach(RepeatState.weekdays, _weekday), class_name="choice-list choice-row"),
                class_name="field",
            ),
            _number(
                "Every how many weeks",
                "every",
                RepeatState.every,
                hint="1 is every week, 2 every second.",
            ),
            field(
                "It ends",
                "repeat-ends",
                control=select(
                    _ENDS,
                    control_id="repeat-ends",
                    value=RepeatState.ends,
                    on_change=lambda value: RepeatState.change({"ends": value}),
                ),
            ),
            rx.cond(
                RepeatState.ends == "until",
                field(
                    "Last day",
                    "repeat-until",
                    type="date",
                    required=True,
                    value=RepeatState.until,
                    on_change=lambda value: RepeatState.change({"until": value}),
                    hint="At most 26 weeks from the shift.",
                ),
                _number("Number of shifts", "times", RepeatState.times, hint="Within 26 weeks."),
            ),
            foreseen(RepeatState.preview, RepeatState.problem),
            class_name="stack",
        ),
        title="Repeat this shift",
        text="Nobody is on the new shifts, and they begin at the same time by the clock.",
        is_open=RepeatState.is_open,
        on_open_change=lambda is_open: RepeatState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=RepeatState.show({"is_open": False})),
            button("Repeat", kind="primary", disabled=RepeatState.preview == "", on_click=RepeatState.repeat),
        ),
    )


def _weekday(day: Item) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            default_checked=day["is_on"],
            on_change=lambda is_on: RepeatState.tick({"weekday": day["number"], "is_on": is_on}),
        ),
        rx.el.span(day["name"], class_name="choice-text"),
        class_name="choice",
        key=day["number"].to_string(),
    )


def _number(label: str, name: str, value: Text, *, hint: str) -> rx.Component:
    return field(
        label,
        f"repeat-{name}",
        input_mode="numeric",
        auto_complete="off",
        max_length=3,
        default_value=value,
        on_change=lambda entered: RepeatState.change({name: entered}),
        hint=hint,
    )
