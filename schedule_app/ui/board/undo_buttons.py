"""The two buttons, their keys, and the words that say what was undone: assets/undo.jsx as a Reflex component."""

import reflex as rx


class UndoButtons(rx.Component):
    """Undo and redo, by button and by Ctrl+Z, Ctrl+Shift+Z or Ctrl+Y anywhere but in a field or with a dialog open.

    Args:
        undo: What would be undone; empty for nothing.
        redo: What would be done again; empty for nothing.
        told: The last result, {"text": str, "nonce": int}; shown for some seconds and read out.
    """

    library = "$/public/undo.jsx"
    tag = "UndoButtons"

    undo: rx.Var[str]
    redo: rx.Var[str]
    told: rx.Var[dict[str, str | int]]

    on_undo: rx.EventHandler[rx.event.no_args_event_spec]
    on_redo: rx.EventHandler[rx.event.no_args_event_spec]


undo_buttons = UndoButtons.create
