"""Saying yes or no to one's own shifts."""

import asyncio
from uuid import uuid4

import pytest

from schedule_app.domain.assignment import TRANSITIONS, AssignmentStatus
from schedule_app.domain.errors import (
    DeadlinePassed,
    IllegalTransition,
    InvalidInput,
    NotFound,
    ScheduleError,
    StaleVersion,
)
from schedule_app.domain.notices import parse, word
from schedule_app.models import Employee, ScheduleAssignment
from schedule_app.services.assignments import confirm_assignment, confirm_assignments, decline_assignment
from tests.db.services.scene import (
    Scene,
    actor_of,
    assignment_on,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    told,
    writing,
)
from tests.support.builders import build_department, build_employee

pytestmark = pytest.mark.usefixtures("database")

VERBS = {AssignmentStatus.CONFIRMED: confirm_assignment, AssignmentStatus.DECLINED: decline_assignment}


async def asked(scene: Scene, employee: Employee | None = None, **shift: object) -> ScheduleAssignment:
    """A pending assignment in a published week."""
    person = employee or scene.bob
    _, [row] = await make_week(scene, {"title": "Early", **shift}, held={0: [person]}, status="published")
    return await assignment_on(row, person)


async def test_confirm_tells_the_managers_of_the_site():
    scene = await make_scene()
    held = await asked(scene)

    await confirm_assignment(scene.actor("employee"), held.id, note="  See you \x3cthere\x3e ")

    after = await fetch(ScheduleAssignment, held.id)
    assert (after.status, after.response_note) == ("confirmed", "See you <there>")
    assert after.responded_at is not None
    assert after.version == held.version + 1
    for manager in (scene.manager, scene.second_manager):
        assert await told(manager) == ["assignment_confirmed"]
    for other in (scene.supervisor, scene.admin, scene.stranger, scene.bob, scene.carol):
        assert await told(other) == []
    [[payload, url]] = await rows(
        "SELECT payload, action_url FROM notifications WHERE recipient_id = :id", id=scene.manager.id
    )
    assert (payload["employee_name"], payload["note"]) == ("Bob Worker", "See you <there>")
    assert url == f"/schedule/{scene.site.id}/{held.starts_at.date()}"
    [entry] = await audited("assignment", held.id)
    assert (entry.action, entry.actor_id, entry.before, entry.after) == (
        "confirm",
        scene.bob.id,
        {"status": "pending"},
        {"status": "confirmed"},
    )


async def test_several_are_confirmed_at_once_and_told_as_one():
    scene = await make_scene()
    _, shifts = await make_week(
        scene, {"title": "Early"}, {"day": 1}, held={0: [scene.bob], 1: [scene.bob]}, status="published"
    )
    held = [await assignment_on(shift, scene.bob) for shift in shifts]
    key = uuid4()

    for _ in range(2):
        await confirm_assignments(scene.actor("employee"), [each.id for each in reversed(held)], key=key)

    assert {(await fetch(ScheduleAssignment, each.id)).status for each in held} == {"confirmed"}
    assert await told(scene.manager) == ["assignments_confirmed"]
    [[payload]] = await rows("SELECT payload FROM notifications WHERE recipient_id = :id", id=scene.manager.id)
    wording = word(parse("assignments_confirmed", payload), clock_24h=True)
    assert wording.title == "Bob Worker confirmed 2 shifts"
    assert "(Early)" in wording.body
    for each in held:
        [entry] = await audited("assignment", each.id)
        assert (entry.action, entry.after) == ("confirm", {"status": "confirmed"})


async def test_of_several_none_is_confirmed_where_one_refuses():
    scene = await make_scene()
    _, shifts = await make_week(
        scene, {}, {"day": 1}, held={0: [scene.bob], 1: [scene.bob, scene.carol]}, status="published"
    )
    own, other = [await assignment_on(shift, scene.bob) for shift in shifts]
    carols = await assignment_on(shifts[1], scene.carol)

    with pytest.raises(NotFound):
        await confirm_assignments(scene.actor("employee"), [own.id, carols.id])
    await decline_assignment(scene.actor("employee"), other.id)
    with pytest.raises(IllegalTransition):
        await confirm_assignments(scene.actor("employee"), [own.id, other.id])

    assert (await fetch(ScheduleAssignment, own.id)).status == "pending"
    assert (await fetch(ScheduleAssignment, carols.id)).status == "pending"
    assert await told(scene.manager) == ["assignment_declined"]


async def test_one_that_was_confirmed_before_is_no_obstacle_to_the_others():
    scene = await make_scene()
    _, shifts = await make_week(scene, {}, {"day": 1}, held={0: [scene.bob], 1: [scene.bob]}, status="published")
    held = [await assignment_on(shift, scene.bob) for shift in shifts]
    await confirm_assignment(scene.actor("employee"), held[0].id)

    await confirm_assignments(scene.actor("employee"), [each.id for each in held])

    assert {(await fetch(ScheduleAssignment, each.id)).status for each in held} == {"confirmed"}
    assert await told(scene.manager) == ["assignment_confirmed", "assignment_confirmed"]


async def test_decline_also_tells_the_supervisors_it_concerns():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        own = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
        foreign = await build_employee(session, scene.site, role="supervisor", department_id=other.id)
        gone = await build_employee(session, scene.site, role="manager", is_active=False)
    held = await asked(scene, department_id=scene.department.id)

    await decline_assignment(scene.actor("employee"), held.id, note="Ill")

    for person in (scene.manager, scene.second_manager, scene.supervisor, own):
        assert await told(person) == ["assignment_declined"]
    for person in (foreign, gone, scene.admin, scene.stranger):
        assert await told(person) == []


async def test_where_there_is_no_manager_the_sites_admins_are_told():
    scene = await make_scene()
    held = await asked(scene)
    await execute("UPDATE employees SET role = 'admin' WHERE id = :id", id=scene.manager.id)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.second_manager.id)

    await confirm_assignment(scene.actor("employee"), held.id)

    assert await told(scene.manager) == ["assignment_confirmed"]


async def test_managers_who_answer_for_themselves_are_not_told():
    scene = await make_scene()
    held = await asked(scene, scene.manager)

    await confirm_assignment(scene.actor("manager"), held.id)

    assert await told(scene.manager) == []
    assert await told(scene.second_manager) == ["assignment_confirmed"]


@pytest.mark.parametrize("answer", VERBS)
async def test_the_same_answer_twice_is_one(answer: AssignmentStatus):
    scene = await make_scene()
    held = await asked(scene)

    await VERBS[answer](scene.actor("employee"), held.id, note="once")
    first = await fetch(ScheduleAssignment, held.id)
    await VERBS[answer](scene.actor("employee"), held.id, note="once")
    await execute("UPDATE schedule_assignments SET confirm_by = now() - interval '1 second'")
    await VERBS[answer](scene.actor("employee"), held.id)

    after = await fetch(ScheduleAssignment, held.id)
    assert (after.status, after.response_note, after.responded_at) == (answer, "once", first.responded_at)
    assert len(await told(scene.manager)) == 1
    assert len(await audited("assignment", held.id)) == 1


async def test_twenty_confirmations_at_once_are_one():
    scene = await make_scene()
    held = await asked(scene)

    await asyncio.gather(*(confirm_assignment(scene.actor("employee"), held.id) for _ in range(20)))

    assert await told(scene.manager) == ["assignment_confirmed"]
    assert (await fetch(ScheduleAssignment, held.id)).version == held.version + 1


async def test_confirm_and_decline_at_once_end_in_one_state_with_a_notice_for_each_change():
    scene = await make_scene()
    held = await asked(scene)

    outcomes = await asyncio.gather(
        confirm_assignment(scene.actor("employee"), held.id),
        decline_assignment(scene.actor("employee"), held.id),
        return_exceptions=True,
    )

    assert (await fetch(ScheduleAssignment, held.id)).status == "declined"
    confirmed_first = outcomes[0] is None
    assert isinstance(outcomes[0], IllegalTransition) or confirmed_first
    expected = ["assignment_confirmed", "assignment_declined"] if confirmed_first else ["assignment_declined"]
    assert await told(scene.manager) == expected


@pytest.mark.parametrize("answer", VERBS)
@pytest.mark.parametrize("role", ["admin", "manager", "supervisor", "carol", "stranger"])
async def test_nobody_answers_for_somebody_else(role: str, answer: AssignmentStatus):
    scene = await make_scene()
    held = await asked(scene)

    with pytest.raises(NotFound) as foreign:
        await VERBS[answer](scene.actor(role), held.id)
    with pytest.raises(NotFound) as missing:
        await VERBS[answer](scene.actor(role), 2**70)

    assert foreign.value.message == missing.value.message
    assert (await fetch(ScheduleAssignment, held.id)).version == held.version


@pytest.mark.parametrize("answer", VERBS)
@pytest.mark.parametrize("status", ["draft", "pending", "approved"])
async def test_a_week_that_is_not_published_does_not_exist_for_its_staff(status: str, answer: AssignmentStatus):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status=status)
    held = await assignment_on(shift, scene.bob)

    with pytest.raises(NotFound):
        await VERBS[answer](scene.actor("employee"), held.id)


@pytest.mark.parametrize("answer", VERBS)
async def test_a_replaced_week_says_so(answer: AssignmentStatus):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="archived")
    held = await assignment_on(shift, scene.bob)

    with pytest.raises(StaleVersion, match="published anew"):
        await VERBS[answer](scene.actor("employee"), held.id)


@pytest.mark.parametrize("answer", VERBS)
@pytest.mark.parametrize("before", [status for status in AssignmentStatus if status != AssignmentStatus.ASSIGNED])
async def test_each_status_and_answer(before: AssignmentStatus, answer: AssignmentStatus):
    scene = await make_scene()
    held = await asked(scene)
    for status in {"completed": ["confirmed", "completed"]}.get(before, [before]):
        await execute("UPDATE schedule_assignments SET status = :status", status=status)

    try:
        await VERBS[answer](scene.actor("employee"), held.id)
        refused = None
    except ScheduleError as error:
        refused = error

    after = (await fetch(ScheduleAssignment, held.id)).status
    if before == answer or (before, answer) in TRANSITIONS:
        assert (refused, after) == (None, answer)
    else:
        assert isinstance(refused, DeadlinePassed if before == AssignmentStatus.EXPIRED else IllegalTransition)
        assert after == before


@pytest.mark.parametrize("answer", VERBS)
async def test_a_shift_nobody_asked_about_cannot_be_answered(answer: AssignmentStatus):
    scene = await make_scene()
    _, [shift] = await make_week(scene, status="published")
    await execute(
        "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force)"
        " SELECT schedule_id, id, :employee, starts_at, ends_at, true FROM shifts",
        employee=scene.bob.id,
    )
    held = await assignment_on(shift, scene.bob)

    with pytest.raises(IllegalTransition):
        await VERBS[answer](scene.actor("employee"), held.id)


@pytest.mark.parametrize(
    ("before", "answer"),
    [
        ("pending", AssignmentStatus.CONFIRMED),
        ("pending", AssignmentStatus.DECLINED),
        ("confirmed", AssignmentStatus.DECLINED),
    ],
)
async def test_after_the_deadline_nothing_changes(before: str, answer: AssignmentStatus):
    scene = await make_scene()
    held = await asked(scene)
    await execute(
        "UPDATE schedule_assignments SET status = :status, confirm_by = now() - interval '1 second'", status=before
    )

    with pytest.raises(DeadlinePassed, match="Please talk to your manager"):
        await VERBS[answer](scene.actor("employee"), held.id)

    assert (await fetch(ScheduleAssignment, held.id)).status == before
    assert await told(scene.manager) == []


async def test_the_start_of_the_shift_is_a_deadline_of_its_own():
    scene = await make_scene()
    held = await asked(scene)
    # The shift's times are frozen once it is published, so the whole week is moved behind the triggers' back.
    await execute(
        "SET LOCAL session_replication_role = replica;"
        "UPDATE shifts SET starts_at = now() - interval '1 minute', ends_at = now() + interval '8 hours';"
        "UPDATE schedule_assignments SET starts_at = now() - interval '1 minute', ends_at = now() + interval '8 hours',"
        " confirm_by = NULL"
    )

    with pytest.raises(DeadlinePassed):
        await confirm_assignment(scene.actor("employee"), held.id)


@pytest.mark.parametrize("note", ["x" * 501, "bell \x07", "null \x00 byte"])
async def test_an_unusable_note_is_refused(note: str):
    scene = await make_scene()
    held = await asked(scene)

    with pytest.raises(InvalidInput) as refused:
        await decline_assignment(scene.actor("employee"), held.id, note=note)

    assert refused.value.field == "note"
    assert (await fetch(ScheduleAssignment, held.id)).status == "pending"


async def test_races_of_answer_and_deadline_have_one_outcome_each():
    scene = await make_scene()
    _, shifts = await make_week(scene, *({"day": day} for day in range(7)), status="published")
    async with writing() as session:
        people = [await build_employee(session, scene.site) for _ in range(20)]
    values = {"people": [person.id for person in people]}
    await execute(
        "INSERT INTO schedule_assignments"
        " (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force, status, confirm_by)"
        " SELECT schedule_id, id, person, starts_at, ends_at, true, 'pending',"
        " clock_timestamp() + random() * interval '1 second' FROM shifts, unnest(CAST(:people AS bigint[])) AS person",
        **values,
    )
    by_id = {person.id: person for person in people}
    held = await rows("SELECT id, employee_id FROM schedule_assignments")

    outcomes = await asyncio.gather(
        *(confirm_assignment(actor_of(by_id[row.employee_id]), row.id) for row in held), return_exceptions=True
    )

    assert len(held) == 7 * len(people) == len(shifts) * 20
    for row, outcome in zip(held, outcomes, strict=True):
        assert outcome is None or isinstance(outcome, DeadlinePassed)
        status = (await fetch(ScheduleAssignment, row.id)).status
        assert status == ("confirmed" if outcome is None else "pending")
    confirmed = sum(outcome is None for outcome in outcomes)
    assert len(await told(scene.manager)) == confirmed
