"""Saying that one cannot come to a shift; on whatever page the shift is shown."""
