"""The life of a week."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta

import pytest

from schedule_app.domain.errors import (
    Conflict,
    IllegalTransition,
    InvalidInput,
    NotAllowed,
    NotFound,
    ScheduleError,
    StaleVersion,
)
from schedule_app.domain.permissions import Actor
from schedule_app.domain.schedule import TRANSITIONS, ScheduleStatus, ScheduleStep
from schedule_app.models import Schedule
from schedule_app.services.schedules import (
    approve_schedule,
    create_schedule,
    discard_draft,
    publish_schedule,
    reject_schedule,
    revise_schedule,
    submit_schedule,
)
from tests.db.services.scene import (
    WEEK,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    night,
    rows,
    told,
)

pytestmark = pytest.mark.usefixtures("database")


async def reject(actor: Actor, schedule_id: int, *, expected_version: int) -> None:
    """Reject with some reason."""
    await reject_schedule(actor, schedule_id, expected_version=expected_version, reason="Too thin on Monday")


STEPS: dict[ScheduleStep, Callable[..., Awaitable[None]]] = {
    ScheduleStep.SUBMIT: submit_schedule,
    ScheduleStep.APPROVE: approve_schedule,
    ScheduleStep.REJECT: reject,
    ScheduleStep.PUBLISH: publish_schedule,
}
MAY = {
    ScheduleStep.SUBMIT: {"admin", "manager", "supervisor"},
    ScheduleStep.APPROVE: {"admin", "manager"},
    ScheduleStep.REJECT: {"admin", "manager"},
    ScheduleStep.PUBLISH: {"admin", "manager"},
}


async def outcome_of(attempt: Awaitable[object]) -> ScheduleError | None:
    """What refused it, or None."""
    try:
        await attempt
    except ScheduleError as error:
        return error
    return None


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", ScheduleStatus)
async def test_each_status_and_step_for_each_role(status: ScheduleStatus, step: ScheduleStep):
    scene = await make_scene()
    for number, role in enumerate(("admin", "manager", "supervisor", "employee", "stranger")):
        schedule, _ = await make_week(scene, status=status, week_start=WEEK + timedelta(days=7 * number))
        version = (await fetch(Schedule, schedule.id)).version

        refused = await outcome_of(STEPS[step](scene.actor(role), schedule.id, expected_version=version))

        after = (await fetch(Schedule, schedule.id)).status
        if role == "stranger":
            assert type(refused) is NotFound
        elif role not in MAY[step]:
            assert type(refused) is NotAllowed
        elif (status, step) not in TRANSITIONS:
            assert type(refused) is IllegalTransition
        else:
            assert (refused, after) == (None, TRANSITIONS[status, step])
            [entry] = await audited("schedule", schedule.id)
            assert (entry.action, entry.before, entry.after["status"]) == (step, {"status": status}, after)
            continue
        assert after == status


@pytest.mark.parametrize("step", STEPS)
async def test_a_missing_week_looks_like_a_foreign_one(step: ScheduleStep):
    scene = await make_scene()
    schedule, _ = await make_week(scene)

    foreign = await outcome_of(STEPS[step](scene.actor("stranger"), schedule.id, expected_version=1))
    missing = await outcome_of(STEPS[step](scene.actor("stranger"), 2**70, expected_version=1))

    assert isinstance(foreign, NotFound)
    assert isinstance(missing, NotFound)
    assert foreign.message == missing.message


@pytest.mark.parametrize("step", STEPS)
async def test_a_stale_version_is_refused_and_says_what_happened(step: ScheduleStep):
    scene = await make_scene()
    schedule, _ = await make_week(scene)
    await submit_schedule(scene.actor("supervisor"), schedule.id, expected_version=1)

    refused = await outcome_of(STEPS[step](scene.actor("manager"), schedule.id, expected_version=1))

    assert type(refused) is StaleVersion
    assert "Alice Supervisor submitted it in the meantime" in refused.message
    assert (await fetch(Schedule, schedule.id)).status == "pending"


async def test_submitting_tells_those_who_may_approve():
    scene = await make_scene()
    schedule, _ = await make_week(scene)

    await submit_schedule(scene.actor("manager"), schedule.id, expected_version=1)

    for person in (scene.second_manager, scene.admin):
        assert await told(person) == ["schedule_submitted"]
    for person in (scene.manager, scene.supervisor, scene.bob, scene.stranger):
        assert await told(person) == []
    after = await fetch(Schedule, schedule.id)
    assert (after.submitted_by_id, after.submitted_at is None) == (scene.manager.id, False)


async def test_approving_and_rejecting_tell_the_submitter():
    scene = await make_scene()
    schedule, _ = await make_week(scene)
    await submit_schedule(scene.actor("supervisor"), schedule.id, expected_version=1)

    await approve_schedule(scene.actor("manager"), schedule.id, expected_version=2)
    await reject_schedule(scene.actor("manager"), schedule.id, expected_version=3, reason=" Too thin\x3c/b\x3e ")

    assert await told(scene.supervisor) == ["schedule_approved", "schedule_rejected"]
    assert await told(scene.manager) == ["schedule_submitted"]
    after = await fetch(Schedule, schedule.id)
    assert (after.status, after.rejected_reason, after.approved_by_id) == ("draft", "Too thin</b>", None)
    assert [entry.reason for entry in await audited("schedule", schedule.id)] == [None, None, "Too thin</b>"]

    await submit_schedule(scene.actor("supervisor"), schedule.id, expected_version=4)
    assert (await fetch(Schedule, schedule.id)).rejected_reason is None


async def test_submitters_are_not_told_what_they_did_themselves():
    scene = await make_scene()
    schedule, _ = await make_week(scene)
    manager = scene.actor("manager")

    await submit_schedule(manager, schedule.id, expected_version=1)
    await approve_schedule(manager, schedule.id, expected_version=2)
    await publish_schedule(manager, schedule.id, expected_version=3)

    assert await told(scene.manager) == []


@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 501, "bell \x07"])
async def test_rejecting_needs_a_reason(reason: str):
    scene = await make_scene()
    schedule, _ = await make_week(scene, status="pending")

    with pytest.raises(InvalidInput):
        await reject_schedule(scene.actor("manager"), schedule.id, expected_version=2, reason=reason)

    assert (await fetch(Schedule, schedule.id)).status == "pending"


async def test_four_eyes_means_that_the_submitter_does_not_approve():
    scene = await make_scene(four_eyes=True)
    schedule, _ = await make_week(scene)
    await submit_schedule(scene.actor("manager"), schedule.id, expected_version=1)

    with pytest.raises(NotAllowed, match="somebody else has to approve"):
        await approve_schedule(scene.actor("manager"), schedule.id, expected_version=2)
    await approve_schedule(scene.actor("second_manager"), schedule.id, expected_version=2)

    assert (await fetch(Schedule, schedule.id)).approved_by_id == scene.second_manager.id


async def test_two_who_decide_at_once_are_one_decision():
    scene = await make_scene()
    schedule, _ = await make_week(scene, status="pending")

    outcomes = await asyncio.gather(
        approve_schedule(scene.actor("manager"), schedule.id, expected_version=2),
        reject(scene.actor("second_manager"), schedule.id, expected_version=2),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "StaleVersion"]


@pytest.mark.parametrize("role", ["admin", "manager"])
async def test_create_begins_on_the_first_day_of_the_sites_week(role: str):
    scene = await make_scene(week_starts_on=6)
    wednesday = date(2027, 3, 31)

    schedule_id = await create_schedule(scene.actor(role), scene.site.id, wednesday)

    made = await fetch(Schedule, schedule_id)
    assert (made.week_start, made.week_end) == (date(2027, 3, 28), date(2027, 4, 3))
    assert (made.status, made.version_number, made.created_by_id) == ("draft", 1, scene.actor(role).employee_id)


@pytest.mark.parametrize(
    ("role", "error"),
    [("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)],
)
async def test_others_may_not_make_revise_or_discard_weeks(role: str, error: type[ScheduleError]):
    scene = await make_scene()
    published, _ = await make_week(scene, status="published")
    draft, _ = await make_week(scene, week_start=WEEK + timedelta(days=7))
    actor = scene.actor(role)

    for attempt in (
        create_schedule(actor, scene.site.id, WEEK + timedelta(days=14)),
        revise_schedule(actor, published.id),
        discard_draft(actor, draft.id, expected_version=1),
    ):
        assert type(await outcome_of(attempt)) is error
    assert len(await rows("SELECT id FROM schedules")) == 2


async def test_create_at_a_missing_site_or_from_a_foreign_week_is_not_found():
    scene = await make_scene()
    theirs, _ = await make_week(scene)
    stranger = scene.actor("stranger")

    for attempt in (
        create_schedule(stranger, 2**70, WEEK),
        create_schedule(stranger, scene.site.id, WEEK),
        create_schedule(stranger, stranger.site_id, WEEK, copy_shifts_from=theirs.id),
        create_schedule(stranger, stranger.site_id, WEEK, copy_shifts_from=2**70),
    ):
        assert type(await outcome_of(attempt)) is NotFound
    assert len(await rows("SELECT id FROM schedules")) == 1


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
async def test_create_in_an_absurd_year_is_refused(day: date):
    scene = await make_scene()

    with pytest.raises(InvalidInput):
        await create_schedule(scene.actor("manager"), scene.site.id, day)


@pytest.mark.parametrize("status", ["draft", "pending", "approved", "published"])
async def test_a_week_is_made_once(status: str):
    scene = await make_scene()
    await make_week(scene, status=status)

    with pytest.raises(Conflict, match="published" if status == "published" else f"version 1, {status}"):
        await create_schedule(scene.actor("manager"), scene.site.id, WEEK + timedelta(days=2))


async def test_two_who_begin_a_week_at_once_make_one():
    scene = await make_scene()

    outcomes = await asyncio.gather(
        *(create_schedule(scene.actor("manager"), scene.site.id, WEEK) for _ in range(8)), return_exceptions=True
    )

    refused = [each for each in outcomes if isinstance(each, BaseException)]
    assert len(refused) == 7
    assert all(isinstance(each, Conflict) for each in refused)
    assert len(await rows("SELECT id FROM schedules")) == 1


async def test_copied_shifts_keep_their_wall_time_over_a_clock_change():
    scene = await make_scene()
    # Berlin's clocks go forward on Sunday 28 March 2027.
    source, _ = await make_week(
        scene,
        {"day": 5, "start": time(22), "end": time(6), "title": "Night", "qualifications": ("first aid",)},
        {"day": 6, "required_staff": 3, "department_id": scene.department.id},
        week_start=date(2027, 3, 15),
        held={1: [scene.bob]},
    )

    copy_id = await create_schedule(
        scene.actor("manager"), scene.site.id, date(2027, 3, 22), copy_shifts_from=source.id
    )

    copied = await rows(
        "SELECT local_date, local_start, local_end, EXTRACT(epoch FROM ends_at - starts_at) / 3600 AS hours, title,"
        " requirements, required_staff, department_id, lineage_id"
        " FROM shifts WHERE schedule_id = :id ORDER BY starts_at",
        id=copy_id,
    )
    assert [tuple(row)[:4] for row in copied] == [
        (date(2027, 3, 27), time(22), time(6), 7),
        (date(2027, 3, 28), time(9), time(17), 8),
    ]
    assert (copied[0].title, copied[0].requirements) == ("Night", {"qualifications": ["first aid"]})
    assert (copied[1].required_staff, copied[1].department_id) == (3, scene.department.id)
    lineages = await rows("SELECT lineage_id FROM shifts WHERE schedule_id = :id", id=source.id)
    assert not {row.lineage_id for row in copied} & {row.lineage_id for row in lineages}
    assert await rows("SELECT id FROM schedule_assignments WHERE schedule_id = :id", id=copy_id) == []


async def test_copying_from_an_empty_week_is_refused():
    scene = await make_scene()
    empty = await create_schedule(scene.actor("manager"), scene.site.id, WEEK)

    with pytest.raises(NotFound, match="no shifts"):
        await create_schedule(scene.actor("manager"), scene.site.id, WEEK + timedelta(days=7), copy_shifts_from=empty)
    assert len(await rows("SELECT id FROM schedules")) == 1


async def test_revise_copies_shifts_people_and_warnings():
    scene = await make_scene()
    parent, [shift, late] = await make_week(
        scene, {"title": "Early"}, night(2), held={0: [scene.bob, scene.carol], 1: [scene.bob]}, status="published"
    )
    await execute("UPDATE schedule_assignments SET status = 'declined' WHERE employee_id = :id", id=scene.carol.id)
    await execute(
        "INSERT INTO rule_violations (schedule_id, assignment_id, rule_type, severity, message)"
        " SELECT schedule_id, id, 'preference', 'warn', 'Bob dislikes it' FROM schedule_assignments"
        " WHERE shift_id = :id AND status = 'pending'",
        id=shift.id,
    )

    child_id = await revise_schedule(scene.actor("manager"), parent.id)

    child = await fetch(Schedule, child_id)
    assert (child.status, child.parent_id, child.version_number) == ("draft", parent.id, 2)
    copied = await rows(
        "SELECT shifts.lineage_id, shifts.title, held.employee_id, held.status, held.in_force,"
        " (SELECT count(*) FROM rule_violations WHERE assignment_id = held.id) AS warnings"
        " FROM schedule_assignments AS held JOIN shifts ON shifts.id = held.shift_id"
        " WHERE held.schedule_id = :id ORDER BY shifts.starts_at",
        id=child_id,
    )
    assert [tuple(row) for row in copied] == [
        (shift.lineage_id, "Early", scene.bob.id, "assigned", False, 1),
        (late.lineage_id, None, scene.bob.id, "assigned", False, 0),
    ]
    assert (await fetch(Schedule, parent.id)).status == "published"
    with pytest.raises(Conflict, match="version 2, draft"):
        await revise_schedule(scene.actor("manager"), parent.id)


@pytest.mark.parametrize("status", ["draft", "pending", "approved", "archived"])
async def test_only_a_published_week_is_revised(status: str):
    scene = await make_scene()
    schedule, _ = await make_week(scene, status=status)

    with pytest.raises(IllegalTransition, match=status):
        await revise_schedule(scene.actor("manager"), schedule.id)


async def test_discard_throws_a_draft_away_with_all_that_is_in_it():
    scene = await make_scene()
    schedule, _ = await make_week(scene, held={0: [scene.bob]})

    with pytest.raises(StaleVersion):
        await discard_draft(scene.actor("manager"), schedule.id, expected_version=9)
    await discard_draft(scene.actor("manager"), schedule.id, expected_version=1)

    for table in ("schedules", "shifts", "schedule_assignments"):
        assert await rows(f"SELECT id FROM {table}") == []
    [entry] = await audited("schedule", schedule.id)
    assert (entry.action, entry.before["status"]) == ("discard", "draft")


@pytest.mark.parametrize("status", ["pending", "approved", "published", "archived"])
async def test_only_a_draft_is_discarded(status: str):
    scene = await make_scene()
    schedule, _ = await make_week(scene, status=status)
    version = (await fetch(Schedule, schedule.id)).version

    with pytest.raises(IllegalTransition, match=status):
        await discard_draft(scene.actor("manager"), schedule.id, expected_version=version)
