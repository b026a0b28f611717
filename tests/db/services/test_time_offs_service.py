"""Asking for time off, deciding over it, and what it does to shifts."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import (
    Conflict,
    IllegalTransition,
    InvalidInput,
    NotAllowed,
    NotFound,
    RuleBroken,
    ScheduleError,
    StaleVersion,
)
from schedule_app.domain.time_off import TRANSITIONS, TimeOffKind, TimeOffStatus
from schedule_app.models import Employee, TimeOffRequest
from schedule_app.queries.candidates import candidates
from schedule_app.queries.time_off_decisions import time_off_decisions
from schedule_app.services.assignments import assign_employee
from schedule_app.services.moves import move_assignment
from schedule_app.services.schedules import publish_schedule, revise_schedule
from schedule_app.services.selection import assign_selected
from schedule_app.services.shifts import ShiftDetails, edit_shift
from schedule_app.services.time_offs import (
    TimeOffAsked,
    approve_time_off,
    reject_time_off,
    request_time_off,
    take_back_time_off,
    withdraw_time_off,
)
from schedule_app.services.undo import undo
from tests.db.services.scene import (
    WEEK,
    Scene,
    actor_of,
    assignment_on,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    night,
    rows,
    told,
    writing,
)
from tests.support.builders import build_department, build_employee, build_time_off

pytestmark = pytest.mark.usefixtures("database")

TUESDAY = WEEK + timedelta(days=1)
DECIDE = {
    TimeOffStatus.APPROVED: approve_time_off,
    TimeOffStatus.REJECTED: reject_time_off,
}


def asking(first_on: date = TUESDAY, last_on: date | None = None, **columns: Any) -> TimeOffAsked:
    return TimeOffAsked(
        **{"kind": TimeOffKind.VACATION, "first_on": first_on, "last_on": last_on or first_on, **columns}
    )


async def asked(scene: Scene, **columns: Any) -> int:
    """Bob asks for the Tuesday of the week."""
    return await request_time_off(scene.actor("employee"), asking(**columns))


async def given(scene: Scene, status: str, employee: Employee | None = None, first_on: date = TUESDAY) -> int:
    """A request of the Tuesday, as far as it got, behind everybody's back."""
    async with writing() as session:
        return (await build_time_off(session, employee or scene.bob, first_on, status=status)).id


async def status_of(request_id: int) -> str:
    return (await fetch(TimeOffRequest, request_id)).status


async def test_a_request_tells_those_who_decide_and_takes_nothing():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        foreign = await build_employee(session, scene.site, role="supervisor", department_id=other.id)
        own = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
    await execute("UPDATE employees SET department_id = :d WHERE id = :id", d=scene.department.id, id=scene.bob.id)
    _, [shift] = await make_week(scene, {"day": 1}, held={0: [scene.bob]}, status="published")

    request_id = await asked(scene, note="  Wedding ")

    row = await fetch(TimeOffRequest, request_id)
    assert (row.status, row.note, row.whole_days, row.ends_at - row.starts_at) == (
        "waiting",
        "Wedding",
        True,
        timedelta(days=1),
    )
    for person in (scene.manager, scene.second_manager, scene.supervisor, own):
        assert await told(person) == ["time_off_requested"]
    for person in (foreign, scene.bob, scene.carol, scene.stranger, scene.admin):
        assert await told(person) == []
    [[payload, url]] = await rows(
        "SELECT payload, action_url FROM notifications WHERE recipient_id = :id", id=scene.manager.id
    )
    assert (payload["employee_name"], payload["shift_count"], url) == (
        "Bob Worker",
        1,
        f"/requests?time-off={request_id}",
    )
    assert "Wedding" not in str(payload)
    assert (await assignment_on(shift, scene.bob)).status == "pending"
    [entry] = await audited("time_off", request_id)
    assert (entry.action, entry.actor_id) == ("request", scene.bob.id)
    assert "Wedding" not in str(entry)


async def test_where_nobody_else_decides_an_admin_is_told():
    scene = await make_scene()
    for person in (scene.second_manager, scene.supervisor):
        await execute("UPDATE employees SET is_active = false WHERE id = :id", id=person.id)

    await request_time_off(scene.actor("manager"), asking())

    assert await told(scene.admin) == ["time_off_requested"]
    assert await told(scene.manager) == []


async def test_approving_takes_every_shift_that_is_touched_and_tells_the_person_once():
    scene = await make_scene()
    shifts = [night(), {"day": 1, "title": "Late"}, {"day": 2}]
    _, [before, on_the_day, after] = await make_week(
        scene, *shifts, held={0: [scene.bob], 1: [scene.bob, scene.carol], 2: [scene.bob]}, status="published"
    )
    request_id = await asked(scene)

    outcome = await approve_time_off(scene.actor("manager"), request_id, note="Enjoy")

    assert [len(outcome.published), len(outcome.drafts), len(outcome.in_approval)] == [2, 0, 0]
    statuses = [(await assignment_on(each, scene.bob)).status for each in (before, on_the_day, after)]
    assert statuses == ["cancelled", "cancelled", "pending"]
    assert (await assignment_on(on_the_day, scene.carol)).status == "pending"
    row = await fetch(TimeOffRequest, request_id)
    assert (row.status, row.decided_by_id, row.decision_note, row.version) == ("approved", scene.manager.id, "Enjoy", 2)
    assert await told(scene.bob) == ["time_off_decided"]
    [[payload]] = await rows("SELECT payload FROM notifications WHERE recipient_id = :id", id=scene.bob.id)
    assert (payload["outcome"], payload["shift_count"], payload["note"]) == ("approved", 2, "Enjoy")
    held = await assignment_on(on_the_day, scene.bob)
    [entry] = await audited("assignment", held.id)
    assert (entry.action, entry.after) == ("unassign", {"status": "cancelled"})
    assert [each.action for each in await audited("time_off", request_id)] == ["request", "approve"]


async def test_drafts_lose_the_person_without_a_trace():
    scene = await make_scene()
    _, [shift] = await make_week(scene, {"day": 1}, held={0: [scene.bob]})
    request_id = await asked(scene)

    outcome = await approve_time_off(scene.actor("manager"), request_id)

    assert len(outcome.drafts) == 1
    assert await rows("SELECT 1 FROM schedule_assignments WHERE shift_id = :id", id=shift.id) == []


async def test_a_week_that_is_worked_on_anew_loses_the_person_in_both_versions():
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"day": 1}, held={0: [scene.bob]}, status="published")
    draft_id = await revise_schedule(scene.actor("manager"), schedule.id)
    request_id = await asked(scene)

    outcome = await approve_time_off(scene.actor("manager"), request_id)

    assert (len(outcome.published), len(outcome.drafts)) == (1, 1)
    found = await rows("SELECT schedule_id, status FROM schedule_assignments ORDER BY id")
    assert [tuple(each) for each in found] == [(schedule.id, "cancelled")]
    assert draft_id


@pytest.mark.parametrize("status", ["pending", "approved"])
async def test_a_week_that_is_being_approved_has_to_be_settled_first(status: str):
    scene = await make_scene()
    _, [shift] = await make_week(scene, {"day": 1}, held={0: [scene.bob]}, status=status)
    request_id = await asked(scene)

    with pytest.raises(IllegalTransition, match="being approved"):
        await approve_time_off(scene.actor("manager"), request_id)

    assert await status_of(request_id) == "waiting"
    assert (await assignment_on(shift, scene.bob)).status == "assigned"
    async with read_session() as session:
        [shown] = (await time_off_decisions(session, scene.actor("manager"), now=datetime.now(UTC))).waiting
    assert "being approved" in shown.hindrance
    await reject_time_off(scene.actor("manager"), request_id)


async def test_what_has_begun_stays():
    scene = await make_scene()
    today = datetime.now(UTC).date()
    monday = today - timedelta(days=today.weekday() + 7)
    _, [shift] = await make_week(scene, {"day": 2}, held={0: [scene.bob]}, status="published", week_start=monday)
    request_id = await asked(scene, first_on=monday, last_on=monday + timedelta(days=6), kind=TimeOffKind.SICK)

    outcome = await approve_time_off(scene.actor("manager"), request_id)

    assert outcome.published == []
    assert (await assignment_on(shift, scene.bob)).status == "pending"


@pytest.mark.parametrize(("before", "new"), list(product(TimeOffStatus, DECIDE)))
async def test_each_status_and_decision_in_the_service(before: TimeOffStatus, new: TimeOffStatus):
    scene = await make_scene()
    request_id = await given(scene, before)

    try:
        await DECIDE[new](scene.actor("manager"), request_id)
        refused = None
    except ScheduleError as error:
        refused = error

    if (before, new) in TRANSITIONS:
        assert (refused, await status_of(request_id)) == (None, new)
    else:
        assert isinstance(refused, IllegalTransition)
        assert await status_of(request_id) == before


@pytest.mark.parametrize("before", TimeOffStatus)
async def test_each_status_and_withdrawing(before: TimeOffStatus):
    scene = await make_scene()
    mine, another = await given(scene, before), await given(scene, before, scene.carol)

    for verb, who, request_id in (
        (withdraw_time_off, "employee", mine),
        (take_back_time_off, "manager", another),
    ):
        possible = (before, TimeOffStatus.WITHDRAWN) in TRANSITIONS
        possible = possible and (verb is withdraw_time_off or before == TimeOffStatus.APPROVED)
        if possible:
            await verb(scene.actor(who), request_id)
        else:
            with pytest.raises(IllegalTransition):
                await verb(scene.actor(who), request_id)
        assert await status_of(request_id) == ("withdrawn" if possible else before)


@pytest.mark.parametrize(("before", "new"), [each for each in product(TimeOffStatus, repeat=2) if each[0] != each[1]])
async def test_each_status_and_step_in_the_database(before: TimeOffStatus, new: TimeOffStatus):
    scene = await make_scene()
    request_id = await given(scene, before)
    statement = (
        "UPDATE time_off_requests SET status = :new, decided_by_id = employee_id, decided_at = now() WHERE id = :id"
    )

    if (before, new) in TRANSITIONS:
        await execute(statement, new=new.value, id=request_id)
    else:
        with pytest.raises(DBAPIError, match="cannot become"):
            await execute(statement, new=new.value, id=request_id)


async def test_the_database_keeps_the_times_of_a_request():
    scene = await make_scene()
    request_id = await given(scene, "waiting")
    for change in ("ends_at = ends_at + interval '1 day'", "kind = 'sick'", f"employee_id = {scene.carol.id}"):
        with pytest.raises(DBAPIError, match="stay as they are"):
            await execute(f"UPDATE time_off_requests SET {change} WHERE id = :id", id=request_id)


async def test_two_standing_requests_of_a_person_do_not_overlap():
    scene = await make_scene()
    first = await asked(scene, first_on=TUESDAY, last_on=TUESDAY + timedelta(days=2))

    with pytest.raises(Conflict, match="already"):
        await asked(scene, first_on=TUESDAY + timedelta(days=2))
    await asked(scene, first_on=TUESDAY + timedelta(days=3))
    await request_time_off(actor_of(scene.carol), asking())
    await withdraw_time_off(scene.actor("employee"), first)
    await asked(scene, first_on=TUESDAY)


async def test_asking_twice_at_once_is_asking_once():
    scene = await make_scene()

    outcomes = await asyncio.gather(*(asked(scene) for _ in range(10)), return_exceptions=True)

    assert sum(isinstance(each, int) for each in outcomes) == 1
    assert {type(each) for each in outcomes if not isinstance(each, int)} == {Conflict}
    assert await told(scene.manager) == ["time_off_requested"]


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"last_on": WEEK}, "last_on"),
        ({"last_on": TUESDAY + timedelta(days=366)}, "last_on"),
        ({"start": time(9)}, "end"),
        ({"start": time(9), "end": time(9)}, "end"),
        ({"first_on": datetime.now(UTC).date() - timedelta(days=40)}, "first_on"),
        ({"first_on": datetime.now(UTC).date() + timedelta(days=800)}, "first_on"),
        ({"first_on": date(9999, 12, 31)}, "first_on"),
        ({"note": "bell\x07"}, "note"),
        ({"note": "x" * 501}, "note"),
    ],
)
async def test_what_cannot_be_asked_for_is_refused_at_its_field(columns: dict[str, Any], field: str):
    scene = await make_scene()

    with pytest.raises(InvalidInput) as refused:
        await asked(scene, **columns)

    assert refused.value.field == field
    assert await rows("SELECT 1 FROM time_off_requests") == []


async def test_a_day_is_one_of_the_site_of_a_quarter_to_six():
    scene = await make_scene(time_zone="Asia/Kathmandu")

    row = await fetch(TimeOffRequest, await asked(scene))

    assert row.starts_at == datetime(WEEK.year, WEEK.month, WEEK.day, 18, 15, tzinfo=UTC)
    assert row.ends_at - row.starts_at == timedelta(days=1)


@pytest.mark.parametrize("role", ["employee", "carol", "stranger", "other_department", "supervisor_themselves"])
async def test_who_does_not_decide_changes_nothing(role: str):
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        bound = await build_employee(session, scene.site, role="supervisor", department_id=other.id)
    request_id = await given(scene, "waiting", scene.supervisor if role == "supervisor_themselves" else scene.bob)
    people = {"other_department": bound, "supervisor_themselves": scene.supervisor}
    actor = actor_of(people[role]) if role in people else scene.actor(role)

    for verb in (approve_time_off, reject_time_off, take_back_time_off):
        with pytest.raises((NotFound, NotAllowed)) as foreign:
            await verb(actor, request_id)
        with pytest.raises((NotFound, NotAllowed)) as missing:
            await verb(actor, 2**62)
        if role != "supervisor_themselves":
            assert (type(foreign.value), foreign.value.message) == (type(missing.value), missing.value.message)
    assert await status_of(request_id) == "waiting"


async def test_a_supervisor_decides_within_their_department_and_takes_shifts_of_it_alone():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        bound = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
    await execute("UPDATE employees SET department_id = :d WHERE id = :id", d=scene.department.id, id=scene.bob.id)
    await make_week(scene, {"day": 1, "department_id": other.id}, held={0: [scene.bob]}, status="published")
    request_id = await asked(scene)

    with pytest.raises(NotAllowed, match="another department"):
        await approve_time_off(actor_of(bound), request_id)
    await approve_time_off(scene.actor("supervisor"), request_id)


@pytest.mark.parametrize("role", ["admin", "manager", "supervisor", "carol", "stranger"])
async def test_nobody_withdraws_for_somebody_else(role: str):
    scene = await make_scene()
    request_id = await given(scene, "waiting")

    with pytest.raises(NotFound) as foreign:
        await withdraw_time_off(scene.actor(role), request_id)
    with pytest.raises(NotFound) as missing:
        await withdraw_time_off(scene.actor(role), 2**62)

    assert foreign.value.message == missing.value.message
    assert await status_of(request_id) == "waiting"


async def test_withdrawing_what_waits_tells_those_who_were_asked():
    scene = await make_scene()
    request_id = await asked(scene)

    await withdraw_time_off(scene.actor("employee"), request_id)

    assert await told(scene.manager) == ["time_off_requested", "time_off_request_withdrawn"]
    assert await told(scene.bob) == []


async def test_withdrawing_what_was_approved_tells_those_who_decide_and_frees_the_person():
    scene = await make_scene()
    _, [shift] = await make_week(scene, {"day": 1})
    request_id = await given(scene, "approved")
    with pytest.raises(RuleBroken):
        await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)

    await withdraw_time_off(scene.actor("employee"), request_id)

    assert await told(scene.manager) == ["time_off_withdrawn"]
    await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)


async def test_approved_time_off_that_has_begun_is_a_manager_s_to_take_back():
    scene = await make_scene()
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    async with writing() as session:
        running = await build_time_off(session, scene.bob, yesterday, yesterday + timedelta(days=3))
        over = await build_time_off(session, scene.carol, yesterday - timedelta(days=5))

    with pytest.raises(IllegalTransition, match="has begun"):
        await withdraw_time_off(scene.actor("employee"), running.id)
    with pytest.raises(IllegalTransition, match="is over"):
        await take_back_time_off(scene.actor("manager"), over.id)
    await take_back_time_off(scene.actor("manager"), running.id, note="Flood")
    assert await told(scene.bob) == ["time_off_decided"]


async def test_a_decision_over_somebody_else_s_says_who_was_quicker():
    scene = await make_scene()
    request_id = await asked(scene)
    await reject_time_off(scene.actor("manager"), request_id, expected_version=1)

    with pytest.raises(StaleVersion, match="John Manager"):
        await approve_time_off(actor_of(scene.second_manager), request_id, expected_version=1)


async def test_approve_and_reject_at_once_have_one_outcome_and_one_message():
    scene = await make_scene()
    request_id = await asked(scene)

    outcomes = await asyncio.gather(
        approve_time_off(scene.actor("manager"), request_id),
        reject_time_off(actor_of(scene.second_manager), request_id),
        withdraw_time_off(scene.actor("employee"), request_id),
        return_exceptions=True,
    )

    status = await status_of(request_id)
    assert status != "waiting"
    messages = await rows("SELECT payload ->> 'outcome' FROM notifications WHERE recipient_id = :id", id=scene.bob.id)
    assert [each for [each] in messages] in (
        [[]] if status == "withdrawn" and not messages else [["approved"], ["rejected"]]
    )
    assert all(
        each is None or isinstance(each, IllegalTransition) or not isinstance(each, Exception) for each in outcomes
    )


async def test_approving_and_assigning_at_once_leave_nobody_on_a_shift_in_their_time_off():
    scene = await make_scene()
    manager, other = scene.actor("manager"), actor_of(scene.second_manager)
    for turn in range(15):
        week = WEEK + timedelta(weeks=turn)
        status = "published" if turn % 2 else "draft"
        _, [shift] = await make_week(scene, {"day": 1}, status=status, week_start=week)
        request_id = await request_time_off(scene.actor("employee"), asking(week + timedelta(days=1)))

        outcomes = await asyncio.gather(
            approve_time_off(manager, request_id),
            assign_employee(other, shift.id, scene.bob.id),
            return_exceptions=True,
        )

        assert not isinstance(outcomes[0], BaseException)
        assert not isinstance(outcomes[1], BaseException) or isinstance(outcomes[1], RuleBroken)
        assert await inside_time_off() == []


async def inside_time_off() -> list[Any]:
    """Everybody who has a shift of a draft or a published week in approved time off."""
    return await rows("""
        SELECT held.id FROM schedule_assignments AS held
        JOIN schedules ON schedules.id = held.schedule_id AND schedules.status <> 'archived'
        JOIN time_off_requests AS away ON away.employee_id = held.employee_id AND away.status = 'approved'
            AND away.starts_at < held.ends_at AND away.ends_at > held.starts_at
        WHERE held.status IN ('assigned', 'pending', 'confirmed')
    """)


async def test_every_path_to_a_shift_is_closed():
    scene = await make_scene()
    manager = scene.actor("manager")
    schedule, [free, carols, monday] = await make_week(
        scene,
        {"day": 1},
        {"day": 1, "start": time(18), "end": time(22)},
        {"day": 0},
        held={1: [scene.carol], 2: [scene.bob]},
    )
    await given(scene, "approved")
    carols_held, bobs_held = await assignment_on(carols, scene.carol), await assignment_on(monday, scene.bob)

    async def refused(call: Any) -> str:
        with pytest.raises(RuleBroken) as error:
            await call
        return error.value.message

    words = "Bob Worker has time off"
    assert words in await refused(assign_employee(manager, free.id, scene.bob.id, override_reason="He asked to"))
    to_bob: dict[str, Any] = {
        "to_employee_id": scene.bob.id,
        "to_shift_id": carols.id,
        "expected_version": carols_held.version,
    }
    assert words in await refused(move_assignment(manager, carols_held.id, **to_bob))
    longer = ShiftDetails(WEEK, time(9), time(1))
    assert words in await refused(edit_shift(manager, monday.id, longer, expected_version=monday.version))
    assert words in str(await assign_selected(manager, {free.id: free.version}, scene.bob.id))
    async with read_session() as session:
        everybody = await candidates(session, manager, free.id)
    [bob] = [each for each in everybody.people if each.employee_id == scene.bob.id]
    assert (bob.level, bob.messages[0].startswith(words)) == ("block", True)
    assert await inside_time_off() == []
    assert (schedule.id, bobs_held.status) == (monday.schedule_id, "assigned")


async def test_undo_does_not_bring_back_a_shift_into_time_off():
    scene = await make_scene()
    _, [shift] = await make_week(scene, {"day": 1}, held={0: [scene.bob]})
    request_id = await asked(scene)
    await approve_time_off(scene.actor("manager"), request_id)

    with pytest.raises(RuleBroken, match="has time off"):
        await undo(scene.actor("manager"), scene.site.id)
    await take_back_time_off(scene.actor("manager"), request_id)
    await undo(scene.actor("manager"), scene.site.id)
    assert (await assignment_on(shift, scene.bob)).status == "assigned"


async def test_a_draft_that_has_somebody_off_cannot_be_published():
    scene = await make_scene()
    schedule, [shift] = await make_week(scene, {"day": 1}, held={0: [scene.bob]}, status="approved")
    # As a copy does that was made at the same moment.
    await given(scene, "approved")

    with pytest.raises(RuleBroken, match="has time off"):
        await publish_schedule(scene.actor("manager"), schedule.id, expected_version=schedule.version)
    assert (await assignment_on(shift, scene.bob)).in_force is False


async def test_what_a_decision_would_leave_is_told_before():
    scene = await make_scene()
    late = {"day": 1, "title": "Late", "start": time(14), "end": time(22)}
    await make_week(
        scene,
        {**late, "required_staff": 2},
        {"day": 1, "required_staff": 3, "start": time(6), "end": time(12)},
        held={0: [scene.bob, scene.carol], 1: [scene.supervisor]},
        status="published",
    )
    await given(scene, "approved", scene.carol, TUESDAY + timedelta(days=1))
    await given(scene, "waiting", scene.supervisor)
    await asked(scene, last_on=TUESDAY + timedelta(days=1), note="Wedding")

    async with read_session() as session:
        view = await time_off_decisions(session, scene.actor("manager"), now=datetime.now(UTC))

    [bob] = [each for each in view.waiting if each.name == "Bob Worker"]
    assert (bob.kind, bob.lasts, bob.note, bob.hindrance) == ("Vacation", "2 days", "Wedding", "")
    [shift] = bob.shifts
    assert (shift.label.endswith("(Late)"), shift.needed, shift.now, shift.then) == (True, 2, 2, 1)
    [day] = bob.days
    assert (day.needed, day.now, day.then, day.is_short) == (5, 3, 2, True)
    assert [each.split(",")[0] for each in bob.away] == ["Alice Supervisor", "Carol Worker"]
    assert [each.name for each in view.coming] == ["Carol Worker"]


async def test_who_decides_sees_their_own_people_alone():
    scene = await make_scene()
    async with writing() as session:
        bound = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
        theirs = await build_employee(session, scene.site, department_id=scene.department.id, name="Own Person")
    await given(scene, "waiting")
    await given(scene, "waiting", theirs)

    async def names(person: Employee) -> set[str]:
        async with read_session() as session:
            view = await time_off_decisions(session, actor_of(person), now=datetime.now(UTC))
        return {each.name for each in view.waiting}

    assert await names(scene.manager) == {"Bob Worker", "Own Person"}
    assert await names(bound) == {"Own Person"}
    assert await names(scene.stranger) == set()
    assert await names(scene.admin) == {"Bob Worker", "Own Person"}
    with pytest.raises(NotAllowed):
        await names(scene.bob)
