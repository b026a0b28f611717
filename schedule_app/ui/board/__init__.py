"""The week board."""

from schedule_app.ui.board import page as page
