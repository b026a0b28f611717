"""Who was told of a week, has seen it and has answered: the numbers and the list agree, and stay quick with many."""

import time as clock
from datetime import time

import pytest

from schedule_app.db.engine import read_session
from schedule_app.models import Employee, Schedule
from schedule_app.queries.ledger import LedgerCounts, LedgerPerson, ledger_counts, ledger_people
from schedule_app.services.assignments import assign_employee, confirm_assignment, decline_assignment, unassign_employee
from schedule_app.services.notifications import mark_all_read
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from tests.db.services.scene import (
    WEEK,
    Scene,
    actor_of,
    assignment_on,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    writing,
)
from tests.support.builders import build_employee
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")


async def publish(scene: Scene, schedule_id: int) -> None:
    version = (await fetch(Schedule, schedule_id)).version
    await submit_schedule(scene.actor("manager"), schedule_id, expected_version=version)
    await approve_schedule(scene.actor("manager"), schedule_id, expected_version=version + 1)
    await publish_schedule(scene.actor("manager"), schedule_id, expected_version=version + 2)


async def counts(scene: Scene) -> LedgerCounts:
    async with read_session() as session:
        return await ledger_counts(session, scene.site.id, WEEK)


async def people(scene: Scene, *, reasons: bool = True) -> list[LedgerPerson]:
    async with read_session() as session:
        return await ledger_people(session, scene.site.id, WEEK, reasons=reasons)


async def summary(scene: Scene) -> dict[str, tuple[str, str]]:
    """Of each person what needs attention, and their answer."""
    return {each.name: (each.level, each.answer) for each in await people(scene)}


async def mail(person: Employee, status: str, reason: str | None = None) -> None:
    """What the person was told last went, or did not go, by mail."""
    await execute(
        "INSERT INTO notification_deliveries"
        " (notification_id, channel, status, attempts, sent_at, failed_at, failure_reason)"
        " SELECT max(id), 'email', CAST(:status AS text), 1, CASE WHEN :status = 'sent' THEN now() END,"
        " CASE WHEN :status IN ('failed', 'dropped') THEN now() END, CAST(:reason AS text)"
        " FROM notifications WHERE recipient_id = :id",
        status=status,
        reason=reason,
        id=person.id,
    )


async def test_a_week_that_was_never_published_has_no_ledger():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]})

    assert await counts(scene) == LedgerCounts()
    assert await people(scene) == []


async def test_told_seen_and_confirmed():
    scene = await make_scene()
    schedule, [early, late] = await make_week(
        scene, {"title": "Early"}, {"day": 2}, held={0: [scene.bob, scene.carol, scene.supervisor], 1: [scene.bob]}
    )
    await publish(scene, schedule.id)
    assert await counts(scene) == LedgerCounts(told=3)

    await mark_all_read(actor_of(scene.bob))
    await confirm_assignment(actor_of(scene.bob), (await assignment_on(early, scene.bob)).id)
    await mark_all_read(actor_of(scene.carol))
    await decline_assignment(actor_of(scene.carol), (await assignment_on(early, scene.carol)).id, note="Ill")

    assert await counts(scene) == LedgerCounts(told=3, seen=2)
    assert await summary(scene) == {
        "Alice Supervisor": ("unseen", "Not answered"),
        "Bob Worker": ("open", "1 confirmed, 1 not answered"),
        "Carol Worker": ("done", "Declined"),
    }
    await confirm_assignment(actor_of(scene.bob), (await assignment_on(late, scene.bob)).id)
    assert await counts(scene) == LedgerCounts(told=3, seen=2, confirmed=1)


async def test_what_was_not_sent_because_it_was_read_before_is_nobodys_mistake():
    scene = await make_scene()
    schedule, _ = await make_week(scene, held={0: [scene.bob]})
    await publish(scene, schedule.id)
    await mail(scene.bob, "dropped", "They had read it in the app before.")

    assert await counts(scene) == LedgerCounts(told=1)
    [bob] = await people(scene)
    assert bob.level == "unseen"
    line = bob.lines[1]
    assert (line.words, line.level) == ("not sent: They had read it in the app before.", "dropped")


async def test_what_did_not_arrive_comes_first_with_its_reason_for_those_who_may_know_it():
    scene = await make_scene()
    schedule, _ = await make_week(scene, held={0: [scene.bob, scene.carol]})
    await publish(scene, schedule.id)
    await mail(scene.bob, "sent")
    await mail(scene.carol, "failed", "carol@example.com: no such mailbox")

    assert await counts(scene) == LedgerCounts(told=2, failed=1)
    carol, bob = await people(scene)
    assert (carol.name, carol.level, bob.level) == ("Carol Worker", "failed", "unseen")
    assert [(line.channel, line.level) for line in carol.lines] == [("In the app", "ok"), ("E-mail", "failed")]
    assert carol.lines[1].words == "did not arrive: carol@example.com: no such mailbox"
    assert bob.lines[1].words.startswith("sent ")
    [hidden, _] = await people(scene, reasons=False)
    assert hidden.lines[1].words == "did not arrive"


async def test_of_all_that_somebody_was_told_the_newest_counts_through_all_versions():
    scene = await make_scene()
    schedule, [_, other] = await make_week(scene, {}, {"day": 2}, held={0: [scene.bob, scene.carol]})
    await publish(scene, schedule.id)
    for person in (scene.bob, scene.carol):
        await mark_all_read(actor_of(person))
    draft = await revise_schedule(scene.actor("manager"), schedule.id)
    [[moved]] = await rows(
        "SELECT id FROM shifts WHERE schedule_id = :id AND lineage_id = :lineage", id=draft, lineage=other.lineage_id
    )
    await assign_employee(scene.actor("manager"), moved, scene.carol.id)
    await publish(scene, draft)

    # Bob's shifts are as they were; what he was told of the first version still holds.
    assert await counts(scene) == LedgerCounts(told=2, seen=1)
    assert (await summary(scene))["Carol Worker"] == ("unseen", "Not answered")

    await mark_all_read(actor_of(scene.carol))
    [[held, version]] = await rows(
        "SELECT id, version FROM schedule_assignments WHERE shift_id = :id AND employee_id = :carol",
        id=moved,
        carol=scene.carol.id,
    )
    await unassign_employee(scene.actor("manager"), held, expected_version=version)
    assert await counts(scene) == LedgerCounts(told=2, seen=1)


async def test_who_is_to_answer_and_was_never_told_stands_out():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]}, status="published")

    assert await counts(scene) == LedgerCounts(untold=1)
    assert await summary(scene) == {"Bob Worker": ("untold", "Not answered")}


async def test_managers_are_not_told_of_a_week_by_what_its_people_answer():
    scene = await make_scene()
    schedule, [shift] = await make_week(scene, held={0: [scene.bob]})
    await publish(scene, schedule.id)

    await decline_assignment(actor_of(scene.bob), (await assignment_on(shift, scene.bob)).id, note="Ill")

    assert list(await summary(scene)) == ["Bob Worker"]


async def test_a_thousand_people_are_read_in_one_statement_each_and_at_once():
    scene = await make_scene()
    async with writing() as session:
        crowd = [await build_employee(session, scene.site) for _ in range(20)]
    columns = {"start": time(8), "end": time(16), "required_staff": 1000}
    schedule, [shift] = await make_week(scene, columns, held={0: crowd})
    await publish(scene, schedule.id)
    await execute(
        "INSERT INTO employees (site_id, email, name)"
        " SELECT :site, format('many-%s@example.com', n), format('Many %s', n) FROM generate_series(1, 980) AS n",
        site=scene.site.id,
    )
    await execute(
        "INSERT INTO schedule_assignments"
        " (schedule_id, shift_id, employee_id, status, confirm_by, starts_at, ends_at, in_force)"
        " SELECT :schedule, :shift, id, 'pending', now() + interval '1 day', :starts_at, :ends_at, true"
        " FROM employees WHERE name LIKE 'Many %'",
        schedule=schedule.id,
        shift=shift.id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
    )
    await execute(
        "WITH told AS (INSERT INTO notifications (recipient_id, type, payload, category, related_type, related_id)"
        " SELECT id, 'shifts_published', '{}', 'schedule', 'schedule', :schedule FROM employees"
        " WHERE name LIKE 'Many %' RETURNING id)"
        " INSERT INTO notification_deliveries (notification_id, channel, status)"
        " SELECT told.id, channel, 'sent' FROM told, unnest('{in_app,email}'::text[]) AS channel",
        schedule=schedule.id,
    )
    await execute("ANALYZE")

    with count_statements() as statements:
        began = clock.perf_counter()
        assert (await counts(scene)).told == 1000
        assert len(await people(scene)) == 1000
        took = clock.perf_counter() - began

    assert len([each for each in statements if "WITH versions" in each]) == 2
    # Some 20 ms each in the database; the bound is for a machine that does something else besides.
    assert took < 1
