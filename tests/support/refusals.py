"""Expecting the database to refuse."""

import contextlib
from collections.abc import Iterator

import pytest
from sqlalchemy import exc

from schedule_app.db.errors import constraint_name, sql_state


@contextlib.contextmanager
def refused(by: str) -> Iterator[None]:
    """The block must fail on the constraint of this name, or with this SQLSTATE."""
    with pytest.raises(exc.DBAPIError) as caught:
        yield
    assert by in (constraint_name(caught.value), sql_state(caught.value)), caught.value
