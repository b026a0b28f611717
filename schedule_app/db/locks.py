"""Row locks, always taken in the same order, so that two writers wait for each other instead of dying in a deadlock."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound

LOCK_EMPLOYEES = text("SELECT id FROM employees WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")


async def lock_employees(session: AsyncSession, ids: Iterable[int]) -> None:
    """Lock employee rows until the transaction ends; the first thing a transaction does that books anybody.

    Args:
        session: The unit of work.
        ids: Everybody whose assignments may change, in any order.

    Raises:
        NotFound: When one of them does not exist.
    """
    wanted = sorted(set(ids))
    found = (await session.scalars(LOCK_EMPLOYEES, {"ids": wanted})).all()
    if list(found) != wanted:
        raise NotFound
