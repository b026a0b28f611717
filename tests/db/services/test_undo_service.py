"""Taking back what one did, and doing it again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest

from schedule_app.db.engine import dispose, read_session, unit_of_work
from schedule_app.domain.errors import (
    Conflict,
    DoubleBooking,
    IllegalTransition,
    NotAllowed,
    NotFound,
    RuleBroken,
    ScheduleError,
    StaleVersion,
)
from schedule_app.domain.notices import parse, word
from schedule_app.domain.permissions import Actor, Role
from schedule_app.models import ScheduleAssignment, Shift
from schedule_app.queries.labels import short_day
from schedule_app.queries.undo import UndoView, undo_view
from schedule_app.services.assignments import assign_employee, confirm_assignment, unassign_employee
from schedule_app.services.audit import record
from schedule_app.services.copies import DaysCopy, copy_days
from schedule_app.services.moves import move_assignment, swap_assignments
from schedule_app.services.schedules import (
    approve_schedule,
    discard_draft,
    publish_schedule,
    reject_schedule,
    submit_schedule,
)
from schedule_app.services.shifts import ShiftDetails, create_shift, delete_shift, edit_shift
from schedule_app.services.undo import redo, skip, undo
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
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")

LATE = ShiftDetails(WEEK + timedelta(days=1), time(14), time(22), title="Late", required_staff=2, notes="Keys")

# Everything a week consists of, apart from versions and who wrote it when.
_BOOKKEEPING = "'{version,updated_at,updated_by_id}'::text[]"
_PLAN = f"""
    SELECT to_jsonb(shifts) - {_BOOKKEEPING} FROM shifts
    UNION ALL SELECT to_jsonb(held) - {_BOOKKEEPING} FROM schedule_assignments AS held
    UNION ALL SELECT to_jsonb(found) FROM rule_violations AS found
    ORDER BY 1
"""


async def plan() -> list[Any]:
    """Every row of shifts, assignments and violations."""
    return [row for [row] in await rows(_PLAN)]


async def view(scene: Scene, role: str = "manager") -> UndoView:
    """What can be undone and redone."""
    async with read_session() as session:
        return await undo_view(session, scene.actor(role), scene.site.id)


async def labels(scene: Scene, role: str = "manager") -> tuple[str, str]:
    """What the buttons say."""
    shown = await view(scene, role)
    return shown.undo, shown.redo


async def version(model: type[Any], row_id: int) -> int:
    return (await fetch(model, row_id)).version


async def refused(error: type[ScheduleError], scene: Scene, verb: Callable[..., Awaitable[Any]] = undo) -> str:
    """The words in which the manager is refused, and nothing changes."""
    before, known = await plan(), await labels(scene)
    with pytest.raises(error) as refusal:
        await verb(scene.actor("manager"), scene.site.id)
    assert (await plan(), await labels(scene)) == (before, known)
    return refusal.value.message


class Steps:
    """A draft with two shifts, Bob on the first, and one way to do each thing a manager does."""

    def __init__(self, scene: Scene, shifts: list[Shift], held: ScheduleAssignment) -> None:
        self.scene, self.early, self.late, self.held = scene, *shifts, held
        self.manager = scene.actor("manager")

    async def assign(self) -> None:
        await assign_employee(self.manager, self.late.id, self.scene.carol.id)

    async def unassign(self) -> None:
        await unassign_employee(self.manager, self.held.id)

    async def move(self) -> None:
        carol, early = self.scene.carol.id, self.early.id
        await move_assignment(
            self.manager, self.held.id, to_employee_id=carol, to_shift_id=early, expected_version=self.held.version
        )

    async def create(self) -> None:
        await create_shift(self.manager, self.early.schedule_id, LATE)

    async def edit(self) -> None:
        await edit_shift(self.manager, self.early.id, LATE, expected_version=self.early.version)

    async def delete(self) -> None:
        await delete_shift(self.manager, self.early.id, expected_version=self.early.version)


async def make_steps(**week: Any) -> Steps:
    scene = await make_scene()
    early = {"title": "Early", "start": time(6), "end": time(14)}
    late = {"title": "Late", "day": 1, "start": time(14), "end": time(22)}
    _, shifts = await make_week(scene, early, late, held={0: [scene.bob]}, **week)
    return Steps(scene, shifts, await assignment_on(shifts[0], scene.bob))


@pytest.mark.parametrize(
    ("step", "label", "status"),
    [
        ("assign", "assign Carol Worker to Late Tue {late}", "draft"),
        ("assign", "assign Carol Worker to Late Tue {late}", "published"),
        ("unassign", "unassign Bob Worker from Early Mon {early}", "draft"),
        ("unassign", "unassign Bob Worker from Early Mon {early}", "published"),
        ("move", "give Early Mon {early} to Carol Worker instead of Bob Worker", "draft"),
        ("move", "give Early Mon {early} to Carol Worker instead of Bob Worker", "published"),
        ("create", "add shift Late Tue {late}", "draft"),
        ("edit", "change shift Late Tue {late}", "draft"),
        ("delete", "delete shift Early Mon {early}", "draft"),
    ],
)
async def test_each_step_is_undone_and_redone_to_the_row(step: str, label: str, status: str):
    steps = await make_steps(status=status)
    label = label.format(early=WEEK.day, late=(WEEK + timedelta(days=1)).day)
    site_id = steps.scene.site.id
    before = await plan()
    await getattr(steps, step)()
    after = await plan()
    assert before != after

    for _ in range(3):
        assert await labels(steps.scene) == (label, "")
        assert (await undo(steps.manager, site_id)).label == label
        assert await plan() == before
        assert await labels(steps.scene) == ("", label)
        assert (await redo(steps.manager, site_id)).label == label
        assert await plan() == after


async def test_undo_comes_back_after_a_reload_and_another_server():
    steps = await make_steps()
    await steps.assign()
    before = await labels(steps.scene)
    await dispose()

    assert await labels(steps.scene) == before
    await undo(steps.manager, steps.scene.site.id)
    await dispose()
    await redo(steps.manager, steps.scene.site.id)
    assert await labels(steps.scene) == before


async def test_sixty_steps_are_undone_one_by_one_and_redone():
    steps = await make_steps()
    seen = [await plan()]
    for number in range(20):
        await create_shift(steps.manager, steps.early.schedule_id, replace(LATE, title=f"Shift {number}"))
        seen.append(await plan())
        [[shift_id]] = await rows("SELECT max(id) FROM shifts")
        assigned = await assign_employee(steps.manager, shift_id, steps.scene.bob.id) if number == 0 else None
        seen += [await plan()] if assigned else []
        await edit_shift(steps.manager, shift_id, replace(LATE, title="Changed"), expected_version=1)
        seen.append(await plan())
        if number:
            await delete_shift(steps.manager, shift_id, expected_version=2)
            seen.append(await plan())

    assert len(seen) == 61
    for expected in seen[-2::-1]:
        await undo(steps.manager, steps.scene.site.id)
        assert await plan() == expected
    assert (await labels(steps.scene))[0] == ""
    for expected in seen[1:]:
        await redo(steps.manager, steps.scene.site.id)
        assert await plan() == expected
    assert (await labels(steps.scene))[1] == ""


async def test_something_new_leaves_nothing_to_redo():
    steps = await make_steps()
    await steps.unassign()
    await steps.create()
    await undo(steps.manager, steps.scene.site.id)
    await steps.assign()

    assert (await labels(steps.scene))[1] == ""
    assert await refused(IllegalTransition, steps.scene, redo) == "There is nothing to redo."
    await undo(steps.manager, steps.scene.site.id)
    assert (await labels(steps.scene))[1].startswith("assign")
    await undo(steps.manager, steps.scene.site.id)
    assert (await labels(steps.scene))[1].startswith("unassign")
    assert await refused(IllegalTransition, steps.scene) == "There is nothing to undo."


async def test_what_one_unit_of_work_does_is_one_step():
    steps = await make_steps()
    await steps.assign()
    before = await plan()
    held = await assignment_on(steps.late, steps.scene.carol)
    async with unit_of_work() as session:
        for each in (held, steps.held):
            row = await session.get_one(ScheduleAssignment, each.id)
            await session.delete(row)
            await session.flush()
            site_id = steps.scene.site.id
            await record(session, steps.manager, "unassign", "assignment", each.id, site_id=site_id)

    assert (await labels(steps.scene))[0] == "unassign 2 shifts"
    assert (await undo(steps.manager, steps.scene.site.id)).label == "unassign 2 shifts"
    assert await plan() == before
    await redo(steps.manager, steps.scene.site.id)
    assert not await rows("SELECT id FROM schedule_assignments")


async def test_swap_is_one_step_in_a_published_week_too():
    steps = await make_steps(status="published")
    scene = steps.scene
    await steps.assign()
    theirs = await assignment_on(steps.late, scene.carol)
    before = await plan()
    await swap_assignments(steps.manager, steps.held.id, theirs.id, one_version=steps.held.version, other_version=1)

    assert (await labels(scene))[0] == "swap Bob Worker and Carol Worker"
    await undo(steps.manager, scene.site.id)
    assert await plan() == before


async def test_a_row_that_comes_back_is_a_newer_one():
    steps = await make_steps()
    await steps.delete()
    await undo(steps.manager, steps.scene.site.id)

    assert await version(Shift, steps.early.id) > steps.early.version
    assert await version(ScheduleAssignment, steps.held.id) > steps.held.version
    with pytest.raises(StaleVersion):
        await delete_shift(steps.manager, steps.early.id, expected_version=steps.early.version)


async def test_only_ones_own_steps_are_undone():
    steps = await make_steps()
    scene = steps.scene
    await unassign_employee(scene.actor("second_manager"), steps.held.id)

    assert await labels(scene) == ("", "")
    assert await refused(IllegalTransition, scene) == "There is nothing to undo."
    assert (await labels(scene, "second_manager"))[0].startswith("unassign Bob Worker")


@pytest.mark.parametrize("verb", [undo, redo])
async def test_foreign_sites_look_as_if_they_were_missing(verb: Callable[..., Awaitable[Any]]):
    steps = await make_steps()
    await steps.assign()

    for site_id in (steps.scene.site.id, 2**40):
        with pytest.raises(NotFound):
            await verb(steps.scene.actor("stranger"), site_id)
    with pytest.raises(NotAllowed):
        await verb(steps.scene.actor("employee"), steps.scene.site.id)
    async with read_session() as session:
        assert await undo_view(session, steps.scene.actor("stranger"), steps.scene.site.id) == UndoView()


async def test_somebody_who_may_not_do_it_any_more_may_not_undo_it():
    steps = await make_steps()
    await steps.create()
    await steps.assign()
    scene = steps.scene
    async with writing() as session:
        department = await build_department(session, scene.site)
    demoted = Actor(scene.manager.id, Role.SUPERVISOR, scene.site.id, department.id)
    supervisor = replace(demoted, department_id=None)

    with pytest.raises(NotAllowed):
        await undo(demoted, scene.site.id)
    assert (await undo(supervisor, scene.site.id)).label.startswith("assign")
    with pytest.raises(NotAllowed):
        await undo(supervisor, scene.site.id)


async def test_refused_when_somebody_else_has_changed_the_person():
    steps = await make_steps()
    await steps.assign()
    held = await assignment_on(steps.late, steps.scene.carol)
    await unassign_employee(steps.scene.actor("second_manager"), held.id)

    words = await refused(StaleVersion, steps.scene)
    assert words.startswith("This cannot be undone any more. Carol Worker, Late Tue")
    assert "Joan Manager took it away in the meantime" in words


async def test_refused_when_somebody_else_has_changed_the_shift():
    steps = await make_steps()
    await steps.edit()
    values = replace(LATE, title="Other")
    second = steps.scene.actor("second_manager")
    await edit_shift(second, steps.early.id, values, expected_version=await version(Shift, steps.early.id))

    words = await refused(StaleVersion, steps.scene)
    assert "Late Tue" in words
    assert "Joan Manager changed it in the meantime" in words


async def test_refused_when_somebody_else_has_given_away_the_new_shift():
    steps = await make_steps()
    await steps.create()
    [[shift_id]] = await rows("SELECT max(id) FROM shifts")
    await assign_employee(steps.scene.actor("second_manager"), shift_id, steps.scene.carol.id)

    words = await refused(StaleVersion, steps.scene)
    assert "Carol Worker, Late Tue" in words
    assert "Joan Manager assigned it in the meantime" in words


async def test_refused_when_the_shift_to_return_to_was_moved_or_is_gone():
    steps = await make_steps()
    second = steps.scene.actor("second_manager")
    await steps.unassign()
    await edit_shift(second, steps.early.id, LATE, expected_version=1)
    assert "Joan Manager changed it in the meantime" in await refused(StaleVersion, steps.scene)

    await delete_shift(second, steps.early.id, expected_version=2)
    words = await refused(StaleVersion, steps.scene)
    assert "Bob Worker, a removed shift: Joan Manager deleted it in the meantime" in words


async def test_refused_in_other_words_when_nobody_knows_who_it_was():
    steps = await make_steps()
    await steps.create()
    await execute("UPDATE shifts SET title = 'Typed by hand' WHERE id = (SELECT max(id) FROM shifts)")
    await execute("ALTER TABLE audit_entries DISABLE TRIGGER USER")
    await execute("UPDATE audit_entries SET entity_id = 0 WHERE entity_type = 'shift'")

    assert "Somebody changed it in the meantime" in await refused(StaleVersion, steps.scene)


async def test_what_another_did_elsewhere_does_not_matter():
    steps = await make_steps()
    before = await plan()
    await steps.assign()
    second = steps.scene.actor("second_manager")
    await edit_shift(second, steps.late.id, replace(LATE, notes="Bring keys"), expected_version=1)
    await undo(steps.manager, steps.scene.site.id)

    assert len(await plan()) == len(before)
    assert (await fetch(Shift, steps.late.id)).notes == "Bring keys"


async def test_refused_while_the_week_is_in_approval_and_possible_again_after():
    steps = await make_steps()
    scene = steps.scene
    before = await plan()
    await steps.assign()
    week_id = steps.early.schedule_id
    await submit_schedule(steps.manager, week_id, expected_version=1)
    assert await refused(IllegalTransition, scene) == "This week was submitted since; take it back to draft first."
    await approve_schedule(steps.manager, week_id, expected_version=2)
    assert (await refused(IllegalTransition, scene)).startswith("This week was approved since")
    await reject_schedule(steps.manager, week_id, expected_version=3, reason="Not yet")

    await undo(steps.manager, scene.site.id)
    assert await plan() == before


async def test_refused_once_the_week_is_published_or_replaced_or_thrown_away():
    steps = await make_steps()
    scene = steps.scene
    await steps.assign()
    week_id = steps.early.schedule_id
    for number, step in enumerate((submit_schedule, approve_schedule, publish_schedule), start=1):
        await step(steps.manager, week_id, expected_version=number)
    assert (await refused(IllegalTransition, scene)).startswith("This week was published since")
    await execute("UPDATE schedules SET status = 'archived', archived_at = now() WHERE id = :id", id=week_id)
    assert (await refused(IllegalTransition, scene)).startswith("This week was replaced")

    week, _ = await make_week(scene, week_start=WEEK + timedelta(weeks=1))
    await create_shift(steps.manager, week.id, replace(LATE, local_date=WEEK + timedelta(weeks=1)))
    await discard_draft(steps.manager, week.id, expected_version=1)
    assert await refused(IllegalTransition, scene) == "The draft in which this was done was thrown away since."


async def test_in_a_published_week_people_are_told():
    steps = await make_steps(status="published")
    scene = steps.scene
    await steps.move()
    assert (await told(scene.bob), await told(scene.carol)) == (["assignment_removed"], ["assignment_added"])
    await undo(steps.manager, scene.site.id)

    assert (await told(scene.bob))[1:] == ["assignment_added"]
    assert (await told(scene.carol))[1:] == ["assignment_removed"]
    [[payload, related]] = await rows(
        "SELECT payload, related_id FROM notifications WHERE recipient_id = :id AND type = 'assignment_added'",
        id=scene.bob.id,
    )
    words = word(parse("assignment_added", payload), clock_24h=True).body
    assert "06:00–14:00 (Early). Please confirm by" in words
    assert related == steps.held.id
    assert (await fetch(ScheduleAssignment, steps.held.id)).confirm_by == steps.held.confirm_by


async def test_in_a_draft_nobody_is_told():
    steps = await make_steps()
    await steps.move()
    await undo(steps.manager, steps.scene.site.id)

    assert await rows("SELECT id FROM notifications") == []


async def test_an_answer_is_not_taken_back():
    steps = await make_steps(status="published")
    scene = steps.scene
    await steps.assign()
    held = await assignment_on(steps.late, scene.carol)
    await confirm_assignment(actor_of(scene.carol), held.id)

    assert "Carol Worker confirmed it in the meantime" in await refused(StaleVersion, scene)
    with pytest.raises(NotAllowed):
        await undo(actor_of(scene.carol), scene.site.id)


async def test_a_person_whose_time_to_answer_has_run_out_is_given_time_anew():
    steps = await make_steps(status="published")
    past = "UPDATE schedule_assignments SET confirm_by = now() - interval '1 minute' WHERE id = :id"
    await execute(past, id=steps.held.id)
    await steps.unassign()
    await undo(steps.manager, steps.scene.site.id)

    [[is_open]] = await rows(
        "SELECT confirm_by > now() FROM schedule_assignments WHERE id = :id AND status = 'pending'", id=steps.held.id
    )
    assert is_open


async def test_a_person_who_works_elsewhere_by_now_does_not_come_back():
    steps = await make_steps()
    scene = steps.scene
    await steps.unassign()
    await execute("UPDATE shifts SET starts_at = :at, ends_at = :to WHERE id = :id", **_span(steps), id=steps.late.id)
    await assign_employee(scene.actor("second_manager"), steps.late.id, scene.bob.id)

    assert "Bob Worker already works" in await refused(DoubleBooking, scene)


async def test_a_rule_that_blocks_by_now_refuses():
    steps = await make_steps()
    await steps.unassign()
    await _need_first_aid(steps)

    assert "first aid" in await refused(RuleBroken, steps.scene)


async def test_a_rule_that_blocks_by_now_refuses_a_shift_as_it_was():
    steps = await make_steps()
    await steps.edit()
    await _need_first_aid(steps)

    assert "first aid" in await refused(RuleBroken, steps.scene)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE employees SET is_active = false WHERE id = :id", "Bob Worker is not active"),
        ("UPDATE employees SET deleted_at = now() WHERE id = :id", "Bob Worker does not work at this site any more"),
    ],
)
async def test_a_person_who_left_does_not_come_back(change: str, words: str):
    steps = await make_steps()
    await steps.delete()
    await execute(change, id=steps.scene.bob.id)

    assert words in await refused(RuleBroken, steps.scene)


async def test_warnings_that_were_overridden_are_so_again():
    steps = await make_steps()
    scene = steps.scene
    await _need_first_aid(steps, strict=False)
    await assign_employee(steps.manager, steps.late.id, scene.bob.id, override_reason="Nobody else can")
    before = await plan()
    held = await assignment_on(steps.late, scene.bob)
    await unassign_employee(steps.manager, held.id)
    await undo(steps.manager, scene.site.id)

    assert await plan() == before
    [[reason, by]] = await rows(
        "SELECT override_reason, overridden_by_id FROM rule_violations WHERE assignment_id = :id", id=held.id
    )
    assert (reason, by) == ("Nobody else can", scene.manager.id)


async def test_a_warning_that_is_new_is_kept_with_the_assignment():
    steps = await make_steps()
    await steps.unassign()
    await _need_first_aid(steps, strict=False)
    await undo(steps.manager, steps.scene.site.id)

    [[held, reason]] = await rows("SELECT assignment_id, override_reason FROM rule_violations")
    assert (held, reason) == (steps.held.id, None)


async def test_undoing_is_recorded_as_what_it_does():
    steps = await make_steps()
    await steps.unassign()
    await undo(steps.manager, steps.scene.site.id)
    await redo(steps.manager, steps.scene.site.id)

    entries = await audited("assignment", steps.held.id)
    assert [entry.action for entry in entries] == ["unassign", "assign", "unassign"]
    facts = {"schedule_id": steps.early.schedule_id, "shift_id": steps.early.id, "employee_id": steps.scene.bob.id}
    assert entries[1].after == entries[2].before == {**facts, "status": "assigned"}
    links = await rows("SELECT command_id, undoes, redoes FROM audit_entries ORDER BY id")
    assert [tuple(link)[1:] for link in links] == [(None, None), (links[0][0], None), (None, links[1][0])]


async def test_two_undos_at_once_take_back_one_step_each_or_say_so():
    steps = await make_steps()
    await steps.unassign()
    await steps.create()
    results = await gathered(*(undo(steps.manager, steps.scene.site.id) for _ in range(2)))

    done = [result for result in results if not isinstance(result, BaseException)]
    assert len(done) + sum(isinstance(result, Conflict) for result in results) == 2
    [[undone]] = await rows("SELECT count(DISTINCT undoes) FROM audit_entries")
    assert undone == len(done) >= 1


async def gathered(*awaitables: Awaitable[Any]) -> list[Any]:
    """What each returned or raised."""
    return await asyncio.gather(*awaitables, return_exceptions=True)


def _span(steps: Steps) -> dict[str, Any]:
    return {"at": steps.early.starts_at, "to": steps.early.ends_at}


async def _need_first_aid(steps: Steps, *, strict: bool = True) -> None:
    async with writing() as session:
        limits = {"all_of": ["first aid"]}
        await build_rule(session, steps.scene.site, rule_type="qualification", constraints=limits, strict=strict)


async def test_a_step_that_is_skipped_makes_way_for_the_one_before():
    steps = await make_steps()
    scene = steps.scene
    await steps.create()
    await steps.assign()
    held = await assignment_on(steps.late, scene.carol)
    await unassign_employee(scene.actor("second_manager"), held.id)
    await refused(StaleVersion, scene)
    before, shown = await plan(), await view(scene)

    with pytest.raises(Conflict):
        await skip(steps.manager, scene.site.id, "undo", UUID(int=1))
    with pytest.raises(Conflict):
        await skip(scene.actor("second_manager"), scene.site.id, "undo", UUID(shown.undo_id))
    await skip(steps.manager, scene.site.id, "undo", UUID(shown.undo_id))

    assert await plan() == before
    assert await labels(scene) == (f"add shift Late {short_day(LATE.local_date)}", "")
    [skipped] = await audited("command", scene.manager.id)
    assert (skipped.action, skipped.after) == ("skip_undo", {"left": shown.undo})
    assert (await undo(steps.manager, scene.site.id)).label.startswith("add shift")
    assert await labels(scene) == ("", f"add shift Late {short_day(LATE.local_date)}")


async def test_a_redo_that_is_skipped_makes_way_for_the_one_before():
    steps = await make_steps()
    scene = steps.scene
    await steps.assign()
    await steps.unassign()
    for _ in range(2):
        await undo(steps.manager, scene.site.id)
    late = (await fetch(Shift, steps.late.id)).version
    await edit_shift(scene.actor("second_manager"), steps.late.id, replace(LATE, title="Later"), expected_version=late)
    shown = await view(scene)
    assert shown.redo.startswith("assign Carol Worker")

    await skip(steps.manager, scene.site.id, "redo", UUID(shown.redo_id))

    assert (await labels(scene))[1].startswith("unassign Bob Worker")
    await redo(steps.manager, scene.site.id)


async def _statements_to_bring_back(shifts: int) -> int:
    """How many statements it takes to do a copy of so many shifts again, with somebody on each of them."""
    scene = await make_scene()
    async with writing() as session:
        staff = [await build_employee(session, scene.site) for _ in range(shifts)]
    columns = [{"day": number % 7} for number in range(shifts)]
    await make_week(scene, *columns, held={number: [person] for number, person in enumerate(staff)})
    copy = DaysCopy(WEEK, WEEK + timedelta(days=6), WEEK + timedelta(days=7), with_people=True)
    made = await copy_days(scene.actor("manager"), scene.site.id, copy)
    assert (made.shifts, made.people) == (shifts, shifts)
    await undo(scene.actor("manager"), scene.site.id)
    with count_statements() as statements:
        await redo(scene.actor("manager"), scene.site.id)
    return len(statements)


async def test_a_step_of_many_shifts_is_taken_back_in_as_many_statements_as_one_of_few():
    assert await _statements_to_bring_back(5) == await _statements_to_bring_back(50)


async def test_what_would_bring_two_people_together_who_are_kept_apart_is_refused():
    steps = await make_steps()
    scene = steps.scene
    await steps.unassign()
    await assign_employee(scene.actor("second_manager"), steps.early.id, scene.carol.id)
    async with writing() as session:
        pair = {"apart": [{"first": scene.bob.id, "second": scene.carol.id}]}
        await build_rule(session, scene.site, rule_type="restriction", constraints=pair)

    words = await refused(RuleBroken, scene)

    assert words == f"{scene.bob.name} would work at the same time as {scene.carol.name}."
