"""Every task of the queue may be done again and again, and by two workers at once: it has the effect of once."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schedule_app.db.queue import queue
from schedule_app.domain.time import local_date, week_start_of
from tests.db.jobs.post import configured
from tests.db.services.scene import Scene, execute, make_scene, make_week, rows
from tests.db.services.swapping import make_between, pass_cutoff
from tests.support.database import Server, application_database
from tests.support.mail_server import MailServer, mail_server

EVERY_SO_OFTEN = {"timestamp": 0}

# What people see of it: by name, so that two databases can be compared.
EFFECTS = {
    "inbox": """
        SELECT employees.name, told.type, count(*)
        FROM notifications AS told JOIN employees ON employees.id = told.recipient_id GROUP BY 1, 2
    """,
    "ledger": """
        SELECT employees.name, told.type, line.channel, line.status, count(*)
        FROM notification_deliveries AS line JOIN notifications AS told ON told.id = line.notification_id
        JOIN employees ON employees.id = told.recipient_id GROUP BY 1, 2, 3, 4
    """,
    "shifts": """
        SELECT employees.name, held.status, count(*)
        FROM schedule_assignments AS held JOIN employees ON employees.id = held.employee_id GROUP BY 1, 2
    """,
    "flags": "SELECT rule_type, message, count(*) FROM rule_violations GROUP BY 1, 2",
    "swaps": "SELECT status, count(*) FROM swap_requests GROUP BY 1",
    # One more finds nothing to do.
    "jobs": "SELECT DISTINCT task_name, args::text FROM procrastinate_jobs WHERE status = 'todo'",
    "audit": "SELECT action, entity_type, count(*) FROM audit_entries GROUP BY 1, 2",
    "waiting": "SELECT count(*) FROM notification_outbox",
    "sign-ins": "SELECT count(*) FROM login_attempts",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What a task is done about.

    Attributes:
        prepare: Makes the ground.
        arguments: What the task is called with.
        needs_recipient: Whether the number of a person, whom the ground was made for, is another argument.
    """

    prepare: Callable[[], Awaitable[object]]
    arguments: dict[str, Any]
    needs_recipient: bool = False

    async def begin(self, name: str) -> Callable[[], Awaitable[object]]:
        """Make the ground; how the task is done on it."""
        made = await self.prepare()
        more = {"recipient_id": made} if self.needs_recipient else {}
        return lambda: queue.tasks[name](**self.arguments, **more)


async def somebody_was_told() -> None:
    between = await make_between()
    await between.offer(between.scene.carol)


async def a_swap_has_run_out_of_time() -> None:
    between = await make_between()
    await between.offer(between.scene.carol)
    await pass_cutoff(between)


async def answers_were_missed() -> None:
    scene = await make_scene()
    await make_week(scene, {"required_staff": 2}, held={0: [scene.bob, scene.carol]}, status="published")
    await execute("UPDATE schedule_assignments SET confirm_by = now() - interval '1 minute'")


async def an_answer_is_due() -> None:
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]}, status="published")
    await execute("UPDATE schedules SET published_at = now() - interval '9 hours'")
    await execute(
        "UPDATE schedule_assignments"
        " SET created_at = now() - interval '9 hours', confirm_by = now() + interval '1 hour'"
    )


async def somebody_works_tomorrow() -> None:
    # Somewhere it is late afternoon.
    ahead = (20 - datetime.now(UTC).hour + 11) % 24 - 11
    zone = f"Etc/GMT{-ahead:+d}"
    scene = await make_scene(time_zone=zone)
    day = local_date(datetime.now(UTC), zone) + timedelta(days=1)
    week = week_start_of(day)
    await make_week(scene, {"day": (day - week).days}, held={0: [scene.bob]}, status="published", week_start=week)


async def a_qualification_ends() -> None:
    scene = await make_scene()
    await _qualify(scene, "current_date + 5")


async def a_published_shift_is_hit() -> None:
    scene = await make_scene()
    await make_week(scene, {"qualifications": ("Forklift",)}, held={0: [scene.bob]}, status="published")


async def _qualify(scene: Scene, until: str) -> None:
    await execute(
        "UPDATE employees SET qualifications = jsonb_build_array(jsonb_build_object("
        f" 'name', 'Forklift', 'expires_on', {until})) WHERE id = :id",
        id=scene.bob.id,
    )


async def a_notification_has_expired() -> None:
    await somebody_was_told()
    await execute(
        "UPDATE notifications SET created_at = now() - interval '9 days', expires_at = now() - interval '1 day'"
    )


async def old_attempts_are_left() -> None:
    await make_scene()
    await execute(
        "INSERT INTO login_attempts (email_hash, ip, succeeded, at)"
        " VALUES (decode(repeat('01', 32), 'hex'), '::1', false, now() - interval '31 days')"
    )


async def a_mail_is_due() -> int:
    """Bob's job."""
    await somebody_was_told()
    [[bob]] = await rows("SELECT id FROM employees WHERE name = 'Bob Worker'")
    await execute(
        "WITH told AS (UPDATE notifications SET recipient_id = :bob RETURNING id)"
        " INSERT INTO notification_deliveries (notification_id, channel) SELECT id, 'email' FROM told",
        bob=bob,
    )
    return bob


async def a_job_was_lost() -> None:
    await a_mail_is_due()
    await execute("UPDATE notification_deliveries SET due_at = now() - interval '1 minute'")
    await execute("DELETE FROM procrastinate_jobs")


WORK = {
    "deliver": Work(a_mail_is_due, {"channel": "email"}, needs_recipient=True),
    "sweep_messages": Work(a_job_was_lost, EVERY_SO_OFTEN),
    "dispatch": Work(somebody_was_told, {}),
    "expire_swaps": Work(a_swap_has_run_out_of_time, EVERY_SO_OFTEN),
    "expire_missed_answers": Work(answers_were_missed, EVERY_SO_OFTEN),
    "remind_to_answer": Work(an_answer_is_due, EVERY_SO_OFTEN),
    "remind_of_shifts": Work(somebody_works_tomorrow, EVERY_SO_OFTEN),
    "tell_of_ending_qualifications": Work(a_qualification_ends, EVERY_SO_OFTEN),
    "watch_published": Work(a_published_shift_is_hit, EVERY_SO_OFTEN),
    "remove_expired_notifications": Work(a_notification_has_expired, EVERY_SO_OFTEN),
    "remove_leftovers": Work(old_attempts_are_left, EVERY_SO_OFTEN),
}


def tasks() -> list[str]:
    """What workers can be asked for, but for what the library and benchmarks bring along."""
    importlib.import_module("schedule_app.jobs.worker")
    return sorted(name for name, task in queue.tasks.items() if task.func.__module__.startswith("schedule_app."))


async def effects(mail: MailServer) -> dict[str, list[Any]]:
    found = {name: sorted(map(str, await rows(statement))) for name, statement in EFFECTS.items()}
    return found | {"mails": sorted(str(each.mail["Subject"]) for each in mail.received)}


def test_every_task_is_tried_here():
    assert set(tasks()) == set(WORK), "Each task needs a piece of work here, and each piece a task."


@pytest.mark.parametrize("name", tasks())
async def test_a_task_that_is_done_three_times_or_twice_at_once_has_the_effect_of_once(postgres: Server, name: str):
    async with mail_server() as mail, application_database(postgres):
        with configured(SMTP_URL=mail.url, MAIL_FROM="shifts@example.com"):
            do = await WORK[name].begin(name)
            before = await effects(mail)
            await do()
            once = await effects(mail)
            assert once != before, "It does nothing."
            for _ in range(2):
                await do()
                assert await effects(mail) == once

    async with mail_server() as mail, application_database(postgres):
        with configured(SMTP_URL=mail.url, MAIL_FROM="shifts@example.com"):
            do = await WORK[name].begin(name)
            await asyncio.gather(do(), do())
            assert await effects(mail) == once
