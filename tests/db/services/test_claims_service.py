"""Claiming open shifts: at once or by approval, each party told the one outcome."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from schedule_app.domain.errors import (
    AlreadyAssigned,
    Conflict,
    DeadlinePassed,
    IllegalTransition,
    InvalidInput,
    NeedsOverride,
    NotAllowed,
    NotFound,
    PlaceTaken,
    RuleBroken,
    ScheduleError,
    StaleVersion,
)
from schedule_app.models import Claim, Employee, ScheduleAssignment, Shift
from schedule_app.services.assignments import assign_employee, unassign_employee
from schedule_app.services.claims import approve_claim, claim_shift, reject_claim, withdraw_claim
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from schedule_app.services.settling import settle_claims
from schedule_app.services.undo import redo, undo
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
    rows,
    told,
    until_somebody_waits,
    writing,
)
from tests.support.builders import build_department, build_employee, build_rule

pytestmark = pytest.mark.usefixtures("database")


async def open_shift(scene: Scene, **columns: Any) -> Shift:
    """A shift of a published week that nobody has."""
    _, [shift] = await make_week(scene, {"title": "Early", **columns}, status="published")
    return shift


async def waiting(scene: Scene, shift: Shift, person: Employee | None = None) -> int:
    """A request for the shift."""
    claimed = await claim_shift(actor_of(person or scene.bob), shift.id)
    assert claimed.claim_id is not None
    return claimed.claim_id


async def status_of(claim_id: int) -> str:
    return (await fetch(Claim, claim_id)).status


async def test_a_claim_is_a_confirmed_assignment_at_once_and_the_planners_are_told():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        own = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
        foreign = await build_employee(session, scene.site, role="supervisor", department_id=other.id)
    shift = await open_shift(scene, department_id=scene.department.id)

    claimed = await claim_shift(scene.actor("employee"), shift.id)

    held = await assignment_on(shift, scene.bob)
    assert (claimed.assignment_id, claimed.claim_id) == (held.id, None)
    assert (held.status, held.source, held.in_force) == ("confirmed", "claim", True)
    assert held.responded_at is not None
    for planner in (scene.manager, scene.second_manager, scene.supervisor, own):
        assert await told(planner) == ["shift_claimed"]
    for other in (scene.bob, scene.carol, scene.stranger, scene.admin, foreign):
        assert await told(other) == []
    [entry] = await audited("assignment", held.id)
    assert (entry.action, entry.actor_id) == ("assign", scene.bob.id)


async def test_with_approval_a_claim_waits_and_becomes_an_assignment_when_approved():
    scene = await make_scene(claims_need_approval=True)
    shift = await open_shift(scene)

    claim_id = await waiting(scene, shift)
    assert await rows("SELECT id FROM schedule_assignments") == []
    assert await told(scene.manager) == ["claim_waiting"]
    [[url]] = await rows("SELECT action_url FROM notifications WHERE recipient_id = :id", id=scene.manager.id)
    assert url == "/requests"

    await approve_claim(scene.actor("supervisor"), claim_id, note="Thank you")

    held = await assignment_on(shift, scene.bob)
    assert (held.status, held.source, held.created_by_id) == ("confirmed", "claim", scene.supervisor.id)
    claim = await fetch(Claim, claim_id)
    assert (claim.status, claim.decided_by_id, claim.note) == ("accepted", scene.supervisor.id, "Thank you")
    assert await told(scene.bob) == ["claim_accepted"]
    assert [entry.action for entry in await audited("claim", claim_id)] == ["claim", "approve"]


async def test_the_last_place_ends_the_other_requests_and_each_is_told():
    scene = await make_scene(claims_need_approval=True)
    shift = await open_shift(scene, required_staff=2)
    async with writing() as session:
        dora = await build_employee(session, scene.site, name="Dora Worker")
    first, second, third = [await waiting(scene, shift, each) for each in (scene.bob, scene.carol, dora)]

    await approve_claim(scene.actor("manager"), first)
    assert [await status_of(each) for each in (first, second, third)] == ["accepted", "waiting", "waiting"]
    await approve_claim(scene.actor("manager"), third)

    assert [await status_of(each) for each in (first, second, third)] == ["accepted", "lost", "accepted"]
    assert [await told(each) for each in (scene.bob, scene.carol, dora)] == [
        ["claim_accepted"],
        ["claim_lost"],
        ["claim_accepted"],
    ]
    with pytest.raises(IllegalTransition, match="not open any more"):
        await approve_claim(scene.actor("manager"), second)


async def test_a_rejection_reaches_the_person_with_the_note():
    scene = await make_scene(claims_need_approval=True)
    shift = await open_shift(scene)
    claim_id = await waiting(scene, shift)

    await reject_claim(scene.actor("manager"), claim_id, note="Carol was first")

    assert await status_of(claim_id) == "rejected"
    [[payload]] = await rows("SELECT payload FROM notifications WHERE recipient_id = :id", id=scene.bob.id)
    assert payload["note"] == "Carol was first"
    # Who was rejected may ask again.
    assert await status_of(await waiting(scene, shift)) == "waiting"


async def test_withdrawing_tells_the_planners_and_leaves_the_place_open():
    scene = await make_scene(claims_need_approval=True)
    shift = await open_shift(scene)
    claim_id = await waiting(scene, shift)

    await withdraw_claim(scene.actor("employee"), claim_id)

    assert await status_of(claim_id) == "withdrawn"
    assert await told(scene.manager) == ["claim_waiting", "claim_withdrawn"]
    with pytest.raises(IllegalTransition, match="was withdrawn"):
        await approve_claim(scene.actor("manager"), claim_id)


async def test_a_warning_makes_the_claim_wait_and_approving_needs_a_managers_reason():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
    early = {"start": time(6), "end": time(14)}
    _, [_, shift] = await make_week(
        scene, early, {"start": time(16), "end": time(22)}, held={0: [scene.bob]}, status="published"
    )

    claim_id = await waiting(scene, shift)
    with pytest.raises(NeedsOverride):
        await approve_claim(scene.actor("manager"), claim_id)
    with pytest.raises(NotAllowed):
        await approve_claim(scene.actor("supervisor"), claim_id, note="He asked for it")
    with pytest.raises(InvalidInput):
        await approve_claim(scene.actor("manager"), claim_id, note="ok")
    await approve_claim(scene.actor("manager"), claim_id, note="He asked for it")

    held = await assignment_on(shift, scene.bob)
    assert (held.status, held.override_reason) == ("confirmed", "He asked for it")
    assert len(await rows("SELECT id FROM rule_violations WHERE assignment_id = :id", id=held.id)) == 1


async def test_a_blocking_rule_refuses_and_does_not_say_who_is_kept_apart():
    scene = await make_scene()
    async with writing() as session:
        apart = {"apart": [{"first": scene.bob.id, "second": scene.carol.id}]}
        await build_rule(session, scene.site, rule_type="restriction", constraints=apart)
    _, [shift] = await make_week(scene, {"required_staff": 2}, held={0: [scene.carol]}, status="published")

    with pytest.raises(RuleBroken) as refused:
        await claim_shift(scene.actor("employee"), shift.id)

    assert "Carol" not in refused.value.message
    assert await rows("SELECT id FROM claims") == []


async def test_who_was_taken_off_may_only_ask():
    scene = await make_scene()
    shift = await open_shift(scene)
    claimed = await claim_shift(scene.actor("employee"), shift.id)
    await unassign_employee(scene.actor("manager"), claimed.assignment_id or 0)

    again = await claim_shift(scene.actor("employee"), shift.id)

    assert again.assignment_id is None


async def test_what_cannot_be_claimed_is_refused_in_words():
    scene = await make_scene()
    _, [taken, draft_like] = await make_week(scene, {}, {"day": 1}, held={0: [scene.carol]}, status="published")
    bob = scene.actor("employee")
    with pytest.raises(PlaceTaken):
        await claim_shift(bob, taken.id)
    with pytest.raises(AlreadyAssigned, match="You already have"):
        await claim_shift(actor_of(scene.carol), taken.id)
    _, [draft] = await make_week(scene, week_start=WEEK + timedelta(days=7))
    _, [archived] = await make_week(scene, week_start=WEEK + timedelta(days=14), status="archived")
    elsewhere = await make_scene()
    foreign = await open_shift(elsewhere)
    for missing in (draft.id, foreign.id, 2**40):
        with pytest.raises(NotFound):
            await claim_shift(bob, missing)
    with pytest.raises(StaleVersion):
        await claim_shift(bob, archived.id)
    past = datetime.now(UTC).date() - timedelta(days=30)
    _, [begun] = await make_week(scene, week_start=past, status="published")
    with pytest.raises(DeadlinePassed):
        await claim_shift(bob, begun.id)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)
    with pytest.raises(RuleBroken):
        await claim_shift(bob, draft_like.id)


async def test_claiming_twice_from_two_tabs_is_one_outcome():
    for needs_approval in (False, True):
        scene = await make_scene(claims_need_approval=needs_approval)
        shift = await open_shift(scene, required_staff=3)
        bob = scene.actor("employee")

        outcomes = await asyncio.gather(*(claim_shift(bob, shift.id) for _ in range(2)), return_exceptions=True)

        [refused] = [each for each in outcomes if isinstance(each, BaseException)]
        assert isinstance(refused, Conflict if needs_approval else AlreadyAssigned)
        assert len(await told(scene.manager)) == 1


async def test_fifty_people_claim_the_last_place_and_one_has_it():
    scene = await make_scene()
    async with writing() as session:
        people = [await build_employee(session, scene.site, name=f"Person {number}") for number in range(50)]
    shift = await open_shift(scene)

    outcomes = await asyncio.gather(
        *(claim_shift(actor_of(person), shift.id) for person in people), return_exceptions=True
    )

    won = [each for each in outcomes if not isinstance(each, BaseException)]
    assert len(won) == 1
    assert {str(each) for each in outcomes if isinstance(each, BaseException)} == {"Somebody else took the last place."}
    assert len(await rows("SELECT id FROM schedule_assignments WHERE shift_id = :id", id=shift.id)) == 1
    assert await told(scene.manager) == ["shift_claimed"]


async def test_a_manager_who_assigns_and_one_who_claims_do_not_both_fill_the_last_place():
    scene = await make_scene()
    shift = await open_shift(scene)
    async with writing() as session:
        # The manager is about to put Carol on it.
        await session.execute(
            insert(ScheduleAssignment).values(
                schedule_id=shift.schedule_id,
                shift_id=shift.id,
                employee_id=scene.carol.id,
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                in_force=True,
            )
        )
        claiming = asyncio.create_task(claim_shift(scene.actor("employee"), shift.id))
        await until_somebody_waits()
    with pytest.raises(PlaceTaken):
        await claiming


@pytest.mark.parametrize("first", ["approve", "withdraw", "reject"])
@pytest.mark.parametrize("second", ["approve", "withdraw", "reject"])
async def test_of_two_who_decide_at_once_one_does(first: str, second: str):
    scene = await make_scene(claims_need_approval=True)
    shift = await open_shift(scene)
    claim_id = await waiting(scene, shift)
    steps = {
        "approve": lambda: approve_claim(scene.actor("manager"), claim_id),
        "reject": lambda: reject_claim(actor_of(scene.second_manager), claim_id),
        "withdraw": lambda: withdraw_claim(scene.actor("employee"), claim_id),
    }

    outcomes = await asyncio.gather(steps[first](), steps[second](), return_exceptions=True)

    refused = [each for each in outcomes if isinstance(each, BaseException)]
    assert len(refused) == 1
    assert isinstance(refused[0], IllegalTransition | AlreadyAssigned | PlaceTaken), refused
    status = await status_of(claim_id)
    expected = {"accepted": ["claim_accepted"], "rejected": ["claim_rejected"], "withdrawn": []}[status]
    assert await told(scene.bob) == expected
    assert len(await rows("SELECT id FROM schedule_assignments")) == (1 if status == "accepted" else 0)


async def test_others_requests_look_as_if_there_were_none():
    scene = await make_scene(claims_need_approval=True)
    claim_id = await waiting(scene, await open_shift(scene))

    with pytest.raises(NotFound):
        await withdraw_claim(actor_of(scene.carol), claim_id)
    for decide in (approve_claim, reject_claim):
        with pytest.raises(NotFound):
            await decide(scene.actor("stranger"), claim_id)
        with pytest.raises(NotFound):
            await decide(scene.actor("manager"), 2**40)
        with pytest.raises(NotAllowed):
            await decide(actor_of(scene.carol), claim_id)
    assert await status_of(claim_id) == "waiting"


async def test_a_supervisor_decides_in_their_own_department_alone():
    scene = await make_scene(claims_need_approval=True)
    async with writing() as session:
        other = await build_department(session, scene.site)
        foreign = await build_employee(session, scene.site, role="supervisor", department_id=other.id)
    claim_id = await waiting(scene, await open_shift(scene, department_id=scene.department.id))

    with pytest.raises(NotAllowed):
        await approve_claim(actor_of(foreign), claim_id)


async def test_what_was_overtaken_is_ended_and_told():
    scene = await make_scene(claims_need_approval=True)
    async with writing() as session:
        dora = await build_employee(session, scene.site, name="Dora Worker")
    shift = await open_shift(scene)
    bobs, doras = [await waiting(scene, shift, each) for each in (scene.bob, dora)]
    assert await settle_claims() == 0
    # A manager gives the place to Bob on the board.
    await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)
    with pytest.raises(PlaceTaken):
        await approve_claim(scene.actor("manager"), doras)

    assert await settle_claims() == 2

    assert (await status_of(bobs), await status_of(doras)) == ("accepted", "lost")
    assert (await told(scene.bob), await told(dora)) == (["assignment_added"], ["claim_lost"])


async def test_a_request_ends_when_the_shift_begins_or_the_person_leaves():
    scene = await make_scene(claims_need_approval=True)
    _, [first, second] = await make_week(scene, {"required_staff": 2}, {"day": 1}, status="published")
    begun, left = await waiting(scene, first), await waiting(scene, second, scene.carol)
    await execute("ALTER TABLE shifts DISABLE TRIGGER shifts_guard")
    await execute(
        "UPDATE shifts SET starts_at = now() - interval '1 minute', ends_at = now() + interval '1 hour' WHERE id = :id",
        id=first.id,
    )
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)

    await settle_claims()

    assert (await status_of(begun), await status_of(left)) == ("lost", "withdrawn")
    [[payload]] = await rows("SELECT payload FROM notifications WHERE recipient_id = :id", id=scene.bob.id)
    assert payload["why"] == "begun"


async def test_a_request_goes_over_to_the_same_shift_of_the_new_version():
    scene = await make_scene(claims_need_approval=True)
    schedule, [kept, moved] = await make_week(
        scene, {"title": "Kept"}, {"day": 1, "title": "Moved"}, status="published"
    )
    stays, lost = await waiting(scene, kept), await waiting(scene, moved, scene.carol)
    manager = scene.actor("manager")
    draft = await revise_schedule(manager, schedule.id)
    await execute(
        "UPDATE shifts SET starts_at = starts_at + interval '1 hour' WHERE schedule_id = :id AND title = 'Moved'",
        id=draft,
    )
    for step in (submit_schedule, approve_schedule, publish_schedule):
        [[version]] = await rows("SELECT version FROM schedules WHERE id = :id", id=draft)
        await step(manager, draft, expected_version=version)

    [[new_id]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id AND title = 'Kept'", id=draft)
    assert ((await fetch(Claim, stays)).shift_id, await status_of(stays)) == (new_id, "waiting")
    assert await status_of(lost) == "lost"
    [[payload]] = await rows("SELECT payload FROM notifications WHERE type = 'claim_lost'")
    assert payload["why"] == "replaced"
    await approve_claim(manager, stays)
    assert (await rows("SELECT shift_id FROM schedule_assignments")) == [(new_id,)]


async def test_an_approval_can_be_undone_and_done_again():
    scene = await make_scene(claims_need_approval=True)
    shift = await open_shift(scene)
    claim_id = await waiting(scene, shift)
    manager = scene.actor("manager")
    await approve_claim(manager, claim_id)

    await undo(manager, scene.site.id)
    assert await rows("SELECT id FROM schedule_assignments WHERE status <> 'cancelled'") == []
    assert await told(scene.bob) == ["claim_accepted", "assignment_removed"]
    assert await status_of(claim_id) == "accepted"

    await redo(manager, scene.site.id)
    assert (await assignment_on(shift, scene.bob)).status == "confirmed"


async def test_nobody_is_in_two_places_by_claiming_two_overlapping_shifts_at_once():
    scene = await make_scene()
    _, shifts = await make_week(scene, {}, {"start": time(10), "end": time(18)}, status="published")
    bob = scene.actor("employee")

    outcomes = await asyncio.gather(*(claim_shift(bob, shift.id) for shift in shifts), return_exceptions=True)

    kinds = Counter(isinstance(each, ScheduleError) for each in outcomes)
    assert kinds == {False: 1, True: 1}
