"""What planners announce, and who has seen it."""

from schedule_app.ui.announcements import page as page
