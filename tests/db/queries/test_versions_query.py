"""Versions of a week: how they came about, and that comparing them says what the database holds."""

from datetime import time, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.comparison import Comparison
from schedule_app.domain.errors import InvalidInput, NotAllowed, NotFound
from schedule_app.domain.permissions import Actor
from schedule_app.domain.time import Interval, moment_label, shift_label
from schedule_app.models import Schedule
from schedule_app.queries.comparisons import Compared, find_compared
from schedule_app.queries.differences import ComparisonView
from schedule_app.queries.versions import compare_versions, week_versions
from schedule_app.services.assignments import assign_employee, decline_assignment, unassign_employee
from schedule_app.services.schedules import (
    approve_schedule,
    publish_schedule,
    reject_schedule,
    revise_schedule,
    submit_schedule,
)
from tests.db.queries.crowd import make_crowd
from tests.db.services.scene import WEEK, Scene, actor_of, execute, fetch, make_scene, make_week, rows, writing
from tests.support.builders import build_shift
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")

NIGHT = {"start": time(22), "end": time(6)}
#: The differences once more, by the database alone.
_PEOPLE_SQL = """
    WITH one AS (
        SELECT shifts.lineage_id, held.employee_id FROM schedule_assignments AS held
        JOIN shifts ON shifts.id = held.shift_id WHERE held.schedule_id = :one AND held.status <> 'cancelled'
    ), other AS (
        SELECT shifts.lineage_id, held.employee_id FROM schedule_assignments AS held
        JOIN shifts ON shifts.id = held.shift_id WHERE held.schedule_id = :other AND held.status <> 'cancelled'
    )
    SELECT 'came' AS what, lineage_id::text, employee_id FROM (SELECT * FROM other EXCEPT SELECT * FROM one) AS came
    UNION ALL
    SELECT 'left', lineage_id::text, employee_id FROM (SELECT * FROM one EXCEPT SELECT * FROM other) AS gone
"""
_SHIFTS_SQL = """
    SELECT COALESCE(before.lineage_id, after.lineage_id)::text AS lineage_id,
           CASE WHEN before.id IS NULL THEN 'added' WHEN after.id IS NULL THEN 'removed' ELSE 'changed' END AS what
    FROM (SELECT * FROM shifts WHERE schedule_id = :one) AS before
    FULL JOIN (SELECT * FROM shifts WHERE schedule_id = :other) AS after ON after.lineage_id = before.lineage_id
    WHERE to_jsonb(before) - '{id,schedule_id,version,created_at,updated_at,created_by_id,updated_by_id}'::text[]
        IS DISTINCT FROM
          to_jsonb(after) - '{id,schedule_id,version,created_at,updated_at,created_by_id,updated_by_id}'::text[]
"""
_FIGURES_SQL = """
    WITH staffed AS (
        SELECT shifts.id, shifts.required_staff, extract(epoch FROM shifts.ends_at - shifts.starts_at) / 60 AS minutes,
               (SELECT count(*) FROM schedule_assignments AS held
                WHERE held.shift_id = shifts.id AND held.status NOT IN ('cancelled', 'declined')) AS staffed
        FROM shifts WHERE shifts.schedule_id = :id
    ), priced AS (
        SELECT round(sum(staffed.minutes) * employees.hourly_rate_cents / 60) AS cents
        FROM schedule_assignments AS held
        JOIN staffed ON staffed.id = held.shift_id
        JOIN employees ON employees.id = held.employee_id
        WHERE held.status NOT IN ('cancelled', 'declined')
        GROUP BY employees.id
    )
    SELECT (SELECT count(DISTINCT employee_id) FROM schedule_assignments
            WHERE schedule_id = :id AND status NOT IN ('cancelled', 'declined')) AS people,
           sum(staffed * minutes)::int AS minutes,
           sum(greatest(required_staff - staffed, 0) * minutes)::int AS short,
           sum(greatest(staffed - required_staff, 0) * minutes)::int AS over,
           (SELECT sum(cents) FROM priced)::int AS cents
    FROM staffed
"""


async def compared(one: int | None, other: int, *, with_cost: bool = True) -> Compared:
    async with read_session() as session:
        return await find_compared(session, one, other, with_cost=with_cost)


async def viewed(actor: Actor, one: int | None, other: int) -> ComparisonView:
    async with read_session() as session:
        return await compare_versions(session, actor, one, other)


async def revised(scene: Scene) -> tuple[int, int]:
    """A published week and a draft of it in which much is another."""
    manager = scene.actor("manager")
    await execute(
        "UPDATE employees SET hourly_rate_cents = 1000 + id, contracted_minutes = 1200 WHERE role = 'employee'"
    )
    first, shifts = await make_week(
        scene,
        {"title": "Same"},
        {"title": "Handed over", "day": 1},
        {"title": "Later", "day": 2},
        {"title": "Gone", "day": 3},
        {"title": "Doubled", "day": 5, "required_staff": 2},
        {"title": "Declined", "day": 6},
        held={0: [scene.bob], 1: [scene.bob], 2: [scene.bob], 3: [scene.carol], 5: [scene.carol]},
        status="published",
    )
    [[declined]] = await rows(
        "SELECT id FROM schedule_assignments WHERE shift_id = :id AND employee_id = :who",
        id=shifts[5].id,
        who=scene.carol.id,
    )
    child = await revise_schedule(manager, first.id)
    await decline_assignment(actor_of(scene.carol), declined)
    copies = dict(await rows("SELECT title, id FROM shifts WHERE schedule_id = :id", id=child))
    [[held]] = await rows("SELECT id FROM schedule_assignments WHERE shift_id = :id", id=copies["Handed over"])
    await unassign_employee(manager, held)
    await assign_employee(manager, copies["Handed over"], scene.carol.id)
    await assign_employee(manager, copies["Doubled"], scene.bob.id)
    await execute(
        "UPDATE shifts SET local_start = '10:00', starts_at = starts_at + interval '1 hour' WHERE id = :id",
        id=copies["Later"],
    )
    await execute("DELETE FROM shifts WHERE id = :id", id=copies["Gone"])
    async with writing() as session:
        await build_shift(
            session, await session.get_one(Schedule, child), title="New", day=4, start=time(22), end=time(6)
        )
    return first.id, child


def told_by(found: Comparison) -> tuple[set[Any], set[Any]]:
    """What the queries above find, taken from a comparison."""
    came = {*found.added, *((each.lineage_id, each.after_id) for each in found.replaced)}
    left = {*found.removed, *((each.lineage_id, each.before_id) for each in found.replaced)}
    people = {("came", *each) for each in came} | {("left", *each) for each in left}
    shifts = {(each.lineage_id, "added") for each in found.added_shifts}
    shifts |= {(each.lineage_id, "removed") for each in found.removed_shifts}
    return people, shifts | {(each.after.lineage_id, "changed") for each in found.changed_shifts}


async def test_a_comparison_says_what_the_database_holds():
    scene = await make_scene()
    first, child = await revised(scene)

    for one, other in ((first, child), (child, first), (first, first)):
        found = await compared(one, other)
        people, shifts = told_by(found.differences)
        assert people == {tuple(row) for row in await rows(_PEOPLE_SQL, one=one, other=other)}
        assert shifts == {tuple(row) for row in await rows(_SHIFTS_SQL, one=one, other=other)}
        for version, figures in ((one, found.figures_before), (other, found.figures_after)):
            [expected] = await rows(_FIGURES_SQL, id=version)
            assert (
                figures.people,
                figures.minutes,
                figures.short_minutes,
                figures.over_minutes,
                figures.cost_cents,
            ) == tuple(expected)
    counts = (await compared(first, child)).differences.counts()
    assert counts == {
        "added_shifts": 1,
        "removed_shifts": 1,
        "changed_shifts": 1,
        "added": 1,
        "removed": 1,
        "replaced": 1,
        "moved": 1,
    }


async def test_a_comparison_in_words():
    scene = await make_scene()
    first, child = await revised(scene)

    view = await viewed(scene.actor("manager"), first, child)

    assert (view.one.title, view.one.status, view.other.title, view.other.status) == (
        "Version 1",
        "published",
        "Version 2",
        "draft",
    )
    said = {(row.kind, row.name, row.shift.split("(")[1].rstrip(")"), row.detail) for row in view.people}
    assert said == {
        ("added", "Bob Worker", "Doubled", ""),
        ("removed", "Carol Worker", "Gone", ""),
        ("replaced", "Carol Worker", "Handed over", "instead of Bob Worker"),
        ("moved", "Bob Worker", "Later", next(row.detail for row in view.people if row.kind == "moved")),
    }
    assert [row.kind for row in view.shifts] == ["added", "removed", "changed"]
    assert view.shifts[2].details[0].endswith("10:00–17:00")
    figures = {row.name: (row.one, row.other, row.change) for row in view.figures}
    assert figures["People with a shift"] == ("2", "2", "")
    assert figures["Hours of work"] == ("32 h", "39 h", "+7 h")
    assert "Cost" in figures
    assert [(row.name, row.change) for row in view.hours] == [("Bob Worker", "−1 h"), ("Carol Worker", "+8 h")]
    bob, carol = view.grid
    marks = [[(mark.kind, mark.label) for mark in cell] for cell in bob.cells]
    assert marks == [
        [],
        [("removed", "09:00–17:00")],
        [("moved", "10:00–17:00")],
        [],
        [],
        [("added", "09:00–17:00")],
        [],
    ]
    assert carol.cells[1][0].text == "Handed over, was Bob Worker"
    [stays] = view.answers
    assert stays.startswith("Carol Worker declined ")
    assert stays.endswith("and that answer stays.")
    assert view.come_back == []
    assert view.summary == (
        "1 shift added, 1 shift removed, 1 shift changed, 1 place filled, 1 place emptied, "
        "1 shift given to somebody else, 1 person whose shift has other times."
    )


async def test_against_nothing_everything_is_new():
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"title": "Day"}, held={0: [scene.bob]})

    view = await viewed(scene.actor("manager"), None, schedule.id)

    assert (view.one.id, view.one.title) == (0, "Nothing yet")
    assert ([row.kind for row in view.shifts], [row.kind for row in view.people]) == (["added"], ["added"])
    assert view.figures[1].one == "0 h"


async def test_who_was_taken_off_the_published_week_meanwhile_comes_back_and_that_is_said():
    scene = await make_scene()
    first, shifts = await make_week(
        scene, {"title": "Day"}, {"title": "Next", "day": 1}, held={0: [scene.bob], 1: [scene.bob]}, status="published"
    )
    manager = scene.actor("manager")
    held = dict(await rows("SELECT shift_id, id FROM schedule_assignments WHERE schedule_id = :id", id=first.id))
    await unassign_employee(scene.actor("second_manager"), held[shifts[1].id])
    child = await revise_schedule(manager, first.id)
    await unassign_employee(scene.actor("second_manager"), held[shifts[0].id])
    # Put on by hand after having been taken off: that is no accident.
    [[copied]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id AND title = 'Next'", id=child)
    await assign_employee(manager, copied, scene.bob.id)
    [[at]] = await rows("SELECT updated_at FROM schedule_assignments WHERE id = :id", id=held[shifts[0].id])

    view = await viewed(manager, first.id, child)

    when = moment_label(at, "Europe/Berlin", clock_24h=True)
    span = Interval(shifts[0].starts_at, shifts[0].ends_at)
    label = shift_label(span, "Europe/Berlin", "Day", clock_24h=True)
    assert view.come_back == [
        f"Bob Worker was taken off {label} on {when} by Joan Manager, and comes back with version 2."
    ]
    assert {row.shift: row.note for row in view.people} == {
        label: f"was taken off {when} by Joan Manager, comes back",
        next(row.shift for row in view.people if "Next" in row.shift): "",
    }
    # Looked at the other way round nobody comes back.
    assert (await viewed(manager, child, first.id)).come_back == []


async def test_only_who_may_see_cost_is_told_it():
    scene = await make_scene()
    first, child = await revised(scene)

    names = {
        who: {row.name for row in (await viewed(scene.actor(who), first, child)).figures}
        for who in ("manager", "supervisor")
    }

    assert names["manager"] - names["supervisor"] == {"Cost"}
    assert (await compared(first, child, with_cost=False)).figures_after.cost_cents is None


async def test_comparing_refuses_what_does_not_belong_together_or_to_the_actor():
    scene, elsewhere = await make_scene(), await make_scene()
    one, _ = await make_week(scene)
    next_week, _ = await make_week(scene, week_start=WEEK + timedelta(days=7))
    theirs, _ = await make_week(elsewhere)
    manager = scene.actor("manager")

    with pytest.raises(InvalidInput, match="same week"):
        await viewed(manager, one.id, next_week.id)
    with pytest.raises(InvalidInput, match="same week"):
        await viewed(scene.actor("admin"), one.id, theirs.id)
    for foreign in (theirs.id, 2**40):
        for pair in ((one.id, foreign), (foreign, one.id), (None, foreign), (foreign, foreign)):
            with pytest.raises(NotFound):
                await viewed(manager, *pair)
    with pytest.raises(NotAllowed):
        await viewed(scene.actor("employee"), None, one.id)


async def test_the_list_tells_the_way_of_each_version():
    scene = await make_scene()
    manager, second = scene.actor("manager"), scene.actor("second_manager")
    first, _ = await make_week(scene, {"title": "Day"}, held={0: [scene.bob, scene.carol]})
    await execute("UPDATE schedules SET created_by_id = :id", id=scene.manager.id)
    version = (await fetch(Schedule, first.id)).version
    await submit_schedule(scene.actor("supervisor"), first.id, expected_version=version)
    await reject_schedule(second, first.id, expected_version=version + 1, reason="More people")
    await submit_schedule(scene.actor("supervisor"), first.id, expected_version=version + 2)
    await approve_schedule(second, first.id, expected_version=version + 3)
    await publish_schedule(manager, first.id, expected_version=version + 4)
    child = await revise_schedule(manager, first.id)
    for step in (submit_schedule, approve_schedule, publish_schedule):
        await step(second, child, expected_version=(await fetch(Schedule, child)).version)

    async with read_session() as session:
        newer, older = await week_versions(session, manager, scene.site.id, WEEK)

    assert (newer.number, newer.status, newer.made_from, newer.shifts, newer.people) == (2, "published", 1, 1, 2)
    assert (older.number, older.status, older.made_from, older.people) == (1, "archived", 0, 2)
    assert [(step.step, step.who, step.reason) for step in older.trail] == [
        ("Made", "John Manager", ""),
        ("Sent back", "Joan Manager", "More people"),
        ("Submitted", "Alice Supervisor", ""),
        ("Approved", "Joan Manager", ""),
        ("Published", "John Manager", ""),
        ("Archived", "Joan Manager", ""),
    ]


async def test_the_list_is_for_planners_of_the_site():
    scene = await make_scene()
    await make_week(scene)
    async with read_session() as session:
        assert len(await week_versions(session, scene.actor("supervisor"), scene.site.id, WEEK)) == 1
        assert await week_versions(session, scene.actor("manager"), scene.site.id, WEEK + timedelta(days=7)) == []
        with pytest.raises(NotFound):
            await week_versions(session, scene.actor("stranger"), scene.site.id, WEEK)
        with pytest.raises(NotAllowed):
            await week_versions(session, scene.actor("employee"), scene.site.id, WEEK)


@pytest.mark.parametrize("people", [10, 200])
async def test_the_number_of_statements_is_the_same_for_any_size(people: int):
    scene, schedule_id = await make_crowd(people)
    async with read_session() as session:
        with count_statements() as comparing:
            view = await compare_versions(session, scene.actor("manager"), None, schedule_id)
        with count_statements() as listing:
            await week_versions(session, scene.actor("manager"), scene.site.id, WEEK)

    assert (len(comparing), len(listing)) == (5, 2)
    assert view.hidden == max(0, people * 5 - 200)
    assert len(view.people) == min(200, people * 5)


async def test_who_had_declined_and_is_put_on_the_shift_again_will_be_asked_and_that_is_said():
    scene = await make_scene()
    manager = scene.actor("manager")
    first, [shift] = await make_week(scene, {"title": "Day"}, held={0: [scene.bob]}, status="published")
    [[held]] = await rows("SELECT id FROM schedule_assignments WHERE shift_id = :id", id=shift.id)
    await decline_assignment(actor_of(scene.bob), held)
    child = await revise_schedule(manager, first.id)
    [[copied]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id", id=child)
    await assign_employee(manager, copied, scene.bob.id)

    [sentence] = (await viewed(manager, first.id, child)).answers

    assert sentence.startswith("Bob Worker declined ")
    assert sentence.endswith("was put on it again and will be asked.")
