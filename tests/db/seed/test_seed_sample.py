from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from schedule_app.domain.errors import Conflict
from schedule_app.domain.rules import RULE_TYPES
from schedule_app.domain.time import resolve_wall
from schedule_app.seed import sample
from schedule_app.seed.rows import Login
from schedule_app.services.sign_in import sign_in
from tests.db.seed.reading import COUNTS, ZONE, judge_all, rows, this_week
from tests.support.database import Database, Server, application_database


@pytest.fixture(scope="module")
async def clinic(postgres: Server) -> AsyncIterator[Database]:
    """A database with the sample, for tests that only read it."""
    async with application_database(postgres) as database:
        await sample.seed_sample(over_existing=False)
        yield database


async def test_sample_has_five_people_who_can_sign_in(clinic: Database) -> None:
    people = await rows("SELECT email, role FROM employees ORDER BY id")
    assert people == [
        ("john.manager@company.com", "manager"),
        ("alice.supervisor@company.com", "supervisor"),
        ("bob.worker@company.com", "employee"),
        ("carol.specialist@company.com", "employee"),
        ("david.night@company.com", "employee"),
    ]
    passwords = ["manager123", "supervisor123", "worker123", "specialist123", "night123"]
    for (email, role), password in zip(people, passwords, strict=True):
        assert Login(email, password, role) in sample.LOGINS
        assert (await sign_in(email, password, ip="192.0.2.1", user_agent="test")).token


async def test_sample_has_four_shifts_on_each_day_of_this_week(clinic: Database) -> None:
    shifts = await rows(
        "SELECT local_date, shift_type, starts_at, ends_at, local_start, local_end FROM shifts ORDER BY id"
    )
    assert len(shifts) == 28
    assert Counter(each.local_date for each in shifts) == {this_week() + timedelta(days=day): 4 for day in range(7)}
    assert Counter(each.shift_type for each in shifts) == {"general": 14, "specialized": 7, "emergency": 7}
    for each in shifts:
        next_day = each.local_date + timedelta(days=each.local_end <= each.local_start)
        assert each.starts_at == resolve_wall(each.local_date, each.local_start, ZONE).at
        assert each.ends_at == resolve_wall(next_day, each.local_end, ZONE).at
    assert sum(each.local_end < each.local_start for each in shifts) == 7


async def test_sample_is_one_published_week_approved_by_somebody_else_than_who_submitted(clinic: Database) -> None:
    (schedule,) = await rows("""
        SELECT week_start, status, version_number, submitted.name AS submitted, approved.name AS approved
        FROM schedules
        JOIN employees AS submitted ON submitted.id = submitted_by_id
        JOIN employees AS approved ON approved.id = approved_by_id
    """)
    assert schedule == (this_week(), "published", 1, "Alice Supervisor", "John Manager")


async def test_sample_has_rules_of_each_type_for_site_department_and_person(clinic: Database) -> None:
    rules = await rows("SELECT rule_type, department_id, employee_id, strict FROM rules WHERE is_active")
    assert {each.rule_type for each in rules} == set(RULE_TYPES)
    scopes = {(each.department_id is not None, each.employee_id is not None) for each in rules}
    assert scopes == {(False, False), (True, False), (False, True)}
    assert {each.strict for each in rules} == {True, False}


async def test_sample_leaves_no_rule_broken_but_one_wish_for_a_reason(clinic: Database) -> None:
    warned = await judge_all()
    stored = await rows("SELECT assignment_id, rule_type, severity, override_reason FROM rule_violations")
    assert [(each.assignment_id, each.rule_type) for each in stored] == warned
    assert [(each.rule_type, each.severity) for each in stored] == [("preference", "warn")]
    assert stored[0].override_reason


async def test_sample_leaves_places_open_on_several_days(clinic: Database) -> None:
    open_days = await rows("""
        SELECT local_date FROM shifts
        WHERE required_staff > (SELECT count(*) FROM schedule_assignments AS held
                                WHERE held.shift_id = shifts.id AND held.status IN ('pending', 'confirmed'))
        GROUP BY local_date
    """)
    assert len(open_days) >= 5


async def test_sample_tells_everybody_about_the_published_week_once(clinic: Database) -> None:
    told = await rows("SELECT recipient_id FROM notifications WHERE type = 'shifts_published'")
    people = await rows("SELECT id FROM employees")
    assert sorted(told) == sorted(people)
    others = await rows("SELECT DISTINCT type FROM notifications WHERE type <> 'shifts_published'")
    assert {"schedule_submitted", "schedule_approved"} <= {each.type for each in others}


async def test_seeding_again_is_refused_and_changes_nothing(clinic: Database) -> None:
    before = await rows(COUNTS)
    for over_existing in (False, True):
        with pytest.raises(Conflict, match="already holds"):
            await sample.seed_sample(over_existing=over_existing)
    assert await sample.seed_if_empty() is False
    assert await rows(COUNTS) == before
