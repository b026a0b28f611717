"""What is done with everything selected on a board: one verb, one step, however much it is.

The people are locked first, then the schedule is held, then rows change; see `db.locks`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import read_session, retrying, unit_of_work
from schedule_app.db.trips import Record, before_writing
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.time import EARLIEST_DAY, LATEST_DAY
from schedule_app.services import bulk, bulk_plan
from schedule_app.services.audit import Entry, record_each
from schedule_app.services.bulk_plan import Concern, Outcome, Wanted, find_site
from schedule_app.services.selection_holding import Versions, find_assignments, find_shifts
from schedule_app.services.selection_plan import Planned, plan_giving, plan_moving, plan_taking
from schedule_app.services.selection_writing import carry_out
from schedule_app.services.shift_details import details_of, shift_facts
from schedule_app.services.text import clean_reason

# Whoever is on them goes with them through the foreign key.
_DELETE = text("DELETE FROM shifts WHERE id = ANY(:ids)")


@dataclass(frozen=True, slots=True)
class Target:
    """Where assignments go.

    Attributes:
        employee_id: Who shall work; None for each who does.
        day: Where the first of their days goes, and the others after it; None for each its own.
        keep: Copy: nobody is taken off anything.
    """

    employee_id: int | None = None
    day: date | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with a selection, or would be: to how many, what stays as it is, what goes against a warning."""

    count: int
    refused: tuple[Concern, ...] = ()
    warned: tuple[Concern, ...] = ()


@retrying
async def unassign_selected(actor: Actor, versions: Versions) -> Done:
    """Take everybody off the selected shifts: without a trace in a draft, cancelled and told in a published week.

    What is over already stays, and is named.

    Args:
        actor: Who acts.
        versions: Assignments of one week, each with the version the actor saw; at most 500.

    Raises:
        InvalidInput: None, too many, or of several weeks or versions of one.
        NotFound: One is missing, or of another site.
        NotAllowed: The actor may not assign there.
        IllegalTransition: The week is neither a draft nor published.
        StaleVersion: One was changed or removed since; says which, and by whom.
    """
    require(actor, Permission.ASSIGN)
    async with unit_of_work() as session:
        async with before_writing(session):
            planned = plan_taking(await find_assignments(session, actor, versions, lock=True))
        await carry_out(session, actor, planned, None)
    return Done(len(planned.taken), planned.refused)


@retrying
async def assign_selected(
    actor: Actor, versions: Versions, employee_id: int, *, override_reason: str | None = None
) -> Done:
    """Give selected shifts to one person, as far as the rules allow; whom they block is named with the reason.

    Args:
        actor: Who acts.
        versions: Shifts of one week, each with the version the actor saw; at most 500.
        employee_id: Who shall work them, of the same site.
        override_reason: Why warnings do not matter this time, for all of them.

    Raises:
        As `unassign_selected`; NotFound too when the person is missing or of another site, NeedsOverride when there are
        warnings and no reason. Who may not override has what warns named with what is blocked.
    """
    reason = _reason(actor, override_reason)
    async with unit_of_work() as session:
        async with before_writing(session):
            people = [employee_id]
            shifts = await find_shifts(session, actor, Permission.ASSIGN, versions, lock="shared", employee_ids=people)
            planned = await plan_giving(session, actor, shifts, employee_id)
            planned.require_reason(reason)
        await carry_out(session, actor, planned, reason)
    return _done(planned)


async def preview_assigning(actor: Actor, versions: Versions, employee_id: int) -> Done:
    """What `assign_selected` would do, as things stand; warnings are named and not asked about."""
    require(actor, Permission.ASSIGN)
    async with read_session() as session:
        shifts = await find_shifts(session, actor, Permission.ASSIGN, versions, lock="no")
        return _done(await plan_giving(session, actor, shifts, employee_id))


@retrying
async def move_selected(
    actor: Actor, versions: Versions, target: Target, *, override_reason: str | None = None
) -> Done:
    """Move or copy selected assignments to another person, to other days of the week, or both.

    On another day each takes the shift that is like its own there. What a rule blocks stays where it is, and is named.

    Args:
        actor: Who acts.
        versions: Assignments of one week, each with the version the actor saw; at most 500.
        target: Where they go.
        override_reason: Why warnings do not matter this time, for all of them.

    Raises:
        As `assign_selected`; InvalidInput too when the target is where they are.
    """
    reason = _reason(actor, override_reason)
    async with unit_of_work() as session:
        async with before_writing(session):
            people = [target.employee_id] if target.employee_id else []
            held = await find_assignments(session, actor, versions, lock=True, employee_ids=people)
            planned = await _plan_moving(session, actor, held, target)
            planned.require_reason(reason)
        await carry_out(session, actor, planned, reason)
    return _done(planned)


async def preview_moving(actor: Actor, versions: Versions, target: Target) -> Done:
    """What `move_selected` would do, as things stand; warnings are named and not asked about."""
    require(actor, Permission.ASSIGN)
    async with read_session() as session:
        held = await find_assignments(session, actor, versions, lock=False)
        return _done(await _plan_moving(session, actor, held, target))


@retrying
async def delete_selected(actor: Actor, versions: Versions) -> Done:
    """Remove selected shifts from a draft, and everybody from them. Nobody is told, as nobody was asked yet.

    Args:
        actor: Who acts.
        versions: Shifts of one draft, each with the version the actor saw; at most 500.

    Raises:
        As `unassign_selected`, about the permission to edit shifts; Conflict when somebody was put on one at the same
        moment.
    """
    require(actor, Permission.EDIT_SHIFTS)
    async with unit_of_work() as session:
        async with before_writing(session):
            shifts = await find_shifts(session, actor, Permission.EDIT_SHIFTS, versions, lock="alone")
        ids = [each.id for each in shifts]
        await session.execute(_DELETE, {"ids": ids})
        entries = [
            Entry(
                each.id,
                before={
                    "schedule_id": each.schedule_id,
                    "lineage_id": str(each.lineage_id),
                    **shift_facts(details_of(each), each.time_zone),
                    "employee_ids": list(each.employee_ids),
                },
            )
            for each in shifts
        ]
        await record_each(session, actor, "delete", "shift", entries, site_id=shifts[0].site_id)
    return Done(len(shifts))


async def preview_copying(actor: Actor, versions: Versions, to: date) -> Outcome:
    """Say what `copy_selected` would make, as things stand."""
    require(actor, Permission.EDIT_SHIFTS)
    async with read_session() as session:
        site, wanted, _ = await _wanted(session, actor, versions, to)
        return (await bulk_plan.draw_up(session, site, wanted, None)).outcome


@retrying
async def copy_selected(actor: Actor, versions: Versions, to: date) -> Outcome:
    """Copy selected shifts, without the people on them, to other days of any week.

    Args:
        actor: Who acts.
        versions: Shifts of one week, each with the version the actor saw; at most 500.
        to: Where the first of their days goes, and the others after it.

    Raises:
        As `unassign_selected`, about the permission to edit shifts; InvalidInput too for a date out of range,
        IllegalTransition when a week copied to is in approval, Conflict when it is published and has no draft.
    """
    require(actor, Permission.EDIT_SHIFTS)
    async with unit_of_work() as session:
        site, wanted, first = await _wanted(session, actor, versions, to)
        told = {"from": first.isoformat(), "to": to.isoformat(), "selected": len(wanted)}
        return await bulk.carry_out(session, actor, site, wanted, action="copy", told=told)


def _reason(actor: Actor, override_reason: str | None) -> str | None:
    require(actor, Permission.ASSIGN)
    return clean_reason(override_reason, "override_reason") if (override_reason or "").strip() else None


async def _plan_moving(session: AsyncSession, actor: Actor, held: list[Record], target: Target) -> Planned:
    return await plan_moving(
        session, actor, held, to_employee_id=target.employee_id, to_day=target.day, keep=target.keep
    )


def _done(planned: Planned) -> Done:
    return Done(len(planned.given), planned.refused, planned.warned)


async def _wanted(
    session: AsyncSession, actor: Actor, versions: Versions, to: date
) -> tuple[Row[Any], list[Wanted], date]:
    if not EARLIEST_DAY + timedelta(days=7) <= to <= LATEST_DAY - timedelta(days=14):
        raise InvalidInput(f"Dates must lie between {EARLIEST_DAY.year} and {LATEST_DAY.year}.", "day")
    shifts = await find_shifts(session, actor, Permission.EDIT_SHIFTS, versions, lock="no")
    site = await find_site(session, actor, shifts[0].site_id)
    first = min(each.local_date for each in shifts)
    details = [details_of(each) for each in shifts]
    return site, [Wanted(replace(each, local_date=to + (each.local_date - first))) for each in details], first
