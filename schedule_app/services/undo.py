"""Taking back what one did, and doing it again: the newest step of a person at a site.

The people are locked first, then the schedules, then rows change; see `db.locks`. What a step did is read from the
audit log, and taking it back is one more step in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import before_writing
from schedule_app.domain.errors import Conflict, IllegalTransition, StaleVersion
from schedule_app.domain.notices import AssignmentAdded, AssignmentRemoved, Moment, NamedShift
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.domain.undo import ASSIGNMENTS, SHIFTS, VIOLATIONS, Change, RowImage, content, reverse
from schedule_app.queries.changes import last_change_of
from schedule_app.queries.undo import Command, Kind, find_command, find_command_id, name_row
from schedule_app.services.access import require_on
from schedule_app.services.audit import Entry, record, record_each, take_back
from schedule_app.services.notifications import ME_PATH, notify
from schedule_app.services.undoing import judge, write_back

_HOLD_PEOPLE = text("""
    SELECT id FROM employees
    WHERE id = ANY(:ids) OR id IN (SELECT employee_id FROM schedule_assignments WHERE shift_id = ANY(:shift_ids))
    ORDER BY id
    FOR NO KEY UPDATE
""")

_HOLD_SCHEDULES = text("""
    SELECT schedules.id, schedules.status, sites.time_zone
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    WHERE schedules.id = ANY(:ids)
    ORDER BY schedules.id
    FOR NO KEY UPDATE OF schedules
""")

_NOW = text("""
    SELECT 'shifts' AS kind, shifts.id, to_jsonb(shifts) AS image FROM shifts WHERE id = ANY(:shift_ids)
    UNION ALL
    SELECT 'schedule_assignments', held.id, to_jsonb(held)
    FROM schedule_assignments AS held
    WHERE held.id = ANY(:assignment_ids) OR held.shift_id = ANY(:shift_ids)
""")

# The record tells of steps that changed rows; leaving one changes none.
_TELL_OTHER_WINDOWS = text("SELECT live_send(ARRAY['undo:' || CAST(:actor_id AS bigint)])")

_MOVED_ON: Final = {
    ScheduleStatus.PENDING: "This week was submitted since; take it back to draft first.",
    ScheduleStatus.APPROVED: "This week was approved since; take it back to draft first.",
    ScheduleStatus.PUBLISHED: "This week was published since, and what is published stays.",
    ScheduleStatus.ARCHIVED: "This week was replaced by a newer version since.",
}
_THROWN_AWAY: Final = "The draft in which this was done was thrown away since."

_FACTS: Final = ("schedule_id", "shift_id", "employee_id", "status")
_NOT_TOLD: Final = frozenset({"id", "created_at", "created_by_id"})


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, or done again, as "assign Bob Worker to Early Mon 23"."""

    label: str


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is held for the step: the schedules, and the shifts and assignments as they are."""

    schedules: dict[int, Row[Any]]
    now: dict[tuple[str, int], RowImage]

    def schedule(self, change: Change) -> Row[Any] | None:
        return self.schedules.get(change.image["schedule_id"])

    def shift(self, shift_id: int) -> RowImage | None:
        return self.now.get((SHIFTS, shift_id))


@retrying
async def undo(actor: Actor, site_id: int) -> Undone:
    """Take back the actor's newest step at a site: one command, however many shifts and people it changed.

    Everything becomes as it was, ids included. Rules are asked anew: one that blocks refuses, one that warns is kept
    with the assignment. In a published week whoever gains or loses a shift is told.

    Args:
        actor: Who acts, and whose step it is.
        site_id: Where it was done.

    Raises:
        NotFound: The site is none of the actor's.
        NotAllowed: The actor may not change this any more.
        IllegalTransition: There is nothing to undo, or the week has moved on since.
        StaleVersion: Somebody else has changed the same thing since.
        DoubleBooking: Somebody who would work again works elsewhere by now.
        RuleBroken: A blocking rule refuses.
        Conflict: Another undo of the actor's was quicker.
    """
    return await _take_back(actor, site_id, "undo")


@retrying
async def redo(actor: Actor, site_id: int) -> Undone:
    """Do again what the actor undid last at a site, as long as they did nothing new since. Otherwise as `undo`."""
    return await _take_back(actor, site_id, "redo")


@retrying
async def skip(actor: Actor, site_id: int, kind: Kind, command_id: UUID) -> None:
    """Leave the actor's newest step at a site as it is for good, so that the one before it is next.

    It is taken back in the record alone; nothing else changes.

    Args:
        actor: Who acts, and whose step it is.
        site_id: Where it was done.
        kind: Whether it was to be undone or done again.
        command_id: The step, as the actor was shown it.

    Raises:
        NotFound: The site is none of the actor's.
        Conflict: It is not the newest step any more.
    """
    require_on(actor, Permission.VIEW_DRAFT, site_id)
    async with unit_of_work() as session:
        await session.execute(LOCK_EMPLOYEES, {"ids": [actor.employee_id]})
        command = await find_command(session, actor, site_id, kind)
        if command is None or command.id != command_id:
            raise Conflict("You have done something else meanwhile, in another window.")
        take_back(session, "undoes" if kind == "undo" else "redoes", command.id)
        after = {"left": command.label}
        await record(session, actor, f"skip_{kind}", "command", actor.employee_id, site_id=site_id, after=after)
        await session.execute(_TELL_OTHER_WINDOWS, {"actor_id": actor.employee_id})


async def _take_back(actor: Actor, site_id: int, kind: Kind) -> Undone:
    require_on(actor, Permission.VIEW_DRAFT, site_id)
    async with unit_of_work() as session:
        async with before_writing(session):
            command, ground = await _hold(session, actor, site_id, kind)
            changes = command.changes
            _require_permission(actor, site_id, changes, ground)
            _require_editable(changes, ground)
            await _require_as_left(session, changes, ground, kind)
        now = {each: row for (table, each), row in ground.now.items() if table == ASSIGNMENTS}
        await write_back(session, actor, changes, now)
        await judge(session, changes)
        await _tell(session, actor, changes, ground)
        take_back(session, "undoes" if kind == "undo" else "redoes", command.id)
        await _record(session, actor, site_id, changes)
    return Undone(command.label)


async def _hold(session: AsyncSession, actor: Actor, site_id: int, kind: Kind) -> tuple[Command, _Ground]:
    """Lock what the step concerns and see how it is now."""
    command = await find_command(session, actor, site_id, kind)
    if command is None:
        raise IllegalTransition(f"There is nothing to {kind}.")
    held = [each.image for each in command.changes if each.table == ASSIGNMENTS]
    shift_ids = sorted({each.id for each in command.changes if each.table == SHIFTS})
    values = {"ids": [actor.employee_id, *(each["employee_id"] for each in held)], "shift_ids": shift_ids}
    people = set((await session.scalars(_HOLD_PEOPLE, values)).all())
    if await find_command_id(session, actor, site_id, kind) != command.id:
        raise Conflict
    schedule_ids = sorted({each.image["schedule_id"] for each in command.changes})
    schedules = (await session.execute(_HOLD_SCHEDULES, {"ids": schedule_ids})).all()
    values = {
        "shift_ids": sorted({*shift_ids, *(each["shift_id"] for each in held)}),
        "assignment_ids": [each.id for each in command.changes if each.table == ASSIGNMENTS],
    }
    now = {(row.kind, row.id): row.image for row in await session.execute(_NOW, values)}
    changed = set(shift_ids)
    on_changed = {each["employee_id"] for each in now.values() if each.get("shift_id") in changed}
    if not people.issuperset(on_changed):
        # They were put on it between the two locks, and people cannot be locked after the schedule.
        raise Conflict
    return command, _Ground({each.id: each for each in schedules}, now)


def _require_permission(actor: Actor, site_id: int, changes: Iterable[Change], ground: _Ground) -> None:
    restored = {each.id: each.image for each in changes if each.table == SHIFTS}
    for each in changes:
        if each.table == SHIFTS:
            require(actor, Permission.EDIT_SHIFTS, site_id=site_id)
        elif each.table == ASSIGNMENTS and each.image["shift_id"] not in restored:
            shift = ground.shift(each.image["shift_id"]) or {}
            require(actor, Permission.ASSIGN, site_id=site_id, department_id=shift.get("department_id"))


def _require_editable(changes: Iterable[Change], ground: _Ground) -> None:
    for each in changes:
        schedule = ground.schedule(each)
        if schedule is None:
            raise IllegalTransition(_THROWN_AWAY)
        was_published = each.image.get("in_force", False)
        expected = ScheduleStatus.PUBLISHED if was_published else ScheduleStatus.DRAFT
        if each.table != VIOLATIONS and schedule.status != expected:
            raise IllegalTransition(_MOVED_ON[ScheduleStatus(schedule.status)])


async def _require_as_left(session: AsyncSession, changes: Sequence[Change], ground: _Ground, kind: Kind) -> None:
    """Refuse when a row is not as the step left it, or when others have built on it."""
    for each in changes:
        if each.table != VIOLATIONS and content(ground.now.get((each.table, each.id))) != content(each.before):
            raise await _stale(session, each, ground, kind)
    known = {(each.table, each.id) for each in changes}
    removed = {each.id for each in changes if each.table == SHIFTS and each.after is None}
    for (table, row_id), row in ground.now.items():
        if row.get("shift_id") in removed and (table, row_id) not in known:
            raise await _stale(session, Change(table, row_id, None, row), ground, kind)
    for each in changes:
        if each.table == ASSIGNMENTS and each.after and (SHIFTS, each.after["shift_id"]) not in known:
            shift = ground.shift(each.after["shift_id"])
            if shift is None or any(shift[name] != each.after[name] for name in ("starts_at", "ends_at")):
                raise await _stale(session, each, ground, kind)


async def _stale(session: AsyncSession, change: Change, ground: _Ground, kind: Kind) -> StaleVersion:
    things = [("assignment" if change.table == ASSIGNMENTS else "shift", change.id)]
    if change.table == ASSIGNMENTS:
        things.append(("shift", change.image["shift_id"]))
    schedule = ground.schedule(change)
    told = await last_change_of(session, things, schedule.time_zone) if schedule else None
    told = told or "Somebody changed it in the meantime. Please look at the newest version."
    return StaleVersion(f"This cannot be {kind}ne any more. {await name_row(session, reverse([change])[0])}: {told}")


async def _tell(session: AsyncSession, actor: Actor, changes: Iterable[Change], ground: _Ground) -> None:
    for each in changes:
        schedule = ground.schedule(each)
        if not (each.is_gain or each.is_loss) or schedule is None or schedule.status != ScheduleStatus.PUBLISHED:
            continue
        if each.image["employee_id"] == actor.employee_id:
            continue
        zone = schedule.time_zone
        span = Interval(*(datetime.fromisoformat(each.image[name]) for name in ("starts_at", "ends_at")))
        shift = NamedShift.of(span, zone, (ground.shift(each.image["shift_id"]) or {}).get("title"))
        notice = (
            AssignmentRemoved(shift) if each.is_loss else AssignmentAdded(shift, await _deadline(session, each, zone))
        )
        related = ("assignment", each.id)
        await notify(session, [each.image["employee_id"]], notice, related=related, action_url=ME_PATH)


_CONFIRM_BY = text("SELECT confirm_by FROM schedule_assignments WHERE id = :id AND status = 'pending'")


async def _deadline(session: AsyncSession, change: Change, zone: str) -> Moment | None:
    confirm_by = (await session.execute(_CONFIRM_BY, {"id": change.id})).scalar_one_or_none()
    return Moment.of(confirm_by, zone) if confirm_by else None


async def _record(session: AsyncSession, actor: Actor, site_id: int, changes: Iterable[Change]) -> None:
    """Write what the verbs would have written, had they done this."""
    entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for each in changes:
        if each.table == VIOLATIONS or not each.is_own:
            continue
        if each.table == ASSIGNMENTS:
            action = "assign" if each.is_gain else "unassign" if each.is_loss else "edit"
        else:
            action = "create" if each.before is None else "delete" if each.after is None else "edit"
        before, after = (_facts(each.table, row) for row in (each.before, each.after))
        if before and after:
            changed = [name for name in before if before[name] != after[name]]
            before, after = ({name: row[name] for name in changed} for row in (before, after))
        entity_type = "assignment" if each.table == ASSIGNMENTS else "shift"
        entries[action, entity_type].append(Entry(each.id, before, after))
    for (action, entity_type), same in entries.items():
        await record_each(session, actor, action, entity_type, same, site_id=site_id)


def _facts(table: str, row: RowImage | None) -> RowImage | None:
    if row is None or table == SHIFTS:
        return content(row, without=_NOT_TOLD)
    return {name: row[name] for name in _FACTS}
