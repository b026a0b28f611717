"""The signed-in person's own account."""

from schedule_app.ui.account import page as page
