"""What somebody can undo and redo at a site, and the rows it is about."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.undo import ASSIGNMENTS, SHIFTS, Change, RowImage, net, reverse
from schedule_app.queries.labels import short_day

Kind: TypeAlias = Literal["undo", "redo"]

_ENTRY = """
    SELECT entry.command_id FROM audit_entries AS entry
    WHERE entry.actor_id = :actor_id AND entry.site_id = :site_id AND entry.changes IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM audit_entries AS later WHERE coalesce(later.undoes, later.redoes) = entry.command_id)
"""

# What was done or done again, and not taken back since.
_TO_UNDO = f"{_ENTRY} AND entry.undoes IS NULL ORDER BY entry.id DESC LIMIT 1"

# What was undone, and not done again since; whoever does something new has nothing to redo any more.
_TO_REDO = f"""{_ENTRY}
      AND entry.undoes IS NOT NULL
      AND entry.id > COALESCE((
          SELECT max(done.id) FROM audit_entries AS done
          WHERE done.actor_id = :actor_id AND done.site_id = :site_id AND done.changes IS NOT NULL
            AND done.undoes IS NULL AND done.redoes IS NULL), 0)
    ORDER BY entry.id DESC LIMIT 1
"""  # noqa: S608 - constants


def _command(newest: str) -> str:
    return f"""
        SELECT command_id, changes FROM audit_entries
        WHERE command_id = ({newest}) AND changes IS NOT NULL
        ORDER BY id
    """  # noqa: S608 - constants


_NEWEST = {"undo": text(_command(_TO_UNDO)), "redo": text(_command(_TO_REDO))}
_NEWEST_ID = {"undo": text(_TO_UNDO), "redo": text(_TO_REDO)}

_NAMES = text("""
    SELECT 'person' AS kind, id, name, NULL::date AS local_date FROM employees WHERE id = ANY(:employee_ids)
    UNION ALL
    SELECT 'shift', id, COALESCE(title, initcap(shift_type)), local_date FROM shifts WHERE id = ANY(:shift_ids)
""")


@dataclass(frozen=True, slots=True)
class Command:
    """The newest step that can be taken back.

    Attributes:
        id: The command.
        label: What it did, as "assign Bob Worker to Early Mon 23"; for a redo, what would be done again.
        changes: What taking it back changes: from the rows as the command left them to the rows as they were.
    """

    id: UUID
    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class UndoView:
    """What the buttons say, and the commands they are about; empty where there is nothing."""

    undo: str = ""
    redo: str = ""
    undo_id: str = ""
    redo_id: str = ""


async def undo_view(session: AsyncSession, actor: Actor, site_id: int) -> UndoView:
    """What the actor can undo and redo at a site. Nothing, where they may not change anything."""
    if not can(actor, Permission.VIEW_DRAFT, site_id=site_id):
        return UndoView()
    undo, redo = [await find_command(session, actor, site_id, kind) for kind in ("undo", "redo")]
    return UndoView(
        undo.label if undo else "",
        redo.label if redo else "",
        str(undo.id) if undo else "",
        str(redo.id) if redo else "",
    )


async def find_command(session: AsyncSession, actor: Actor, site_id: int, kind: Kind) -> Command | None:
    """The actor's newest step at a site that is to be undone or redone next."""
    found = (await session.execute(_NEWEST[kind], {"actor_id": actor.employee_id, "site_id": site_id})).all()
    if not found:
        return None
    done = net(change for row in found for change in row.changes)
    undone = reverse(done)
    # To redo is to take the undoing back, which in words is what was done at first.
    label = await _label(session, done if kind == "undo" else undone)
    return Command(found[0].command_id, label, undone)


async def find_command_id(session: AsyncSession, actor: Actor, site_id: int, kind: Kind) -> UUID | None:
    """Which step `find_command` would find."""
    return await session.scalar(_NEWEST_ID[kind], {"actor_id": actor.employee_id, "site_id": site_id})


async def name_row(session: AsyncSession, change: Change) -> str:
    """Name the row of a change: "Bob Worker, Early Mon 23", "Early Mon 23"."""
    names = await _names(session, [change])
    if change.table == SHIFTS:
        return names.shift(change.id)
    return f"{names.person(change.image)}, {names.shift(change.image['shift_id'])}"


@dataclass(frozen=True, slots=True)
class _Names:
    people: dict[int, str]
    shifts: dict[int, str]

    def person(self, assignment: RowImage) -> str:
        return self.people.get(assignment["employee_id"], "somebody")

    def shift(self, shift_id: int) -> str:
        return self.shifts.get(shift_id, "a removed shift")


async def _names(session: AsyncSession, changes: Iterable[Change]) -> _Names:
    held = [each.image for each in changes if each.table == ASSIGNMENTS]
    values = {
        "employee_ids": sorted({each["employee_id"] for each in held}),
        "shift_ids": sorted({each["shift_id"] for each in held}),
    }
    found = (await session.execute(_NAMES, values)).all()
    shifts = {row.id: f"{row.name} {short_day(row.local_date)}" for row in found if row.kind == "shift"}
    for each in changes:
        if each.table == SHIFTS:
            name = each.image["title"] or each.image["shift_type"].capitalize()
            shifts[each.id] = f"{name} {short_day(date.fromisoformat(each.image['local_date']))}"
    return _Names({row.id: row.name for row in found if row.kind == "person"}, shifts)


async def _label(session: AsyncSession, changes: Sequence[Change]) -> str:
    """What a command did, in a manager's words."""
    shifts = [each for each in changes if each.table == SHIFTS]
    held = [each for each in changes if each.table == ASSIGNMENTS and each.is_own]
    if len(shifts) == 1 or (not shifts and len(held) <= _MOST_NAMED):
        names = await _names(session, changes)
        return f"{_verb(shifts)} shift {names.shift(shifts[0].id)}" if shifts else _few(held, names)
    return f"{_verb(shifts)} {len(shifts)} shifts" if shifts else _many(held)


# Two people's shifts exchanged: each loses one and gains one.
_MOST_NAMED = 4


def _verb(shifts: Iterable[Change]) -> str:
    kinds = {"add" if each.before is None else "delete" if each.after is None else "change" for each in shifts}
    return kinds.pop() if len(kinds) == 1 else "change"


def _few(held: Sequence[Change], names: _Names) -> str:
    gained, lost = [each.image for each in held if each.is_gain], [each.image for each in held if each.is_loss]
    match gained, lost:
        case [one], []:
            return f"assign {names.person(one)} to {names.shift(one['shift_id'])}"
        case [], [one]:
            return f"unassign {names.person(one)} from {names.shift(one['shift_id'])}"
        case [new], [old] if new["shift_id"] == old["shift_id"]:
            return f"give {names.shift(new['shift_id'])} to {names.person(new)} instead of {names.person(old)}"
        case [new], [old] if new["employee_id"] == old["employee_id"]:
            return f"move {names.person(new)} from {names.shift(old['shift_id'])} to {names.shift(new['shift_id'])}"
        case [_, _], [one, other] if _places(gained) == _places(lost) and one["employee_id"] != other["employee_id"]:
            return f"swap {names.person(one)} and {names.person(other)}"
        case _:
            return _many(held)


def _places(held: Iterable[RowImage]) -> tuple[set[Any], set[Any]]:
    held = list(held)
    return {each["employee_id"] for each in held}, {each["shift_id"] for each in held}


def _many(held: Sequence[Change]) -> str:
    kinds = Counter("assign" if each.is_gain else "unassign" if each.is_loss else "change" for each in held)
    match kinds["assign"], kinds["unassign"], kinds["change"]:
        case count, 0, 0:
            return f"assign {count} shifts"
        case 0, count, 0:
            return f"unassign {count} shifts"
        case assigned, unassigned, 0 if assigned == unassigned:
            return f"move {assigned} shifts"
        case _:
            return f"change {len(held)} assignments"
