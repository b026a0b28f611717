"""How the work beside the pages goes: workers, the queue, what failed, and messages that were given up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices import parse, word
from schedule_app.domain.time import moment_label
from schedule_app.queries.worker_channels import workers_with

#: A worker that has not said for so long that it is there is taken for gone.
ALIVE_SECONDS: Final = 20
#: Of each list so much is shown.
MOST_SHOWN: Final = 100

_WORKERS = text("""
    SELECT id, last_heartbeat, extract(epoch FROM now() - last_heartbeat) AS age
    FROM procrastinate_workers ORDER BY id
""")

# A job waits since it was put there, or since the time it was put there for.
_QUEUE = text("""
    SELECT job.status::text AS status, count(*) AS jobs,
           count(*) FILTER (WHERE job.status = 'todo' AND COALESCE(job.scheduled_at, now()) <= now()) AS due,
           COALESCE(extract(epoch FROM now() - min(greatest(job.scheduled_at, deferred.at)) FILTER (
               WHERE job.status = 'todo' AND COALESCE(job.scheduled_at, now()) <= now())), 0) AS lag
    FROM procrastinate_jobs AS job
    LEFT JOIN LATERAL (
        SELECT max(event.at) AS at FROM procrastinate_events AS event
        WHERE event.job_id = job.id AND event.type IN ('deferred', 'deferred_for_retry', 'retried')
          AND job.status = 'todo'
    ) AS deferred ON true
    GROUP BY job.status
""")

#: How many workers are alive, and how many seconds the oldest job that is due has waited.
KEEPING_UP: Final = text(f"""
    SELECT (SELECT count(*) FROM procrastinate_workers
            WHERE last_heartbeat > now() - interval '{ALIVE_SECONDS} seconds') AS workers,
           COALESCE(extract(epoch FROM now() - min(greatest(job.scheduled_at, event.at))), 0) AS lag
    FROM procrastinate_jobs AS job
    JOIN procrastinate_events AS event
        ON event.job_id = job.id AND event.type IN ('deferred', 'deferred_for_retry', 'retried')
    WHERE job.status = 'todo' AND COALESCE(job.scheduled_at, now()) <= now()
""")  # noqa: S608 - constants

_OUTBOX = text("""
    SELECT count(*) AS waiting, COALESCE(extract(epoch FROM now() - min(notifications.created_at)), 0) AS age
    FROM notification_outbox
    JOIN notifications ON notifications.id = notification_outbox.notification_id
""")

_UNWATCHED = text("""
    SELECT count(*) FROM watched_people AS watched
    WHERE problem IS NOT NULL AND EXISTS (
        SELECT FROM schedule_assignments AS held
        WHERE held.employee_id = watched.employee_id AND held.in_force AND held.starts_at > now())
""")

# What is under way, what was given up, and what goes out nowadays: not all that ever did.
_DELIVERIES = text("""
    SELECT channel, 'created' AS status, count(*) AS messages FROM notification_deliveries
    WHERE status = 'created' GROUP BY channel
    UNION ALL
    SELECT channel, 'failed', count(*) FROM notification_deliveries WHERE status = 'failed' GROUP BY channel
    UNION ALL
    SELECT channel, 'sent', count(*) FROM notification_deliveries
    WHERE status = 'sent' AND channel <> 'in_app' AND sent_at > now() - interval '1 day' GROUP BY channel
""")

# Why it failed is noted a moment before its queue knows.
_HAS_FAILED: Final = "job.status IN ('failed', 'aborted') OR (job.status = 'doing' AND failure.job_id IS NOT NULL)"

_FAILED = text(f"""
    SELECT job.id, job.status::text AS status, job.task_name, job.args::text AS arguments, job.attempts,
           COALESCE(failure.reason, '') AS reason,
           COALESCE(failure.failed_at, (SELECT max(event.at) FROM procrastinate_events AS event
                                        WHERE event.job_id = job.id)) AS failed_at,
           count(*) OVER () AS total
    FROM procrastinate_jobs AS job
    LEFT JOIN job_failures AS failure ON failure.job_id = job.id
    WHERE {_HAS_FAILED}
    ORDER BY failed_at DESC NULLS LAST, job.id DESC
    LIMIT :most
""")  # noqa: S608 - constants

_DEAD_LETTERS = text("""
    SELECT line.id, line.channel, line.attempts, line.failure_reason AS reason, line.failed_at,
           told.type, told.payload, employees.name, count(*) OVER () AS total
    FROM notification_deliveries AS line
    JOIN notifications AS told ON told.id = line.notification_id
    JOIN employees ON employees.id = told.recipient_id
    WHERE line.status = 'failed'
    ORDER BY line.failed_at DESC, line.id DESC
    LIMIT :most
""")

_SITE = text("SELECT time_zone, clock_24h FROM sites WHERE id = :site_id")

#: What each channel is called.
CHANNELS: Final[dict[str, str]] = {"email": "E-mail", "push": "Push", "sms": "SMS", "in_app": "Inbox"}


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """A worker; `heard` is when it last said that it is there."""

    id: int
    heard: str
    is_alive: bool


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed, in words."""

    id: int
    task: str
    arguments: str
    reason: str
    when: str
    attempts: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up: to whom, over which channel, what it says, and why it did not arrive."""

    id: int
    person: str
    channel: str
    title: str
    reason: str
    when: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How it goes, in numbers.

    Attributes:
        workers: Those alive.
        heartbeat_age: Seconds since the last of them was heard of; None where there is none.
        jobs: By status as the queue has it.
        lag: Seconds for which the oldest job that is due has waited.
        undispatched: Notifications of which nobody has decided yet over which channels they go out.
        undispatched_age: Seconds since the oldest of them was written.
        deliveries: By channel and status: "created" for what waits, and "failed" for what was given up.
        sent: By channel, in the last 24 hours; the inbox is not counted.
        unwatched: People whose published shifts cannot be judged, because something about them cannot be read.
    """

    workers: int
    heartbeat_age: float | None
    jobs: dict[str, int]
    due: int
    lag: float
    undispatched: int
    undispatched_age: float
    deliveries: dict[tuple[str, str], int]
    sent: dict[str, int]
    unwatched: int

    @property
    def failed_jobs(self) -> int:
        """Jobs that nobody does any more unless asked to."""
        return self.jobs.get("failed", 0) + self.jobs.get("aborted", 0)

    @property
    def dead_letters(self) -> int:
        """Messages that were given up."""
        return sum(count for (_, status), count in self.deliveries.items() if status == "failed")


@dataclass(frozen=True, slots=True)
class OperationView:
    """The page of operation, in words; of long lists the newest, with how many there are in all.

    Attributes:
        sent: By channel, how many messages wait, were given up, and went out in the last 24 hours.
        able: By channel, how many workers that are alive can send over it; the inbox is one that all of them have.
    """

    workers: list[WorkerLine]
    waiting: int
    due: int
    doing: int
    lag: str
    failed: list[FailedJob]
    failed_total: int
    letters: list[DeadLetter]
    letters_total: int
    sent: dict[str, str]
    able: dict[str, int]


async def read_figures(session: AsyncSession) -> Figures:
    """Count workers, jobs and messages."""
    workers = (await session.execute(_WORKERS)).all()
    queue = (await session.execute(_QUEUE)).all()
    outbox = (await session.execute(_OUTBOX)).one()
    deliveries = (await session.execute(_DELIVERIES)).all()
    return Figures(
        workers=sum(each.age <= ALIVE_SECONDS for each in workers),
        heartbeat_age=min((float(each.age) for each in workers), default=None),
        jobs={each.status: each.jobs for each in queue},
        due=sum(each.due for each in queue),
        lag=max((float(each.lag) for each in queue), default=0.0),
        undispatched=outbox.waiting,
        undispatched_age=float(outbox.age),
        deliveries={(each.channel, each.status): each.messages for each in deliveries if each.status != "sent"},
        sent={each.channel: each.messages for each in deliveries if each.status == "sent"},
        unwatched=(await session.execute(_UNWATCHED)).scalar_one(),
    )


async def operation_view(session: AsyncSession, site_id: int) -> OperationView:
    """Read the page of operation, by the clock of a site. Whether the viewer may see it is the caller's business."""
    site = (await session.execute(_SITE, {"site_id": site_id})).one()
    workers = (await session.execute(_WORKERS)).all()
    figures = await read_figures(session)
    failed = (await session.execute(_FAILED, {"most": MOST_SHOWN})).all()
    letters = (await session.execute(_DEAD_LETTERS, {"most": MOST_SHOWN})).all()
    return OperationView(
        workers=[WorkerLine(each.id, _ago(float(each.age)), each.age <= ALIVE_SECONDS) for each in workers],
        waiting=figures.jobs.get("todo", 0),
        due=figures.due,
        doing=figures.jobs.get("doing", 0),
        lag=_seconds(figures.lag),
        failed=[_failed(each, site) for each in failed],
        failed_total=failed[0].total if failed else 0,
        letters=[_letter(each, site) for each in letters],
        letters_total=letters[0].total if letters else 0,
        sent=_sent(figures),
        able={channel.value: workers for channel, workers in (await workers_with(session)).items()},
    )


def _failed(row: Row[Any], site: Row[Any]) -> FailedJob:
    return FailedJob(
        id=row.id,
        task=row.task_name.replace("_", " ").capitalize(),
        arguments="" if row.arguments in ("{}", "null") or '"timestamp"' in row.arguments else row.arguments,
        reason=row.reason or _NO_REASON[row.status],
        when=_when(row.failed_at, site),
        attempts=row.attempts,
    )


def _letter(row: Row[Any], site: Row[Any]) -> DeadLetter:
    try:
        title = word(parse(row.type, row.payload), clock_24h=site.clock_24h).title
    except InvalidInput:
        title = "A message that cannot be shown"
    return DeadLetter(
        id=row.id,
        person=row.name,
        channel=CHANNELS[row.channel],
        title=title,
        reason=row.reason,
        when=_when(row.failed_at, site),
        attempts=row.attempts,
    )


def _when(at: datetime | None, site: Row[Any]) -> str:
    return moment_label(at.astimezone(UTC), site.time_zone, clock_24h=site.clock_24h) if at else ""


def _sent(figures: Figures) -> dict[str, str]:
    return {channel: ", ".join(_counts(figures, channel)) for channel in CHANNELS}


def _counts(figures: Figures, channel: str) -> Iterator[str]:
    for count, words in (
        (figures.deliveries.get((channel, "created")), "waiting"),
        (figures.deliveries.get((channel, "failed")), "given up"),
        (figures.sent.get(channel), "sent in the last 24 hours"),
    ):
        if count:
            yield f"{count} {words}"


#: Of jobs that nobody could begin, or go on with.
_NO_REASON: Final = {
    "failed": "The worker that took it does not know what to do.",
    "aborted": "Its worker was told to end before it was done.",
}


def _seconds(seconds: float) -> str:
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


def _ago(seconds: float) -> str:
    return "just now" if seconds < 2 else f"{_seconds(seconds)} ago"
