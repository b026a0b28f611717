"""Offering a shift to colleagues, and swapping one for theirs."""

from schedule_app.ui.swaps import page as page
