"""The signed-in person's own account."""

from schedule_app.ui.account import page as page
from schedule_app.ui.account import wishes_page as wishes_page
