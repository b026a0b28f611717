"""Rows turned into the facts that rules read."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.facts import DayAvailability, LaterAvailability, Preference, Qualification, TimeSlot
from schedule_app.domain.time import local_date
from schedule_app.queries.bulk_facts import read_crowd
from schedule_app.queries.facts import Judging, find_judging
from schedule_app.queries.planned import people_of, read_planned
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, night, writing
from tests.support.builders import build_employee, build_rule, build_time_off
from tests.support.database import Database

QUALIFICATIONS = [{"name": "first aid", "expires_on": "2027-01-31"}, {"name": "forklift", "expires_on": None}]
AVAILABILITY = {
    "monday": {"available": True, "time_slots": [{"start": "22:00:00", "end": "06:00:00", "preference": "preferred"}]},
    "sunday": {"available": False, "time_slots": []},
}


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene(week_starts_on=6)


async def judging_of(shift_id: int, *employee_ids: int) -> Judging:
    async with read_session() as session:
        found = await find_judging(session, shift_id, employee_ids)
    assert found is not None
    return found


async def test_a_person_becomes_facts(scene: Scene):
    async with writing() as session:
        minutes = {"contracted_minutes": 2400, "max_minutes": 2880}
        json = {"qualifications": QUALIFICATIONS, "availability": AVAILABILITY}
        dora = await build_employee(session, scene.site, department_id=scene.department.id, **minutes, **json)
    _, [shift] = await make_week(scene)

    [person] = (await judging_of(shift.id, dora.id)).people
    facts = person.facts
    assert (facts.id, facts.name, facts.role) == (dora.id, dora.name, "employee")
    assert (facts.site_id, facts.department_id) == (scene.site.id, scene.department.id)
    assert facts.qualifications == (Qualification("first aid", date(2027, 1, 31)), Qualification("forklift", None))
    assert facts.availability == {
        0: DayAvailability(True, (TimeSlot(time(22), time(6), Preference.PREFERRED),)),
        6: DayAvailability(False, ()),
    }
    assert (facts.contracted_minutes, facts.max_minutes, facts.is_active) == (2400, 2880, True)
    assert (facts.later_availability, facts.exceptions, facts.time_off) == ((), {}, ())


async def test_what_changes_on_a_date_and_who_is_off_become_facts(scene: Scene):
    off = {"available": False, "time_slots": []}
    later = [{"starts_on": "2027-02-01", "days": {}}, {"starts_on": "2027-01-01", "days": {"monday": off}}]
    async with writing() as session:
        dora = await build_employee(
            session, scene.site, later_availability=later, availability_exceptions={"2026-12-24": off}
        )
        await build_time_off(session, dora, WEEK + timedelta(days=1))
        await build_time_off(session, dora, WEEK + timedelta(days=3), status="waiting")
        await build_time_off(session, dora, WEEK + timedelta(days=90))
        await build_time_off(session, scene.bob, WEEK + timedelta(days=2))
    _, [shift] = await make_week(scene)

    [person] = (await judging_of(shift.id, dora.id)).people
    assert person.facts.later_availability == (
        LaterAvailability(date(2027, 1, 1), {0: DayAvailability(False, ())}),
        LaterAvailability(date(2027, 2, 1), {}),
    )
    assert person.facts.exceptions == {date(2026, 12, 24): DayAvailability(False, ())}
    [span] = person.facts.time_off
    assert (span.minutes, local_date(span.starts_at, "Europe/Berlin")) == (24 * 60, WEEK + timedelta(days=1))
    async with read_session() as session:
        crowd = await read_crowd(session, scene.site.id, 6, [dora.id], [WEEK])
        planned = people_of(await read_planned(session, scene.site.id, WEEK, WEEK))
    assert crowd.people[dora.id] == planned[dora.id] == person.facts


async def test_who_is_inactive_is_told_apart_and_who_was_removed_is_left_out(scene: Scene):
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)
    await execute("UPDATE employees SET deleted_at = now() WHERE id = :id", id=scene.carol.id)
    _, [shift] = await make_week(scene)

    [person] = (await judging_of(shift.id, scene.bob.id, scene.carol.id)).people
    assert (person.facts.id, person.facts.is_active) == (scene.bob.id, False)


async def test_a_shift_becomes_facts(scene: Scene):
    columns = {"shift_type": "emergency", "required_staff": 2, "qualifications": ("first aid",), "title": "Duty"}
    _, [shift] = await make_week(scene, {**night(), **columns})

    judging = await judging_of(shift.id)
    facts = judging.shift
    assert (facts.id, facts.site_id, facts.department_id, facts.zone) == (
        shift.id,
        scene.site.id,
        None,
        "Europe/Berlin",
    )
    assert (facts.local_date, facts.span.starts_at, facts.span.minutes) == (WEEK, shift.starts_at, 480)
    assert (facts.shift_type, facts.required_qualifications, facts.required_staff) == ("emergency", ("first aid",), 2)
    assert (facts.week_starts_on, judging.title) == (6, "Duty")


async def test_what_somebody_works_becomes_facts(scene: Scene):
    columns = {"department_id": scene.department.id, "shift_type": "training"}
    _, [shift, other] = await make_week(scene, {}, {**night(2), **columns}, held={1: [scene.bob]})

    [person] = (await judging_of(shift.id, scene.bob.id)).people
    [worked] = person.worked
    assert (worked.id, worked.site_id, worked.department_id) == (other.id, scene.site.id, scene.department.id)
    assert (worked.local_date, worked.span.starts_at, worked.span.ends_at) == (
        other.local_date,
        other.starts_at,
        other.ends_at,
    )
    assert (worked.zone, worked.shift_type, worked.week_starts_on) == ("Europe/Berlin", "training", 6)
    assert (person.minutes_in_version, person.held_id) == (480, None)


async def test_active_rules_become_facts(scene: Scene):
    async with writing() as session:
        period = {"effective_from": date(2026, 1, 1), "effective_until": None}
        columns = {"employee_id": scene.bob.id, "priority": 8, "strict": False, **period}
        rule = await build_rule(session, scene.site, **columns)
        await build_rule(session, scene.site, is_active=False)
    _, [shift] = await make_week(scene)

    [facts] = (await judging_of(shift.id)).rules
    assert (facts.id, facts.rule_type, facts.limits.min_minutes) == (rule.id, "rest_period", 660)
    assert (facts.strict, facts.priority, facts.site_id) == (False, 8, scene.site.id)
    assert (facts.department_id, facts.employee_id) == (None, scene.bob.id)
    assert (facts.effective_from, facts.effective_until) == (date(2026, 1, 1), None)


@pytest.mark.parametrize(
    ("column", "value"), [("qualifications", '[{"level": 3}]'), ("availability", '{"funday": {"available": true}}')]
)
async def test_what_nobody_can_read_is_named(scene: Scene, column: str, value: Any):
    await execute(f"UPDATE employees SET {column} = CAST(:value AS jsonb) WHERE id = :id", value=value, id=scene.bob.id)
    _, [shift] = await make_week(scene)

    with pytest.raises(InvalidInput, match="Bob Worker cannot be understood"):
        await judging_of(shift.id, scene.bob.id)
