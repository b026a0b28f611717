"""Route of the inbox."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.answering.sections import answered, decline_dialog
from schedule_app.ui.answering.state import AnswerState
from schedule_app.ui.inbox.sections import filters, messages
from schedule_app.ui.inbox.state import InboxState
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.INBOX, title="Inbox", on_load=[ShellState.load, AnswerState.load, InboxState.load])
def inbox() -> rx.Component:
    """Everything that was told to this person, newest first."""
    return shell(
        "Inbox",
        filters(),
        answered(),
        messages(),
        decline_dialog(),
        current="inbox",
        is_ready=InboxState.is_ready,
        narrow=True,
    )
