"""Giving shifts to people and taking them away."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import text

from schedule_app.domain.errors import (
    AlreadyAssigned,
    DoubleBooking,
    IllegalTransition,
    InvalidInput,
    NeedsOverride,
    NotAllowed,
    NotFound,
    RuleBroken,
    ScheduleError,
    StaleVersion,
)
from schedule_app.domain.notices import parse, word
from schedule_app.models import Schedule, ScheduleAssignment
from schedule_app.services.assignments import assign_employee, unassign_employee
from schedule_app.services.schedules import revise_schedule
from schedule_app.services.shifts import delete_shift
from tests.db.services.scene import (
    WEEK,
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
    until_somebody_waits,
    writing,
)
from tests.support.builders import advance_schedule, build_department, build_employee, build_rule, build_site

pytestmark = pytest.mark.usefixtures("database")

HUGE = 2**70


async def test_assign_in_a_draft_tells_nobody():
    scene = await make_scene()
    schedule, [shift] = await make_week(scene)

    assigned = await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)

    held = await assignment_on(shift, scene.bob)
    assert (held.id, held.status, held.confirm_by, held.source) == (
        assigned.assignment_id,
        "assigned",
        None,
        "manual",
    )
    assert (assigned.warnings, await told(scene.bob)) == ((), [])
    [entry] = await audited("assignment", held.id)
    assert (entry.action, entry.actor_id, entry.site_id) == ("assign", scene.manager.id, scene.site.id)
    assert entry.after == {"schedule_id": schedule.id, "shift_id": shift.id, "employee_id": scene.bob.id}


async def test_assign_in_a_published_week_asks_and_tells():
    scene = await make_scene(confirm_within_minutes=90)
    _, [shift] = await make_week(scene, {"title": "Early"}, status="published")

    assigned = await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)

    held = await fetch(ScheduleAssignment, assigned.assignment_id)
    assert held.status == "pending"
    assert timedelta(minutes=89) < held.confirm_by - datetime.now(UTC) <= timedelta(minutes=90)
    [[kind, payload, url, related, deliveries]] = await rows(
        "SELECT type, payload, action_url, related_id,"
        " (SELECT array_agg(channel || ' ' || status) FROM notification_deliveries WHERE notification_id = n.id)"
        " FROM notifications AS n WHERE recipient_id = :id",
        id=scene.bob.id,
    )
    assert (kind, url, related, deliveries) == ("assignment_added", "/me", held.id, ["in_app sent"])
    assert "09:00–17:00 (Early). Please confirm by" in word(parse(kind, payload), clock_24h=True).body


async def test_assign_asks_for_an_answer_before_the_shift_starts():
    scene = await make_scene(confirm_within_minutes=43200)
    _, [shift] = await make_week(scene, status="published")

    assigned = await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)

    assert (await fetch(ScheduleAssignment, assigned.assignment_id)).confirm_by == shift.starts_at


@pytest.mark.parametrize(
    ("status", "words"),
    [("pending", "waits for approval"), ("approved", "is approved"), ("archived", "replaced by a newer version")],
)
@pytest.mark.parametrize("role", ["admin", "manager", "supervisor"])
async def test_assign_and_unassign_are_refused_while_a_week_is_not_open(role: str, status: str, words: str):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.carol]}, status=status)
    held = await assignment_on(shift, scene.carol)

    with pytest.raises(IllegalTransition, match=words):
        await assign_employee(scene.actor(role), shift.id, scene.bob.id)
    with pytest.raises(IllegalTransition, match=words):
        await unassign_employee(scene.actor(role), held.id)
    assert (await fetch(ScheduleAssignment, held.id)).version == held.version


@pytest.mark.parametrize("status", ["draft", "published"])
@pytest.mark.parametrize("role", ["admin", "manager", "supervisor"])
async def test_those_who_plan_assign_and_unassign(role: str, status: str):
    scene = await make_scene()
    _, [shift] = await make_week(scene, status=status)

    assigned = await assign_employee(scene.actor(role), shift.id, scene.bob.id)
    await unassign_employee(scene.actor(role), assigned.assignment_id, expected_version=1)

    held = await fetch(ScheduleAssignment, assigned.assignment_id)
    assert (held and held.status) == {"draft": None, "published": "cancelled"}[status]
    assert [entry.action for entry in await audited("assignment", assigned.assignment_id)] == ["assign", "unassign"]
    assert await told(scene.bob) == {"draft": [], "published": ["assignment_added", "assignment_removed"]}[status]


@pytest.mark.parametrize(
    ("role", "error"), [("employee", NotAllowed), ("stranger", NotFound)], ids=["employee", "stranger"]
)
@pytest.mark.parametrize("status", ["draft", "published"])
async def test_others_may_neither_assign_nor_unassign(role: str, error: type[ScheduleError], status: str):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.carol]}, status=status)
    held = await assignment_on(shift, scene.carol)

    with pytest.raises(error) as refused_assigning:
        await assign_employee(scene.actor(role), shift.id, scene.bob.id)
    with pytest.raises(error) as refused_unassigning:
        await unassign_employee(scene.actor(role), held.id)
    with pytest.raises(error) as missing:
        await unassign_employee(scene.actor(role), HUGE)

    assert refused_assigning.value.message == refused_unassigning.value.message == missing.value.message
    assert await rows("SELECT id FROM schedule_assignments") == [(held.id,)]
    assert await rows("SELECT id FROM audit_entries") == []


async def test_missing_and_foreign_ids_look_the_same():
    scene = await make_scene()
    _, [shift] = await make_week(scene)
    manager = scene.actor("manager")

    messages: set[str] = set()
    for shift_id, employee_id in [
        (HUGE, scene.bob.id),
        (0, scene.bob.id),
        (-1, scene.bob.id),
        (shift.id, HUGE),
        (shift.id, scene.stranger.id),
        (shift.id, 0),
    ]:
        with pytest.raises(NotFound) as refused:
            await assign_employee(manager, shift_id, employee_id)
        messages.add(refused.value.message)

    assert len(messages) == 1
    assert await rows("SELECT id FROM schedule_assignments") == []


async def test_a_deleted_person_is_not_found_and_an_inactive_one_is_refused():
    scene = await make_scene()
    _, [shift] = await make_week(scene)
    await execute("UPDATE employees SET deleted_at = now() WHERE id = :id", id=scene.bob.id)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)

    with pytest.raises(NotFound):
        await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)
    with pytest.raises(RuleBroken, match="not active"):
        await assign_employee(scene.actor("manager"), shift.id, scene.carol.id)


async def test_a_supervisor_of_a_department_assigns_within_it_alone():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        head = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
    _, [own, foreign, general] = await make_week(
        scene, {"department_id": scene.department.id}, {"day": 1, "department_id": other.id}, {"day": 2}
    )

    await assign_employee(actor_of(head), own.id, scene.bob.id)
    for shift in (foreign, general):
        with pytest.raises(NotAllowed):
            await assign_employee(actor_of(head), shift.id, scene.bob.id)
        theirs = await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)
        with pytest.raises(NotAllowed):
            await unassign_employee(actor_of(head), theirs.assignment_id)


@pytest.mark.parametrize("status", ["draft", "published"])
async def test_assign_twice_is_refused(status: str):
    scene = await make_scene()
    _, [shift] = await make_week(scene, status=status)
    await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)

    with pytest.raises(AlreadyAssigned, match="Bob Worker already has this shift"):
        await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)


async def test_more_people_than_needed_may_be_assigned():
    scene = await make_scene()
    _, [shift] = await make_week(scene, {"required_staff": 1})

    await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)
    await assign_employee(scene.actor("manager"), shift.id, scene.carol.id)

    assert len(await rows("SELECT id FROM schedule_assignments")) == 2


async def test_touching_shifts_are_fine_and_one_minute_of_overlap_is_not():
    scene = await make_scene()
    _, [early, late, sooner] = await make_week(
        scene,
        {"start": time(7), "end": time(15)},
        {"start": time(15), "end": time(23)},
        {"start": time(14, 59), "end": time(20)},
    )
    manager = scene.actor("manager")
    await assign_employee(manager, early.id, scene.bob.id)

    with pytest.raises(DoubleBooking, match="Bob Worker already works"):
        await assign_employee(manager, sooner.id, scene.bob.id, override_reason="We are desperate")
    await assign_employee(manager, late.id, scene.bob.id)


async def test_the_night_before_counts_into_the_morning():
    scene = await make_scene()
    _, [late, early] = await make_week(scene, night(), {"day": 1, "start": time(5), "end": time(13)})
    await assign_employee(scene.actor("manager"), late.id, scene.bob.id)

    with pytest.raises(DoubleBooking):
        await assign_employee(scene.actor("manager"), early.id, scene.bob.id)


async def test_published_shifts_of_other_weeks_count():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site)
    await make_week(scene, night(6), held={0: [scene.bob]}, status="published", week_start=WEEK - timedelta(days=7))
    _, [monday_early, monday_late] = await make_week(
        scene, {"start": time(5), "end": time(9)}, {"start": time(10), "end": time(18)}
    )

    with pytest.raises(DoubleBooking):
        await assign_employee(scene.actor("manager"), monday_early.id, scene.bob.id)
    with pytest.raises(RuleBroken, match="of rest before this shift"):
        await assign_employee(scene.actor("manager"), monday_late.id, scene.bob.id)


async def test_the_first_drafts_of_other_weeks_count_and_revisions_do_not():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site)
    before, [sunday_night] = await make_week(scene, night(6))
    _, [early] = await make_week(scene, {"start": time(7), "end": time(15)}, week_start=WEEK + timedelta(days=7))
    manager = scene.actor("manager")
    held = await assign_employee(manager, sunday_night.id, scene.bob.id)

    with pytest.raises(RuleBroken, match="1 h of rest before this shift"):
        await assign_employee(manager, early.id, scene.bob.id)

    # Published without Bob, who is on it again in a revision only.
    await unassign_employee(manager, held.assignment_id)
    async with writing() as session:
        await advance_schedule(session, await session.get_one(Schedule, before.id), "published")
    draft = await revise_schedule(manager, before.id)
    [[shift_id]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id", id=draft)
    await assign_employee(manager, shift_id, scene.bob.id)
    await assign_employee(manager, early.id, scene.bob.id)


async def test_published_shifts_of_other_sites_in_the_same_week_count():
    scene = await make_scene()
    async with writing() as session:
        elsewhere = await build_site(session)
    await make_week(scene, {}, held={0: [scene.bob]}, status="published", site=elsewhere)
    _, [shift] = await make_week(scene, {"start": time(16), "end": time(20)})

    with pytest.raises(DoubleBooking):
        await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)


async def test_the_published_version_of_the_same_week_does_not_count_twice():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]}, status="published")
    async with writing() as session:
        await build_rule(
            session, scene.site, rule_type="workload", constraints={"max_minutes_per_week": 480}, name="One shift"
        )
    [[published_id]] = await rows("SELECT id FROM schedules")
    child_id = await revise_schedule(scene.actor("manager"), published_id)
    [[copy_id]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id", id=child_id)
    [[held_id]] = await rows("SELECT id FROM schedule_assignments WHERE schedule_id = :id", id=child_id)
    await unassign_employee(scene.actor("manager"), held_id)

    assigned = await assign_employee(scene.actor("manager"), copy_id, scene.bob.id)

    assert assigned.warnings == ()


async def test_a_blocking_rule_refuses_whatever_the_reason():
    scene = await make_scene()
    async with writing() as session:
        rule = await build_rule(session, scene.site)
    _, [late, early] = await make_week(scene, night(), {"day": 1, "start": time(10), "end": time(18)})
    await assign_employee(scene.actor("manager"), late.id, scene.bob.id)

    with pytest.raises(RuleBroken) as refused:
        await assign_employee(scene.actor("manager"), early.id, scene.bob.id, override_reason="He agreed to it")

    [violation] = refused.value.violations
    assert (violation.rule_id, violation.severity, violation.shift_id) == (rule.id, "block", early.id)
    assert "4 h of rest" in refused.value.message


async def test_a_missing_qualification_refuses():
    scene = await make_scene()
    _, [shift] = await make_week(scene, {"qualifications": ("first aid",)})

    with pytest.raises(RuleBroken, match="Bob Worker does not hold the qualification first aid"):
        await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)
    await execute(
        """UPDATE employees SET qualifications = '[{"name": "First Aid", "expires_on": null}]' WHERE id = :id""",
        id=scene.bob.id,
    )
    await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)


async def test_availability_is_judged_by_the_weekday_of_the_site():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, rule_type="availability", constraints={}, name="Availability")
    await execute(
        """UPDATE employees SET availability = '{"monday": {"available": false}, "tuesday": {"available": true,
           "time_slots": [{"start": "08:00", "end": "18:00", "preference": "available"}]}}' WHERE id = :id""",
        id=scene.bob.id,
    )
    _, [monday, tuesday] = await make_week(scene, {}, {"day": 1})

    with pytest.raises(RuleBroken):
        await assign_employee(scene.actor("manager"), monday.id, scene.bob.id)
    await assign_employee(scene.actor("manager"), tuesday.id, scene.bob.id)


async def test_a_warning_needs_a_reason_and_the_reason_is_kept():
    scene = await make_scene()
    async with writing() as session:
        rule = await build_rule(session, scene.site, strict=False)
    _, [late, early] = await make_week(scene, night(), {"day": 1, "start": time(10), "end": time(18)})
    await assign_employee(scene.actor("manager"), late.id, scene.bob.id)

    with pytest.raises(NeedsOverride, match="4 h of rest"):
        await assign_employee(scene.actor("manager"), early.id, scene.bob.id)
    assigned = await assign_employee(
        scene.actor("manager"), early.id, scene.bob.id, override_reason="  <b>He</b> agreed\r\nto it "
    )

    reason = "<b>He</b> agreed\nto it"
    assert [each.rule_id for each in assigned.warnings] == [rule.id]
    assert (await fetch(ScheduleAssignment, assigned.assignment_id)).override_reason == reason
    [entry] = await audited("assignment", assigned.assignment_id)
    assert entry.reason == reason
    kept = await rows(
        "SELECT rule_id, rule_type, severity, override_reason, overridden_by_id FROM rule_violations"
        " WHERE assignment_id = :id",
        id=assigned.assignment_id,
    )
    assert kept == [(rule.id, "rest_period", "warn", reason, scene.manager.id)]


async def test_a_supervisor_sees_warnings_and_may_not_override_them():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
    _, [late, early] = await make_week(scene, night(), {"day": 1, "start": time(10), "end": time(18)})
    await assign_employee(scene.actor("supervisor"), late.id, scene.bob.id)

    with pytest.raises(NeedsOverride):
        await assign_employee(scene.actor("supervisor"), early.id, scene.bob.id)
    with pytest.raises(NotAllowed):
        await assign_employee(scene.actor("supervisor"), early.id, scene.bob.id, override_reason="He agreed")
    assert len(await rows("SELECT id FROM schedule_assignments")) == 1


async def test_a_reason_nobody_needed_is_not_kept():
    scene = await make_scene()
    _, [shift] = await make_week(scene)

    assigned = await assign_employee(scene.actor("manager"), shift.id, scene.bob.id, override_reason="Just in case")

    assert (await fetch(ScheduleAssignment, assigned.assignment_id)).override_reason is None


@pytest.mark.parametrize("reason", ["no", "x" * 501, "bell \x07", "null \x00 byte", "lone \ud800 surrogate"])
async def test_an_unusable_reason_is_refused(reason: str):
    scene = await make_scene()
    _, [shift] = await make_week(scene)

    with pytest.raises(InvalidInput) as refused:
        await assign_employee(scene.actor("manager"), shift.id, scene.bob.id, override_reason=reason)

    assert refused.value.field == "override_reason"
    assert await rows("SELECT id FROM schedule_assignments") == []


@pytest.mark.parametrize("before", ["declined", "cancelled"])
async def test_somebody_who_was_off_a_published_shift_can_be_asked_again(before: str):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    await execute("UPDATE schedule_assignments SET status = :status, response_note = 'Ill'", status=before)

    assigned = await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)

    held = await assignment_on(shift, scene.bob)
    assert (held.id, held.status, held.response_note) == (assigned.assignment_id, "pending", None)
    assert await told(scene.bob) == ["assignment_added"]


async def test_managers_who_assign_themselves_are_not_told():
    scene = await make_scene()
    _, [shift] = await make_week(scene, status="published")

    assigned = await assign_employee(scene.actor("manager"), shift.id, scene.manager.id)
    await unassign_employee(scene.actor("manager"), assigned.assignment_id)

    assert await told(scene.manager) == []


async def test_unassign_refuses_a_stale_version_and_says_who_was_first():
    scene = await make_scene()
    _, [shift] = await make_week(scene, status="published")
    assigned = await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)
    await execute("UPDATE schedule_assignments SET pinned = true")

    with pytest.raises(StaleVersion, match="John Manager assigned it in the meantime"):
        await unassign_employee(scene.actor("second_manager"), assigned.assignment_id, expected_version=1)

    await unassign_employee(scene.actor("second_manager"), assigned.assignment_id, expected_version=2)


async def test_what_somebody_removed_first_is_refused_with_who_did_but_not_told_to_others():
    scene = await make_scene()
    _, [shift, other] = await make_week(scene, {}, {"day": 1})
    manager, joan = scene.actor("manager"), scene.actor("second_manager")
    gone = await assign_employee(manager, shift.id, scene.bob.id)
    await unassign_employee(joan, gone.assignment_id)
    with pytest.raises(StaleVersion, match="Joan Manager took it away in the meantime"):
        await unassign_employee(manager, gone.assignment_id, expected_version=1)

    swept = await assign_employee(manager, other.id, scene.bob.id)
    await delete_shift(joan, other.id, expected_version=1)
    with pytest.raises(StaleVersion, match="Joan Manager deleted it in the meantime"):
        await unassign_employee(manager, swept.assignment_id, expected_version=1)
    with pytest.raises(StaleVersion, match="Joan Manager deleted it in the meantime"):
        await assign_employee(manager, other.id, scene.bob.id)

    for assigned in (gone, swept):
        with pytest.raises(NotFound) as refused:
            await unassign_employee(scene.actor("stranger"), assigned.assignment_id, expected_version=1)
        assert refused.value.message == NotFound().message


@pytest.mark.parametrize(
    ("before", "is_told", "allowed"),
    [
        ("assigned", True, True),
        ("pending", True, True),
        ("confirmed", True, True),
        ("declined", False, True),
        ("cancelled", False, False),
        ("completed", False, False),
    ],
)
async def test_unassign_in_a_published_week_from_each_status(before: str, is_told: bool, allowed: bool):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    held = await assignment_on(shift, scene.bob)
    if before == "assigned":
        await execute("DELETE FROM schedule_assignments")
        await execute(
            "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force)"
            " SELECT schedule_id, id, :employee, starts_at, ends_at, true FROM shifts",
            employee=scene.bob.id,
        )
        held = await assignment_on(shift, scene.bob)
    for status in {"completed": ["confirmed", "completed"]}.get(before, [before]):
        await execute("UPDATE schedule_assignments SET status = :status", status=status)

    if allowed:
        await unassign_employee(scene.actor("manager"), held.id)
        assert (await fetch(ScheduleAssignment, held.id)).status == "cancelled"
    else:
        with pytest.raises(IllegalTransition):
            await unassign_employee(scene.actor("manager"), held.id)
        assert (await fetch(ScheduleAssignment, held.id)).status == before
    assert await told(scene.bob) == (["assignment_removed"] if is_told else [])


async def test_a_rule_nobody_can_read_is_named():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, name="Rest well", constraints={"min_minuts": 660})
    _, [shift] = await make_week(scene)

    with pytest.raises(InvalidInput, match="Rest well"):
        await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)


async def test_an_assignment_that_waited_for_a_shifts_edit_is_judged_by_the_new_values():
    scene = await make_scene()
    schedule, [shift] = await make_week(scene)
    async with writing() as session:
        await session.execute(text("SELECT 1 FROM schedules WHERE id = :id FOR NO KEY UPDATE"), {"id": schedule.id})
        await session.execute(
            text("""UPDATE shifts SET requirements = '{"qualifications": ["first aid"]}' WHERE id = :id"""),
            {"id": shift.id},
        )
        waiting = asyncio.create_task(assign_employee(scene.actor("manager"), shift.id, scene.bob.id))
        await until_somebody_waits()

    with pytest.raises(RuleBroken, match="first aid"):
        await waiting


async def test_who_is_put_on_a_shift_that_has_begun_is_told_and_not_asked():
    scene = await make_scene()
    manager = scene.actor("manager")
    _, [begun] = await make_week(
        scene, held={0: [scene.carol]}, status="published", week_start=WEEK - timedelta(weeks=8)
    )
    _, [coming] = await make_week(scene, status="published")

    for shift, status, is_asked in ((begun, "assigned", False), (coming, "pending", True)):
        await assign_employee(manager, shift.id, scene.bob.id)
        held = await assignment_on(shift, scene.bob)
        assert (held.status, held.confirm_by is not None) == (status, is_asked)
    asked = await rows(
        "SELECT payload ->> 'confirm_by' FROM notifications WHERE recipient_id = :id ORDER BY id", id=scene.bob.id
    )
    assert [by is not None for [by] in asked] == [False, True]
    await unassign_employee(manager, (await assignment_on(begun, scene.bob)).id)
    assert (await assignment_on(begun, scene.bob)).status == "cancelled"
