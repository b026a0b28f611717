"""A shift of a draft cut in two at a time of day."""

from dataclasses import replace
from datetime import time, timedelta

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.services.audit import record
from schedule_app.services.bulk import carry_out
from schedule_app.services.bulk_plan import Outcome, Wanted, find_site, span_of
from schedule_app.services.shift_details import details_of, shift_columns
from schedule_app.services.shifts import UPDATE_SHIFT, hold_shift, judge_change, keep_warnings


@retrying
async def split_shift(actor: Actor, shift_id: int, at: time, *, expected_version: int) -> Outcome:
    """Cut a shift in two. The first half stays the shift it was; the second is a new one, with the same people.

    Args:
        actor: Who acts.
        shift_id: The shift.
        at: The wall time at which the second half begins.
        expected_version: The version the actor saw.

    Returns:
        What came of the second half: whom a rule keeps off it, and who is on it against a warning.

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not edit shifts here.
        IllegalTransition: The week is no draft.
        StaleVersion: It was changed since.
        InvalidInput: The time lies outside the shift, or in the week after; `field` is "at".
        RuleBroken: A blocking rule refuses somebody on the first half.
        Conflict: Somebody was put on it at the same moment.
    """
    require(actor, Permission.EDIT_SHIFTS)
    if at.tzinfo is not None or at.second or at.microsecond:
        raise InvalidInput("Please give this in hours and minutes.", "at")
    async with unit_of_work() as session:
        shift, held = await hold_shift(session, actor, shift_id, expected_version)
        whole = details_of(shift)
        day = whole.local_date + timedelta(days=int(at <= whole.local_start))
        first = replace(whole, local_end=at)
        second = replace(whole, local_date=day, local_start=at)
        before, after = span_of(first, shift.time_zone), span_of(second, shift.time_zone)
        if before.ends_at != after.starts_at or after.ends_at != shift.ends_at:
            raise InvalidInput("This time does not lie within the shift.", "at")
        if day > shift.week_end:
            raise InvalidInput("The second half would begin in the week after. Please choose an earlier time.", "at")
        warnings = await judge_change(session, shift, held, first, before)
        columns = shift_columns(first, before, shift.time_zone)
        await session.execute(UPDATE_SHIFT, {"shift_id": shift_id, "actor_id": actor.employee_id, **columns})
        await keep_warnings(session, shift.schedule_id, held, warnings or ())
        people = tuple(each.employee_id for each in held if each.status in ACTIVE)
        site = await find_site(session, actor, shift.site_id)
        told = {"shift_id": shift_id, "at": at.isoformat("minutes")}
        outcome = await carry_out(session, actor, site, [Wanted(second, people)], action="split", told=told)
        ends = {"local_end": f"{whole.local_end:%H:%M}"}, {"local_end": f"{at:%H:%M}"}
        await record(session, actor, "edit", "shift", shift_id, site_id=shift.site_id, before=ends[0], after=ends[1])
    return outcome
