"""The versions of a week: how each came about, two of them compared, one restored."""

from schedule_app.ui.versions import page as page
