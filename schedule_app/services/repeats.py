"""A shift made again on other days, by a rule."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.services.bulk import carry_out
from schedule_app.services.bulk_plan import Outcome, Wanted, find_site
from schedule_app.services.shift_details import details_of
from schedule_app.services.shifts import hold_shift

MOST_WEEKS: Final = 26


@retrying
async def repeat_shift(
    actor: Actor, shift_id: int, weekdays: Collection[int], until: date, *, expected_version: int
) -> Outcome:
    """Make a shift again on the days after it that fall on some weekdays; nobody is on the new ones.

    Args:
        actor: Who acts.
        shift_id: A shift of a draft.
        weekdays: On which, from Monday as 0 to Sunday as 6.
        until: The last day, at most 26 weeks after the shift; so there are never more than 182.
        expected_version: The version the actor saw.

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not edit shifts here.
        IllegalTransition: Its week is no draft, or a week it goes to is in approval.
        StaleVersion: It was changed since.
        InvalidInput: Too long a time, or no such day in it; `field` is "until".
        Conflict: A week it goes to is published and has no draft.
    """
    require(actor, Permission.EDIT_SHIFTS)
    async with unit_of_work() as session:
        shift, _ = await hold_shift(session, actor, shift_id, expected_version)
        details = details_of(shift)
        length = (until - details.local_date).days
        if length > 7 * MOST_WEEKS:
            raise InvalidInput(f"A shift is repeated for at most {MOST_WEEKS} weeks.", "until")
        after = (details.local_date + timedelta(days=offset) for offset in range(1, length + 1))
        wanted = [Wanted(replace(details, local_date=day)) for day in after if day.weekday() in weekdays]
        if not wanted:
            raise InvalidInput("There is no such day until then.", "until")
        site = await find_site(session, actor, shift.site_id)
        told = {"shift_id": shift_id, "until": until.isoformat(), "weekdays": sorted(weekdays)}
        return await carry_out(session, actor, site, wanted, action="repeat", told=told)
