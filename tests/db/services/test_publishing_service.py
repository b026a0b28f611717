"""Publishing: what is in force, who is asked, who is told."""

import asyncio
from datetime import time, timedelta

import pytest

from schedule_app.domain.errors import DoubleBooking, ScheduleError
from schedule_app.domain.notices import ShiftsPublished, parse, word
from schedule_app.models import Employee, Schedule
from schedule_app.services.assignments import assign_employee, confirm_assignment, decline_assignment, unassign_employee
from schedule_app.services.schedules import (
    approve_schedule,
    publish_schedule,
    revise_schedule,
    submit_schedule,
)
from tests.db.services.scene import (
    WEEK,
    Scene,
    actor_of,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    told,
    writing,
)
from tests.support.builders import build_employee, build_site

pytestmark = pytest.mark.usefixtures("database")


async def push_through(scene: Scene, schedule_id: int) -> None:
    """Submit, approve and publish, each by the right person."""
    version = (await fetch(Schedule, schedule_id)).version
    await submit_schedule(scene.actor("supervisor"), schedule_id, expected_version=version)
    await approve_schedule(scene.actor("manager"), schedule_id, expected_version=version + 1)
    await publish_schedule(scene.actor("manager"), schedule_id, expected_version=version + 2)


async def statuses(schedule_id: int) -> dict[tuple[str, int], str]:
    """(title of the shift, employee) -> status."""
    found = await rows(
        "SELECT shifts.title, held.employee_id, held.status FROM schedule_assignments AS held"
        " JOIN shifts ON shifts.id = held.shift_id WHERE held.schedule_id = :id",
        id=schedule_id,
    )
    return {(row.title, row.employee_id): row.status for row in found}


async def id_on(schedule_id: int, title: str, employee: Employee) -> int:
    """The id of an assignment."""
    [[found]] = await rows(
        "SELECT held.id FROM schedule_assignments AS held JOIN shifts ON shifts.id = held.shift_id"
        " WHERE held.schedule_id = :schedule AND shifts.title = :title AND held.employee_id = :employee",
        schedule=schedule_id,
        title=title,
        employee=employee.id,
    )
    return found


async def messages(employee: Employee) -> list[dict[str, object]]:
    """The payloads of the publications somebody was told of."""
    found = await rows(
        "SELECT payload FROM notifications WHERE recipient_id = :id AND type = 'shifts_published' ORDER BY id",
        id=employee.id,
    )
    return [row.payload for row in found]


async def test_a_first_publication_asks_everyone_on_it_once():
    scene = await make_scene(confirm_within_minutes=60)
    schedule, _ = await make_week(
        scene,
        *({"day": day, "title": f"Day {day}"} for day in range(6)),
        held={**{day: [scene.bob] for day in range(6)}, 0: [scene.bob, scene.carol]},
    )

    await push_through(scene, schedule.id)

    assert set((await statuses(schedule.id)).values()) == {"pending"}
    [[in_force, earliest, latest]] = await rows(
        "SELECT bool_and(in_force), min(confirm_by - now()), max(confirm_by - now()) FROM schedule_assignments"
    )
    assert in_force
    assert timedelta(minutes=59) < earliest == latest <= timedelta(minutes=60)
    [message] = await messages(scene.bob)
    assert (message["added"], message["removed"], message["changed"]) == (6, 0, 0)
    notice = parse("shifts_published", message)
    assert isinstance(notice, ShiftsPublished)
    assert len(notice.shifts) == 5
    assert "09:00–17:00 (Day 0); " in word(notice, clock_24h=True).body
    assert notice.confirm_by
    assert (await messages(scene.carol))[0]["added"] == 1
    assert await told(scene.supervisor) == ["schedule_approved", "schedule_published"]
    assert await told(scene.second_manager) == ["schedule_submitted"]
    published = await fetch(Schedule, schedule.id)
    assert (published.status, published.published_by_id) == ("published", scene.manager.id)


async def test_a_submitter_with_shifts_of_their_own_hears_once():
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"title": "Day"}, held={0: [scene.supervisor]})

    await push_through(scene, schedule.id)

    assert await told(scene.supervisor) == ["schedule_approved", "shifts_published"]


async def test_a_new_version_keeps_answers_and_tells_only_whose_shifts_changed():
    scene = await make_scene()
    async with writing() as session:
        dora, emil, fred, gina, hans, iris = [
            await build_employee(session, scene.site, name=f"{name} Worker")
            for name in ("Dora", "Emil", "Fred", "Gina", "Hans", "Iris")
        ]
    first, _ = await make_week(
        scene,
        {"title": "Same"},
        {"title": "Moved", "day": 2},
        {"title": "Other", "day": 4},
        held={0: [scene.bob, scene.carol, dora, emil], 1: [fred], 2: [gina, iris]},
    )
    await push_through(scene, first.id)
    child = await revise_schedule(scene.actor("manager"), first.id)
    # Answers given to the published version while the draft is in work.
    await confirm_assignment(actor_of(scene.bob), await id_on(first.id, "Same", scene.bob), note="Yes")
    await decline_assignment(actor_of(scene.carol), await id_on(first.id, "Same", scene.carol), note="Ill")
    await confirm_assignment(actor_of(fred), await id_on(first.id, "Moved", fred))
    await execute(
        "UPDATE schedule_assignments SET confirm_by = now() + interval '5 hours' WHERE schedule_id = :id", id=first.id
    )
    # Emil goes, Hans comes, the day of Fred's shift starts an hour later, Iris goes after she had declined.
    await unassign_employee(scene.actor("manager"), await id_on(child, "Same", emil))
    [[other_id]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id AND title = 'Other'", id=child)
    await assign_employee(scene.actor("manager"), other_id, hans.id)
    await execute(
        "UPDATE shifts SET local_start = '10:00', starts_at = starts_at + interval '1 hour'"
        " WHERE schedule_id = :id AND title = 'Moved'",
        id=child,
    )
    await decline_assignment(actor_of(iris), await id_on(first.id, "Other", iris))
    await unassign_employee(scene.actor("manager"), await id_on(child, "Other", iris))
    before = {
        person.id: len(await told(person)) for person in (scene.bob, scene.carol, dora, emil, fred, gina, hans, iris)
    }

    await push_through(scene, child)

    assert await statuses(child) == {
        ("Same", scene.bob.id): "confirmed",
        ("Same", scene.carol.id): "declined",
        ("Same", dora.id): "pending",
        ("Moved", fred.id): "pending",
        ("Other", gina.id): "pending",
        ("Other", hans.id): "pending",
    }
    [[note, due]] = await rows(
        "SELECT response_note, confirm_by - now() FROM schedule_assignments WHERE id = :id",
        id=await id_on(child, "Same", scene.bob),
    )
    assert note == "Yes"
    assert due < timedelta(hours=5)
    assert {person: len(await told(await fetch(Employee, person))) - count for person, count in before.items()} == {
        scene.bob.id: 0,
        scene.carol.id: 0,
        dora.id: 0,
        emil.id: 1,
        fred.id: 1,
        gina.id: 0,
        hans.id: 1,
        iris.id: 0,
    }
    counts = ("added", "removed", "changed")
    for person, expected in ((emil, (0, 1, 0)), (fred, (0, 0, 1)), (hans, (1, 0, 0))):
        message = (await messages(person))[-1]
        assert tuple(message[count] for count in counts) == expected
    gone = (await messages(emil))[-1]
    assert word(parse("shifts_published", gone), clock_24h=True).body.endswith("no longer yours.")
    assert (await fetch(Schedule, first.id)).status == "archived"
    assert [entry.action for entry in await audited("schedule", first.id)][-1] == "archive"
    assert await rows("SELECT id FROM schedule_assignments WHERE in_force AND schedule_id = :id", id=first.id) == []


async def test_somebody_taken_off_the_published_version_meanwhile_is_asked_anew():
    scene = await make_scene()
    first, _ = await make_week(scene, {"title": "Day"}, held={0: [scene.bob]})
    await push_through(scene, first.id)
    child = await revise_schedule(scene.actor("manager"), first.id)
    await unassign_employee(scene.actor("manager"), await id_on(first.id, "Day", scene.bob))

    await push_through(scene, child)

    assert await statuses(child) == {("Day", scene.bob.id): "pending"}
    assert (await messages(scene.bob))[-1]["added"] == 1


async def test_who_had_declined_and_is_put_on_the_shift_again_is_asked_anew():
    scene = await make_scene()
    first, _ = await make_week(scene, {"title": "Day"}, held={0: [scene.bob]})
    await push_through(scene, first.id)
    await decline_assignment(actor_of(scene.bob), await id_on(first.id, "Day", scene.bob))
    await execute("UPDATE schedule_assignments SET confirm_by = now() WHERE schedule_id = :id", id=first.id)
    child = await revise_schedule(scene.actor("manager"), first.id)
    [[shift_id]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id", id=child)
    await assign_employee(scene.actor("manager"), shift_id, scene.bob.id)

    await push_through(scene, child)

    assert await statuses(child) == {("Day", scene.bob.id): "pending"}
    assert (await messages(scene.bob))[-1]["added"] == 1
    await confirm_assignment(actor_of(scene.bob), await id_on(child, "Day", scene.bob))


async def test_publishing_refuses_who_works_elsewhere_at_that_time_and_names_them():
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"title": "Day"}, held={0: [scene.bob]}, status="approved")
    async with writing() as session:
        elsewhere = await build_site(session)
    await make_week(
        scene, {"start": time(16), "end": time(20)}, held={0: [scene.bob]}, status="published", site=elsewhere
    )
    version = (await fetch(Schedule, schedule.id)).version

    with pytest.raises(DoubleBooking, match=r"Bob Worker already works .* 16:00–20:00, in a published week"):
        await publish_schedule(scene.actor("manager"), schedule.id, expected_version=version)

    assert (await fetch(Schedule, schedule.id)).status == "approved"
    assert await told(scene.bob) == []


async def test_two_weeks_that_clash_published_at_once_are_one_publication():
    scene = await make_scene()
    async with writing() as session:
        elsewhere = await build_site(session)
    ours, _ = await make_week(scene, held={0: [scene.bob]}, status="approved")
    theirs, _ = await make_week(scene, held={0: [scene.bob]}, status="approved", site=elsewhere)
    version = (await fetch(Schedule, ours.id)).version

    outcomes = await asyncio.gather(
        *(publish_schedule(scene.actor("admin"), each.id, expected_version=version) for each in (ours, theirs)),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["DoubleBooking", "NoneType"]


async def test_a_publication_that_fails_leaves_nothing_behind():
    scene = await make_scene()
    schedule, _ = await make_week(scene, held={0: [scene.bob]}, status="approved")
    version = (await fetch(Schedule, schedule.id)).version
    await execute(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'no more audit' USING ERRCODE = '57014'; END $$;"
        "CREATE TRIGGER fail BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION fail()"
    )

    with pytest.raises(ScheduleError):
        await publish_schedule(scene.actor("manager"), schedule.id, expected_version=version)

    assert (await fetch(Schedule, schedule.id)).status == "approved"
    assert await rows("SELECT id FROM notifications") == []
    assert await rows("SELECT id FROM schedule_assignments WHERE in_force OR status <> 'assigned'") == []


async def test_publishing_two_hundred_people_makes_two_hundred_messages():
    scene = await make_scene()
    async with writing() as session:
        people = [await build_employee(session, scene.site) for _ in range(200)]
    schedule, _ = await make_week(
        scene, *({"day": day} for day in range(3)), held=dict.fromkeys(range(3), people), status="approved"
    )
    version = (await fetch(Schedule, schedule.id)).version

    await publish_schedule(scene.actor("manager"), schedule.id, expected_version=version)

    found = await rows(
        "SELECT count(*), count(DISTINCT recipient_id) FROM notifications WHERE type = 'shifts_published'"
    )
    assert found == [(200, 200)]


async def test_shifts_that_have_begun_are_not_asked_about_and_keep_what_was_said():
    scene = await make_scene()
    manager, past = scene.actor("manager"), WEEK - timedelta(weeks=8)
    first, _ = await make_week(scene, held={0: [scene.bob, scene.supervisor]}, status="published", week_start=past)
    await execute("UPDATE schedule_assignments SET status = 'confirmed' WHERE employee_id = :id", id=scene.bob.id)
    child = await revise_schedule(manager, first.id)
    [[copy]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id", id=child)
    await assign_employee(manager, copy, scene.carol.id)

    await push_through(scene, child)

    found = await rows(
        "SELECT employee_id, status, confirm_by IS NOT NULL FROM schedule_assignments WHERE schedule_id = :id", id=child
    )
    assert {tuple(row) for row in found} == {
        (scene.bob.id, "confirmed", True),
        (scene.supervisor.id, "pending", True),
        (scene.carol.id, "assigned", False),
    }
    [[asked]] = await rows(
        "SELECT payload ->> 'confirm_by' FROM notifications WHERE recipient_id = :id", id=scene.carol.id
    )
    assert asked is None
