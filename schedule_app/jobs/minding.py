"""What time brings about: reminders, answers that are missed, shifts that became doubtful, and tidying up."""

import asyncio

from schedule_app.channels import outbox
from schedule_app.db.queue import queue
from schedule_app.services.missed_answers import expire_missed_answers
from schedule_app.services.reminders import remind_of_shifts, remind_to_answer, tell_of_ending_qualifications
from schedule_app.services.tidying import remove_expired_notifications, remove_leftovers
from schedule_app.services.watching import watch_published
from schedule_app.settings import get_settings


@queue.periodic(cron="* * * * *")
@queue.task(name="expire_missed_answers", queueing_lock="expire_missed_answers")
async def expire_answers(timestamp: int) -> None:
    """Every minute."""
    await expire_missed_answers()


@queue.periodic(cron="* * * * *")
@queue.task(name="watch_published", queueing_lock="watch_published")
async def watch(timestamp: int) -> None:
    """Every minute."""
    await watch_published()


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="remind_of_shifts", queueing_lock="remind_of_shifts")
async def remind(timestamp: int) -> None:
    """Every five minutes: late afternoon begins at another moment in each zone."""
    await remind_of_shifts()


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="remind_to_answer", queueing_lock="remind_to_answer")
async def remind_to_say(timestamp: int) -> None:
    """Every five minutes."""
    await remind_to_answer()


@queue.periodic(cron="5 * * * *")
@queue.task(name="tell_of_ending_qualifications", queueing_lock="tell_of_ending_qualifications")
async def tell_of_qualifications(timestamp: int) -> None:
    """Every hour: a day begins at another moment in each zone."""
    await tell_of_ending_qualifications()


@queue.periodic(cron="20 * * * *")
@queue.task(name="remove_expired_notifications", queueing_lock="remove_expired_notifications")
async def remove_notifications(timestamp: int) -> None:
    """Every hour."""
    await remove_expired_notifications()


@queue.periodic(cron="40 3 * * *")
@queue.task(name="remove_leftovers", queueing_lock="remove_leftovers")
async def remove_old(timestamp: int) -> None:
    """Every night."""
    await remove_leftovers()
    await asyncio.to_thread(outbox.remove_old, get_settings())
