"""The selected assignments and shifts, found and held for a change: as they were seen, or refused in words."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import Record, fetch_together
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.queries.changes import last_change
from schedule_app.queries.selection import SELECTED_ASSIGNMENTS, SELECTED_SHIFTS, label_of
from schedule_app.services.access import require_draft, require_editable, require_on
from schedule_app.services.gone import gone

MOST_SELECTED: Final = 500

_ACTIVE: Final = sorted(ACTIVE)
_READ_ASSIGNMENTS = text(SELECTED_ASSIGNMENTS)
_HOLD_ASSIGNMENTS = text(SELECTED_ASSIGNMENTS + "FOR SHARE OF schedules")
_READ_SHIFTS = text(SELECTED_SHIFTS)
_HOLD_SHIFTS = text(SELECTED_SHIFTS + "FOR SHARE OF schedules")
# Who assigns shares the schedule, so while it is held nobody else comes onto the shifts.
_HOLD_SHIFTS_ALONE = text(SELECTED_SHIFTS + "FOR NO KEY UPDATE OF schedules FOR UPDATE OF shifts")

_LOCK_PEOPLE = text("""
    SELECT id FROM employees
    WHERE id = ANY(:employee_ids)
       OR id IN (SELECT employee_id FROM schedule_assignments
                 WHERE id = ANY(:assignment_ids) OR shift_id = ANY(:shift_ids))
    ORDER BY id
    FOR NO KEY UPDATE
""")

_ON_SHIFTS = text("SELECT DISTINCT employee_id FROM schedule_assignments WHERE shift_id = ANY(:shift_ids)")

Lock = Literal["no", "shared", "alone"]
Versions = Mapping[int, int]


async def find_assignments(
    session: AsyncSession, actor: Actor, versions: Versions, *, lock: bool, employee_ids: Sequence[int] = ()
) -> list[Record]:
    """The assignments of a selection, their people locked and their schedule held if wanted.

    Raises:
        InvalidInput: None, too many, or of several weeks or versions of one.
        NotFound: One is missing, or of another site.
        NotAllowed: The actor may not assign there.
        IllegalTransition: The week is neither a draft nor published.
        StaleVersion: One was changed or removed since.
    """
    _require_size(versions)
    ids = list(versions)
    locking = [(_LOCK_PEOPLE, {"employee_ids": list(employee_ids), "assignment_ids": ids, "shift_ids": []})]
    read = _HOLD_ASSIGNMENTS if lock else _READ_ASSIGNMENTS
    *_, found = await fetch_together(session, *(locking if lock else []), (read, {"ids": ids}))
    await _require(session, actor, Permission.ASSIGN, "assignment", versions, found)
    require_editable(ScheduleStatus(found[0].schedule_status))
    return found


async def find_shifts(
    session: AsyncSession,
    actor: Actor,
    permission: Permission,
    versions: Versions,
    *,
    lock: Lock,
    employee_ids: Sequence[int] = (),
) -> list[Record]:
    """The shifts of a selection. Errors as `find_assignments`, with the permission given."""
    _require_size(versions)
    ids = list(versions)
    # Who is on a shift goes with it; who is not is no concern of those who give it to somebody else.
    shift_ids = ids if lock == "alone" else []
    locking = (_LOCK_PEOPLE, {"employee_ids": list(employee_ids), "assignment_ids": [], "shift_ids": shift_ids})
    read = {"no": _READ_SHIFTS, "shared": _HOLD_SHIFTS, "alone": _HOLD_SHIFTS_ALONE}[lock]
    values = {"ids": ids, "active": _ACTIVE}
    if lock == "no":
        [found] = await fetch_together(session, (read, values))
    else:
        on_them = (_ON_SHIFTS, {"shift_ids": shift_ids})
        people, found, on = await fetch_together(session, locking, (read, values), on_them)
        if not {each.id for each in people}.issuperset(each.employee_id for each in on):
            # They were put on it between the two locks, and people cannot be locked after the schedule.
            raise Conflict
    await _require(session, actor, permission, "shift", versions, found)
    if permission == Permission.ASSIGN:
        require_editable(ScheduleStatus(found[0].schedule_status))
    elif lock == "alone":
        require_draft(ScheduleStatus(found[0].schedule_status))
    return found


def _require_size(versions: Versions) -> None:
    if not versions:
        raise InvalidInput("Nothing is selected.")
    if len(versions) > MOST_SELECTED:
        raise InvalidInput(f"{len(versions)} are selected. At most {MOST_SELECTED} can be changed in one step.")


async def _require(
    session: AsyncSession,
    actor: Actor,
    permission: Permission,
    kind: Literal["assignment", "shift"],
    versions: Versions,
    found: Sequence[Record],
) -> None:
    for site_id in {each.site_id for each in found}:
        if not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
            raise NotFound
    others = [
        each for each in found if not can(actor, permission, site_id=each.site_id, department_id=each.department_id)
    ]
    if others and len(others) < len(found):
        raise NotAllowed(f"{len(others)} of these {len(found)} shifts are not of your department.")
    for each in others:
        require_on(actor, permission, each.site_id, each.department_id)
    for missing in sorted(versions.keys() - {each.id for each in found}):
        raise await gone(session, actor, permission, kind, missing)
    if len({each.schedule_id for each in found}) > 1:
        raise InvalidInput("These shifts belong to several weeks, or to several versions of one.")
    changed = [each for each in found if each.version != versions[each.id]]
    if changed:
        raise await _stale(session, kind, changed)


async def _stale(session: AsyncSession, kind: str, changed: Sequence[Record]) -> StaleVersion:
    first = changed[0]
    told = await last_change(session, kind, first.id, first.time_zone) or StaleVersion.default_message
    more = f" So were {len(changed) - 1} more of those selected." if len(changed) > 1 else ""
    named = f"{label_of(first)}, {first.name}" if first.name else label_of(first)
    return StaleVersion(f"{named}: {told}{more}")
