"""The life of a week: made, revised, submitted, approved or sent back, published, thrown away."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.errors import Conflict, IllegalTransition, NotAllowed, NotFound, StaleVersion
from schedule_app.domain.notices import NamedWeek, Notice, ScheduleApproved, ScheduleRejected, ScheduleSubmitted
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.schedule import ScheduleStatus, ScheduleStep, next_status
from schedule_app.domain.time import week_start_of
from schedule_app.queries.changes import last_change
from schedule_app.queries.comparisons import Compared, find_compared
from schedule_app.queries.publication import notice_to_submitter
from schedule_app.queries.recipients import list_approvers
from schedule_app.services.access import require_on
from schedule_app.services.audit import record
from schedule_app.services.beginning import insert_schedule, lock_schedule, require_none_in_work
from schedule_app.services.copying import copy_shifts_by_wall_time, copy_version
from schedule_app.services.notifications import board_path, notify, notify_each
from schedule_app.services.publishing import hold_people, put_in_force
from schedule_app.services.text import clean_reason

_SITE = text("SELECT id, time_zone, week_starts_on FROM sites WHERE id = :site_id")

# What is compared may not change while it is signed; whoever assigns shares these rows.
_HOLD_WEEK = text("""
    SELECT versions.id
    FROM schedules AS wanted
    JOIN schedules AS versions ON versions.site_id = wanted.site_id AND versions.week_start = wanted.week_start
    WHERE wanted.id = :schedule_id AND versions.status <> 'archived'
    ORDER BY versions.id
    FOR NO KEY UPDATE OF versions
""")

_SUBMIT = text("""
    UPDATE schedules
    SET status = 'pending', submitted_by_id = :actor_id, submitted_at = now(), rejected_reason = NULL,
        updated_by_id = :actor_id
    WHERE id = :schedule_id
""")

_APPROVE = text("""
    UPDATE schedules
    SET status = 'approved', approved_by_id = :actor_id, approved_at = now(), updated_by_id = :actor_id
    WHERE id = :schedule_id
""")

_REJECT = text("""
    UPDATE schedules
    SET status = 'draft', rejected_reason = :reason, approved_by_id = NULL, approved_at = NULL,
        updated_by_id = :actor_id
    WHERE id = :schedule_id
""")

_DISCARD = text("DELETE FROM schedules WHERE id = :schedule_id")

_PERMISSIONS: Final = {
    ScheduleStep.SUBMIT: Permission.SUBMIT,
    ScheduleStep.APPROVE: Permission.APPROVE,
    ScheduleStep.REJECT: Permission.APPROVE,
    ScheduleStep.PUBLISH: Permission.PUBLISH,
}


@retrying
async def create_schedule(actor: Actor, site_id: int, week_start: date, *, copy_shifts_from: int | None = None) -> int:
    """Start a site's week, empty or with the shifts of another week.

    Copied shifts keep weekday and wall time; their instants are those of the new week. Nobody is assigned.

    Args:
        actor: Who acts.
        site_id: The site.
        week_start: Any date of the week; the site says on which weekday it begins.
        copy_shifts_from: A schedule of the same site.

    Returns:
        The id of the new draft.

    Raises:
        NotFound: No such site or schedule, or of another site.
        NotAllowed: The actor may not plan here.
        Conflict: The week has a version in work, or is published and should be revised instead.
        InvalidInput: A date out of range.
    """
    require(actor, Permission.CREATE_SCHEDULE)
    async with unit_of_work() as session:
        site = (await session.execute(_SITE, {"site_id": site_id})).one_or_none()
        if site is None:
            raise NotFound
        require_on(actor, Permission.CREATE_SCHEDULE, site.id)
        first_day = week_start_of(week_start, site.week_starts_on)
        versions = await require_none_in_work(session, site_id, first_day)
        if versions.published_number is not None:
            raise Conflict("This week is published. Revise it to change it.")
        schedule_id = await insert_schedule(session, actor, site_id, first_day, (versions.last_number or 0) + 1)
        if copy_shifts_from is not None:
            await copy_shifts_by_wall_time(
                session, actor, copy_shifts_from, schedule_id, site_id, zone=site.time_zone, week_start=first_day
            )
        after = {"week_start": first_day.isoformat(), "copied_from": copy_shifts_from}
        await record(session, actor, "create", "schedule", schedule_id, site_id=site_id, after=after)
    return schedule_id


@retrying
async def revise_schedule(actor: Actor, schedule_id: int) -> int:
    """Make a draft of a published week, with its shifts and the people on them.

    Returns:
        The id of the draft.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not plan here.
        IllegalTransition: It is not published.
        Conflict: The week has a version in work already.
    """
    require(actor, Permission.CREATE_SCHEDULE)
    async with unit_of_work() as session:
        parent = await lock_schedule(session, actor, schedule_id, Permission.CREATE_SCHEDULE)
        if parent.status != ScheduleStatus.PUBLISHED:
            raise IllegalTransition(f"Only a published week can be revised; this one is {parent.status}.")
        versions = await require_none_in_work(session, parent.site_id, parent.week_start)
        child_id = await insert_schedule(
            session, actor, parent.site_id, parent.week_start, versions.last_number + 1, parent
        )
        await copy_version(session, actor, schedule_id, child_id)
        after = {"parent_id": schedule_id, "week_start": parent.week_start.isoformat()}
        await record(session, actor, "revise", "schedule", child_id, site_id=parent.site_id, after=after)
    return child_id


@retrying
async def submit_schedule(actor: Actor, schedule_id: int, *, expected_version: int) -> None:
    """Ask for approval of a draft; those who may approve are told.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not submit.
        StaleVersion: It was moved on since.
        IllegalTransition: It is not a draft.
    """
    async with unit_of_work() as session:
        plan = await _take_step(session, actor, schedule_id, ScheduleStep.SUBMIT, expected_version)
        await session.execute(_SUBMIT, {"schedule_id": schedule_id, "actor_id": actor.employee_id})
        approvers = [each for each in await list_approvers(session, plan.site_id) if each != actor.employee_id]
        notice = ScheduleSubmitted(plan.site_name, NamedWeek.of(plan.week_start), plan.actor_name)
        await notify(session, approvers, notice, related=("schedule", schedule_id), action_url=_path(plan))
        await _record_step(session, actor, plan, ScheduleStep.SUBMIT)


@retrying
async def approve_schedule(actor: Actor, schedule_id: int, *, expected_version: int, seen: str | None = None) -> None:
    """Approve a pending week; who submitted it is told.

    The log keeps what was approved: against which version, how much differs, and the digest of the comparison.

    Args:
        actor: Who approves.
        schedule_id: The week.
        expected_version: Of the schedule, as the actor saw it.
        seen: Digest of the comparison with the published version that the actor was shown; None where none was.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not approve, or submitted it where a second person is asked for.
        StaleVersion: It was moved on since, or it or the published version is not what the actor was shown.
        IllegalTransition: It is not pending.
    """
    require(actor, Permission.APPROVE)
    async with unit_of_work() as session:
        await session.execute(_HOLD_WEEK, {"schedule_id": schedule_id})
        plan = await _take_step(session, actor, schedule_id, ScheduleStep.APPROVE, expected_version)
        if plan.four_eyes and plan.submitted_by_id == actor.employee_id:
            raise NotAllowed("You submitted this week, so somebody else has to approve it.")
        compared = await find_compared(session, plan.published_id, schedule_id, with_cost=False)
        if seen not in (None, compared.digest):
            raise StaleVersion("This week has changed since you looked at it. Please look at the comparison again.")
        await session.execute(_APPROVE, {"schedule_id": schedule_id, "actor_id": actor.employee_id})
        notice = ScheduleApproved(plan.site_name, NamedWeek.of(plan.week_start), plan.actor_name)
        await _tell_submitter(session, actor, plan, notice)
        await _record_step(session, actor, plan, ScheduleStep.APPROVE, after={"compared": _signed(compared)})


@retrying
async def reject_schedule(actor: Actor, schedule_id: int, *, expected_version: int, reason: str) -> None:
    """Send a pending week back to draft, or take back an approval before publishing; who submitted it is told.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not approve.
        StaleVersion: It was moved on since.
        IllegalTransition: It is neither pending nor approved.
        InvalidInput: The reason is missing, too short, too long or cannot be stored.
    """
    async with unit_of_work() as session:
        plan = await _take_step(session, actor, schedule_id, ScheduleStep.REJECT, expected_version)
        reason = clean_reason(reason)
        values = {"schedule_id": schedule_id, "actor_id": actor.employee_id, "reason": reason}
        await session.execute(_REJECT, values)
        notice = ScheduleRejected(plan.site_name, NamedWeek.of(plan.week_start), plan.actor_name, reason)
        await _tell_submitter(session, actor, plan, notice)
        await _record_step(session, actor, plan, ScheduleStep.REJECT, reason)


@retrying
async def discard_draft(actor: Actor, schedule_id: int, *, expected_version: int) -> None:
    """Throw a draft away, with its shifts and assignments.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not plan here.
        StaleVersion: It was moved on since.
        IllegalTransition: It is not a draft.
    """
    require(actor, Permission.CREATE_SCHEDULE)
    async with unit_of_work() as session:
        plan = await lock_schedule(session, actor, schedule_id, Permission.CREATE_SCHEDULE)
        await _require_version(session, plan, expected_version)
        if plan.status != ScheduleStatus.DRAFT:
            raise IllegalTransition(f"Only a draft can be thrown away; this week is {plan.status}.")
        await session.execute(_DISCARD, {"schedule_id": schedule_id})
        before = {"status": plan.status, "week_start": plan.week_start.isoformat()}
        await record(session, actor, "discard", "schedule", schedule_id, site_id=plan.site_id, before=before)


@retrying
async def publish_schedule(actor: Actor, schedule_id: int, *, expected_version: int, seen: str | None = None) -> None:
    """Put an approved week in force, in place of the version published before.

    Whoever's own shifts were added, moved or removed is told once, the others not at all. Answers to unchanged shifts
    stay as they are; everybody else is asked to confirm. Who submitted the week is told too.

    Args:
        actor: Who publishes.
        schedule_id: The week.
        expected_version: Of the schedule, as the actor saw it.
        seen: Digest of the preview that the actor was shown; None where none was.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not publish.
        StaleVersion: It was moved on since, or would tell people something else than the actor was shown.
        IllegalTransition: It is not approved.
        RuleBroken: Somebody on it has left, or a blocking rule refuses a shift of theirs by now.
        DoubleBooking: Somebody on it works elsewhere at the same time.
    """
    require(actor, Permission.PUBLISH)
    async with unit_of_work() as session:
        await hold_people(session, schedule_id)
        plan = await _take_step(session, actor, schedule_id, ScheduleStep.PUBLISH, expected_version)
        told = await put_in_force(session, actor, plan, seen=seen)
        notices = notice_to_submitter(actor, plan, told)
        await notify_each(session, notices, related=("schedule", plan.id), action_url=_path(plan))
        await _record_step(session, actor, plan, ScheduleStep.PUBLISH)


async def _take_step(
    session: AsyncSession, actor: Actor, schedule_id: int, step: ScheduleStep, expected_version: int
) -> Row[Any]:
    """Lock a schedule and check that the actor may take the step from where it stands."""
    require(actor, _PERMISSIONS[step])
    plan = await lock_schedule(session, actor, schedule_id, _PERMISSIONS[step])
    await _require_version(session, plan, expected_version)
    next_status(ScheduleStatus(plan.status), step)
    return plan


async def _require_version(session: AsyncSession, plan: Row[Any], expected_version: int) -> None:
    if plan.version != expected_version:
        raise StaleVersion(await last_change(session, "schedule", plan.id, plan.time_zone))


async def _tell_submitter(session: AsyncSession, actor: Actor, plan: Row[Any], notice: Notice) -> None:
    if plan.submitted_by_id not in (None, actor.employee_id):
        related = ("schedule", plan.id)
        await notify(session, [plan.submitted_by_id], notice, related=related, action_url=_path(plan))


def _signed(compared: Compared) -> dict[str, Any]:
    return {
        "one_id": compared.one.id if compared.one else None,
        "one_version": compared.one.number if compared.one else None,
        "other_id": compared.other.id,
        "other_version": compared.other.number,
        "counts": compared.differences.counts(),
        "digest": compared.digest,
    }


async def _record_step(
    session: AsyncSession,
    actor: Actor,
    plan: Row[Any],
    step: ScheduleStep,
    reason: str | None = None,
    *,
    after: Mapping[str, Any] | None = None,
) -> None:
    await record(
        session,
        actor,
        step.value,
        "schedule",
        plan.id,
        site_id=plan.site_id,
        before={"status": plan.status},
        after={"status": next_status(ScheduleStatus(plan.status), step).value, **(after or {})},
        reason=reason,
    )


def _path(plan: Row[Any]) -> str:
    return board_path(plan.site_id, plan.week_start)
