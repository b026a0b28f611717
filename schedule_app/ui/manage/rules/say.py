"""The field in which a rule is said, and what was understood."""

import reflex as rx

from schedule_app.domain.saying import LONGEST
from schedule_app.ui.components import badge, button, button_link, field
from schedule_app.ui.manage.rules.say_state import FIELD, SayState

_HINT = (
    "For example: Nobody works more than 5 days in a row. At least two with First aid every evening. "
    "No night followed by a morning."
)


def say_rule() -> rx.Component:
    """Say a rule; the form opens filled in, and nothing is saved before that."""
    return rx.el.section(
        rx.el.form(
            field(
                "Say the rule",
                FIELD,
                name="text",
                error=SayState.unheard.problem,
                hint=_HINT,
                max_length=LONGEST,
                auto_complete="off",
                spell_check=False,
            ),
            button("Understand", type="submit"),
            no_validate=True,
            on_submit=SayState.say,
            class_name="say-form",
        ),
        rx.el.div(
            rx.cond(SayState.unheard.word != "", _unheard(), None),
            rx.cond(SayState.heard.href != "", _heard(), None),
            role="status",
        ),
        aria_label="Say the rule",
        class_name="card stack say",
    )


def _unheard() -> rx.Component:
    unheard = SayState.unheard
    return rx.el.p(
        unheard.before,
        rx.el.mark(unheard.word),
        unheard.after,
        class_name="say-echo",
    )


def _heard() -> rx.Component:
    heard = SayState.heard
    return rx.el.div(
        rx.el.p(badge(heard.kind, tone="ok", start="check"), class_name="rule-head"),
        rx.el.p(heard.meaning, class_name="say-meaning"),
        rx.el.div(button_link("Check it in the form", href=heard.href, kind="primary")),
        class_name="stack",
    )
