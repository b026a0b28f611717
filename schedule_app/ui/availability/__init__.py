"""When a person can work, said by themselves."""

from schedule_app.ui.availability import page as page
