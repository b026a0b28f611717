"""One computation for many who ask."""

import asyncio

import pytest

from schedule_app.live.shared import NewestResults, SharedResults


class Source:
    """Counts how often it is asked, and can be made to wait or fail."""

    def __init__(self) -> None:
        self.loads = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def load(self) -> int:
        self.loads += 1
        number = self.loads
        await self.gate.wait()
        if self.fails:
            raise LookupError("no such thing")
        return number


async def test_get_computes_once_for_all_who_ask_at_the_same_revision():
    shared, source = SharedResults(), Source()
    source.gate.clear()
    asked = [asyncio.ensure_future(shared.get("board", 1, source.load)) for _ in range(20)]
    await asyncio.sleep(0)
    source.gate.set()

    assert await asyncio.gather(*asked) == [1] * 20
    assert source.loads == 1


async def test_get_computes_anew_for_another_revision():
    shared, source = SharedResults(), Source()
    assert [await shared.get("board", revision, source.load) for revision in (1, 1, 2)] == [1, 1, 2]


async def test_a_failure_reaches_everybody_and_is_not_kept():
    shared, source = SharedResults(), Source()
    source.fails = True
    asked = [asyncio.ensure_future(shared.get("board", 1, source.load)) for _ in range(3)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(result) for result in results] == [LookupError] * 3

    source.fails = False
    assert await shared.get("board", 1, source.load) == 2


async def test_one_who_stops_waiting_does_not_stop_the_others():
    shared, source = SharedResults(), Source()
    source.gate.clear()
    impatient = asyncio.ensure_future(shared.get("board", 1, source.load))
    patient = asyncio.ensure_future(shared.get("board", 1, source.load))
    await asyncio.sleep(0)
    impatient.cancel()
    source.gate.set()

    assert await patient == 1
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_close_waits_for_what_nobody_waits_for_any_longer():
    shared, source = SharedResults(), Source()
    source.gate.clear()
    begun, finished = asyncio.Event(), []

    async def load() -> None:
        begun.set()
        finished.append(await source.load())

    for revision in (1, 2):
        begun.clear()
        impatient = asyncio.ensure_future(shared.get("board", revision, load))
        await begun.wait()
        impatient.cancel()
    closing = asyncio.ensure_future(shared.close())
    await asyncio.sleep(0)
    assert not closing.done()
    source.gate.set()
    await closing

    assert finished == [1, 2]
    await shared.get("board", 2, load)
    assert finished == [1, 2, 3]


async def test_renew_is_given_the_last_result_of_the_same_key_for_as_long_as_it_is_kept():
    newest = NewestResults[int]()

    async def count(before: int | None) -> int:
        return (before or 0) + 1

    assert [await newest.renew(key, count) for key in ("board", "board", "other", "board")] == [1, 2, 1, 3]
    for number in range(100):
        await newest.renew(number, count)
    assert await newest.renew("board", count) == 1
