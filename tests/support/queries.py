"""Counting SQL statements."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import event

from schedule_app.db.engine import engine


@contextlib.contextmanager
def count_statements() -> Iterator[list[str]]:
    """Collect the SQL which the application's engine sends inside the block; `len()` of it is the count.

    Must be entered on the event loop whose engine is meant.
    """
    statements: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    target = engine().sync_engine
    event.listen(target, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(target, "before_cursor_execute", record)
