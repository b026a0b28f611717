from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from schedule_app.domain.rules import RULE_TYPES
from schedule_app.domain.time import local_date
from schedule_app.seed import scale
from schedule_app.services.sign_in import sign_in
from tests.db.seed.reading import ZONE, rows
from tests.support.database import Database, Server, application_database


@pytest.fixture(scope="module")
async def centre(postgres: Server) -> AsyncIterator[Database]:
    """A database with a site of 100 people for this week, for tests that only read it."""
    async with application_database(postgres) as database:
        await scale.seed_scale(100, 7, over_existing=False)
        yield database


async def test_scale_has_the_people_asked_for_and_they_can_sign_in(centre: Database) -> None:
    roles = dict(await rows("SELECT role, count(*) FROM employees GROUP BY role"))
    departments = await rows("SELECT id FROM departments")
    assert roles == {"manager": 1, "supervisor": len(departments), "employee": 99 - len(departments)}
    assert len(departments) == 6
    for login in scale.LOGINS:
        assert (await sign_in(login.email, login.password, ip="192.0.2.1", user_agent="test")).token


async def test_scale_has_shifts_around_the_clock_on_each_day(centre: Database) -> None:
    days = await rows("""
        SELECT local_date, count(DISTINCT department_id), count(DISTINCT local_start), bool_or(local_end < local_start)
        FROM shifts GROUP BY local_date ORDER BY local_date
    """)
    week_start = (await rows("SELECT week_start FROM schedules"))[0].week_start
    assert [(each[0] - week_start).days for each in days] == list(range(7))
    assert all((departments, starts, has_night) == (6, 5, True) for _, departments, starts, has_night in days)
    assert week_start <= local_date(datetime.now(UTC), ZONE)


async def test_scale_fills_most_places_and_asks_for_answers(centre: Database) -> None:
    places = (await rows("SELECT sum(required_staff) AS places FROM shifts"))[0].places
    statuses = dict(await rows("SELECT status, count(*) FROM schedule_assignments WHERE in_force GROUP BY status"))
    assert set(statuses) == {"confirmed", "pending", "declined"}
    assert 0.8 <= (statuses["confirmed"] + statuses["pending"]) / places <= 0.9
    assert not await rows("SELECT id FROM schedule_assignments WHERE confirm_by IS NULL OR confirm_by > starts_at")
    assert not await rows("SELECT id FROM schedule_assignments WHERE (status = 'pending') <> (responded_at IS NULL)")


async def test_scale_varies_contracts_qualifications_and_availability(centre: Database) -> None:
    varied = await rows("""
        SELECT count(DISTINCT contracted_minutes), count(DISTINCT availability), count(DISTINCT hourly_rate_cents)
        FROM employees
    """)
    assert all(count >= 5 for count in varied[0])
    expiries = await rows("""
        SELECT CASE WHEN held ->> 'expires_on' IS NULL THEN 'never'
                    WHEN (held ->> 'expires_on')::date < week_start THEN 'expired' ELSE 'later' END AS expiry
        FROM schedules, employees, jsonb_array_elements(qualifications) AS held
        GROUP BY expiry
    """)
    assert {each.expiry for each in expiries} == {"never", "expired", "later"}
    assert {each.rule_type for each in await rows("SELECT rule_type FROM rules")} == set(RULE_TYPES)
