"""Row locks, always taken in the same order, so that two writers wait for each other instead of dying in a deadlock."""

from sqlalchemy import text

# The first thing a transaction does that books anybody: everybody whose assignments may change, in any order.
LOCK_EMPLOYEES = text("SELECT id FROM employees WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
