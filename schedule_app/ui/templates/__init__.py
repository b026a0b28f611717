"""The page of the templates."""

from schedule_app.ui.templates import page as page
