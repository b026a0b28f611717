"""The dialogs in which a week is approved and published: what is signed, and what it will do."""

import reflex as rx

from schedule_app.ui.board.signing_state import ApproveState, PublishState
from schedule_app.ui.components import alert, button, comparison, dialog
from schedule_app.ui.components.types import Item

_CHANGED = "This week changed while you were looking. What you see here is the newest."


def approve_dialog() -> rx.Component:
    """What differs from the published week, to be signed."""
    return dialog(
        rx.cond(
            ApproveState.has_changed,
            alert(_CHANGED, tone="warn"),
            None,
        ),
        comparison(ApproveState.view, with_grid=False),
        title="Approve this week?",
        text="You approve exactly what is shown here, and the record of changes keeps it.",
        is_open=ApproveState.is_open,
        on_open_change=lambda is_open: ApproveState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=ApproveState.show({"is_open": False})),
            button("Approve week", kind="primary", start="badge-check", on_click=ApproveState.sign),
        ),
        wide=True,
    )


def publish_dialog() -> rx.Component:
    """Who will be told what, who is disturbed, whose answer is kept."""
    view: Item = PublishState.view
    cannot = (view.clashes.length() > 0) | (view.broken.length() > 0)
    return dialog(
        rx.cond(
            PublishState.error != "", alert(PublishState.error, tone="danger", title="Nothing was published"), None
        ),
        rx.cond(PublishState.has_changed & (PublishState.error == ""), alert(_CHANGED, tone="warn"), None),
        _sentences(
            view.broken, "This week cannot be published: send it back, and give these shifts to others", "danger"
        ),
        _sentences(view.clashes, "This week cannot be published", "danger"),
        _sentences(view.come_back, "Comes back", "warn"),
        _sentences(view.disturbed, "Confirmed shifts that change", "warn"),
        rx.el.section(
            rx.el.h3(
                rx.cond(
                    view.told.length() > 0,
                    rx.fragment(
                        view.told.length(), rx.cond(view.told.length() == 1, " person is told", " people are told")
                    ),
                    "Nobody is told: no shift differs for anybody",
                ),
                class_name="section-title",
            ),
            rx.cond(
                view.told.length() > 0,
                rx.el.ul(
                    rx.foreach(view.told, _told),
                    class_name="list signing-list",
                    tab_index=0,
                    aria_label="Who is told what",
                ),
                None,
            ),
            class_name="stack",
        ),
        rx.cond(
            view.kept.length() > 0,
            rx.el.section(
                rx.el.h3("Answers that are kept", class_name="section-title"),
                rx.el.ul(rx.foreach(view.kept, rx.el.li), class_name="small"),
                class_name="stack",
            ),
            None,
        ),
        title="Publish this week?",
        text="Times to answer are counted from the moment of publishing.",
        is_open=PublishState.is_open,
        on_open_change=lambda is_open: PublishState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=PublishState.show({"is_open": False})),
            button(
                "Publish week",
                kind="primary",
                start="megaphone",
                disabled=cannot,
                on_click=PublishState.publish,
            ),
        ),
        wide=True,
    )


def _sentences(sentences: Item, title: str, tone: str) -> rx.Component:
    body = rx.el.ul(rx.foreach(sentences, rx.el.li))
    shown = alert(body, tone="danger" if tone == "danger" else "warn", title=title)
    return rx.cond(sentences.length() > 0, shown, None)


def _told(told: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(told.name, class_name="list-item-title"),
            rx.el.p(told.title, class_name="small"),
            rx.el.p(told.body, class_name="small muted"),
            class_name="grow",
        ),
        class_name="list-item",
    )
