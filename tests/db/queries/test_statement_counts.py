"""Pages cost the same number of statements however many people there are, and stay quick."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import read_session
from schedule_app.queries.board import week_board
from schedule_app.queries.candidates import candidates
from schedule_app.queries.claims import waiting_claims
from schedule_app.queries.cover import who_can_cover
from schedule_app.queries.coverage import coverage_cell, week_coverage
from schedule_app.queries.inbox import inbox
from schedule_app.queries.insight import insight
from schedule_app.queries.me import my_week
from schedule_app.queries.night import night_before
from schedule_app.queries.span import span_board
from schedule_app.queries.swaps import judge_swap, swap_options
from schedule_app.queries.time_off_decisions import time_off_decisions
from schedule_app.queries.time_offs import my_time_off
from tests.db.queries.crowd import make_crowd, publish_quickly
from tests.db.services.scene import WEEK, Scene, execute, rows
from tests.support.database import Database
from tests.support.queries import count_statements

Reader = Callable[[AsyncSession], Awaitable[Any]]
WEEK_VIEW: dict[str, Any] = {"drafts": True, "version": "working"}
EXPECTED = {
    "board": 6,
    "night": 4,
    "month": 5,
    "coverage": 3,
    "cell": 4,
    "cover": 2,
    "candidates": 2,
    "swap": 3,
    "swaps": 3,
    "insight": 7,
    "me": 3,
    "inbox": 2,
    "time off": 2,
    "time off to decide": 4,
    "claims": 2,
}


_TIME_OFF = """
    INSERT INTO time_off_requests (employee_id, kind, whole_days, first_on, last_on, time_zone, starts_at, ends_at,
                                   status, decided_by_id, decided_at)
    SELECT id, 'vacation', true, :first_on, :first_on, 'Europe/Berlin',
           CAST(:first_on AS date) AT TIME ZONE 'Europe/Berlin',
           (CAST(:first_on AS date) + 1) AT TIME ZONE 'Europe/Berlin',
           :status, :decider, now()
    FROM employees
"""


async def readers(scene: Scene, schedule_id: int) -> dict[str, Reader]:
    """Every page's query, for the fullest case there is."""
    [[shift_id]] = await rows("SELECT min(id) FROM shifts WHERE schedule_id = :id", id=schedule_id)
    [[person_id]] = await rows("SELECT min(employee_id) FROM schedule_assignments")
    [pair] = await rows("SELECT min(id), max(id) FROM schedule_assignments")
    site_id, now = scene.site.id, datetime.now(UTC)
    await execute(
        "INSERT INTO notifications (recipient_id, type, category)"
        " SELECT :id, 'schedule_approved', 'approval' FROM generate_series(1, (SELECT count(*) FROM employees))",
        id=person_id,
    )
    # Everybody waits for an answer over the week; as many are off on one of its days.
    for status, first_on in (("waiting", WEEK + timedelta(days=2)), ("approved", WEEK)):
        await execute(_TIME_OFF, status=status, first_on=first_on, decider=scene.manager.id)
    await execute(
        "INSERT INTO claims (site_id, shift_id, employee_id) SELECT :site, :shift, id FROM employees"
        " WHERE site_id = :site",
        site=site_id,
        shift=shift_id,
    )
    return {
        "board": lambda session: week_board(session, site_id, WEEK, today=WEEK, cost=True, **WEEK_VIEW),
        "night": lambda session: night_before(session, site_id, WEEK + timedelta(days=7), drafts=True),
        "month": lambda session: span_board(session, site_id, "month", WEEK, today=WEEK, cost=True, **WEEK_VIEW),
        "coverage": lambda session: week_coverage(session, site_id, WEEK, today=WEEK, department_id=None, **WEEK_VIEW),
        "cell": lambda session: coverage_cell(session, site_id, WEEK, WEEK, 9, department_id=None, **WEEK_VIEW),
        "candidates": lambda session: candidates(session, scene.actor("manager"), shift_id),
        "swap": lambda session: judge_swap(session, scene.actor("manager"), *pair),
        "swaps": lambda session: swap_options(session, scene.actor("manager"), pair[0]),
        "cover": lambda session: who_can_cover(session, scene.actor("manager"), shift_id, explained=[person_id]),
        "insight": lambda session: insight(session, scene.actor("manager"), site_id, [WEEK], drafts=True),
        "me": lambda session: my_week(session, person_id, now=now),
        "claims": lambda session: waiting_claims(session, scene.actor("manager")),
        "inbox": lambda session: inbox(session, person_id, limit=500),
        "time off": lambda session: my_time_off(session, person_id, now=now),
        "time off to decide": lambda session: time_off_decisions(session, scene.actor("manager"), now=now),
    }


@pytest.mark.parametrize("people", [10, 100, 1000])
@pytest.mark.parametrize("is_published", [False, True], ids=["draft", "published"])
async def test_pages_cost_the_same_for_any_number_of_people(database: Database, people: int, is_published: bool):
    scene, schedule_id = await make_crowd(people)
    if is_published:
        await publish_quickly(schedule_id)

    found: dict[str, int] = {}
    for page, read in (await readers(scene, schedule_id)).items():
        async with read_session() as session:
            with count_statements() as statements:
                await read(session)
            found[page] = len(statements)

    assert found == EXPECTED
