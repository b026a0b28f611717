"""What keeps the program running: why jobs have failed, and trying again what was given up."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import exc, text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.queue import defer
from schedule_app.domain.delivery import Channel
from schedule_app.domain.errors import Conflict, NotFound
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.queries.worker_channels import FORGOTTEN
from schedule_app.services.audit import record

LONGEST_REASON: Final = 500
#: So much is tried again in one step.
MOST_AT_ONCE: Final = 500

_NOTE = text("""
    INSERT INTO job_failures (job_id, reason) VALUES (:job_id, :reason)
    ON CONFLICT (job_id) DO UPDATE SET reason = :reason, failed_at = now()
""")

_HEAR = text("""
    INSERT INTO worker_channels (worker, channel) SELECT :worker, unnest(CAST(:channels AS varchar[]))
    ON CONFLICT (worker, channel) DO UPDATE SET heard_at = now()
""")

_FORGET_CHANNELS = text(f"DELETE FROM worker_channels WHERE {FORGOTTEN}")  # noqa: S608 - a constant

# What is done every so often is done once, however often it has failed.
_DROP_OVERTAKEN = text("""
    DELETE FROM procrastinate_jobs AS old
    WHERE old.status IN ('failed', 'aborted') AND old.queueing_lock IS NOT NULL
      AND (old.id = ANY(CAST(:ids AS bigint[])) OR :every)
      AND EXISTS (SELECT FROM procrastinate_jobs AS other
                  WHERE other.queueing_lock = old.queueing_lock
                    AND (other.status = 'todo' OR other.id > old.id AND other.status IN ('failed', 'aborted')))
    RETURNING old.id
""")

_RETRY = text("""
    UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = now(), worker_id = NULL
    WHERE id IN (SELECT id FROM procrastinate_jobs
                 WHERE status IN ('failed', 'aborted') AND (id = ANY(CAST(:ids AS bigint[])) OR :every)
                 ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING id
""")

_FORGET = text("DELETE FROM job_failures WHERE job_id = ANY(CAST(:ids AS bigint[]))")

# It begins anew, with all its attempts; what went out as one message does so again, by its old number.
_RESEND = text("""
    UPDATE notification_deliveries AS again
    SET status = 'created', due_at = now(), attempts = 0, failed_at = NULL, failure_reason = NULL
    FROM notifications
    WHERE again.id IN (SELECT id FROM notification_deliveries
                       WHERE status = 'failed' AND (id = ANY(CAST(:ids AS bigint[])) OR :every
                                                    OR batch IN (SELECT batch FROM notification_deliveries
                                                                 WHERE id = ANY(CAST(:ids AS bigint[]))))
                       ORDER BY failed_at, id LIMIT :most FOR UPDATE SKIP LOCKED)
      AND notifications.id = again.notification_id
    RETURNING again.id, notifications.recipient_id, again.channel
""")


@retrying
async def note_failure(job_id: int, reason: str) -> None:
    """Keep why a job has failed; the queue itself only knows that it has."""
    async with unit_of_work() as session:
        await session.execute(_NOTE, {"job_id": job_id, "reason": reason[:LONGEST_REASON]})


@retrying
async def note_channels(worker: UUID, channels: Collection[Channel]) -> None:
    """Write down that a worker is there, and over which channels it can send."""
    async with unit_of_work() as session:
        await session.execute(_HEAR, {"worker": worker, "channels": sorted(channels)})
        await session.execute(_FORGET_CHANNELS)


@retrying
async def retry_jobs(actor: Actor, job_ids: Collection[int] | None) -> int:
    """Have failed jobs done again, now.

    Args:
        actor: Who acts.
        job_ids: Which; None for all of them, the first 500 in one step.

    Returns:
        How many are in the queue again. Of what is done every so often the last failure is tried again, and those
        before it are forgotten.

    Raises:
        NotAllowed: The actor does not look after the program.
        NotFound: None of the jobs named has failed, or somebody else was quicker.
        Conflict: The same is put into the queue at this moment.
    """
    require(actor, Permission.OPERATE)
    values = {"ids": sorted(set(job_ids or ())), "every": job_ids is None, "most": MOST_AT_ONCE}
    async with unit_of_work() as session:
        dropped = (await session.scalars(_DROP_OVERTAKEN, values)).all()
        try:
            retried = (await session.scalars(_RETRY, values)).all()
        except exc.IntegrityError as error:
            raise Conflict("The same waits to be done already.") from error
        await session.execute(_FORGET, {"ids": [*dropped, *retried]})
        if not retried and not dropped and job_ids is not None:
            raise NotFound("This job does not wait to be tried again any more.")
        if retried:
            after = {"job_ids": [*retried]}
            await record(session, actor, "retry", "job", retried[0], site_id=None, after=after)
    return len(retried)


@retrying
async def resend(actor: Actor, delivery_ids: Collection[int] | None) -> int:
    """Have messages sent again that were given up, now and with all their attempts.

    Args:
        actor: Who acts.
        delivery_ids: Lines of the ledger; None for all that were given up, the first 500 in one step.

    Returns:
        How many messages are on their way again.

    Raises:
        NotAllowed: The actor does not look after the program.
        NotFound: None of those named was given up, or somebody else was quicker.
    """
    require(actor, Permission.OPERATE)
    values = {"ids": sorted(set(delivery_ids or ())), "every": delivery_ids is None, "most": MOST_AT_ONCE}
    async with unit_of_work() as session:
        again = (await session.execute(_RESEND, values)).all()
        if not again and delivery_ids is not None:
            raise NotFound("This message does not wait to be sent again any more.")
        for each in again:
            defer(session, "deliver", recipient_id=each.recipient_id, channel=each.channel)
        if again:
            after = {"delivery_ids": [each.id for each in again]}
            await record(session, actor, "resend", "delivery", again[0].id, site_id=None, after=after)
    return len(again)
