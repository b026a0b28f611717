"""Somebody cannot come: the planners know at once, and the shift is offered to others in waves."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from schedule_app.domain.errors import (
    Conflict,
    DeadlinePassed,
    IllegalTransition,
    NotAllowed,
    NotFound,
    PlaceTaken,
    ScheduleError,
    StaleVersion,
)
from schedule_app.domain.notices import parse, word
from schedule_app.models import Employee, OfferWave, ScheduleAssignment, Shift
from schedule_app.services.assignments import assign_employee, decline_assignment, unassign_employee
from schedule_app.services.call_outs import call_out
from schedule_app.services.claims import claim_shift
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from schedule_app.services.shift_offers import advance_waves, start_offering
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
from tests.support.builders import build_employee, build_rule

pytestmark = pytest.mark.usefixtures("database")


async def held_by_bob(scene: Scene, **columns: Any) -> tuple[Shift, ScheduleAssignment]:
    """A shift of a published week that Bob has confirmed."""
    _, [shift] = await make_week(scene, {"title": "Early", **columns}, held={0: [scene.bob]}, status="published")
    await execute("UPDATE schedule_assignments SET status = 'confirmed', responded_at = now()")
    return shift, await assignment_on(shift, scene.bob)


async def colleagues(scene: Scene, count: int) -> list[Employee]:
    """People who lack hours of their contracts, the first of them most: the order in which they are asked."""
    async with writing() as session:
        return [
            await build_employee(session, scene.site, name=f"Person {number}", contracted_minutes=2400 - 60 * number)
            for number in range(count)
        ]


async def asked(shift: Shift) -> list[tuple[int, int]]:
    """Who was asked, with the wave."""
    found = await rows("SELECT employee_id, wave FROM shift_offers WHERE shift_id = :id ORDER BY id", id=shift.id)
    return [(person, wave) for person, wave in found]


async def time_passes(shift: Shift) -> None:
    """The next wave is due."""
    await execute("UPDATE offer_waves SET next_at = now() WHERE shift_id = :id AND next_at IS NOT NULL", id=shift.id)


async def is_over(shift: Shift) -> bool:
    [[wave_id]] = await rows("SELECT id FROM offer_waves WHERE shift_id = :id", id=shift.id)
    return (await fetch(OfferWave, wave_id)).next_at is None


async def test_a_call_out_alerts_the_planners_with_who_could_come():
    scene = await make_scene()
    [first] = await colleagues(scene, 1)
    shift, held = await held_by_bob(scene)
    # Long after the deadline to answer.
    await execute("UPDATE schedule_assignments SET confirm_by = now() - interval '1 day'")

    await call_out(scene.actor("employee"), held.id, note="Fever")

    after = await fetch(ScheduleAssignment, held.id)
    assert (after.status, after.response_note) == ("declined", "Fever")
    assert await rows("SELECT shift_id, employee_id FROM call_outs") == [(shift.id, scene.bob.id)]
    for planner in (scene.manager, scene.second_manager, scene.supervisor):
        assert await told(planner) == ["called_out"]
    for other in (scene.bob, scene.carol, scene.stranger, first):
        assert await told(other) == []
    [[payload, priority, url]] = await rows(
        "SELECT payload, priority, action_url FROM notifications WHERE recipient_id = :id", id=scene.manager.id
    )
    assert priority == "urgent"
    assert url == f"/schedule/{scene.site.id}/{held.starts_at.date()}?cover={shift.id}"
    assert payload["replacements"][0] == first.name
    assert "Bob Worker" not in payload["replacements"]
    assert word(parse("called_out", payload), clock_24h=True).title == "Bob Worker cannot come"
    [entry] = await audited("assignment", held.id)
    assert (entry.action, entry.after, entry.reason) == ("call_out", {"status": "declined"}, "Fever")
    # The place is open, though not to Bob.
    with pytest.raises(IllegalTransition, match="cannot come"):
        await claim_shift(scene.actor("employee"), shift.id)
    assert (await claim_shift(actor_of(scene.carol), shift.id)).assignment_id


async def test_a_rule_that_cannot_be_read_does_not_hold_up_a_call_out():
    scene = await make_scene()
    await colleagues(scene, 1)
    shift, held = await held_by_bob(scene)
    await execute("UPDATE sites SET offer_waves = 1 WHERE id = :id", id=scene.site.id)
    async with writing() as session:
        await build_rule(session, scene.site, name="Long rest", constraints={"min_minutes": "much"})

    await call_out(scene.actor("employee"), held.id)

    assert (await fetch(ScheduleAssignment, held.id)).status == "declined"
    [[payload]] = await rows("SELECT payload FROM notifications WHERE recipient_id = :id", id=scene.manager.id)
    unranked = (
        "Nobody could be ranked to take it. The limits of the rule “Long rest” cannot be understood. "
        "Please correct them."
    )
    assert word(parse("called_out", payload), clock_24h=True).body.endswith(unranked)
    assert not await is_over(shift)


async def test_saying_it_twice_is_saying_it_once():
    scene = await make_scene()
    _, held = await held_by_bob(scene)
    bob = scene.actor("employee")

    await asyncio.gather(*(call_out(bob, held.id) for _ in range(2)))

    assert await told(scene.manager) == ["called_out"]
    assert len(await rows("SELECT id FROM call_outs")) == 1


async def test_what_nobody_can_call_out_of_is_refused_in_words():
    scene = await make_scene()
    bob = scene.actor("employee")
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    held = await assignment_on(shift, scene.bob)
    elsewhere = await make_scene()
    _, foreign = await held_by_bob(elsewhere)
    for missing in (foreign.id, 2**40):
        with pytest.raises(NotFound):
            await call_out(bob, missing)
    with pytest.raises(NotFound):
        await call_out(actor_of(scene.carol), held.id)
    await decline_assignment(bob, held.id)
    with pytest.raises(IllegalTransition, match="declined"):
        await call_out(bob, held.id)
    await execute("UPDATE schedule_assignments SET status = 'cancelled' WHERE id = :id", id=held.id)
    with pytest.raises(IllegalTransition, match="not yours"):
        await call_out(bob, held.id)

    past = datetime.now(UTC).date() - timedelta(days=30)
    _, [over] = await make_week(scene, held={0: [scene.bob]}, status="published", week_start=past)
    with pytest.raises(DeadlinePassed):
        await call_out(bob, (await assignment_on(over, scene.bob)).id)
    week = past - timedelta(days=14)
    _, [draft] = await make_week(scene, held={0: [scene.bob]}, week_start=week)
    with pytest.raises(NotFound):
        await call_out(bob, (await assignment_on(draft, scene.bob)).id)
    week -= timedelta(days=14)
    _, [old] = await make_week(scene, held={0: [scene.bob]}, status="archived", week_start=week)
    with pytest.raises(StaleVersion):
        await call_out(bob, (await assignment_on(old, scene.bob)).id)


async def test_a_shift_that_has_begun_can_be_called_out_and_is_not_offered():
    scene = await make_scene(offer_waves=2, time_zone="UTC")
    now = datetime.now(UTC)
    start, end = now - timedelta(hours=1), now + timedelta(hours=3)
    monday = start.date() - timedelta(days=start.weekday())
    columns = {"day": start.weekday(), "start": time(start.hour, start.minute), "end": time(end.hour, end.minute)}
    shift, held = await _running(scene, monday, columns)

    await call_out(scene.actor("employee"), held.id)

    assert await told(scene.manager) == ["called_out"]
    assert await rows("SELECT id FROM offer_waves") == []
    with pytest.raises(DeadlinePassed):
        await start_offering(scene.actor("manager"), shift.id)


async def _running(scene: Scene, monday: date, columns: dict[str, Any]) -> tuple[Shift, ScheduleAssignment]:
    """Bob was put on it when it had begun already, so that he was never asked."""
    _, [shift] = await make_week(scene, columns, status="published", week_start=monday)
    await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)
    held = await assignment_on(shift, scene.bob)
    assert held.status == "assigned"
    return shift, held


@pytest.mark.parametrize("first", ["call out", "take off"])
async def test_calling_out_and_being_taken_off_at_once_is_one_outcome(first: str):
    scene = await make_scene()
    _, held = await held_by_bob(scene)
    steps = {
        "call out": call_out(scene.actor("employee"), held.id),
        "take off": unassign_employee(scene.actor("manager"), held.id),
    }
    order = [first, *(steps.keys() - {first})]

    outcomes = dict(
        zip(order, await asyncio.gather(*(steps[each] for each in order), return_exceptions=True), strict=True)
    )

    status = (await fetch(ScheduleAssignment, held.id)).status
    # A planner may still take off who has called out, and then both are true.
    assert outcomes["take off"] is None
    assert status == "cancelled"
    called_out = outcomes["call out"] is None
    assert await told(scene.manager) == (["called_out"] if called_out else [])
    assert await told(scene.bob) == ([] if called_out else ["assignment_removed"])
    assert called_out or isinstance(outcomes["call out"], IllegalTransition)


async def test_waves_ask_the_best_ranked_first_and_then_the_next():
    scene = await make_scene(offer_waves=2, offer_wave_minutes=30)
    people = await colleagues(scene, 3)
    shift, held = await held_by_bob(scene)
    # Nobody else of the site is to be asked, so that the order is theirs alone.
    await execute("UPDATE employees SET is_active = false WHERE name IN ('Carol Worker', 'Alice Supervisor')")

    await call_out(scene.actor("employee"), held.id)
    assert await advance_waves() == 1
    assert await asked(shift) == [(people[0].id, 1), (people[1].id, 1)]
    assert await told(people[0]) == ["shift_offered"]
    [[url]] = await rows("SELECT action_url FROM notifications WHERE recipient_id = :id", id=people[0].id)
    assert url == "/open"
    # Nothing is due before the time is over, by the database's clock.
    [[minutes]] = await rows("SELECT round(extract(epoch FROM next_at - now()) / 60) FROM offer_waves")
    assert minutes == 30
    assert await advance_waves() == 0

    await time_passes(shift)
    await advance_waves()
    # Managers can put themselves on it, and are not asked.
    assert (await asked(shift))[2:] == [(people[2].id, 2)]

    await claim_shift(actor_of(people[0]), shift.id)
    await time_passes(shift)
    await advance_waves()
    assert await is_over(shift)
    assert "offers_ended" not in await told(scene.second_manager)


async def test_when_nobody_is_left_the_planners_are_told_once():
    scene = await make_scene(offer_waves=50)
    shift, held = await held_by_bob(scene)
    await call_out(scene.actor("employee"), held.id)
    await advance_waves()
    assert len(await asked(shift)) == 2

    await time_passes(shift)
    await advance_waves()
    await advance_waves()

    assert (await told(scene.manager)).count("offers_ended") == 1
    assert await is_over(shift)


async def test_only_those_without_a_warning_are_asked_and_the_place_is_theirs_without_approval():
    scene = await make_scene(offer_waves=50, claims_need_approval=True)
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
    late = {"start": time(16), "end": time(22)}
    _, [early, shift] = await make_week(
        scene, {"start": time(6), "end": time(14)}, late, held={0: [scene.carol], 1: [scene.bob]}, status="published"
    )
    await call_out(scene.actor("employee"), (await assignment_on(shift, scene.bob)).id)
    await advance_waves()

    ids = {person for person, _ in await asked(shift)}
    assert scene.carol.id not in ids
    assert scene.bob.id not in ids
    assert (await claim_shift(scene.actor("supervisor"), shift.id)).assignment_id
    assert early.id


async def test_offers_end_when_the_shift_begins():
    scene = await make_scene(offer_waves=1)
    shift, held = await held_by_bob(scene)
    await call_out(scene.actor("employee"), held.id)
    await execute("ALTER TABLE shifts DISABLE TRIGGER shifts_guard")
    await execute("UPDATE shifts SET starts_at = now() - interval '1 minute', ends_at = now() + interval '1 hour'")

    await advance_waves()

    assert await asked(shift) == []
    assert (await told(scene.manager))[-1] == "offers_ended"


async def test_several_processes_advance_the_same_wave_once():
    scene = await make_scene(offer_waves=2)
    shift, held = await held_by_bob(scene)
    await call_out(scene.actor("employee"), held.id)

    done = await asyncio.gather(*(advance_waves() for _ in range(8)))

    assert sum(done) == 1
    assert len(await asked(shift)) == 2


async def test_a_planner_has_an_open_shift_offered():
    scene = await make_scene()
    _, [shift, full] = await make_week(scene, {}, {"day": 1}, held={1: [scene.carol]}, status="published")
    manager = scene.actor("manager")

    await start_offering(manager, shift.id)
    with pytest.raises(Conflict):
        await start_offering(manager, shift.id)
    await advance_waves()

    # The site asks nobody by itself, so that all are asked at once.
    assert {wave for _, wave in await asked(shift)} == {1}
    assert len(await asked(shift)) == 3
    with pytest.raises(IllegalTransition):
        await start_offering(manager, full.id)
    for refused in (scene.actor("stranger"), scene.actor("manager")):
        with pytest.raises(NotFound):
            await start_offering(refused, shift.id if refused.site_id != scene.site.id else 2**40)
    with pytest.raises(NotAllowed):
        await start_offering(scene.actor("employee"), shift.id)


async def test_who_was_asked_and_comes_too_late_is_told_so():
    scene = await make_scene(offer_waves=50)
    shift, held = await held_by_bob(scene)
    await call_out(scene.actor("employee"), held.id)
    await advance_waves()

    outcomes = await asyncio.gather(
        *(claim_shift(actor_of(each), shift.id) for each in (scene.carol, scene.supervisor, scene.second_manager)),
        return_exceptions=True,
    )

    refused = [each for each in outcomes if isinstance(each, ScheduleError)]
    assert [type(each) for each in refused] == [PlaceTaken] * 2


async def test_offers_go_over_to_the_new_version_of_the_week():
    scene = await make_scene(offer_waves=1)
    shift, held = await held_by_bob(scene)
    await call_out(scene.actor("employee"), held.id)
    await advance_waves()
    manager = scene.actor("manager")
    draft = await revise_schedule(manager, shift.schedule_id)
    for step in (submit_schedule, approve_schedule, publish_schedule):
        [[version]] = await rows("SELECT version FROM schedules WHERE id = :id", id=draft)
        await step(manager, draft, expected_version=version)

    [[new_id]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id", id=draft)
    for table in ("call_outs", "offer_waves", "shift_offers"):
        assert await rows(f"SELECT shift_id FROM {table}") == [(new_id,)]
