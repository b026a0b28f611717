"""Offering shifts to colleagues and swapping them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import (
    AlreadyAssigned,
    Conflict,
    DeadlinePassed,
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
from schedule_app.domain.swap_request import TRANSITIONS, SwapStatus
from schedule_app.models import ScheduleAssignment, SwapRequest
from schedule_app.queries.undo import undo_view
from schedule_app.services.assignments import decline_assignment, unassign_employee
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from schedule_app.services.swap_requests import (
    accept_request,
    approve_request,
    decline_request,
    expire_swaps,
    offer_shift,
    propose_swap,
    reject_request,
    withdraw_request,
)
from schedule_app.services.undo import undo
from tests.db.services.scene import (
    WEEK,
    actor_of,
    assignment_on,
    audited,
    execute,
    fetch,
    make_week,
    rows,
    told,
    writing,
)
from tests.db.services.swapping import (
    Between,
    behind_triggers,
    bring_to,
    make_between,
    move_shift,
    pass_cutoff,
    status_of,
)
from tests.support.builders import build_department, build_employee, build_rule

pytestmark = pytest.mark.usefixtures("database")

OPEN, ACCEPTED, APPROVED, REJECTED, DECLINED, WITHDRAWN = (
    SwapStatus.OPEN,
    SwapStatus.ACCEPTED,
    SwapStatus.APPROVED,
    SwapStatus.REJECTED,
    SwapStatus.DECLINED,
    SwapStatus.WITHDRAWN,
)


async def words_to(between: Between, name: str) -> list[tuple[str, str]]:
    """What somebody was told last, first."""
    person = between.dora if name == "dora" else getattr(between.scene, name)
    found = await rows("SELECT type, payload FROM notifications WHERE recipient_id = :id ORDER BY id", id=person.id)
    wordings = [word(parse(kind, payload), clock_24h=True) for kind, payload in found]
    return [(each.title, each.body) for each in wordings]


async def test_an_offer_is_accepted_approved_and_changes_hands():
    between = await make_between()
    scene = between.scene

    request_id = await between.offer(note="  My sister marries \x3c3 ")
    assert await between.is_untouched()
    for asked in (scene.carol, between.dora, scene.manager, scene.second_manager, scene.supervisor):
        assert await told(asked) == ["swap_asked"]
    assert await told(scene.stranger) == await told(scene.admin) == await told(scene.bob) == []

    assert await accept_request(actor_of(scene.carol), request_id) == ACCEPTED
    assert await between.is_untouched()
    assert await told(scene.bob) == ["swap_accepted"]
    assert await told(scene.manager) == ["swap_asked", "swap_ended", "swap_waiting"]
    assert await told(between.dora) == ["swap_asked", "swap_ended"]

    await approve_request(actor_of(scene.manager), request_id, note="Have fun")
    assert await between.holders() == {
        "Early": [("Carol Worker", "confirmed")],
        "Late": [("Carol Worker", "pending")],
    }
    assert await told(scene.bob) == ["swap_accepted", "swap_decided"]
    assert await told(scene.carol) == ["swap_asked", "swap_decided"]
    [title, body] = (await words_to(between, "carol"))[-1]
    assert title == "A shift of Bob Worker is yours now"
    assert body.endswith("(Early). Note: Have fun")
    assert (await words_to(between, "bob"))[-1][0] == "Carol Worker has your shift now"
    held = await assignment_on(between.early, scene.carol)
    assert (held.source, held.created_by_id) == ("swap", scene.manager.id)
    assert [entry.action for entry in await audited("swap_request", request_id)] == ["offer", "accept", "approve"]


async def test_two_people_swap_and_a_manager_undoes_it_in_one_step():
    between = await make_between()
    scene = between.scene
    request_id = await bring_to(between, "approved")

    assert await between.holders() == {"Early": [("Carol Worker", "confirmed")], "Late": [("Bob Worker", "confirmed")]}
    assert (await words_to(between, "bob"))[-1][0] == "You and Carol Worker have swapped"
    async with read_session() as session:
        view = await undo_view(session, actor_of(scene.manager), scene.site.id)
    assert view.undo in ("swap Bob Worker and Carol Worker", "swap Carol Worker and Bob Worker")

    await undo(actor_of(scene.manager), scene.site.id)

    assert await between.is_untouched()
    assert (await fetch(ScheduleAssignment, between.bobs.id)).status == "pending"
    assert await status_of(request_id) == "approved"


async def test_where_no_approval_is_needed_saying_yes_settles_it():
    between = await make_between(swaps_need_approval=False)
    scene = between.scene
    request_id = await between.swap()

    assert await accept_request(actor_of(scene.carol), request_id) == APPROVED

    assert await between.holders() == {"Early": [("Carol Worker", "confirmed")], "Late": [("Bob Worker", "confirmed")]}
    assert await told(scene.bob) == ["swap_decided"]
    assert await told(scene.carol) == ["swap_asked", "swap_decided"]
    assert await told(scene.manager) == []
    assert (await fetch(SwapRequest, request_id)).decided_by_id is None


async def test_a_warning_waits_for_a_manager_who_sees_it_also_where_no_approval_is_needed():
    between = await make_between(swaps_need_approval=False)
    scene = between.scene
    async with writing() as session:
        limits = {"weekly_minutes": 600}
        await build_rule(session, scene.site, rule_type="overtime", constraints=limits, strict=False)
    request_id = await between.offer(scene.carol)

    assert await accept_request(actor_of(scene.carol), request_id) == ACCEPTED
    with pytest.raises(NotAllowed, match="Only managers"):
        await approve_request(actor_of(scene.supervisor), request_id, note="Fine with me")
    with pytest.raises(NeedsOverride):
        await approve_request(actor_of(scene.manager), request_id)
    with pytest.raises(InvalidInput):
        await approve_request(actor_of(scene.manager), request_id, note="ok")
    assert await between.is_untouched()

    await approve_request(actor_of(scene.manager), request_id, note="She asked for hours")
    held = await assignment_on(between.early, scene.carol)
    assert held.override_reason == "She asked for hours"
    [kept] = await rows("SELECT override_reason FROM rule_violations WHERE assignment_id = :id", id=held.id)
    assert kept.override_reason == "She asked for hours"


async def test_whoever_may_not_take_it_is_not_asked_and_cannot_be_named():
    between = await make_between()
    scene = between.scene
    _, [other] = await make_week(
        scene, held={0: [between.dora]}, status="published", week_start=WEEK + timedelta(weeks=1)
    )
    await move_shift(other, between.early.starts_at, between.early.ends_at)

    with pytest.raises(RuleBroken) as refused:
        await between.offer(between.dora)
    await between.offer()

    assert refused.value.message == "The rules of the site do not allow Dora Worker to take this shift."
    assert await told(between.dora) == []
    assert await told(scene.carol) == ["swap_asked"]


@pytest.mark.parametrize("who", ["stranger", "missing", "bob", "gone"])
async def test_nobody_else_can_be_asked(who: str):
    between = await make_between()
    async with writing() as session:
        gone = await build_employee(session, between.scene.site, is_active=False)
    person = {"missing": 2**40, "gone": gone.id}.get(who) or getattr(between.scene, who).id

    with pytest.raises(NotFound):
        await offer_shift(actor_of(between.scene.bob), between.bobs.id, to=[between.dora.id, person])
    assert await rows("SELECT id FROM swap_requests") == []


@pytest.mark.parametrize("to", [[], list(range(1, 202))])
async def test_nobody_and_everybody_by_name_are_refused(to: list[int]):
    between = await make_between()
    with pytest.raises(InvalidInput):
        await offer_shift(actor_of(between.scene.bob), between.bobs.id, to=to)


async def test_a_shift_of_a_draft_or_of_somebody_else_does_not_exist():
    between = await make_between()
    scene = between.scene
    _, [drafted] = await make_week(scene, held={0: [scene.bob, scene.carol]}, week_start=WEEK + timedelta(weeks=1))
    mine, hers = await assignment_on(drafted, scene.bob), await assignment_on(drafted, scene.carol)
    for one in (mine.id, between.carols.id, 2**40):
        with pytest.raises(NotFound):
            await offer_shift(actor_of(scene.bob), one)
        with pytest.raises(NotFound):
            await propose_swap(actor_of(scene.bob), one, between.carols.id + 10**6)
    for other in (hers.id, 2**40):
        with pytest.raises(NotFound):
            await propose_swap(actor_of(scene.bob), between.bobs.id, other)
    with pytest.raises(InvalidInput):
        await propose_swap(actor_of(scene.bob), between.bobs.id, between.bobs.id)
    assert await rows("SELECT id FROM swap_requests") == []


async def test_a_shift_is_offered_once_at_a_time_and_what_is_asked_for_is_answered_first():
    between = await make_between()
    scene = between.scene
    request_id = await between.swap()

    with pytest.raises(Conflict, match="offered this shift already"):
        await between.offer()
    with pytest.raises(Conflict, match="Answer that first"):
        await offer_shift(actor_of(scene.carol), between.carols.id)
    await withdraw_request(actor_of(scene.bob), request_id)
    await offer_shift(actor_of(scene.carol), between.carols.id)
    with pytest.raises(Conflict, match="Somebody else"):
        await between.swap()


async def test_twenty_offers_of_one_shift_at_once_are_one():
    between = await make_between()
    outcomes = await asyncio.gather(*(between.offer() for _ in range(20)), return_exceptions=True)

    assert sum(isinstance(each, int) for each in outcomes) == 1
    assert all(isinstance(each, int | Conflict) for each in outcomes)
    assert await told(between.dora) == ["swap_asked"]


async def test_a_swap_that_became_illegal_is_refused_in_words_and_both_are_told():
    between = await make_between()
    scene = between.scene
    request_id = await between.swap()
    async with writing() as session:
        await build_rule(
            session,
            scene.site,
            rule_type="restriction",
            constraints={"forbidden_shift_types": ["general"]},
            employee_id=scene.carol.id,
        )

    with pytest.raises(RuleBroken) as refused:
        await accept_request(actor_of(scene.carol), request_id)

    assert refused.value.message == "You may not work general shifts."
    assert await status_of(request_id) == "void"
    assert await between.is_untouched()
    assert await told(scene.bob) == ["swap_ended"]
    [(title, body)] = await words_to(between, "bob")
    assert title == "Your swap is not possible any more"
    assert "general" not in body.lower()
    with pytest.raises(IllegalTransition):
        await accept_request(actor_of(scene.carol), request_id)


async def test_what_forbids_it_to_the_other_is_nobodys_business():
    between = await make_between()
    scene = between.scene
    request_id = await between.swap()
    async with writing() as session:
        await build_rule(
            session,
            scene.site,
            rule_type="restriction",
            constraints={"forbidden_shift_types": ["general"]},
            employee_id=scene.bob.id,
        )
    with pytest.raises(RuleBroken) as refused:
        await accept_request(actor_of(scene.carol), request_id)
    assert refused.value.message == "The rules of the site do not allow Bob Worker to take this shift."


async def test_whom_one_is_kept_apart_from_is_for_planners_alone():
    between = await make_between()
    scene = between.scene
    await execute(
        "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force, status)"
        " SELECT schedule_id, id, :dora, starts_at, ends_at, true, 'pending' FROM shifts WHERE id = :early",
        dora=between.dora.id,
        early=between.early.id,
    )
    first = await between.offer(scene.carol)
    async with writing() as session:
        apart = {"apart": [{"first": scene.carol.id, "second": between.dora.id}]}
        rule = await build_rule(session, scene.site, rule_type="restriction", name="Carol, Dora", constraints=apart)
    with pytest.raises(RuleBroken) as refused:
        await accept_request(actor_of(scene.carol), first)
    assert refused.value.message == "A work rule of your site speaks against this shift."

    await execute("UPDATE rules SET is_active = false WHERE id = :id", id=rule.id)
    again = await between.offer(scene.carol)
    await accept_request(actor_of(scene.carol), again)
    await execute("UPDATE rules SET is_active = true WHERE id = :id", id=rule.id)
    with pytest.raises(RuleBroken, match="at the same time as Dora Worker"):
        await approve_request(actor_of(scene.manager), again)


async def test_an_offer_that_one_may_not_take_any_more_stays_open_for_the_others():
    between = await make_between()
    scene = between.scene
    request_id = await between.offer(scene.carol, between.dora)
    async with writing() as session:
        await build_rule(
            session,
            scene.site,
            rule_type="restriction",
            constraints={"forbidden_shift_types": ["general"]},
            employee_id=scene.carol.id,
        )
    with pytest.raises(RuleBroken):
        await accept_request(actor_of(scene.carol), request_id)
    assert await status_of(request_id) == "open"
    assert await accept_request(actor_of(between.dora), request_id) == ACCEPTED


async def test_what_became_illegal_before_it_was_approved_is_void_and_both_are_told_the_same():
    between = await make_between()
    scene = between.scene
    request_id = await bring_to(between, "accepted")
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)

    with pytest.raises(RuleBroken, match="not active"):
        await approve_request(actor_of(scene.manager), request_id)

    assert await status_of(request_id) == "void"
    assert (await told(scene.bob))[-1] == (await told(scene.carol))[-1] == "swap_ended"
    assert (await words_to(between, "bob"))[-1][1] == (await words_to(between, "carol"))[-1][1]
    assert await between.is_untouched()


async def reassign(between: Between) -> None:
    await unassign_employee(between.scene.actor("manager"), between.bobs.id)


async def decline_own(between: Between) -> None:
    await decline_assignment(actor_of(between.scene.bob), between.bobs.id)


async def lose_wanted(between: Between) -> None:
    await unassign_employee(between.scene.actor("manager"), between.carols.id)


async def publish_anew(between: Between) -> None:
    manager = between.scene.actor("manager")
    draft = await revise_schedule(manager, between.early.schedule_id)
    for number, step in enumerate((submit_schedule, approve_schedule, publish_schedule), start=1):
        await step(manager, draft, expected_version=number)


async def delete_by_hand(between: Between) -> None:
    await execute("DELETE FROM schedule_assignments WHERE id = :id", id=between.bobs.id)


@pytest.mark.parametrize("status", ["open", "accepted"])
@pytest.mark.parametrize("change", [reassign, decline_own, lose_wanted, publish_anew, delete_by_hand])
async def test_whatever_takes_a_shift_of_it_away_makes_it_void(
    change: Callable[[Between], Awaitable[None]], status: str
):
    between = await make_between()
    scene = between.scene
    request_id = await bring_to(between, status)

    await change(between)

    assert await status_of(request_id) == "void"
    for person in (scene.bob, scene.carol):
        assert (await told(person)).count("swap_ended") == 1
    assert "Your swap is not possible any more" in [title for title, _ in await words_to(between, "bob")]
    assert "The swap of Bob Worker is not possible any more" in [title for title, _ in await words_to(between, "carol")]
    for verb, who in ((accept_request, "carol"), (approve_request, "manager"), (withdraw_request, "bob")):
        with pytest.raises(IllegalTransition, match="not possible any more"):
            await verb(actor_of(getattr(scene, who)), request_id)


async def test_confirming_the_shift_meanwhile_changes_nothing():
    between = await make_between()
    request_id = await between.swap()
    await execute("UPDATE schedule_assignments SET status = 'confirmed', responded_at = now()")
    assert await accept_request(actor_of(between.scene.carol), request_id) == ACCEPTED


VERBS: dict[SwapStatus, Callable[[Between, int], Awaitable[Any]]] = {
    ACCEPTED: lambda between, request_id: accept_request(actor_of(between.scene.carol), request_id),
    DECLINED: lambda between, request_id: decline_request(actor_of(between.scene.carol), request_id),
    WITHDRAWN: lambda between, request_id: withdraw_request(actor_of(between.scene.bob), request_id),
    APPROVED: lambda between, request_id: approve_request(actor_of(between.scene.manager), request_id),
    REJECTED: lambda between, request_id: reject_request(actor_of(between.scene.manager), request_id),
}
#: Saying again what one has said is no fault.
SAID = {
    (ACCEPTED, ACCEPTED),
    (APPROVED, ACCEPTED),
    (DECLINED, DECLINED),
    (WITHDRAWN, WITHDRAWN),
}


@pytest.mark.parametrize("before", SwapStatus)
async def test_each_status_and_each_step(before: SwapStatus):
    for after, verb in VERBS.items():
        between = await make_between()
        request_id = await bring_to(between, before)
        notices = await rows("SELECT count(*) FROM notifications")

        if (before, after) in TRANSITIONS - SAID:
            await verb(between, request_id)
            assert await status_of(request_id) == after
        else:
            if (before, after) in SAID:
                await verb(between, request_id)
            else:
                with pytest.raises(IllegalTransition) as refused:
                    await verb(between, request_id)
                assert refused.value.message.endswith(".")
            assert await status_of(request_id) == before
            assert await rows("SELECT count(*) FROM notifications") == notices
        if APPROVED not in (before, after):
            assert await between.is_untouched()


@pytest.mark.parametrize("before", ["open", "accepted"])
async def test_after_the_cutoff_it_is_expired_and_all_are_told(before: str):
    for step, verb in VERBS.items():
        between = await make_between()
        scene = between.scene
        request_id = await bring_to(between, before)
        await pass_cutoff(between)

        if (SwapStatus(before), step) in SAID:
            assert await accept_request(actor_of(scene.carol), request_id) == ACCEPTED
            assert await expire_swaps() == 1
        else:
            with pytest.raises(DeadlinePassed, match="Please talk to your manager"):
                await verb(between, request_id)

        assert await status_of(request_id) == "expired"
        assert await between.is_untouched()
        for person in (scene.bob, scene.carol):
            assert (await told(person)).count("swap_ended") == 1
        assert await expire_swaps() == 0


async def test_requests_expire_by_themselves_and_others_stay():
    between = await make_between()
    scene = between.scene
    request_id = await between.offer(scene.carol, between.dora)
    other = await offer_shift(actor_of(scene.carol), between.carols.id)
    await pass_cutoff(between)

    assert sum(await asyncio.gather(*(expire_swaps() for _ in range(4)))) == 1

    assert (await status_of(request_id), await status_of(other)) == ("expired", "open")
    assert await told(between.dora) == ["swap_asked", "swap_asked", "swap_ended"]
    assert (await words_to(between, "bob"))[-1] == (
        "Your offer has run out of time",
        (await words_to(between, "bob"))[-1][1],
    )
    [entry] = [each for each in await audited("swap_request", request_id) if each.action == "expire"]
    assert entry.actor_id is None


@pytest.mark.parametrize("minutes", [0, 20160])
async def test_the_cutoff_is_the_sites(minutes: int):
    between = await make_between(swap_cutoff_minutes=minutes)
    soon = datetime.now(UTC) + timedelta(days=13, hours=23)
    await move_shift(between.early, soon, soon + timedelta(hours=8))
    if minutes:
        with pytest.raises(DeadlinePassed, match="336 h before they begin"):
            await between.offer()
    else:
        await between.offer()


@pytest.mark.parametrize("verb", [accept_request, decline_request])
@pytest.mark.parametrize("who", ["bob", "manager", "admin", "stranger"])
async def test_only_who_was_asked_answers(verb: Callable[..., Awaitable[Any]], who: str):
    between = await make_between()
    request_id = await between.swap()
    person = actor_of(getattr(between.scene, who))
    with pytest.raises(NotFound) as foreign:
        await verb(person, request_id)
    with pytest.raises(NotFound) as missing:
        await verb(person, 2**40)
    assert foreign.value.message == missing.value.message


@pytest.mark.parametrize("who", ["carol", "manager", "admin", "stranger"])
async def test_only_who_asked_withdraws(who: str):
    between = await make_between()
    request_id = await between.swap()
    with pytest.raises(NotFound):
        await withdraw_request(actor_of(getattr(between.scene, who)), request_id)


async def test_whoever_said_yes_takes_it_back_before_it_is_approved_and_whoever_asked_is_told():
    between = await make_between()
    scene = between.scene
    request_id = await bring_to(between, "accepted")

    for _ in range(2):
        await withdraw_request(actor_of(scene.carol), request_id)

    assert await status_of(request_id) == WITHDRAWN
    assert await between.is_untouched()
    assert await told(scene.bob) == ["swap_accepted", "swap_ended"]
    assert await told(scene.carol) == ["swap_asked"]
    entry = (await audited("swap_request", request_id))[-1]
    assert (entry.action, entry.actor_id) == ("take_back", scene.carol.id)
    with pytest.raises(IllegalTransition):
        await approve_request(actor_of(scene.manager), request_id)
    # The shift can be offered again, to the same colleague as well.
    assert await between.swap()


async def test_what_was_approved_is_nobodys_to_take_back():
    between = await make_between()
    request_id = await bring_to(between, "approved")
    with pytest.raises(IllegalTransition, match="settled already"):
        await withdraw_request(actor_of(between.scene.carol), request_id)


async def test_taking_back_and_approving_at_once_have_one_outcome_that_both_hear():
    between = await make_between()
    scene = between.scene
    request_id = await bring_to(between, "accepted")

    outcomes = await asyncio.gather(
        approve_request(actor_of(scene.manager), request_id),
        withdraw_request(actor_of(scene.carol), request_id),
        return_exceptions=True,
    )

    assert [isinstance(each, IllegalTransition) for each in outcomes].count(True) == 1
    status = await status_of(request_id)
    assert status == ("approved" if outcomes[0] is None else "withdrawn")
    assert await between.is_untouched() == (status == "withdrawn")
    assert (await told(scene.bob))[-1] == ("swap_decided" if status == "approved" else "swap_ended")


@pytest.mark.parametrize("verb", [approve_request, reject_request])
async def test_only_planners_of_all_its_departments_decide(verb: Callable[..., Awaitable[Any]]):
    between = await make_between()
    scene = between.scene
    async with writing() as session:
        other = await build_department(session, scene.site)
        own = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
        both = await build_employee(session, scene.site, role="supervisor")
    await behind_triggers(
        "UPDATE shifts SET department_id = CASE WHEN id = :early THEN CAST(:one AS bigint) ELSE :other END",
        early=between.early.id,
        one=scene.department.id,
        other=other.id,
    )
    request_id = await bring_to(between, "accepted")

    for person in (scene.bob, scene.carol, own):
        with pytest.raises(NotAllowed):
            await verb(actor_of(person), request_id)
    with pytest.raises(NotFound):
        await verb(actor_of(scene.stranger), request_id)
    assert await told(own) == []
    assert await told(both) == ["swap_waiting"]
    await verb(actor_of(both), request_id)


async def test_when_the_last_of_those_asked_says_no_it_is_declined():
    between = await make_between()
    scene = between.scene
    request_id = await between.offer(scene.carol, between.dora)

    await decline_request(actor_of(scene.carol), request_id)
    assert (await status_of(request_id), await told(scene.bob)) == ("open", [])
    await decline_request(actor_of(scene.carol), request_id)
    await decline_request(actor_of(between.dora), request_id)

    assert (await status_of(request_id), await told(scene.bob)) == ("declined", ["swap_ended"])
    assert await between.is_untouched()


async def test_who_said_no_may_think_better_of_it():
    between = await make_between()
    request_id = await between.offer(between.scene.carol, between.dora)
    await decline_request(actor_of(between.scene.carol), request_id)
    assert await accept_request(actor_of(between.scene.carol), request_id) == ACCEPTED


async def test_a_shift_on_a_week_published_anew_says_so():
    between = await make_between()
    await publish_anew(between)
    with pytest.raises(StaleVersion, match="published anew"):
        await between.offer()


@pytest.mark.parametrize("status", ["declined", "cancelled"])
async def test_a_shift_that_is_over_for_its_holder_cannot_be_offered(status: str):
    between = await make_between()
    await execute("UPDATE schedule_assignments SET status = :status", status=status)
    with pytest.raises(IllegalTransition):
        await between.offer()


async def test_overlapping_shifts_can_be_swapped_but_not_taken_besides():
    between = await make_between()
    scene = between.scene
    _, [middle] = await make_week(
        scene, held={0: [between.dora]}, status="published", week_start=WEEK + timedelta(weeks=1)
    )
    hours = timedelta(hours=4)
    await move_shift(middle, between.early.starts_at + hours, between.early.ends_at + hours)
    doras = await assignment_on(middle, between.dora)
    with pytest.raises(RuleBroken):
        await between.offer(between.dora)

    request_id = await propose_swap(actor_of(scene.bob), between.bobs.id, doras.id)
    await accept_request(actor_of(between.dora), request_id)
    await approve_request(actor_of(scene.manager), request_id)
    assert (await between.holders())["Early"] == [("Dora Worker", "confirmed")]


async def test_a_shift_that_the_taker_has_got_meanwhile_is_refused_as_double():
    between = await make_between()
    scene = between.scene
    request_id = await between.offer(scene.carol)
    await move_shift(between.late, between.early.starts_at, between.early.ends_at)
    with pytest.raises(DoubleBooking, match="You already work"):
        await accept_request(actor_of(scene.carol), request_id)
    assert await status_of(request_id) == "void"


@pytest.mark.parametrize("note", ["x" * 501, "bell \x07", "null \x00 byte"])
async def test_an_unusable_note_is_refused(note: str):
    between = await make_between()
    with pytest.raises(InvalidInput) as refused:
        await between.offer(note=note)
    assert refused.value.field == "note"
    request_id = await bring_to(between, "accepted")
    for verb in (approve_request, reject_request):
        with pytest.raises(InvalidInput):
            await verb(between.scene.actor("manager"), request_id, note=note)


async def test_whoever_works_the_shift_already_is_not_asked():
    between = await make_between()
    scene = between.scene
    await execute(
        "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force, status)"
        " SELECT schedule_id, id, :dora, starts_at, ends_at, true, 'pending' FROM shifts WHERE id = :early",
        dora=between.dora.id,
        early=between.early.id,
    )
    request_id = await between.offer()
    assert await told(between.dora) == []
    await execute(
        "INSERT INTO swap_invitees (request_id, employee_id) VALUES (:id, :dora)", id=request_id, dora=between.dora.id
    )
    with pytest.raises(AlreadyAssigned):
        await accept_request(actor_of(between.dora), request_id)
    assert await accept_request(actor_of(scene.carol), request_id) == ACCEPTED


async def test_two_who_say_yes_at_once_are_one_and_each_hears_what_became_of_it():
    between = await make_between()
    scene = between.scene
    takers = [scene.carol, between.dora]
    request_id = await between.offer(*takers)

    outcomes = await asyncio.gather(
        *(accept_request(actor_of(each), request_id) for each in takers), return_exceptions=True
    )

    [winner] = [each for each, outcome in zip(takers, outcomes, strict=True) if outcome == ACCEPTED]
    [refused] = [outcome for outcome in outcomes if isinstance(outcome, IllegalTransition)]
    assert refused.message.startswith("A colleague was faster")
    assert (await fetch(SwapRequest, request_id)).taker_id == winner.id
    assert await told(winner) == ["swap_asked"]
    [loser] = [each for each in takers if each is not winner]
    assert await told(loser) == ["swap_asked", "swap_ended"]
    assert await told(scene.bob) == ["swap_accepted"]
    assert await told(scene.manager) == ["swap_waiting"]


async def test_approving_and_withdrawing_at_once_have_one_outcome_that_both_hear():
    between = await make_between()
    scene = between.scene
    request_id = await bring_to(between, "accepted")

    outcomes = await asyncio.gather(
        approve_request(actor_of(scene.manager), request_id),
        withdraw_request(actor_of(scene.bob), request_id),
        return_exceptions=True,
    )

    status = await status_of(request_id)
    assert [outcome is None for outcome in outcomes].count(True) == 1
    assert status == ("approved" if outcomes[0] is None else "withdrawn")
    assert await between.is_untouched() == (status == "withdrawn")
    assert (await told(scene.carol))[-1] == ("swap_decided" if status == "approved" else "swap_ended")


async def test_accepting_and_reassigning_at_once_never_moves_what_is_gone():
    between = await make_between(swaps_need_approval=False)
    scene = between.scene
    request_id = await between.swap()

    outcomes = await asyncio.gather(
        accept_request(actor_of(scene.carol), request_id), reassign(between), return_exceptions=True
    )

    status = await status_of(request_id)
    if status == "approved":
        assert outcomes[0] == APPROVED
        assert isinstance(outcomes[1], ScheduleError)
        assert "Early" in await between.holders()
    else:
        assert status == "void"
        assert isinstance(outcomes[0], IllegalTransition)
        assert await between.holders() == {"Early": [], "Late": [("Carol Worker", "pending")]}
