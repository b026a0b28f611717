"""What people say of when they can work; what managers enter for them goes through `services.people`."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import at_commit, before_writing
from schedule_app.domain.errors import StaleVersion
from schedule_app.domain.notices import AvailabilityChanged, NamedDay, NamedShift
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.time import Interval, week_start_of
from schedule_app.queries.availability import list_newly_outside, own_availability
from schedule_app.queries.changes import last_change
from schedule_app.queries.recipients import list_time_off_deciders
from schedule_app.services.audit import record
from schedule_app.services.availability_details import (
    AvailabilityDetails,
    as_text,
    check_dates,
    columns,
    differences,
    facts_of,
    stored_details,
    tidied,
)
from schedule_app.services.notifications import board_path, notify

_MOST_NAMED: Final = 5

_SAVE = text("""
    UPDATE employees
    SET availability = CAST(:availability AS jsonb), later_availability = CAST(:later_availability AS jsonb),
        availability_exceptions = CAST(:availability_exceptions AS jsonb), updated_by_id = :employee_id
    WHERE id = :employee_id
""")


@retrying
async def save_availability(actor: Actor, details: AvailabilityDetails, *, seen: str) -> None:
    """Say when the actor can work. Shifts they have stay theirs; those who plan are told which it touches.

    Dates that are over are dropped, and a later week that has begun takes the place of the one before.

    Args:
        actor: Who acts, for themselves.
        details: All of it, as it shall be.
        seen: What the actor saw, `as_text`.

    Raises:
        NotFound: The actor does not work here any more.
        StaleVersion: It was changed since; says where what was entered differs from what is stored.
        InvalidInput: Something lies too far ahead.
    """
    require(actor, Permission.RESPOND)
    async with unit_of_work() as session:
        async with before_writing(session):
            await session.execute(LOCK_EMPLOYEES, {"ids": [actor.employee_id]})
            person = await own_availability(session, actor.employee_id)
            before = stored_details(person, person.today)
            if as_text(before) != seen:
                found = differences(details, before, clock_24h=person.clock_24h)
                words = await last_change(session, "employee", actor.employee_id, person.time_zone)
                raise StaleVersion(words, differences=found)
            check_dates(details, person.today)
            after = tidied(details, person.today)
            if as_text(after) == seen:
                return
            touched = await list_newly_outside(session, actor.employee_id, facts_of(before), facts_of(after))
        stored = {name: json.dumps(value) for name, value in columns(after).items()}
        at_commit(session, _SAVE, {**stored, "employee_id": actor.employee_id})
        planners = await list_time_off_deciders(session, person.site_id, person.department_id, actor.employee_id)
        week = touched[0].week_start if touched else week_start_of(person.today, person.week_starts_on)
        notice = AvailabilityChanged(
            person.name,
            shifts=_named(touched[:_MOST_NAMED]),
            shift_count=len(touched),
            **_since(before, after, person.today),
        )
        await notify(
            session,
            planners,
            notice,
            related=("employee", actor.employee_id),
            action_url=board_path(person.site_id, week),
        )
        old, new = columns(before), columns(after)
        changed = [name for name in new if new[name] != old[name]]
        await record(
            session,
            actor,
            "edit",
            "employee",
            actor.employee_id,
            site_id=person.site_id,
            before={name: old[name] for name in changed},
            after={name: new[name] for name in changed},
        )


def _since(before: AvailabilityDetails, after: AvailabilityDetails, today: date) -> dict[str, Any]:
    """From when it holds, and on which single dates something else does or does no more."""
    was = {each.starts_on: each.days for each in before.later}
    becomes = {each.starts_on: each.days for each in after.later}
    begins = [today] if before.week != after.week else []
    begins += [day for day in sorted({*was, *becomes}) if was.get(day) != becomes.get(day)]
    days = {*before.exceptions, *after.exceptions}
    dates = [day for day in sorted(days) if before.exceptions.get(day) != after.exceptions.get(day)]
    return {
        "begins": tuple(NamedDay.of(day) for day in begins),
        "dates": tuple(NamedDay.of(day) for day in dates[:_MOST_NAMED]),
        "date_count": len(dates),
    }


def _named(shifts: Sequence[Row[Any]]) -> tuple[NamedShift, ...]:
    return tuple(NamedShift.of(Interval(each.starts_at, each.ends_at), each.time_zone, each.title) for each in shifts)
