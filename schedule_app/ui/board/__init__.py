"""The week board."""
