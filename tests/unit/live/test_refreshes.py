"""Views are read anew once at a time, and never fewer times than they need."""

import asyncio

from schedule_app.live.refreshes import Refreshes, View

BOARD: View = ("tab", "board.refresh")
INBOX: View = ("tab", "inbox.refresh")


class Reader:
    """Begins refreshes, which end when told to."""

    def __init__(self) -> None:
        self.begun: list[View] = []
        self._under_way: dict[View, asyncio.Future[None]] = {}

    async def begin(self, view: View) -> asyncio.Future[None]:
        """Note that one has begun."""
        self.begun.append(view)
        self._under_way[view] = asyncio.get_running_loop().create_future()
        return self._under_way[view]

    async def end(self, view: View) -> None:
        """Let it end, and whatever follows begin."""
        self._under_way.pop(view).set_result(None)
        await settled()

    async def fail(self, view: View) -> None:
        """Let it end badly."""
        self._under_way.pop(view).set_exception(RuntimeError("no database"))
        await settled()

    async def cancel(self, view: View) -> None:
        """Break it off."""
        self._under_way.pop(view).cancel()
        await settled()


async def settled() -> None:
    """Let everything go as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_view_that_changes_while_it_is_read_is_read_once_more() -> None:
    reader = Reader()
    async with asyncio.TaskGroup() as tasks:
        refreshes = Refreshes(tasks, reader.begin)
        for _ in range(3):
            refreshes.ask([BOARD])
            await settled()
        assert reader.begun == [BOARD]

        await reader.end(BOARD)
        assert reader.begun == [BOARD, BOARD]
        await reader.end(BOARD)
        assert reader.begun == [BOARD, BOARD]


async def test_views_do_not_wait_for_each_other() -> None:
    reader = Reader()
    async with asyncio.TaskGroup() as tasks:
        refreshes = Refreshes(tasks, reader.begin)
        refreshes.ask([BOARD, INBOX])
        await settled()
        assert reader.begun == [BOARD, INBOX]

        await reader.end(INBOX)
        [again] = refreshes.ask([INBOX])
        await settled()
        assert reader.begun == [BOARD, INBOX, INBOX]
        assert not again.done()

        await reader.end(INBOX)
        assert again.done()
        await reader.end(BOARD)


async def test_a_tab_that_has_gone_holds_nobody_up() -> None:
    async def nobody(_view: View) -> None:
        return None

    async with asyncio.TaskGroup() as tasks:
        [refresh] = Refreshes(tasks, nobody).ask([BOARD])
        await settled()
        assert refresh.done()


async def test_a_refresh_that_fails_or_is_broken_off_ends_nothing_else() -> None:
    reader = Reader()
    async with asyncio.TaskGroup() as tasks:
        refreshes = Refreshes(tasks, reader.begin)
        for end_badly in (reader.fail, reader.cancel):
            refreshes.ask([BOARD, INBOX])
            await settled()
            refreshes.ask([BOARD])
            await end_badly(BOARD)
            assert reader.begun == [BOARD, INBOX, BOARD]

            await reader.end(BOARD)
            await reader.end(INBOX)
            reader.begun.clear()
