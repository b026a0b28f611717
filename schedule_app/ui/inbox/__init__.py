"""The notification inbox."""

from schedule_app.ui.inbox import page as page
