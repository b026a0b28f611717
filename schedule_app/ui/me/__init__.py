"""A person's own shifts."""

from schedule_app.ui.me import page as page
