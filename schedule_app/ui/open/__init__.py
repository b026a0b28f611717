"""Shifts that a person can take."""

from schedule_app.ui.open import page as page
