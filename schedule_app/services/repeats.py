"""A shift made again on other days, by a rule."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text

from schedule_app.db.engine import read_session, retrying, unit_of_work
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.repetition import Repetition, days_of
from schedule_app.services.bulk import carry_out
from schedule_app.services.bulk_plan import Outcome, Wanted, draw_up, find_site
from schedule_app.services.shift_details import details_of
from schedule_app.services.shifts import hold_shift

_SHIFT: Final = text("""
    SELECT site_id, local_date, local_start, local_end, title, shift_type, department_id, required_staff, priority,
           COALESCE(requirements -> 'qualifications', '[]') AS qualifications, notes
    FROM shifts
    WHERE id = :shift_id
""")


@dataclass(frozen=True, slots=True)
class Repeated:
    """The days on which a shift is made again, in order, and what comes of it."""

    days: tuple[date, ...]
    outcome: Outcome


async def preview_repeat(actor: Actor, shift_id: int, rule: Repetition) -> Repeated:
    """Say what repeating a shift would make, as things stand. Errors as `repeat_shift`."""
    require(actor, Permission.EDIT_SHIFTS)
    async with read_session() as session:
        shift = (await session.execute(_SHIFT, {"shift_id": shift_id})).one_or_none()
        if shift is None:
            raise NotFound
        site = await find_site(session, actor, shift.site_id)
        wanted = _wanted(shift, rule, site)
        return _repeated(wanted, (await draw_up(session, site, wanted, None)).outcome)


@retrying
async def repeat_shift(actor: Actor, shift_id: int, rule: Repetition, *, expected_version: int) -> Repeated:
    """Make a shift again on the days after it that a rule finds; nobody is on the new ones.

    Wall times stay, and the instants are those of the new days. Weeks that have no version get a draft.

    Args:
        actor: Who acts.
        shift_id: A shift of a draft.
        rule: On which days.
        expected_version: The version the actor saw.

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not edit shifts here.
        IllegalTransition: Its week is no draft, or a week it goes to is in approval.
        StaleVersion: It was changed since.
        InvalidInput: Too long a time, or no such day in it; `field` says which part of the rule.
        Conflict: A week it goes to is published and has no draft.
    """
    require(actor, Permission.EDIT_SHIFTS)
    async with unit_of_work() as session:
        shift, _ = await hold_shift(session, actor, shift_id, expected_version)
        site = await find_site(session, actor, shift.site_id)
        told = {
            "shift_id": shift_id,
            "weekdays": sorted(rule.weekdays),
            "every": rule.every,
            "until": rule.until.isoformat() if rule.until else None,
            "times": rule.times,
        }
        wanted = _wanted(shift, rule, site)
        return _repeated(wanted, await carry_out(session, actor, site, wanted, action="repeat", told=told))


def _repeated(wanted: list[Wanted], outcome: Outcome) -> Repeated:
    return Repeated(tuple(each.details.local_date for each in wanted), outcome)


def _wanted(shift: Row[Any], rule: Repetition, site: Row[Any]) -> list[Wanted]:
    details = details_of(shift)
    return [Wanted(replace(details, local_date=day)) for day in days_of(rule, details.local_date, site.week_starts_on)]
