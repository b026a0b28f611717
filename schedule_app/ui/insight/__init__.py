"""The insight page."""

from schedule_app.ui.insight import page as page
