"""A person's own time off."""

from schedule_app.ui.time_off import page as page
