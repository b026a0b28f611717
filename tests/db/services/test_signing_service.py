"""Approving what was shown, and publishing what was foretold."""

import asyncio
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotAllowed, NotFound, RuleBroken, StaleVersion
from schedule_app.domain.notices import parse, word
from schedule_app.domain.permissions import Actor
from schedule_app.models import Employee, Schedule
from schedule_app.queries.inbox import inbox
from schedule_app.queries.publication import PublicationPreview, preview_publication
from schedule_app.queries.versions import compare_versions
from schedule_app.services.assignments import assign_employee, confirm_assignment, decline_assignment, unassign_employee
from schedule_app.services.forms import checked
from schedule_app.services.preferences import WishDetails, save_wishes
from schedule_app.services.restoring import restore_version
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
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
    until_somebody_waits,
    writing,
)
from tests.support.builders import build_employee, build_rule

pytestmark = pytest.mark.usefixtures("database")


async def version(schedule_id: int) -> int:
    return (await fetch(Schedule, schedule_id)).version


async def held_on(schedule_id: int, title: str, employee: Employee) -> int:
    [[found]] = await rows(
        "SELECT held.id FROM schedule_assignments AS held JOIN shifts ON shifts.id = held.shift_id"
        " WHERE held.schedule_id = :schedule AND shifts.title = :title AND held.employee_id = :employee",
        schedule=schedule_id,
        title=title,
        employee=employee.id,
    )
    return found


async def shift_in(schedule_id: int, title: str) -> int:
    [[found]] = await rows(
        "SELECT id FROM shifts WHERE schedule_id = :id AND title = :title", id=schedule_id, title=title
    )
    return found


async def pending_revision(scene: Scene) -> tuple[int, int]:
    """A published week, and a revision of it with Carol on it too that waits for approval."""
    first, _ = await make_week(scene, {"title": "Day"}, held={0: [scene.bob]}, status="published")
    child = await revise_schedule(scene.actor("manager"), first.id)
    await assign_employee(scene.actor("manager"), await shift_in(child, "Day"), scene.carol.id)
    await submit_schedule(scene.actor("supervisor"), child, expected_version=await version(child))
    return first.id, child


async def seen(actor: Actor, one: int | None, other: int) -> str:
    async with read_session() as session:
        return (await compare_versions(session, actor, one, other)).digest


async def test_approving_records_what_was_compared():
    scene = await make_scene()
    manager = scene.actor("manager")
    first, child = await pending_revision(scene)
    shown = await seen(manager, first, child)

    await approve_schedule(manager, child, expected_version=await version(child), seen=shown)

    entry = (await audited("schedule", child))[-1]
    assert entry.action == "approve"
    assert entry.after == {
        "status": "approved",
        "compared": {
            "one_id": first,
            "one_version": 1,
            "other_id": child,
            "other_version": 2,
            "counts": {
                "added_shifts": 0,
                "removed_shifts": 0,
                "changed_shifts": 0,
                "added": 1,
                "removed": 0,
                "replaced": 0,
                "moved": 0,
            },
            "digest": shown,
        },
    }


async def test_a_first_version_is_signed_against_nothing():
    scene = await make_scene()
    schedule, _ = await make_week(scene, held={0: [scene.bob]}, status="pending")
    shown = await seen(scene.actor("manager"), None, schedule.id)

    await approve_schedule(scene.actor("manager"), schedule.id, expected_version=await version(schedule.id), seen=shown)

    compared = (await audited("schedule", schedule.id))[-1].after["compared"]
    assert (compared["one_id"], compared["counts"]["added_shifts"], compared["digest"]) == (None, 1, shown)


CHANGES = {
    "the week itself": "UPDATE shifts SET required_staff = 2 WHERE schedule_id = :child",
    "people on it": "DELETE FROM schedule_assignments WHERE schedule_id = :child AND employee_id = :carol",
    "the published week": "UPDATE schedule_assignments SET status = 'cancelled' WHERE schedule_id = :first",
}


@pytest.mark.parametrize("what", CHANGES)
async def test_approving_is_refused_when_the_week_changed_since_it_was_shown(what: str):
    scene = await make_scene()
    manager = scene.actor("manager")
    first, child = await pending_revision(scene)
    shown = await seen(manager, first, child)
    statement = CHANGES[what]
    values = {"child": child, "first": first, "carol": scene.carol.id}
    await execute(statement, **{name: value for name, value in values.items() if f":{name}" in statement})

    with pytest.raises(StaleVersion, match="look at the comparison again"):
        await approve_schedule(manager, child, expected_version=await version(child), seen=shown)

    assert (await fetch(Schedule, child)).status == "pending"
    shown = await seen(manager, first, child)
    await approve_schedule(manager, child, expected_version=await version(child), seen=shown)


async def test_an_answer_alone_makes_no_approval_stale():
    scene = await make_scene()
    manager = scene.actor("manager")
    first, child = await pending_revision(scene)
    shown = await seen(manager, first, child)
    await confirm_assignment(actor_of(scene.bob), await held_on(first, "Day", scene.bob))

    await approve_schedule(manager, child, expected_version=await version(child), seen=shown)

    assert (await fetch(Schedule, child)).status == "approved"


async def test_nobody_changes_the_published_week_while_it_is_signed():
    scene = await make_scene()
    manager = scene.actor("manager")
    first, child = await pending_revision(scene)
    shown = await seen(manager, first, child)
    async with writing() as session:
        # The manager's change of the published week has begun, and is not over.
        assignment = await held_on(first, "Day", scene.bob)
        held = await session.get_one(Schedule, first, with_for_update={"read": True})
        assert held.status == "published"
        approving = asyncio.create_task(
            approve_schedule(manager, child, expected_version=await version(child), seen=shown)
        )
        await until_somebody_waits()

        await session.execute(
            text("UPDATE schedule_assignments SET status = 'cancelled' WHERE id = :id"), {"id": assignment}
        )

    with pytest.raises(StaleVersion):
        await approving


async def preview(actor: Actor, schedule_id: int) -> PublicationPreview:
    async with read_session() as session:
        return await preview_publication(session, actor, schedule_id)


async def notified_since(last_id: int) -> list[tuple[str, str, str]]:
    found = await rows(
        "SELECT employees.name, type, payload FROM notifications JOIN employees ON employees.id = recipient_id"
        " WHERE notifications.id > :id ORDER BY lower(name), employees.id",
        id=last_id,
    )
    return [
        (row.name, (words := word(parse(row.type, row.payload), clock_24h=True)).title, words.body) for row in found
    ]


async def test_publishing_sends_exactly_what_the_preview_foretold():
    # Long enough for every answer to be due when its shift begins, whatever the minute.
    scene = await make_scene(confirm_within_minutes=43200)
    manager = scene.actor("manager")
    async with writing() as session:
        dora, emil, fred, gina = [
            await build_employee(session, scene.site, name=f"{name} Worker")
            for name in ("Dora", "Emil", "Fred", "Gina")
        ]
    first, _ = await make_week(
        scene,
        {"title": "Same"},
        {"title": "Later"},
        {"title": "Other", "day": 1},
        held={0: [scene.bob, scene.carol, dora, emil, gina], 1: [fred]},
        status="published",
    )
    await confirm_assignment(actor_of(scene.bob), await held_on(first.id, "Same", scene.bob))
    await confirm_assignment(actor_of(emil), await held_on(first.id, "Same", emil))
    await confirm_assignment(actor_of(fred), await held_on(first.id, "Later", fred))
    child = await revise_schedule(manager, first.id)
    await decline_assignment(actor_of(scene.carol), await held_on(first.id, "Same", scene.carol))
    await unassign_employee(manager, await held_on(first.id, "Same", gina))
    await unassign_employee(manager, await held_on(child, "Same", emil))
    await assign_employee(manager, await shift_in(child, "Other"), emil.id)
    await execute(
        "UPDATE shifts SET local_start = '10:00', starts_at = starts_at + interval '1 hour'"
        " WHERE schedule_id = :id AND title = 'Later'",
        id=child,
    )
    await submit_schedule(scene.actor("supervisor"), child, expected_version=await version(child))
    await approve_schedule(manager, child, expected_version=await version(child))
    [[last]] = await rows("SELECT max(id) FROM notifications")

    foretold = await preview(manager, child)
    assert await rows("SELECT id FROM notifications WHERE id > :id", id=last) == []
    await publish_schedule(manager, child, expected_version=await version(child))

    assert [(each.name, each.title, each.body) for each in foretold.told] == await notified_since(last)
    assert [each.name for each in foretold.told] == ["Alice Supervisor", "Emil Worker", "Fred Worker", "Gina Worker"]
    assert len(foretold.disturbed) == 2
    assert foretold.disturbed[0].startswith("Emil Worker has confirmed ")
    assert foretold.disturbed[0].endswith(", and loses it.")
    assert foretold.disturbed[1].startswith("Fred Worker has confirmed ")
    assert foretold.disturbed[1].endswith("10:00–17:00.")
    assert foretold.kept == ["Bob Worker: 1 confirmed", "Carol Worker: 1 declined"]
    assert await kept_answers(child) == [("Bob Worker", "confirmed"), ("Carol Worker", "declined")]
    [returning] = foretold.come_back
    assert returning.startswith("Gina Worker was taken off ")
    assert foretold.clashes == []


async def test_the_preview_has_the_times_as_each_reader_will_see_them():
    scene = await make_scene(time_zone="Europe/Berlin", confirm_within_minutes=43200)
    details = checked(WishDetails, {"channels": {}, "time_zone": "Asia/Kathmandu", "clock_24h": False})
    await save_wishes(actor_of(scene.bob), details, expected_version=0)
    manager = scene.actor("manager")
    week, _ = await make_week(scene, held={0: [scene.bob, scene.carol]}, status="approved")

    foretold = {each.name: each.body for each in (await preview(manager, week.id)).told}
    await publish_schedule(manager, week.id, expected_version=await version(week.id))

    async with read_session() as session:
        for person in (scene.bob, scene.carol):
            [told] = [each for each in (await inbox(session, person.id)).items if each.category == "schedule"]
            assert foretold[person.name] == told.body
    assert "Kathmandu time" in foretold["Bob Worker"]
    assert "AM" in foretold["Bob Worker"]
    assert "time" not in foretold["Carol Worker"]


async def test_publishing_is_refused_when_people_would_be_told_something_else_than_was_shown():
    scene = await make_scene()
    manager = scene.actor("manager")
    first, child = await pending_revision(scene)
    await approve_schedule(manager, child, expected_version=await version(child))
    shown = await preview(manager, child)
    assert [each.name for each in shown.told] == ["Alice Supervisor", "Carol Worker"]
    await unassign_employee(scene.actor("second_manager"), await held_on(first, "Day", scene.bob))
    before = await rows("SELECT id FROM notifications")

    with pytest.raises(StaleVersion, match="look at the preview again"):
        await publish_schedule(manager, child, expected_version=await version(child), seen=shown.digest)

    assert (await fetch(Schedule, child)).status == "approved"
    assert await rows("SELECT id FROM notifications") == before
    newest = await preview(manager, child)
    assert [each.name for each in newest.told] == ["Alice Supervisor", "Bob Worker", "Carol Worker"]
    # That there is more time to answer is nothing else.
    await execute("UPDATE sites SET confirm_within_minutes = confirm_within_minutes + 60")
    await publish_schedule(manager, child, expected_version=await version(child), seen=newest.digest)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE employees SET is_active = false WHERE id = :bob", "Bob Worker is not active"),
        ("UPDATE employees SET deleted_at = now(), is_active = false WHERE id = :bob", "does not work at this site"),
        ("UPDATE employees SET site_id = :elsewhere, department_id = NULL WHERE id = :bob", "does not work at this"),
        ("UPDATE rules SET is_active = true, strict = true", "Bob Worker would have"),
        ("UPDATE rules SET is_active = true, strict = false", ""),
    ],
    ids=["inactive", "deleted", "moved", "strict rule", "soft rule"],
)
async def test_nobody_is_put_in_force_who_could_not_be_given_the_shift_any_more(change: str, words: str):
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, is_active=False)
    late = {"title": "Late", "start": time(14), "end": time(22)}
    schedule, _ = await make_week(
        scene,
        late,
        {"title": "Day", "day": 1, "start": time(6), "end": time(14)},
        held={0: [scene.bob], 1: [scene.bob]},
        status="approved",
    )
    manager = scene.actor("manager")
    assert (await preview(manager, schedule.id)).broken == []
    await execute(
        change,
        **{
            name: value
            for name, value in (("bob", scene.bob.id), ("elsewhere", scene.stranger.site_id))
            if f":{name}" in change
        },
    )
    foretold = await preview(manager, schedule.id)
    attempt = publish_schedule(manager, schedule.id, expected_version=await version(schedule.id))

    if not words:
        assert foretold.broken == []
        await attempt
        return
    assert all(words in sentence for sentence in foretold.broken)
    said = " ".join(foretold.broken)
    assert "14:00–22:00 (Late)" in said
    assert "06:00–14:00 (Day)" in said
    with pytest.raises(RuleBroken, match=words):
        await attempt
    assert (await fetch(Schedule, schedule.id)).status == "approved"


async def test_what_is_in_force_or_has_begun_is_published_as_it_is():
    scene = await make_scene()
    manager = scene.actor("manager")
    async with writing() as session:
        await build_rule(session, scene.site, is_active=False)
    shifts = {"title": "Late", "start": time(14), "end": time(22)}, {"day": 1, "start": time(6), "end": time(14)}
    held = {0: [scene.bob], 1: [scene.bob]}
    first, _ = await make_week(scene, *shifts, held=held, status="published")
    child = await revise_schedule(manager, first.id)
    past, _ = await make_week(scene, held={0: [scene.carol]}, status="approved", week_start=WEEK - timedelta(weeks=8))
    await execute("UPDATE rules SET is_active = true")
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)
    await submit_schedule(manager, child, expected_version=await version(child))
    await approve_schedule(manager, child, expected_version=await version(child))

    for schedule_id in (child, past.id):
        assert (await preview(manager, schedule_id)).broken == []
        await publish_schedule(manager, schedule_id, expected_version=await version(schedule_id))


async def test_a_restored_version_is_judged_before_it_is_in_force_again():
    scene = await make_scene()
    manager = scene.actor("manager")
    async with writing() as session:
        await build_rule(session, scene.site)
    shifts = {"title": "Late", "start": time(14), "end": time(22)}, {"day": 1, "start": time(6), "end": time(14)}
    first, _ = await make_week(scene, *shifts, held={0: [scene.bob], 1: [scene.bob]}, status="archived")
    draft = (await restore_version(manager, first.id)).schedule_id

    late, day = (await preview(manager, draft)).broken
    assert "of rest after this shift" in late
    assert "of rest before this shift" in day


async def kept_answers(schedule_id: int) -> list[tuple[Any, ...]]:
    found = await rows(
        "SELECT employees.name, status FROM schedule_assignments JOIN employees ON employees.id = employee_id"
        " WHERE schedule_id = :id AND status <> 'pending' ORDER BY name",
        id=schedule_id,
    )
    return [tuple(row) for row in found]


async def test_a_preview_names_who_works_elsewhere():
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"title": "Day"}, held={0: [scene.bob]}, status="approved")
    elsewhere = await make_scene()
    await make_week(elsewhere, held={0: [scene.bob]}, status="published")

    [clash] = (await preview(scene.actor("manager"), schedule.id)).clashes

    assert clash.startswith("Bob Worker already works ")


async def test_a_preview_is_for_those_who_may_publish_here():
    scene = await make_scene()
    schedule, _ = await make_week(scene, status="approved")
    for who, refusal in (("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(refusal):
            await preview(scene.actor(who), schedule.id)
    with pytest.raises(NotFound):
        await preview(scene.actor("admin"), 2**40)
