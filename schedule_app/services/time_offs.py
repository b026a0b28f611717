"""Asking for time off, and what becomes of it.

The person is locked first, as by everybody who gives them a shift: whoever comes second sees what the first has done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import Record, at_commit, before_writing, fetch_together
from schedule_app.domain.errors import IllegalTransition, NotAllowed, NotFound, StaleVersion
from schedule_app.domain.notices import (
    NamedShift,
    NamedTimeOff,
    TimeOffDecided,
    TimeOffRequested,
    TimeOffRequestWithdrawn,
    TimeOffWithdrawn,
)
from schedule_app.domain.permissions import Actor, Permission, Role, can, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.domain.time_off import (
    TimeOffKind,
    TimeOffStatus,
    check_reach,
    check_transition,
    time_off_span,
)
from schedule_app.queries.changes import last_change
from schedule_app.queries.labels import week_label
from schedule_app.queries.leaving import Leaving, leaving_of
from schedule_app.queries.recipients import list_time_off_deciders
from schedule_app.queries.time_offs import list_touched
from schedule_app.services.assigning import hold_assignments, record_taking, take
from schedule_app.services.audit import record
from schedule_app.services.notifications import notify
from schedule_app.services.text import clean_note

TIME_OFF_PATH = "/time-off"
_MOST_NAMED = 5

_HOLD_OWN = text("""
    SELECT employees.name, employees.department_id, sites.id AS site_id, sites.time_zone, sites.clock_24h,
           CAST(now() AT TIME ZONE sites.time_zone AS date) AS today
    FROM employees JOIN sites ON sites.id = employees.site_id
    WHERE employees.id = :employee_id AND employees.is_active AND employees.deleted_at IS NULL
    FOR NO KEY UPDATE OF employees
""")

_INSERT = text("""
    INSERT INTO time_off_requests
        (employee_id, kind, whole_days, first_on, last_on, time_zone, starts_at, ends_at, note,
         created_by_id, updated_by_id)
    VALUES (:employee_id, :kind, :whole_days, :first_on, :last_on, :time_zone, :starts_at, :ends_at, :note,
            :employee_id, :employee_id)
    RETURNING id
""")

_LOCK_PERSON = text("""
    SELECT id FROM employees WHERE id = (SELECT employee_id FROM time_off_requests WHERE id = :request_id)
    FOR NO KEY UPDATE
""")

_HOLD = text("""
    SELECT asked.id, asked.employee_id, asked.status, asked.version, asked.starts_at, asked.ends_at, asked.time_zone,
           asked.starts_at > now() AS lies_ahead, asked.ends_at > now() AS is_not_over,
           employees.name, employees.site_id, employees.department_id, sites.clock_24h,
           (SELECT name FROM employees WHERE id = :actor_id) AS actor_name
    FROM time_off_requests AS asked
    JOIN employees ON employees.id = asked.employee_id
    JOIN sites ON sites.id = employees.site_id
    WHERE asked.id = :request_id
    FOR UPDATE OF asked
""")

_DECIDE = text("""
    UPDATE time_off_requests
    SET status = :status, decided_by_id = :actor_id, decided_at = clock_timestamp(), decision_note = :note,
        updated_by_id = :actor_id
    WHERE id = :request_id
""")

_WITHDRAW = text("""
    UPDATE time_off_requests SET status = 'withdrawn', updated_by_id = :actor_id WHERE id = :request_id
""")


@dataclass(frozen=True, slots=True)
class TimeOffAsked:
    """What somebody asks for.

    Attributes:
        start: From when on the first day, and `end` until when; None for whole days.
        note: For those who decide.
    """

    kind: TimeOffKind
    first_on: date
    last_on: date
    start: time | None = None
    end: time | None = None
    note: str | None = None


@retrying
async def request_time_off(actor: Actor, asked: TimeOffAsked) -> int:
    """Ask for time off for oneself; those who decide are told.

    Shifts the person has then stay theirs until it is approved.

    Returns:
        The request.

    Raises:
        NotFound: The actor does not work here any more.
        InvalidInput: The times do not fit together, are too long, or reach too far back or ahead.
        Conflict: It overlaps another request of the actor's that waits or is approved.
    """
    require(actor, Permission.RESPOND)
    note = clean_note(asked.note)
    async with unit_of_work() as session:
        async with before_writing(session):
            person = (await session.execute(_HOLD_OWN, {"employee_id": actor.employee_id})).one_or_none()
            if person is None:
                raise NotFound
            check_reach(asked.first_on, person.today)
            span = time_off_span(asked.first_on, asked.last_on, asked.start, asked.end, person.time_zone)
        values = {
            "employee_id": actor.employee_id,
            "kind": asked.kind.value,
            "whole_days": asked.start is None,
            "first_on": asked.first_on,
            "last_on": asked.last_on,
            "time_zone": person.time_zone,
            "starts_at": span.starts_at,
            "ends_at": span.ends_at,
            "note": note,
        }
        request_id = (await session.execute(_INSERT, values)).scalar_one()
        touched = await list_touched(session, actor.employee_id, span)
        deciders = await list_time_off_deciders(session, person.site_id, person.department_id, actor.employee_id)
        planned = sum(each.schedule_status == ScheduleStatus.PUBLISHED and each.lies_ahead for each in touched)
        notice = TimeOffRequested(person.name, NamedTimeOff.of(span, person.time_zone), asked.kind.value, planned)
        await notify(session, deciders, notice, related=("time_off", request_id), action_url=requests_path(request_id))
        after = {"first_on": asked.first_on.isoformat(), "last_on": asked.last_on.isoformat(), "status": "waiting"}
        await record(session, actor, "request", "time_off", request_id, site_id=person.site_id, after=after)
    return request_id


@retrying
async def withdraw_time_off(actor: Actor, request_id: int) -> None:
    """Take back one's own request, also an approved one as long as it lies ahead.

    Shifts that were taken away when it was approved do not come back by themselves.

    Raises:
        NotFound: No such request, or somebody else's.
        IllegalTransition: It is over already, or has begun.
    """
    require(actor, Permission.RESPOND)
    async with unit_of_work() as session:
        async with before_writing(session):
            asked = await _hold(session, actor, request_id)
            if asked is None or asked.employee_id != actor.employee_id:
                raise NotFound
            was = TimeOffStatus(asked.status)
            check_transition(was, TimeOffStatus.WITHDRAWN)
            if was == TimeOffStatus.APPROVED and not asked.lies_ahead:
                raise IllegalTransition("This time off has begun. Please talk to your manager.")
        at_commit(session, _WITHDRAW, {"request_id": request_id, "actor_id": actor.employee_id})
        deciders = await list_time_off_deciders(session, asked.site_id, asked.department_id, actor.employee_id)
        notice_type = TimeOffWithdrawn if was == TimeOffStatus.APPROVED else TimeOffRequestWithdrawn
        notice = notice_type(asked.name, _named(asked))
        await notify(session, deciders, notice, related=("time_off", request_id), action_url=requests_path(request_id))
        await _record(session, actor, "withdraw", asked, TimeOffStatus.WITHDRAWN)


@retrying
async def approve_time_off(
    actor: Actor, request_id: int, *, note: str | None = None, expected_version: int | None = None
) -> Leaving:
    """Approve time off: from now on nobody can give the person a shift that touches it.

    Whatever they have then that has not begun is taken from them in the same step, cancelled in published weeks and
    without a trace in drafts. They are told once, of all of it.

    Args:
        actor: Who decides.
        request_id: The request.
        note: A word to the person.
        expected_version: The version the actor saw; None when it does not matter.

    Returns:
        What the person was taken off, in words.

    Raises:
        NotFound: No such request, or none that the actor decides over.
        NotAllowed: It is the actor's own and they are no manager, or it touches shifts that they may not assign.
        StaleVersion: Somebody else was quicker.
        IllegalTransition: It does not wait any more, or touches a week that is being approved.
    """
    async with unit_of_work() as session:
        async with before_writing(session):
            asked = await _hold_to_decide(session, actor, request_id, expected_version, TimeOffStatus.APPROVED)
            note = clean_note(note)
            held = await _hold_touched(session, actor, asked)
        for each in held:
            await take(session, actor, each, is_told=False)
            await record_taking(session, actor, each)
        await _decide(session, actor, asked, TimeOffStatus.APPROVED, note, held)
    return leaving_of(held, clock_24h=asked.clock_24h)


@retrying
async def reject_time_off(
    actor: Actor, request_id: int, *, note: str | None = None, expected_version: int | None = None
) -> None:
    """Refuse time off. Arguments and errors as `approve_time_off`."""
    async with unit_of_work() as session:
        async with before_writing(session):
            asked = await _hold_to_decide(session, actor, request_id, expected_version, TimeOffStatus.REJECTED)
            note = clean_note(note)
        await _decide(session, actor, asked, TimeOffStatus.REJECTED, note, ())


@retrying
async def take_back_time_off(
    actor: Actor, request_id: int, *, note: str | None = None, expected_version: int | None = None
) -> None:
    """Take approved time off back, so that the person can be given shifts then. Otherwise as `approve_time_off`.

    Raises:
        IllegalTransition: It was not approved, or is over.
    """
    async with unit_of_work() as session:
        async with before_writing(session):
            asked = await _hold_to_decide(session, actor, request_id, expected_version, TimeOffStatus.WITHDRAWN)
            if asked.status != TimeOffStatus.APPROVED:
                raise IllegalTransition("This request waits for a decision. Please approve or reject it.")
            if not asked.is_not_over:
                raise IllegalTransition("This time off is over.")
            note = clean_note(note)
        await _decide(session, actor, asked, TimeOffStatus.WITHDRAWN, note, ())


def requests_path(request_id: int) -> str:
    """Where those who decide find a request."""
    return f"/requests?time-off={request_id}"


async def _hold(session: AsyncSession, actor: Actor, request_id: int) -> Record | None:
    one = {"request_id": request_id}
    _, found = await fetch_together(session, (_LOCK_PERSON, one), (_HOLD, {**one, "actor_id": actor.employee_id}))
    return found[0] if found else None


async def _hold_to_decide(
    session: AsyncSession, actor: Actor, request_id: int, expected_version: int | None, new: TimeOffStatus
) -> Record:
    """Lock the person and the request, and see that the actor may take this step."""
    require(actor, Permission.DECIDE_TIME_OFF)
    asked = await _hold(session, actor, request_id)
    if asked is None or not can(
        actor, Permission.DECIDE_TIME_OFF, site_id=asked.site_id, department_id=asked.department_id
    ):
        raise NotFound
    if asked.employee_id == actor.employee_id and actor.role == Role.SUPERVISOR:
        raise NotAllowed("Somebody else decides over your own time off.")
    if expected_version not in (None, asked.version):
        raise StaleVersion(await last_change(session, "time_off", request_id, asked.time_zone))
    check_transition(TimeOffStatus(asked.status), new)
    return asked


async def _hold_touched(session: AsyncSession, actor: Actor, asked: Record) -> Sequence[Record]:
    """The person's assignments that the time off takes away, held."""
    span = Interval(asked.starts_at, asked.ends_at)
    ahead = [each for each in await list_touched(session, asked.employee_id, span) if each.lies_ahead]
    for each in ahead:
        if each.schedule_status in (ScheduleStatus.PENDING, ScheduleStatus.APPROVED):
            raise IllegalTransition(
                f"{asked.name} has shifts then in the week {week_label(each.week_start)}, which is being approved."
                " Publish it, or take it back to draft, first."
            )
        if not can(actor, Permission.ASSIGN, site_id=each.site_id, department_id=each.department_id):
            raise NotAllowed(f"{asked.name} has shifts of another department then. Please ask a manager to decide.")
    return await hold_assignments(session, actor, {each.id: None for each in ahead}) if ahead else []


async def _decide(
    session: AsyncSession,
    actor: Actor,
    asked: Record,
    status: TimeOffStatus,
    note: str | None,
    held: Sequence[Record],
) -> None:
    values = {"request_id": asked.id, "status": status.value, "actor_id": actor.employee_id, "note": note}
    at_commit(session, _DECIDE, values)
    lost = [each for each in held if each.schedule_status == ScheduleStatus.PUBLISHED]
    if asked.employee_id != actor.employee_id:
        notice = TimeOffDecided(
            "taken back" if status == TimeOffStatus.WITHDRAWN else status.value,
            _named(asked),
            asked.actor_name,
            note or "",
            tuple(
                NamedShift.of(Interval(each.starts_at, each.ends_at), each.time_zone, each.title)
                for each in lost[:_MOST_NAMED]
            ),
            len(lost),
        )
        related = ("time_off", asked.id)
        await notify(session, [asked.employee_id], notice, related=related, action_url=TIME_OFF_PATH)
    action = {TimeOffStatus.APPROVED: "approve", TimeOffStatus.REJECTED: "reject"}.get(status, "take_back")
    await _record(session, actor, action, asked, status)


async def _record(session: AsyncSession, actor: Actor, action: str, asked: Record, status: TimeOffStatus) -> None:
    before, after = {"status": asked.status}, {"status": status.value}
    await record(session, actor, action, "time_off", asked.id, site_id=asked.site_id, before=before, after=after)


def _named(asked: Record) -> NamedTimeOff:
    return NamedTimeOff.of(Interval(asked.starts_at, asked.ends_at), asked.time_zone)
