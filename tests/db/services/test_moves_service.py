"""Moving, copying and swapping shifts."""

import asyncio
from datetime import time, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
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
from schedule_app.models import Employee, ScheduleAssignment, Shift
from schedule_app.queries.candidates import candidates
from schedule_app.queries.labels import short_day
from schedule_app.queries.swaps import judge_swap
from schedule_app.services.assignments import unassign_employee
from schedule_app.services.moves import move_assignment, swap_assignments
from schedule_app.services.shifts import delete_shift
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
    rows,
    told,
    writing,
)
from tests.support.builders import build_department, build_employee, build_rule

pytestmark = pytest.mark.usefixtures("database")

EARLY: dict[str, Any] = {"start": time(6), "end": time(14)}
LATE: dict[str, Any] = {"start": time(14), "end": time(22)}


async def held_by(*shifts: Shift) -> list[tuple[int, int, str]]:
    """Who is on these shifts: shift, person, status, cancelled ones left out."""
    found = await rows(
        "SELECT shift_id, employee_id, status FROM schedule_assignments"
        " WHERE shift_id = ANY(:ids) AND status <> 'cancelled' ORDER BY shift_id, employee_id",
        ids=[shift.id for shift in shifts],
    )
    return [tuple(row) for row in found]


async def move(scene: Scene, held: ScheduleAssignment, person: Employee, shift: Shift, **options: Any) -> Any:
    """Move as the manager who sees the newest version."""
    return await move_assignment(
        options.pop("actor", scene.actor("manager")),
        held.id or 0,
        to_employee_id=person.id or 0,
        to_shift_id=shift.id or 0,
        expected_version=options.pop("version", held.version),
        **options,
    )


async def swap(scene: Scene, one: ScheduleAssignment, other: ScheduleAssignment, **options: Any) -> Any:
    """Swap as the manager who sees the newest versions."""
    return await swap_assignments(
        options.pop("actor", scene.actor("manager")),
        one.id or 0,
        other.id or 0,
        one_version=options.pop("one_version", one.version),
        other_version=options.pop("other_version", other.version),
        **options,
    )


async def test_move_in_a_draft_leaves_no_trace_but_in_the_record():
    scene = await make_scene()
    schedule, [shift] = await make_week(scene, held={0: [scene.bob]})
    held = await assignment_on(shift, scene.bob)

    moved = await move(scene, held, scene.carol, shift)

    assert await held_by(shift) == [(shift.id, scene.carol.id, "assigned")]
    assert await fetch(ScheduleAssignment, held.id) is None
    [taken], [given] = await audited("assignment", held.id), await audited("assignment", moved.assignment_id)
    assert (taken.action, taken.before["employee_id"], taken.after) == ("unassign", scene.bob.id, None)
    assert (given.action, given.actor_id, given.site_id) == ("assign", scene.manager.id, scene.site.id)
    assert given.after == {"schedule_id": schedule.id, "shift_id": shift.id, "employee_id": scene.carol.id}
    assert await told(scene.bob) == await told(scene.carol) == []


async def test_move_in_a_published_week_tells_both():
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    held = await assignment_on(shift, scene.bob)

    moved = await move(scene, held, scene.carol, shift)

    assert (await fetch(ScheduleAssignment, held.id)).status == "cancelled"
    assert (await fetch(ScheduleAssignment, moved.assignment_id)).status == "pending"
    assert (await told(scene.bob), await told(scene.carol)) == (["assignment_removed"], ["assignment_added"])


@pytest.mark.parametrize("status", ["draft", "published"])
async def test_moving_there_and_back_leaves_everybody_where_they_were(status: str):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status=status)
    held = await assignment_on(shift, scene.bob)

    there = await move(scene, held, scene.carol, shift)
    back = await move(scene, await fetch(ScheduleAssignment, there.assignment_id), scene.bob, shift)

    assert [each[1] for each in await held_by(shift)] == [scene.bob.id]
    assert (await assignment_on(shift, scene.bob)).id == back.assignment_id


async def test_the_old_shift_does_not_count_against_the_same_person():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, rule_type="workload", constraints={"max_shifts_per_week": 1})
    _, [early, longer, tuesday] = await make_week(
        scene, EARLY, {"start": time(7), "end": time(15)}, {**EARLY, "day": 1}, held={0: [scene.bob]}
    )
    held = await assignment_on(early, scene.bob)

    overlapping = await move(scene, held, scene.bob, longer)
    await move(scene, await fetch(ScheduleAssignment, overlapping.assignment_id), scene.bob, tuesday)

    assert await held_by(early, longer, tuesday) == [(tuesday.id, scene.bob.id, "assigned")]


async def test_copy_leaves_the_original_and_counts_it():
    scene = await make_scene()
    _, [early, tuesday, clashing] = await make_week(
        scene, EARLY, {**EARLY, "day": 1}, {"start": time(13), "end": time(21)}, held={0: [scene.bob]}
    )
    held = await assignment_on(early, scene.bob)

    await move(scene, held, scene.carol, early, keep=True)
    await move(scene, held, scene.bob, tuesday, keep=True)
    with pytest.raises(DoubleBooking, match="overlaps"):
        await move(scene, held, scene.bob, clashing, keep=True)

    assert await held_by(early, tuesday, clashing) == [
        (early.id, scene.bob.id, "assigned"),
        (early.id, scene.carol.id, "assigned"),
        (tuesday.id, scene.bob.id, "assigned"),
    ]
    assert (await fetch(ScheduleAssignment, held.id)).version == held.version


@pytest.mark.parametrize("status", ["draft", "published"])
async def test_swap_gives_each_the_shift_of_the_other(status: str):
    scene = await make_scene()
    _, [early, late] = await make_week(scene, EARLY, LATE, held={0: [scene.bob], 1: [scene.carol]}, status=status)
    one, other = await assignment_on(early, scene.bob), await assignment_on(late, scene.carol)

    await swap(scene, one, other)

    now = {"draft": "assigned", "published": "pending"}[status]
    assert await held_by(early, late) == [(early.id, scene.carol.id, now), (late.id, scene.bob.id, now)]
    expected = {"draft": [], "published": ["assignment_removed", "assignment_added"]}[status]
    assert await told(scene.bob) == await told(scene.carol) == expected
    actions = await rows("SELECT action FROM audit_entries WHERE entity_type = 'assignment' ORDER BY id")
    assert [action for [action] in actions] == ["unassign", "unassign", "assign", "assign"]


async def test_overlapping_shifts_can_be_swapped():
    scene = await make_scene()
    _, [one_shift, other_shift] = await make_week(
        scene, EARLY, {"start": time(7), "end": time(15)}, held={0: [scene.bob], 1: [scene.carol]}
    )

    await swap(scene, await assignment_on(one_shift, scene.bob), await assignment_on(other_shift, scene.carol))

    assert [each[:2] for each in await held_by(one_shift, other_shift)] == [
        (one_shift.id, scene.carol.id),
        (other_shift.id, scene.bob.id),
    ]


async def test_swap_is_refused_whole_when_a_rule_refuses_one_of_the_two():
    scene = await make_scene()
    _, [early, skilled] = await make_week(
        scene, EARLY, {**LATE, "qualifications": ("first aid",)}, held={0: [scene.bob], 1: [scene.carol]}
    )
    one, other = await assignment_on(early, scene.bob), await assignment_on(skilled, scene.carol)
    before = await held_by(early, skilled)

    with pytest.raises(RuleBroken, match="Bob Worker does not hold the qualification first aid"):
        await swap(scene, one, other)

    assert await held_by(early, skilled) == before
    assert await rows("SELECT id FROM audit_entries") == []


@pytest.mark.parametrize("is_swap", [False, True], ids=["move", "swap"])
async def test_a_warning_needs_a_reason_and_the_reason_is_kept(is_swap: bool):
    scene = await make_scene()
    async with writing() as session:
        rule = await build_rule(
            session,
            scene.site,
            rule_type="preference",
            constraints={"unwanted_weekdays": [0]},
            strict=False,
            employee_id=scene.carol.id,
        )
    _, [monday, tuesday] = await make_week(
        scene, EARLY, {**EARLY, "day": 1}, held={0: [scene.bob], 1: [scene.carol] if is_swap else []}
    )
    held = await assignment_on(monday, scene.bob)

    async def attempt(**options: Any) -> None:
        if is_swap:
            await swap(scene, held, await assignment_on(tuesday, scene.carol), **options)
        else:
            await move(scene, held, scene.carol, monday, **options)

    with pytest.raises(NeedsOverride, match="Carol Worker would rather not"):
        await attempt()
    with pytest.raises(NotAllowed, match="Only managers"):
        await attempt(actor=scene.actor("supervisor"), override_reason="Agreed with her")
    await attempt(override_reason="Agreed with her")

    carols = await assignment_on(monday, scene.carol)
    assert carols.override_reason == "Agreed with her"
    kept = await rows("SELECT assignment_id, rule_id, override_reason FROM rule_violations")
    assert kept == [(carols.id, rule.id, "Agreed with her")]
    [entry] = await audited("assignment", carols.id)
    assert entry.reason == "Agreed with her"
    if is_swap:
        assert (await assignment_on(tuesday, scene.bob)).override_reason is None


async def test_moves_that_make_no_sense_are_refused_in_words():
    scene = await make_scene()
    _, [early, late] = await make_week(scene, EARLY, LATE, held={0: [scene.bob, scene.carol], 1: [scene.bob]})
    _, [next_week] = await make_week(scene, EARLY, week_start=WEEK + timedelta(days=7))
    bob_early, bob_late = await assignment_on(early, scene.bob), await assignment_on(late, scene.bob)
    carol_early = await assignment_on(early, scene.carol)
    before = await rows("SELECT * FROM schedule_assignments ORDER BY id")

    for error, words, attempt in (
        (AlreadyAssigned, "Bob Worker already has this shift", move(scene, bob_early, scene.bob, early)),
        (AlreadyAssigned, "Carol Worker already has", move(scene, bob_early, scene.carol, early)),
        (AlreadyAssigned, "already has", move(scene, bob_early, scene.bob, early, keep=True)),
        (InvalidInput, "another week", move(scene, bob_early, scene.bob, next_week)),
        (InvalidInput, "with itself", swap(scene, bob_early, bob_early)),
        (InvalidInput, "nobody to swap with", swap(scene, bob_early, bob_late)),
        (InvalidInput, "Both work this shift", swap(scene, bob_early, carol_early)),
        (InvalidInput, "at least 3", move(scene, bob_early, scene.bob, next_week, override_reason="x")),
    ):
        with pytest.raises(error, match=words):
            await attempt
    assert await rows("SELECT * FROM schedule_assignments ORDER BY id") == before
    assert await rows("SELECT id FROM audit_entries") == []


@pytest.mark.parametrize(
    ("role", "error"), [("employee", NotAllowed), ("stranger", NotFound)], ids=["employee", "stranger"]
)
async def test_others_may_neither_move_nor_swap(role: str, error: type[ScheduleError]):
    scene = await make_scene()
    _, [early, late] = await make_week(scene, EARLY, LATE, held={0: [scene.bob], 1: [scene.carol]})
    one, other = await assignment_on(early, scene.bob), await assignment_on(late, scene.carol)
    before = await held_by(early, late)

    for attempt in (
        move(scene, one, scene.carol, early, actor=scene.actor(role)),
        move(scene, one, scene.carol, early, actor=scene.actor(role), keep=True),
        swap(scene, one, other, actor=scene.actor(role)),
    ):
        with pytest.raises(error):
            await attempt
    assert await held_by(early, late) == before


async def test_missing_and_foreign_ids_look_the_same():
    scene, elsewhere = await make_scene(), await make_scene()
    _, [early, late] = await make_week(scene, EARLY, LATE, held={0: [scene.bob], 1: [scene.carol]})
    _, [theirs] = await make_week(elsewhere, held={0: [elsewhere.bob]})
    one, foreign = await assignment_on(early, scene.bob), await assignment_on(theirs, elsewhere.bob)
    missing = await fetch(ScheduleAssignment, one.id)
    missing.id = 2**40
    nobody, nothing = await fetch(Employee, scene.bob.id), await fetch(Shift, early.id)
    nobody.id = nothing.id = 2**40

    messages = set()
    for attempt in (
        move(scene, foreign, scene.carol, late),
        move(scene, missing, scene.carol, late),
        move(scene, one, elsewhere.carol, late),
        move(scene, one, nobody, late),
        move(scene, one, scene.carol, theirs),
        move(scene, one, scene.carol, nothing),
        swap(scene, one, foreign),
        swap(scene, missing, one),
    ):
        with pytest.raises(NotFound) as refused:
            await attempt
        messages.add(refused.value.message)
    assert len(messages) == 1
    assert await rows("SELECT id FROM audit_entries") == []


async def test_a_supervisor_of_a_department_moves_within_it_alone():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        head = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
    own = {"department_id": scene.department.id}
    _, [early, late, foreign] = await make_week(
        scene, {**EARLY, **own}, {**LATE, **own}, {"day": 1, "department_id": other.id}, held={0: [scene.bob]}
    )
    held = await assignment_on(early, scene.bob)

    with pytest.raises(NotAllowed):
        await move(scene, held, scene.bob, foreign, actor=actor_of(head))
    moved = await move(scene, held, scene.bob, late, actor=actor_of(head))
    now_foreign = await move(scene, await fetch(ScheduleAssignment, moved.assignment_id), scene.bob, foreign)
    with pytest.raises(NotAllowed):
        await move(
            scene, await fetch(ScheduleAssignment, now_foreign.assignment_id), scene.bob, early, actor=actor_of(head)
        )


@pytest.mark.parametrize(
    ("status", "words"),
    [("pending", "waits for approval"), ("approved", "is approved"), ("archived", "replaced by a newer version")],
)
async def test_nothing_moves_while_a_week_is_not_open(status: str, words: str):
    scene = await make_scene()
    _, [early, late] = await make_week(scene, EARLY, LATE, held={0: [scene.bob], 1: [scene.carol]}, status=status)
    one, other = await assignment_on(early, scene.bob), await assignment_on(late, scene.carol)

    for attempt in (
        move(scene, one, scene.carol, early),
        move(scene, one, scene.carol, early, keep=True),
        swap(scene, one, other),
    ):
        with pytest.raises(IllegalTransition, match=words):
            await attempt


async def test_what_is_over_stays_and_what_was_declined_moves_but_is_not_swapped():
    scene = await make_scene()
    _, [early, late] = await make_week(scene, EARLY, LATE, held={0: [scene.bob], 1: [scene.carol]}, status="published")
    one, other = await assignment_on(early, scene.bob), await assignment_on(late, scene.carol)
    await execute("UPDATE schedule_assignments SET status = 'declined' WHERE id = :id", id=one.id)
    declined = await assignment_on(early, scene.bob)

    with pytest.raises(IllegalTransition, match="declined"):
        await swap(scene, declined, other)
    await move(scene, declined, scene.carol, early)
    assert await told(scene.bob) == []
    cancelled = await fetch(ScheduleAssignment, one.id)
    with pytest.raises(IllegalTransition):
        await move(scene, cancelled, scene.manager, early)


async def test_a_stale_version_is_refused_and_says_who_was_first():
    scene = await make_scene()
    _, [early, late] = await make_week(scene, EARLY, LATE, held={0: [scene.bob], 1: [scene.carol]}, status="published")
    one, other = await assignment_on(early, scene.bob), await assignment_on(late, scene.carol)
    await unassign_employee(scene.actor("second_manager"), one.id)

    for attempt in (move(scene, one, scene.carol, early), swap(scene, one, other), swap(scene, other, one)):
        with pytest.raises(StaleVersion, match="Joan Manager"):
            await attempt
    assert await held_by(early, late) == [(late.id, scene.carol.id, "pending")]


async def test_whoever_comes_too_late_reads_what_became_of_the_shift():
    scene = await make_scene()
    early, late = {"title": "Early", **EARLY}, {"title": "Late", "day": 1, **LATE}
    _, shifts = await make_week(scene, early, late, held={0: [scene.bob], 1: [scene.carol]})
    carol = await assignment_on(shifts[1], scene.carol)
    joan = {"actor": scene.actor("second_manager")}
    tuesday = short_day(WEEK + timedelta(days=1))

    for change, words in (
        (lambda held: move(scene, held, scene.supervisor, shifts[0], **joan), "gave it to Alice Supervisor"),
        (
            lambda held: move(scene, held, scene.supervisor, shifts[1], **joan),
            f"moved it to Alice Supervisor, Late {tuesday}",
        ),
        (lambda held: move(scene, held, scene.bob, shifts[1], **joan), f"moved it to Late {tuesday}"),
        (lambda held: swap(scene, held, carol, **joan), f"swapped it with Carol Worker for Late {tuesday}"),
        (lambda held: unassign_employee(joan["actor"], held.id), "took it away"),
    ):
        held = await assignment_on(shifts[0], scene.bob)
        await change(held)
        with pytest.raises(StaleVersion, match=f"Joan Manager {words} in the meantime"):
            await move(scene, held, scene.manager, shifts[0])
        await undo(joan["actor"], scene.site.id)


async def test_moving_what_somebody_moved_or_onto_what_somebody_removed_says_who_did():
    scene = await make_scene()
    _, [early, late] = await make_week(scene, EARLY, LATE, held={0: [scene.bob, scene.carol]})
    moved, stays = await assignment_on(early, scene.bob), await assignment_on(early, scene.carol)
    await move(scene, moved, scene.bob, late, actor=scene.actor("second_manager"))

    for attempt in (move(scene, moved, scene.supervisor, early), swap(scene, moved, stays)):
        with pytest.raises(StaleVersion, match=r"Joan Manager moved it to \w+ \w{3} \d+ in the meantime"):
            await attempt
    await delete_shift(scene.actor("second_manager"), late.id or 0, expected_version=1)
    with pytest.raises(StaleVersion, match="Joan Manager deleted it in the meantime"):
        await move(scene, stays, scene.carol, late)


@pytest.mark.parametrize("status", ["draft", "published"])
async def test_of_two_managers_who_move_the_same_assignment_one_wins(status: str):
    scene = await make_scene()
    for week in range(5):
        _, [shift] = await make_week(
            scene, held={0: [scene.bob]}, status=status, week_start=WEEK + timedelta(weeks=week)
        )
        held = await assignment_on(shift, scene.bob)

        outcomes = await asyncio.gather(
            move(scene, held, scene.carol, shift),
            move(scene, held, scene.supervisor, shift, actor=scene.actor("second_manager")),
            return_exceptions=True,
        )

        lost = [each for each in outcomes if isinstance(each, Exception)]
        assert len(lost) == 1
        assert isinstance(lost[0], NotFound | StaleVersion)
        assert len(await held_by(shift)) == 1


async def test_swaps_crossing_each_other_do_not_lock_each_other_out():
    scene = await make_scene()
    _, [early, late] = await make_week(scene, EARLY, LATE, held={0: [scene.bob], 1: [scene.carol]})
    one, other = await assignment_on(early, scene.bob), await assignment_on(late, scene.carol)

    outcomes = await asyncio.gather(
        *(swap(scene, *pair) for pair in [(one, other), (other, one)] * 4), return_exceptions=True
    )

    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [StaleVersion] * 7
    assert [each[:2] for each in await held_by(early, late)] == [(early.id, scene.carol.id), (late.id, scene.bob.id)]


async def keep_apart(scene: Scene) -> None:
    """Bob and Carol never work at the same time from now on."""
    async with writing() as session:
        pair = {"first": scene.bob.id, "second": scene.carol.id}
        await build_rule(session, scene.site, rule_type="restriction", constraints={"apart": [pair]}, strict=True)


async def test_who_is_kept_apart_may_take_over_what_the_other_one_leaves():
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]})
    await keep_apart(scene)
    held = await assignment_on(shift, scene.bob)
    async with read_session() as session:
        found = await candidates(session, scene.actor("manager"), shift.id or 0, moving=held.id)
    assert {each.name: each.level for each in found.people}["Carol Worker"] == "ok"

    with pytest.raises(RuleBroken, match="at the same time as Bob Worker"):
        await move(scene, held, scene.carol, shift, keep=True)
    await move(scene, held, scene.carol, shift)

    assert [employee for _, employee, _ in await held_by(shift)] == [scene.carol.id]


@pytest.mark.parametrize(("start", "is_allowed"), [(17, True), (16, False)], ids=["one after the other", "overlapping"])
async def test_who_is_kept_apart_may_swap_what_does_not_overlap(start: int, is_allowed: bool):
    scene = await make_scene()
    shifts = {"start": time(9), "end": time(17)}, {"start": time(start), "end": time(23)}
    _, [one, other] = await make_week(scene, *shifts, held={0: [scene.bob], 1: [scene.carol]})
    await keep_apart(scene)
    first, second = await assignment_on(one, scene.bob), await assignment_on(other, scene.carol)
    async with read_session() as session:
        foreseen = await judge_swap(session, scene.actor("manager"), first.id or 0, second.id or 0)

    if is_allowed:
        await swap(scene, first, second)
    else:
        with pytest.raises(RuleBroken, match="at the same time as"):
            await swap(scene, first, second)

    assert foreseen.level == ("ok" if is_allowed else "block")
