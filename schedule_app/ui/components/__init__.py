"""Dumb pieces of the interface: arguments in, component out, no state."""

from schedule_app.ui.components.badge import answer_badge, badge, priority_badge, status_badge, time_off_badge
from schedule_app.ui.components.button import button, button_link, icon_button, icon_link
from schedule_app.ui.components.comparison import comparison
from schedule_app.ui.components.dialog import dialog
from schedule_app.ui.components.feedback import alert, empty_state, skeleton, told
from schedule_app.ui.components.form import field, segmented, select
from schedule_app.ui.components.heat import heat_table
from schedule_app.ui.components.icon import icon
from schedule_app.ui.components.intent_key import intent_key
from schedule_app.ui.components.page import heat_legend, not_here, page_header, week_switcher
from schedule_app.ui.components.taking import taking_tabs

__all__ = [
    "alert",
    "answer_badge",
    "badge",
    "button",
    "button_link",
    "comparison",
    "dialog",
    "empty_state",
    "field",
    "heat_legend",
    "heat_table",
    "icon",
    "icon_button",
    "icon_link",
    "intent_key",
    "not_here",
    "page_header",
    "priority_badge",
    "segmented",
    "select",
    "skeleton",
    "status_badge",
    "taking_tabs",
    "time_off_badge",
    "told",
    "week_switcher",
]
