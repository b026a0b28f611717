"""Computes a result that many viewers need once per revision, however many ask at the same moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeVar

_KEPT_RESULTS = 64
_KEPT_NEWEST = 16

T = TypeVar("T")


class SharedResults:
    """Results by key and revision; asking for a newer revision computes anew, asking for the same one waits for it."""

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, tuple[Hashable, asyncio.Task[Any]]] = OrderedDict()
        # Goes on when whoever asked has stopped waiting, and when a newer revision has taken its place.
        self._running: set[asyncio.Task[Any]] = set()

    async def get(self, key: Hashable, revision: Hashable, load: Callable[[], Awaitable[T]]) -> T:
        """Return the result for this key at this revision.

        Args:
            key: what is asked for, complete: everything the result depends on besides the data.
            revision: of the data; see `Viewers.revision`.
            load: computes the result. Its failure reaches everybody who waits for it, and is not kept.
        """
        kept = self._results.get(key)
        if kept is None or kept[0] != revision:
            task = asyncio.ensure_future(load())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            kept = (revision, task)
            self._results[key] = kept
        self._results.move_to_end(key)
        while len(self._results) > _KEPT_RESULTS:
            self._results.popitem(last=False)
        try:
            return await asyncio.shield(kept[1])
        except BaseException:
            if kept[1].done() and self._results.get(key) is kept:
                del self._results[key]
            raise

    async def close(self) -> None:
        """Forget every result and wait for what is still being computed, before what it reads from is closed."""
        self._results.clear()
        await asyncio.gather(*self._running, return_exceptions=True)


class NewestResults(Generic[T]):
    """The newest result by key, for reading it anew to take over what has not changed since."""

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, T] = OrderedDict()

    async def renew(self, key: Hashable, load: Callable[[T | None], Awaitable[T]]) -> T:
        """Compute the result for this key from the last one, which is None when there is none any more."""
        result = await load(self._results.get(key))
        self._results[key] = result
        self._results.move_to_end(key)
        while len(self._results) > _KEPT_NEWEST:
            self._results.popitem(last=False)
        return result


shared_results = SharedResults()
