"""Saying yes or no to a shift, on every page that asks."""
