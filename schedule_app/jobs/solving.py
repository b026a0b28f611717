"""Takes up runs of the optimiser, one at a time in each process of the application, and relays what they find."""

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Sequence
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from schedule_app.domain.errors import ScheduleError
from schedule_app.domain.rules.wording import name_of
from schedule_app.live.listener import Revisions, direct_conninfo, listen
from schedule_app.optimizer import codec
from schedule_app.optimizer.reasons import Reasons
from schedule_app.optimizer.solution import Solution
from schedule_app.services.solve_runs import (
    LOST,
    Claimed,
    claim_run,
    end_lost_runs,
    end_run,
    note_alive,
    note_better,
    note_reasons,
)

log = structlog.get_logger(__name__)

#: Nobody tells when another process is gone, so that is looked up.
_SWEEP_SECONDS: Final = 10
#: A run is said to be alive, and asked whether it shall end, this often.
_ALIVE_SECONDS: Final = 1.0
#: Better plans come by the hundred at first; nobody reads more than a few a second.
_BETWEEN_PLANS_SECONDS: Final = 0.25
#: How long a process may take to load before its search, and after it to give its reasons and end.
_GRACE_SECONDS: Final = 25
#: How long its reasons may take; without a plan the run is silent meanwhile.
_REASONS_SECONDS: Final = 15
#: A plan of a thousand people on one line.
_LONGEST_LINE: Final = 16 * 1024**2


async def solve_when_asked() -> None:
    """Run for the life of the process."""
    conninfo = await asyncio.to_thread(direct_conninfo)
    woken = asyncio.Event()

    async def hear(topics: frozenset[str] | None, _: Revisions) -> None:
        if topics is None or any(topic.startswith("solve:") for topic in topics):
            woken.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listen(conninfo, hear))
        while True:
            woken.clear()
            # Whatever state the database is in; the next turn asks again.
            with contextlib.suppress(ScheduleError, SQLAlchemyError):
                await end_lost_runs()
                while claimed := await claim_run():
                    await carry_out(claimed)
            await _wait(woken.wait(), _SWEEP_SECONDS)


async def carry_out(claimed: Claimed) -> None:
    """Search in a process of its own until it answers, is told to stop, takes too long or dies."""
    problem = json.loads(claimed.problem)
    places = sum(demand["shift"]["required_staff"] for demand in problem["demands"])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schedule_app.optimizer.process",
        *(["repair"] if claimed.is_repair else []),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=_LONGEST_LINE,
    )
    try:
        async with asyncio.timeout(problem["seconds"] + _GRACE_SECONDS):
            message = await _relay(process, claimed.run_id, json.dumps(problem), places)
    except TimeoutError:
        message = "The search did not end in time and was stopped."
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    await end_run(claimed.run_id, message)


async def _relay(process: Process, run_id: int, problem: str, places: int) -> str | None:
    """Pass plans on until the answer; returns what to tell when there is none."""
    assert process.stdin is not None  # noqa: S101 (pipes were asked for)
    with contextlib.suppress(ConnectionError):
        process.stdin.write(problem.encode() + b"\n")
        await process.stdin.drain()
    latest = _Latest()
    reading = asyncio.create_task(latest.read(process))
    try:
        is_stopping = False
        while not (reading.done() or latest.answers):
            await _wait(latest.arrived.wait(), _ALIVE_SECONDS)
            is_to_stop = await _note(run_id, latest, places)
            if is_to_stop and not is_stopping:
                is_stopping = True
                process.stdin.write(b"stop\n")
            if not (reading.done() or latest.answers):
                await asyncio.sleep(_BETWEEN_PLANS_SECONDS)
        await _note(run_id, latest, places)
        proposed: list[int] = []
        if latest.answers and latest.answers[0].has_plan:
            # It can be kept at once; the reasons come after it.
            proposed = [run_id, *await end_run(run_id, others=latest.answers[1:], places=places)]
        await _wait(reading, _REASONS_SECONDS)
    finally:
        reading.cancel()
    if not latest.answers:
        log.warning("a search was lost", run_id=run_id)
        return LOST
    # Others than the first are there only where the run had not been thrown away before.
    for each_id, answer, reasons in zip(proposed, latest.answers, latest.reasons, strict=False):
        await note_reasons(each_id, answer, reasons)
    return _words(latest.answers[0], latest.reasons)


async def _note(run_id: int, latest: "_Latest", places: int) -> bool:
    better = latest.take()
    return await note_alive(run_id) if better is None else await note_better(run_id, better, places)


async def _wait(what: Awaitable[object], seconds: float) -> None:
    """Wait for something, but not for longer. Unlike `wait_for` it hears of its own end in whatever moment it comes."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await what


def _words(answer: Solution, reasons: Sequence[Reasons]) -> str | None:
    if answer.has_plan:
        return None
    if answer.status == "infeasible":
        causes = reasons[0].clash.causes if reasons and reasons[0].clash else ()
        names = dict.fromkeys(name_of(each.name) for each in causes)
        clash = f" These cannot hold together: {', '.join(names)}." if names else ""
        return f"No plan keeps every strict rule with what stands.{clash} Nothing was changed."
    return "The time was too short to find a plan. Nothing was changed."


class _Latest:
    """The newest plan of a process that has not been passed on, its answer, and the reasons of each plan in that."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.answers: tuple[Solution, ...] = ()
        self.reasons: list[Reasons] = []
        self._better: Solution | None = None

    async def read(self, process: Process) -> None:
        """Read until the process is done."""
        assert process.stdout is not None  # noqa: S101 (as above)
        try:
            async for line in process.stdout:
                message = json.loads(line)
                await self._take_over(message["kind"], message["told"])
                self.arrived.set()
        except ValueError as error:
            # A line cut short by the process's death, or longer than any plan is: what came before it still counts.
            log.warning("a search said what cannot be read", reason=str(error)[:200])
        finally:
            self.arrived.set()

    async def _take_over(self, kind: str, told: object) -> None:
        if kind == "reasons":
            self.reasons.append(await asyncio.to_thread(codec.loads, Reasons, json.dumps(told)))
        elif kind == "answer":
            self.answers = await asyncio.to_thread(codec.loads, tuple[Solution, ...], json.dumps(told))
            self._better = self.answers[0] if self.answers[0].has_plan else None
        else:
            self._better = await asyncio.to_thread(codec.loads, Solution, json.dumps(told))

    def take(self) -> Solution | None:
        """The newest plan, once."""
        better, self._better = self._better, None
        self.arrived.clear()
        return better
