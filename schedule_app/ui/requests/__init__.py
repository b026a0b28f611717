"""What people have asked for and planners decide."""

from schedule_app.ui.requests import page as page
