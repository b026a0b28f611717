"""Reads views anew, each of them once at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

#: A browser tab, and the event that reads one of its views anew.
View: TypeAlias = tuple[str, str]


class Refreshes:
    """The refreshes under way.

    A view that changes while it is read is read once more afterwards. Breaking the first reading off instead would keep
    a view that changes faster than it can be read from ever being shown.

    Args:
        tasks: Runs them.
        begin: Begins a refresh; what it returns is done when the refresh is. None when there is nobody to refresh.
    """

    def __init__(
        self, tasks: asyncio.TaskGroup, begin: Callable[[View], Awaitable[asyncio.Future[None] | None]]
    ) -> None:
        self._tasks = tasks
        self._begin = begin
        self._under_way: dict[View, asyncio.Task[None]] = {}
        self._again: set[View] = set()

    def ask(self, views: Iterable[View]) -> list[asyncio.Task[None]]:
        """Have views read anew, each from now on; returns what is done when they have been."""
        asked = []
        for view in views:
            if view in self._under_way:
                self._again.add(view)
            else:
                self._under_way[view] = self._tasks.create_task(self._run(view))
            asked.append(self._under_way[view])
        return asked

    async def _run(self, view: View) -> None:
        try:
            is_due = True
            while is_due:
                self._again.discard(view)
                refresh = await self._begin(view)
                if refresh is not None:
                    await asyncio.wait([refresh])
                is_due = view in self._again
        finally:
            self._again.discard(view)
            del self._under_way[view]
