"""What the database itself promises of requests between colleagues."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.swap_request import TRANSITIONS, SwapStatus
from schedule_app.models import Employee, ScheduleAssignment, SwapInvitee, SwapRequest
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.database import Database
from tests.support.live import listening
from tests.support.refusals import refused

ILLEGAL = "SA001"
CHECK = "23514"
EXCLUDED = "23P01"

_PATHS = {"open": [], "approved": ["accepted", "approved"], "rejected": ["accepted", "rejected"]}


@dataclass(slots=True)
class Ground:
    """Two people with a shift each, in a published week."""

    session: AsyncSession
    bob: Employee
    carol: Employee
    bobs: ScheduleAssignment
    carols: ScheduleAssignment

    async def request(self, status: str = "open", **columns: Any) -> SwapRequest:
        """A swap of the two, brought to a status."""
        values = {
            "site_id": self.bob.site_id,
            "kind": "swap",
            "proposer_id": self.bob.id,
            "assignment_id": self.bobs.id,
            "shift_id": self.bobs.shift_id,
            "wanted_id": self.carols.id,
            "wanted_shift_id": self.carols.shift_id,
        }
        request = SwapRequest(**{**values, **columns})
        self.session.add(request)
        await self.session.flush()
        self.session.add(SwapInvitee(request_id=request.id, employee_id=self.carol.id))
        await self.session.flush()
        for step in _PATHS.get(status, [status]):
            await self.set(request, step)
        return request

    async def set(self, request: SwapRequest, status: str) -> None:
        """Write a status, as somebody at a SQL prompt would."""
        taker = ", taker_id = :carol" if status == "accepted" else ""
        values = {"status": status, "id": request.id, "carol": self.carol.id}
        await self.session.execute(text(f"UPDATE swap_requests SET status = :status{taker} WHERE id = :id"), values)


@pytest.fixture
async def ground(session: AsyncSession) -> Ground:
    site = await build_site(session)
    schedule = await build_schedule(session, site)
    bob, carol = [await build_employee(session, site, name=name) for name in ("Bob Worker", "Carol Worker")]
    bobs = await build_assignment(session, await build_shift(session, schedule), bob)
    carols = await build_assignment(session, await build_shift(session, schedule, day=2), carol)
    await advance_schedule(session, schedule, "published")
    await session.commit()
    return Ground(session, bob, carol, bobs, carols)


async def test_statuses_change_as_the_domain_allows(ground: Ground):
    for current, new in product(SwapStatus, SwapStatus):
        request = await ground.request(current)
        if (current, new) in TRANSITIONS or current == new:
            await ground.set(request, new)
            await ground.session.refresh(request)
            assert request.status == new
            assert (request.ended_at is None) == (new in ("open", "accepted"))
        else:
            with refused(ILLEGAL):
                async with ground.session.begin_nested():
                    await ground.set(request, new)
        await ground.session.execute(text("DELETE FROM swap_requests"))
        ground.session.expunge_all()


async def test_a_request_begins_open(ground: Ground):
    copy = text(
        "INSERT INTO swap_requests (site_id, kind, proposer_id, assignment_id, shift_id, status, taker_id, ended_at)"
        " VALUES (:site, 'offer', :bob, :held, :shift, :status, :taker, :ended)"
    )
    values = {
        "site": ground.bob.site_id,
        "bob": ground.bob.id,
        "held": ground.bobs.id,
        "shift": ground.bobs.shift_id,
        "taker": ground.carol.id,
        "ended": ground.bobs.ends_at,
    }
    for status in set(SwapStatus) - {SwapStatus.OPEN}:
        with refused(ILLEGAL):
            async with ground.session.begin_nested():
                await ground.session.execute(copy, {**values, "status": status.value})


@pytest.mark.parametrize(
    "change",
    [
        "assignment_id = wanted_id, wanted_id = assignment_id",
        "shift_id = wanted_shift_id",
        "proposer_id = taker_id",
        "taker_id = NULL, status = 'withdrawn'",
    ],
)
async def test_what_it_is_about_stays(ground: Ground, change: str):
    await ground.request("accepted")
    with refused(ILLEGAL):
        await ground.session.execute(text(f"UPDATE swap_requests SET {change}"))


@pytest.mark.parametrize(
    "columns",
    [
        {"wanted_id": None},
        {"wanted_shift_id": None},
        {"kind": "offer"},
        {"kind": "gift"},
        {"wanted_id": 1, "assignment_id": 1},
        {"taker_id": 1},
        {"note": "x" * 501},
    ],
)
async def test_what_makes_no_sense_is_refused(ground: Ground, columns: dict[str, Any]):
    with refused(CHECK):
        await ground.request(**columns)


async def test_an_assignment_is_in_one_live_request_on_either_side(ground: Ground):
    alone: dict[str, Any] = {"kind": "offer", "wanted_id": None, "wanted_shift_id": None}
    back: dict[str, Any] = {
        "proposer_id": ground.carol.id,
        "assignment_id": ground.carols.id,
        "shift_id": ground.carols.shift_id,
    }
    for status in ("open", "accepted"):
        request = await ground.request(status)
        for columns in (alone, {**alone, **back}, {**back, "wanted_id": ground.bobs.id}):
            with refused(EXCLUDED):
                async with ground.session.begin_nested():
                    await ground.request(**columns)
        await ground.set(request, "withdrawn")
    await ground.request(**alone)
    await ground.request(**{**alone, **back})


async def test_a_notice_of_what_became_void_goes_to_each_party_once(ground: Ground):
    await ground.request("accepted")
    await ground.session.execute(text("UPDATE schedule_assignments SET status = 'cancelled'"))

    told = await ground.session.execute(
        text("SELECT recipient_id, type, payload ->> 'is_own' AS own FROM notifications ORDER BY recipient_id")
    )
    assert [tuple(each) for each in told] == [
        (ground.bob.id, "swap_ended", "true"),
        (ground.carol.id, "swap_ended", "false"),
    ]
    assert await ground.session.scalar(text("SELECT count(*) FROM notification_deliveries")) == 2


async def test_requests_tell_the_people_they_concern_and_the_sites_planners(ground: Ground, database: Database):
    site, bob, carol = f"swaps:{ground.bob.site_id}", f"employee:{ground.bob.id}", f"employee:{ground.carol.id}"
    async with listening(database.dsn) as ear:
        request = await ground.request()
        await ground.session.commit()
        assert await ear.topics() == {site, bob, carol}

        changes = (
            ("UPDATE swap_invitees SET answer = 'declined'", {bob, carol}),
            (f"UPDATE swap_requests SET status = 'withdrawn' WHERE id = {request.id}", {site, bob, carol}),
        )
        for change, topics in changes:
            async with await psycopg.AsyncConnection.connect(database.dsn) as connection:
                await connection.execute(change.encode())
            assert await ear.topics() == topics
