"""Everything that is done to a site's weeks, on targets picked by number, for tests that try things at random."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Final
from uuid import UUID

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor
from schedule_app.queries.undo import undo_view
from schedule_app.services.assignments import (
    assign_employee,
    confirm_assignment,
    decline_assignment,
    unassign_employee,
)
from schedule_app.services.moves import move_assignment, swap_assignments
from schedule_app.services.notifications import mark_all_read, mark_read, mark_unread
from schedule_app.services.schedules import (
    approve_schedule,
    create_schedule,
    discard_draft,
    publish_schedule,
    reject_schedule,
    revise_schedule,
    submit_schedule,
)
from schedule_app.services.selection import (
    Target,
    assign_selected,
    copy_selected,
    delete_selected,
    move_selected,
    unassign_selected,
)
from schedule_app.services.shifts import ShiftDetails, create_shift, delete_shift, edit_shift
from schedule_app.services.undo import redo, skip, undo
from tests.db.services.scene import WEEK, Scene, actor_of, execute, make_scene, rows, writing
from tests.support.builders import build_rule

WEEKS: Final = (WEEK, WEEK + timedelta(weeks=1))
TIMES: Final = ((time(6), time(14)), (time(14), time(22)), (time(22), time(6)), (time(9), time(12)))

_SCHEDULES = "SELECT id, version, week_start, status FROM schedules WHERE site_id = :site ORDER BY id"
_SHIFTS = """
    SELECT shifts.id, shifts.version, shifts.schedule_id, shifts.local_date, shifts.local_start, shifts.local_end,
           shifts.title, schedules.week_start
    FROM shifts JOIN schedules ON schedules.id = shifts.schedule_id
    WHERE shifts.site_id = :site AND schedules.status IN ('draft', 'published')
    ORDER BY shifts.id
"""
_HELD = """
    SELECT held.id, held.version, held.schedule_id, held.shift_id, held.employee_id
    FROM schedule_assignments AS held JOIN schedules ON schedules.id = held.schedule_id
    WHERE schedules.site_id = :site AND schedules.status IN ('draft', 'published')
    ORDER BY held.id
"""
_TOLD = """
    SELECT notifications.id, recipient_id FROM notifications
    JOIN employees ON employees.id = recipient_id WHERE site_id = :site ORDER BY notifications.id
"""


class NothingThereError(Exception):
    """There is nothing that this could be done to."""


class Trial:
    """A site with few people, so that they meet, and rules that warn and block."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.site_id = scene.site.id
        self.people = [scene.bob, scene.carol, scene.supervisor]

    def person(self, number: int) -> Any:
        """One of those who are given shifts."""
        return self.people[number % len(self.people)]

    async def pick(self, statement: str, number: int) -> Any:
        """One of what there is."""
        found = await rows(statement, site=self.site_id)
        if not found:
            raise NothingThereError
        return found[number % len(found)]

    async def pick_schedule(self, number: int, *statuses: str) -> Any:
        """One of the schedules of these statuses, or of all when there is none, to be refused."""
        found = await rows(_SCHEDULES, site=self.site_id)
        wanted = [each for each in found if each.status in statuses] or found
        if not wanted:
            raise NothingThereError
        return wanted[number % len(wanted)]


async def make_trial() -> Trial:
    """Write the people and the rules of a site."""
    scene = await make_scene()
    async with writing() as session:
        limits = {"max_minutes_per_day": 840}
        await build_rule(session, scene.site, rule_type="workload", constraints=limits)
        limits = {"weekly_minutes": 600}
        await build_rule(session, scene.site, rule_type="overtime", constraints=limits, strict=False)
        await build_rule(session, scene.site, constraints={"min_minutes": 540}, strict=False)
    return Trial(scene)


async def assign(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Give somebody a shift, every other time against warnings."""
    shift = await trial.pick(_SHIFTS, one)
    reason = "Nobody else can" if two % 2 else None
    await assign_employee(actor, shift.id, trial.person(two // 2).id, override_reason=reason)


async def unassign(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Take a shift from somebody."""
    held = await trial.pick(_HELD, one)
    await unassign_employee(actor, held.id, expected_version=held.version)


async def move(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Move or copy a shift to another person, another shift, or both."""
    held, shift = await trial.pick(_HELD, one), await trial.pick(_SHIFTS, two)
    await move_assignment(
        actor,
        held.id,
        to_employee_id=trial.person(one + two).id,
        to_shift_id=shift.id if two % 3 else held.shift_id,
        expected_version=held.version,
        override_reason="Nobody else can",
        keep=two % 5 == 0,
    )


async def swap(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Exchange two people's shifts."""
    held, other = await trial.pick(_HELD, one), await trial.pick(_HELD, two)
    versions = {"one_version": held.version, "other_version": other.version}
    await swap_assignments(actor, held.id, other.id, **versions, override_reason="They agreed")


async def unassign_several(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Take people off several shifts of a version at once."""
    await unassign_selected(actor, await _selected(trial, _HELD, one, 1 + two % 4))


async def assign_several(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Give several shifts of a version to one person, every other time against warnings."""
    versions = await _selected(trial, _SHIFTS, one, 1 + two % 4)
    reason = "Nobody else can" if two % 2 else None
    await assign_selected(actor, versions, trial.person(two // 2).id, override_reason=reason)


async def move_several(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Move or copy several assignments of a version to another person, another day, or both."""
    held = await trial.pick(_HELD, one)
    [[week_start]] = await rows("SELECT week_start FROM schedules WHERE id = :id", id=held.schedule_id)
    target = Target(
        employee_id=trial.person(two).id if two % 3 else None,
        day=week_start + timedelta(days=two % 4) if two % 2 else None,
        keep=two % 5 == 0,
    )
    versions = await _selected(trial, _HELD, one, 1 + two % 4)
    await move_selected(actor, versions, target, override_reason="Nobody else can")


async def remove_several(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Delete several shifts of a draft with whoever is on them."""
    await delete_selected(actor, await _selected(trial, _SHIFTS, one, 1 + two % 3))


async def copy_several(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Copy several shifts of a version to days of another week, or of the same."""
    versions = await _selected(trial, _SHIFTS, one, 1 + two % 3)
    await copy_selected(actor, versions, WEEKS[two % len(WEEKS)] + timedelta(days=two % 5))


async def _selected(trial: Trial, statement: str, number: int, most: int) -> dict[int, int]:
    """Some of what there is in the version of one of them."""
    first = await trial.pick(statement, number)
    found = await rows(statement, site=trial.site_id)
    there = [each for each in found if each.schedule_id == first.schedule_id]
    return {each.id: each.version for each in there[:most]} | {first.id: first.version}


async def add_shift(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Make a shift."""
    plan = await trial.pick_schedule(one, "draft")
    await create_shift(actor, plan.id, _details(plan.week_start, two))


async def change_shift(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Give a shift another day, other times, another name."""
    shift = await trial.pick(_SHIFTS, one)
    await edit_shift(actor, shift.id, _details(shift.week_start, two), expected_version=shift.version)


async def duplicate_shift(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Make a shift like another."""
    shift = await trial.pick(_SHIFTS, one)
    details = ShiftDetails(shift.local_date, shift.local_start, shift.local_end, title=shift.title)
    await create_shift(actor, shift.schedule_id, details)


async def remove_shift(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Delete a shift with whoever is on it."""
    shift = await trial.pick(_SHIFTS, one)
    await delete_shift(actor, shift.id, expected_version=shift.version)


async def begin_week(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Start a week with nothing in it."""
    await create_schedule(actor, trial.site_id, WEEKS[one % len(WEEKS)])


async def copy_week(trial: Trial, actor: Actor, one: int, two: int) -> None:
    """Start a week with the shifts of another."""
    plan = await trial.pick_schedule(two)
    await create_schedule(actor, trial.site_id, WEEKS[one % len(WEEKS)], copy_shifts_from=plan.id)


async def revise(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Start a new draft of a published week."""
    await revise_schedule(actor, (await trial.pick_schedule(one, "published")).id)


async def submit(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Ask for approval."""
    plan = await trial.pick_schedule(one, "draft")
    await submit_schedule(actor, plan.id, expected_version=plan.version)


async def approve(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Approve."""
    plan = await trial.pick_schedule(one, "pending")
    await approve_schedule(actor, plan.id, expected_version=plan.version)


async def reject(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Send back."""
    plan = await trial.pick_schedule(one, "pending", "approved")
    await reject_schedule(actor, plan.id, expected_version=plan.version, reason="Not yet")


async def publish(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Put in force."""
    plan = await trial.pick_schedule(one, "approved")
    await publish_schedule(actor, plan.id, expected_version=plan.version)


async def discard(trial: Trial, actor: Actor, one: int, _two: int) -> None:
    """Throw a draft away."""
    plan = await trial.pick_schedule(one, "draft")
    await discard_draft(actor, plan.id, expected_version=plan.version)


async def confirm(trial: Trial, _actor: Actor, one: int, _two: int) -> None:
    """Whose shift it is says yes."""
    held = await trial.pick(_HELD, one)
    await confirm_assignment(_owner(trial, held.employee_id), held.id)


async def decline(trial: Trial, _actor: Actor, one: int, _two: int) -> None:
    """Whose shift it is says no."""
    held = await trial.pick(_HELD, one)
    await decline_assignment(_owner(trial, held.employee_id), held.id, note="Ill")


async def take_back(trial: Trial, actor: Actor, _one: int, _two: int) -> None:
    """Undo."""
    await undo(actor, trial.site_id)


async def do_again(trial: Trial, actor: Actor, _one: int, _two: int) -> None:
    """Redo."""
    await redo(actor, trial.site_id)


async def pass_over(trial: Trial, actor: Actor, _one: int, two: int) -> None:
    """Leave the newest step as it is."""
    async with read_session() as session:
        shown = await undo_view(session, actor, trial.site_id)
    kind, step = ("undo", shown.undo_id) if two % 2 else ("redo", shown.redo_id)
    if not step:
        raise NothingThereError
    await skip(actor, trial.site_id, kind, UUID(step))


async def read(trial: Trial, _actor: Actor, one: int, two: int) -> None:
    """Somebody reads what they were told, or puts it back."""
    told = await trial.pick(_TOLD, one)
    everybody = [*trial.people, trial.scene.manager, trial.scene.second_manager]
    [reader] = [actor_of(each) for each in everybody if each.id == told.recipient_id]
    if two % 3 == 0:
        await mark_all_read(reader)
    else:
        await (mark_read if two % 3 == 1 else mark_unread)(reader, [told.id])


async def deactivate(trial: Trial, _actor: Actor, one: int, two: int) -> None:
    """Somebody leaves or comes back, by hand at a SQL prompt."""
    await execute("UPDATE employees SET is_active = :on WHERE id = :id", on=two % 3 > 0, id=trial.person(one).id)


CommandType = Callable[[Trial, Actor, int, int], Awaitable[None]]

#: What one person can undo.
EDITS: Final[tuple[CommandType, ...]] = (
    assign,
    unassign,
    move,
    swap,
    add_shift,
    change_shift,
    duplicate_shift,
    remove_shift,
    unassign_several,
    assign_several,
    move_several,
    remove_several,
)


def _details(week_start: date, number: int) -> ShiftDetails:
    start, end = TIMES[number % len(TIMES)]
    details = ShiftDetails(week_start + timedelta(days=number // 4 % 3), start, end, required_staff=1 + number % 2)
    return replace(details, title=("Early", None, "Late")[number // 2 % 3], notes="Keys" if number % 5 == 0 else None)


def _owner(trial: Trial, employee_id: int) -> Actor:
    [owner] = [each for each in trial.people if each.id == employee_id]
    return actor_of(owner)
