"""Figures of a window, as the database holds it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NotAllowed, NotFound
from schedule_app.domain.preference import TimeOfWeek
from schedule_app.models import Employee
from schedule_app.queries.insight import InsightView, insight
from tests.db.queries.crowd import make_crowd
from tests.db.services.scene import WEEK, Scene, assignment_on, execute, make_scene, make_week, night, rows, writing
from tests.support.builders import build_employee, build_rule
from tests.support.database import Database

NEXT = WEEK + timedelta(days=7)


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


async def look(scene: Scene, *, who: str = "manager", weeks: int = 2, drafts: bool = False) -> InsightView:
    window = [WEEK + timedelta(weeks=number) for number in range(weeks)]
    async with read_session() as session:
        return await insight(session, scene.actor(who), scene.site.id, window, drafts=drafts)


async def terms(person: Employee, *, contract: int | None, rate: int | None) -> None:
    await execute(
        "UPDATE employees SET contracted_minutes = :contract, hourly_rate_cents = :rate WHERE id = :id",
        contract=contract,
        rate=rate,
        id=person.id,
    )


async def test_hours_cost_and_overtime_of_what_is_published(scene: Scene):
    await terms(scene.bob, contract=600, rate=2000)
    await terms(scene.carol, contract=2400, rate=None)
    days = [{"day": day, "department_id": scene.department.id if day else None} for day in range(2)]
    await make_week(scene, *days, held={0: [scene.bob, scene.carol], 1: [scene.bob]}, status="published")
    await make_week(scene, held={0: [scene.bob]}, status="published", week_start=NEXT)
    await make_week(scene, held={0: [scene.bob]}, week_start=NEXT + timedelta(days=7))
    view = await look(scene, weeks=3)

    assert view.planned == (WEEK, NEXT)
    assert [(each.name, each.contracted, each.worked) for each in view.hours] == [
        ("Bob Worker", 1200, 1440),
        ("Carol Worker", 4800, 480),
    ]
    assert view.costs is not None
    own = scene.department.id
    assert view.costs.cents == {(None, WEEK): 16_000, (own, WEEK): 16_000, (None, NEXT): 16_000}
    assert view.costs.unpriced_minutes == 480
    assert [(each.name, each.week_start, each.limit, each.minutes) for each in view.overtime] == [
        ("Bob Worker", WEEK, 600, 360)
    ]


async def test_an_overtime_rule_goes_before_the_contract_while_it_holds(scene: Scene):
    await terms(scene.bob, contract=600, rate=None)
    for week in (WEEK, NEXT):
        await make_week(
            scene, {}, {"day": 1}, held={0: [scene.bob], 1: [scene.bob]}, status="published", week_start=week
        )
    async with writing() as session:
        for minutes, until in ((900, None), (700, WEEK + timedelta(days=2))):
            await build_rule(
                session,
                scene.site,
                rule_type="overtime",
                constraints={"weekly_minutes": minutes},
                employee_id=scene.bob.id,
                effective_until=until,
            )
    view = await look(scene)

    assert [(each.week_start, each.limit, each.minutes) for each in view.overtime] == [
        (WEEK, 700, 260),
        (NEXT, 900, 60),
    ]


async def test_a_week_in_work_stands_for_the_published_one_when_drafts_count(scene: Scene):
    await make_week(scene, {"required_staff": 3}, held={0: [scene.bob]}, status="published")
    await execute(
        "INSERT INTO schedules (site_id, week_start, week_end, version_number, parent_id)"
        " SELECT site_id, week_start, week_end, 2, id FROM schedules"
    )
    assert sum(day.short_minutes for day in (await look(scene)).coverage) == 960
    in_work = await look(scene, drafts=True)
    assert (in_work.planned, sum(day.needed_minutes for day in in_work.coverage)) == ((WEEK,), 0)


async def test_who_has_left_still_counts_in_what_they_worked(scene: Scene):
    await terms(scene.bob, contract=2400, rate=2000)
    await make_week(scene, held={0: [scene.bob]}, status="published")
    await execute("UPDATE employees SET is_active = false, deleted_at = now() WHERE id = :id", id=scene.bob.id)
    view = await look(scene, weeks=1)

    assert [(each.name, each.worked) for each in view.hours] == [("Bob Worker", 480)]
    assert view.costs is not None
    assert sum(view.costs.cents.values()) == 16_000


async def test_nights_weekends_and_unpopular_shifts_over_people(scene: Scene):
    for person in (scene.bob, scene.carol):
        await terms(person, contract=2400, rate=None)
    slot = '{"start": "08:00", "end": "12:00", "preference": "disliked"}'
    slots = f'{{"saturday": {{"available": true, "time_slots": [{slot}]}}}}'
    await execute(
        "UPDATE employees SET availability = CAST(:slots AS jsonb) WHERE id = :id", slots=slots, id=scene.carol.id
    )
    shifts = [night(0), night(1), {"day": 5}, {"day": 3}]
    _, made = await make_week(
        scene, *shifts, held={0: [scene.bob], 1: [scene.bob], 2: [scene.bob], 3: [scene.carol]}, status="published"
    )
    declined = await assignment_on(made[1], scene.bob)
    await execute(
        "UPDATE schedule_assignments SET status = 'declined', responded_at = now() WHERE id = :id", id=declined.id
    )
    view = await look(scene, weeks=1)

    tuesday_night, saturday = TimeOfWeek(1, time(22), time(6)), TimeOfWeek(5, time(9), time(17))
    people = len(await rows("SELECT 1 FROM employees WHERE site_id = :id", id=scene.site.id))
    assert [(each.time_of_week, each.declined, each.disliking, each.people) for each in view.unpopular] == [
        (tuesday_night, 1, 0, people),
        (saturday, 0, 1, people),
    ]
    counts = {
        kind: {view.names[share.employee_id]: share.count for share in found.shares}
        for kind, found in view.fairness.items()
    }
    # The night that was declined is nobody's.
    assert counts == {
        "night": {"Bob Worker": 1, "Carol Worker": 0},
        "weekend": {"Bob Worker": 1, "Carol Worker": 0},
        "unpopular": {"Bob Worker": 1, "Carol Worker": 0},
    }


async def test_answers_count_in_the_version_they_were_asked_for_in(scene: Scene):
    _, [shift] = await make_week(
        scene, {"required_staff": 3}, held={0: [scene.bob, scene.carol, scene.supervisor]}, status="published"
    )
    asked = datetime.now(UTC) - timedelta(hours=1)
    await execute("ALTER TABLE schedules DISABLE TRIGGER USER")
    await execute("UPDATE schedules SET published_at = :at", at=asked)
    await execute("UPDATE schedule_assignments SET created_at = :at", at=asked - timedelta(days=1))
    for person, minutes in ((scene.bob, 10), (scene.carol, -600)):
        held = await assignment_on(shift, person)
        await execute(
            "UPDATE schedule_assignments SET status = 'confirmed', responded_at = :at WHERE id = :id",
            at=asked + timedelta(minutes=minutes),
            id=held.id,
        )
    answers = (await look(scene, weeks=1)).answers

    # Carol's answer was carried over from before.
    assert (answers.minutes, answers.asked, answers.unanswered) == ((10,), 3, 1)


async def test_broken_rules_are_counted_by_rule(scene: Scene):
    schedule, shifts = await make_week(scene, {}, {"day": 1}, held={0: [scene.bob], 1: [scene.bob]})
    async with writing() as session:
        rule = await build_rule(session, scene.site, name="Eleven hours")
    for shift, rule_id, reason in ((shifts[0], rule.id, "Agreed"), (shifts[1], rule.id, None), (shifts[1], None, None)):
        held = await assignment_on(shift, scene.bob)
        await execute(
            "INSERT INTO rule_violations (schedule_id, assignment_id, rule_id, rule_type, severity, message,"
            " override_reason, overridden_by_id) VALUES (:schedule, :held, :rule, 'rest_period', 'warn', 'x',"
            " CAST(:reason AS text), CASE WHEN CAST(:reason AS text) IS NULL THEN NULL ELSE CAST(:by AS bigint) END)",
            schedule=schedule.id,
            held=held.id,
            rule=rule_id,
            reason=reason,
            by=scene.manager.id,
        )
    view = await look(scene, drafts=True)

    assert [(each.name, each.rule_type, each.count, each.overridden) for each in view.violations] == [
        ("Eleven hours", "rest_period", 2, 1),
        ("", "rest_period", 1, 0),
    ]


async def test_cost_is_read_for_nobody_who_may_not_see_it(scene: Scene):
    await terms(scene.bob, contract=2400, rate=4321)
    await make_week(scene, held={0: [scene.bob]}, status="published")

    assert (await look(scene, who="admin")).costs is not None
    view = await look(scene, who="supervisor")
    assert view.costs is None
    assert "34568" not in repr(view)


async def test_figures_are_for_those_who_plan_there(scene: Scene):
    with pytest.raises(NotAllowed):
        await look(scene, who="employee")
    with pytest.raises(NotFound):
        await look(scene, who="stranger")
    async with read_session() as session:
        with pytest.raises(NotFound):
            await insight(session, scene.actor("admin"), 2**40, [WEEK], drafts=False)


async def test_what_cannot_be_understood_is_named(scene: Scene):
    async with writing() as session:
        await build_employee(session, scene.site, name="Odd One", availability={"someday": {}})
    with pytest.raises(InvalidInput, match="The availability of Odd One"):
        await look(scene)
    await execute("UPDATE employees SET availability = '{}'")
    async with writing() as session:
        await build_rule(session, scene.site, name="Odd rule", rule_type="overtime", constraints={"hours": 1})
    with pytest.raises(InvalidInput, match="“Odd rule”"):
        await look(scene)


async def test_half_a_year_of_a_hundred_people_adds_up(database: Database):
    scene, schedule_id = await make_crowd(100)
    await execute(
        "INSERT INTO schedules (site_id, week_start, week_end)"
        " SELECT site_id, week_start + 7 * n, week_end + 7 * n FROM schedules, generate_series(1, 25) AS n"
        " WHERE id = :id",
        id=schedule_id,
    )
    await execute(
        "INSERT INTO shifts (schedule_id, site_id, local_date, local_start, local_end, time_zone, starts_at, ends_at,"
        " title, required_staff)"
        " SELECT plan.id, plan.site_id, local_date + (plan.week_start - first.week_start), local_start, local_end,"
        " time_zone, starts_at + (plan.week_start - first.week_start) * interval '1 day',"
        " ends_at + (plan.week_start - first.week_start) * interval '1 day', shifts.title, required_staff"
        " FROM shifts JOIN schedules AS first ON first.id = shifts.schedule_id, schedules AS plan"
        " WHERE first.id = :id AND plan.id <> :id",
        id=schedule_id,
    )
    await execute(
        "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force, status)"
        " SELECT other.schedule_id, other.id, held.employee_id, other.starts_at, other.ends_at, false, 'assigned'"
        " FROM schedule_assignments AS held JOIN shifts ON shifts.id = held.shift_id"
        " JOIN shifts AS other ON other.title = shifts.title AND other.schedule_id <> shifts.schedule_id"
        " AND extract(isodow FROM other.local_date) = extract(isodow FROM shifts.local_date)",
    )
    view = await look(scene, weeks=26, drafts=True)

    assert sum(each.worked for each in view.hours) == 100 * 5 * 480 * 26
    assert sum(day.needed_minutes - day.short_minutes for day in view.coverage) == 100 * 5 * 480 * 26
