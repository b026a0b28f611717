"""What is due for one person on one channel: claimed, and written down as sent, to be tried again, or given up.

The sending itself is in between, and no transaction is open meanwhile. Whoever claims something has it to themselves
for a while; if they are never heard of again, it is due once more after that.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.channels.devices import Device
from schedule_app.channels.port import Message
from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.queue import defer
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.delivery import BURST, Channel, Preferences, after_quiet, is_in_time
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices import (
    Category,
    DeliveryFailed,
    Notice,
    Priority,
    Wording,
    deadline,
    parse,
    subject,
    word,
)
from schedule_app.queries.preferences import preferences_of
from schedule_app.queries.recipients import list_leaders, list_planners
from schedule_app.queries.standing import STANDS
from schedule_app.queries.worker_channels import is_on_somewhere, known_channels
from schedule_app.services.notifications import PRIORITIES, Told, notify_all
from schedule_app.settings import get_settings

#: For how long whoever has claimed a message has it to themselves.
LEASE: Final = timedelta(seconds=60)
#: How long after each attempt that failed the next one is; after the last of them a message is given up.
BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 40))
MOST_ATTEMPTS: Final = len(BACK_OFF) + 1
MOST_IN_ONE: Final = 100
#: What is sent within this time is sent at once; what comes later repeats nothing that was read in the app meanwhile.
AT_ONCE: Final = timedelta(minutes=2)
# It may be taken up by the same worker again, which should not go on all the time.
_PASSED_ON: Final = timedelta(seconds=2)
_NOBODY_THERE: Final = timedelta(minutes=1)
_BUSY: Final = timedelta(seconds=5)
_INBOX_PATH: Final = "/inbox"
#: Where people choose what they are told, and how.
_PREFERENCES_PATH: Final = "/account/notifications"

#: What reading a payload may come to that nobody expected.
_UNREADABLE: Final = (InvalidInput, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError)

# Two workers may have been asked for the same; the second one waits here and finds that it was done.
_ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")

# What was tried before is tried again as it was. What was not goes out together, with what would follow in a moment.
_DUE: Final = text("""
    WITH own AS MATERIALIZED (
        SELECT id, batch, due_at FROM notification_deliveries
        WHERE recipient_id = :recipient_id AND channel = :channel AND status = 'created'
    ), first AS (
        SELECT batch FROM own WHERE due_at <= now() ORDER BY due_at, id LIMIT 1
    )
    SELECT waiting.id, waiting.batch
    FROM first
    JOIN own ON own.batch = first.batch
        OR first.batch IS NULL AND own.batch IS NULL AND own.due_at <= now() + :burst
    JOIN notification_deliveries AS waiting ON waiting.id = own.id
    WHERE waiting.status = 'created'
    ORDER BY waiting.notification_id
    LIMIT :most
    FOR UPDATE OF waiting
""")

# Read once their lines are held: whoever changes what is told holds them, too.
_TOLD: Final = text(f"""
    SELECT line.id, line.attempts, told.type, told.payload, told.priority, told.category, told.action_url, now() AS now,
           {STANDS} AS stands, told.read_at IS NOT NULL AND told.created_at < now() - :at_once AS was_read
    FROM notification_deliveries AS line
    JOIN notifications AS told ON told.id = line.notification_id
    WHERE line.id = ANY(:ids)
    ORDER BY told.id
""")  # noqa: S608 - constants

_RECIPIENT: Final = text("""
    SELECT employees.name, email, COALESCE(btrim(phone), '') AS phone, site_id, department_id,
           is_active AND deleted_at IS NULL AS is_here
    FROM employees
    WHERE id = :recipient_id
""")

_DEVICES: Final = text("""
    SELECT endpoint, p256dh, auth FROM push_subscriptions WHERE employee_id = :recipient_id ORDER BY id
""")

_POSTPONE: Final = text("UPDATE notification_deliveries SET due_at = :until WHERE id = ANY(:ids)")

_WAIT: Final = text("""
    UPDATE notification_deliveries SET due_at = now() + :pause
    WHERE recipient_id = :recipient_id AND channel = :channel AND status = 'created' AND due_at <= now()
    RETURNING due_at
""")

_CLAIM: Final = text("""
    UPDATE notification_deliveries
    SET batch = :batch, attempts = attempts + 1, attempted_at = now(), due_at = now() + :lease
    WHERE id = ANY(:ids)
""")

# What was taken back meanwhile is in no batch any more: that is told yet.
_SENT: Final = text("""
    UPDATE notification_deliveries
    SET status = 'sent', sent_at = now(), failed_at = NULL, failure_reason = NULL
    WHERE id = ANY(:ids) AND batch = :batch AND status IN ('created', 'failed', 'dropped')
""")

# Somebody else may have taken it up meanwhile: then what they find counts.
_AGAIN: Final = text("""
    UPDATE notification_deliveries SET due_at = now() + :back_off, failure_reason = :reason
    WHERE id = ANY(:ids) AND status = 'created' AND attempts = :attempts
    RETURNING due_at
""")

_GIVE_UP: Final = text("""
    UPDATE notification_deliveries SET status = 'failed', failed_at = now(), failure_reason = :reason
    WHERE id = ANY(:ids) AND status = 'created' AND attempts = :attempts
    RETURNING id
""")

_DROP: Final = text("""
    UPDATE notification_deliveries SET status = 'dropped', failed_at = now(), failure_reason = :reason
    WHERE id = ANY(:ids) AND status = 'created'
""")

# Another version of the program may read it. Nothing else goes with it.
_UNREAD: Final = text("""
    UPDATE notification_deliveries
    SET batch = gen_random_uuid(), attempts = attempts + 1, attempted_at = now(), due_at = now() + :back_off,
        failure_reason = :reason
    WHERE id = :id
    RETURNING due_at
""")

_FORGET_DEVICES: Final = text("""
    DELETE FROM push_subscriptions WHERE employee_id = :recipient_id AND endpoint = ANY(:endpoints)
""")

# To the day is near enough for people.
_USED_DEVICES: Final = text("""
    UPDATE push_subscriptions SET last_used_at = now()
    WHERE employee_id = :recipient_id AND endpoint = ANY(:endpoints)
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 day')
""")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for.

    Attributes:
        phone: As it was typed; "" where there is none.
        is_here: Whether they still work here.
        preferences: How they wish to be told.
        devices: Those on which they are told things by push.
    """

    id: int
    name: str
    email: str
    phone: str
    site_id: int
    department_id: int | None
    is_here: bool
    preferences: Preferences
    devices: tuple[Device, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that nobody else sends meanwhile.

    Attributes:
        message: What to send.
        delivery_ids: The lines of the ledger that it is made of.
        attempts: How often it was tried, this time included.
        is_about_delivery: Whether it says nothing else than that other messages have not arrived.
    """

    channel: Channel
    recipient: Recipient
    message: Message
    priority: Priority
    delivery_ids: tuple[int, ...]
    attempts: int
    is_about_delivery: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the ledger in words."""

    row: Row[Any]
    notice: Notice
    wording: Wording
    deadline: datetime | None

    @property
    def priority(self) -> Priority:
        return Priority(self.row.priority)


@retrying
async def leave_to_another(recipient_id: int, channel: Channel) -> bool:
    """Have another worker send what is due for a person on a channel that is off here.

    Where none is there that can, it waits for one for as long as the channel is known.

    Returns:
        Whether it was left.
    """
    async with unit_of_work() as session:
        if channel not in await known_channels(session):
            return False
        is_on = await is_on_somewhere(session, channel)
        await _postpone(session, recipient_id, channel, _PASSED_ON if is_on else _NOBODY_THERE)
    return True


@retrying
async def leave_for_later(recipient_id: int, channel: Channel) -> None:
    """Let what is due for a person on a channel wait for a few seconds, because others are being sent over it."""
    async with unit_of_work() as session:
        await _postpone(session, recipient_id, channel, _BUSY * random.uniform(1, 2))  # noqa: S311


async def _postpone(session: AsyncSession, recipient_id: int, channel: Channel, pause: timedelta) -> None:
    whom = {"recipient_id": recipient_id, "channel": channel.value}
    until = (await session.execute(_WAIT, {**whom, "pause": pause})).scalars().first()
    if until is not None:
        defer(session, "deliver", at=until, priority=1, **whom)


@retrying
async def claim_message(recipient_id: int, channel: Channel) -> Claimed | None:
    """Take up what is due for a person on a channel as one message.

    What is not to be sent any more is dropped here, and what cannot be put into words waits for a worker that can do
    it; neither holds up anything.

    Returns:
        The message; None when nothing is due.
    """
    whom = {"recipient_id": recipient_id, "channel": channel.value}
    async with unit_of_work() as session:
        while True:
            await session.execute(_ALONE, {"name": f"deliver:{channel.value}:{recipient_id}"})
            due = (await session.execute(_DUE, {**whom, "burst": BURST, "most": MOST_IN_ONE})).all()
            if not due:
                return None
            recipient = await _recipient(session, recipient_id, channel)
            lines = await _to_be_told(session, recipient, channel, [each.id for each in due])
            if not lines:
                continue
            ids = [line.row.id for line in lines]
            until = _quiet_until(lines, recipient.preferences)
            if until is not None:
                await session.execute(_POSTPONE, {"ids": ids, "until": until})
                defer(session, "deliver", at=until, **whom)
                continue
            batch = due[0].batch or uuid4()
            await session.execute(_CLAIM, {"ids": ids, "batch": batch, "lease": LEASE})
            claimed = _claimed(channel, recipient, batch, lines)
            if claimed.attempts <= MOST_ATTEMPTS:
                return claimed
            await _fail(session, claimed, "Nobody has said what became of it.", is_theirs=False)


@retrying
async def note_sent(claimed: Claimed, *, used: Collection[str] = (), gone: Collection[str] = ()) -> None:
    """Write down that a message was accepted.

    Args:
        claimed: The message.
        used: Endpoints of the devices that took it.
        gone: Endpoints of devices that take nothing any more, and are forgotten.
    """
    async with unit_of_work() as session:
        await session.execute(_SENT, {"ids": list(claimed.delivery_ids), "batch": claimed.message.key})
        whose = {"recipient_id": claimed.recipient.id}
        if used:
            await session.execute(_USED_DEVICES, {**whose, "endpoints": sorted(used)})
        if gone:
            await session.execute(_FORGET_DEVICES, {**whose, "endpoints": sorted(gone)})


@retrying
async def note_failed(
    claimed: Claimed, reason: str, *, is_worth_repeating: bool, is_gone: bool = False, gone: Collection[str] = ()
) -> None:
    """Write down that a message was not accepted, and why: it is tried again later, or given up and the planners told.

    Args:
        claimed: The message.
        reason: In one line.
        is_worth_repeating: Whether it may be accepted later.
        is_gone: Whether they were told there for the last time, which is nobody's mistake.
        gone: Endpoints of devices that take nothing any more, and are forgotten.
    """
    async with unit_of_work() as session:
        if gone:
            whose = {"recipient_id": claimed.recipient.id}
            await session.execute(_FORGET_DEVICES, {**whose, "endpoints": sorted(gone)})
        if is_gone:
            await session.execute(_DROP, {"ids": list(claimed.delivery_ids), "reason": reason})
            return
        if not is_worth_repeating or claimed.attempts >= MOST_ATTEMPTS:
            await _fail(session, claimed, reason, is_theirs=not is_worth_repeating)
            return
        values = {"ids": list(claimed.delivery_ids), "attempts": claimed.attempts, "reason": reason}
        again = await session.scalar(_AGAIN, {**values, "back_off": _back_off(claimed.attempts)})
        if again is not None:
            defer(
                session,
                "deliver",
                at=again,
                priority=PRIORITIES[claimed.priority],
                recipient_id=claimed.recipient.id,
                channel=claimed.channel.value,
            )


async def _recipient(session: AsyncSession, recipient_id: int, channel: Channel) -> Recipient:
    row = (await session.execute(_RECIPIENT, {"recipient_id": recipient_id})).one()
    devices: tuple[Device, ...] = ()
    if channel is Channel.PUSH:
        found = await session.execute(_DEVICES, {"recipient_id": recipient_id})
        devices = tuple(Device(each.endpoint, each.p256dh, each.auth) for each in found)
    return Recipient(
        id=recipient_id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        site_id=row.site_id,
        department_id=row.department_id,
        is_here=row.is_here,
        preferences=(await preferences_of(session, [recipient_id]))[recipient_id],
        devices=devices,
    )


async def _to_be_told(
    session: AsyncSession, recipient: Recipient, channel: Channel, delivery_ids: Sequence[int]
) -> list[_Line]:
    """What of lines that are due is to be sent, in words; of all else it is written down why not."""
    values = {"ids": delivery_ids, "at_once": AT_ONCE, "active": sorted(ACTIVE)}
    told = (await session.execute(_TOLD, values)).all()
    no_way = _no_way_to(recipient, channel)
    lines: list[_Line] = []
    for row in told:
        if reason := no_way or _why_not(row, channel, recipient.preferences):
            await session.execute(_DROP, {"ids": [row.id], "reason": reason})
        elif line := await _put_into_words(session, recipient, channel, row):
            lines.append(line)
    return lines


def _why_not(row: Row[Any], channel: Channel, preferences: Preferences) -> str:
    """Why something is not to be told any more; "" where it is."""
    if not row.stands:
        return "It did not hold any more."
    if channel not in preferences.channels.get(Category(row.category), frozenset()):
        return "They have switched this off."
    if row.was_read and row.priority != Priority.URGENT:
        return "They had read it in the app before."
    return ""


def _quiet_until(lines: Sequence[_Line], preferences: Preferences) -> datetime | None:
    """Until when lines have to wait, because they have become late meanwhile; with something pressing they go out."""
    now = lines[0].row.now
    until = after_quiet(now, preferences)
    is_pressing = any(each.priority is Priority.URGENT or not is_in_time(until, each.deadline) for each in lines)
    return until if until > now and not is_pressing else None


def _no_way_to(recipient: Recipient, channel: Channel) -> str:
    """Why somebody is told nothing over a channel any more, which is nobody's mistake; "" where they are."""
    if not recipient.is_here:
        return "They do not work here any more."
    if channel is Channel.PUSH and not recipient.devices:
        return "They have switched off their last device."
    if channel is Channel.SMS and not recipient.phone:
        return "They have no phone number any more."
    return ""


async def _put_into_words(session: AsyncSession, recipient: Recipient, channel: Channel, row: Row[Any]) -> _Line | None:
    """A line in words; None where that fails, which is written down. Another version of the program wrote it then."""
    try:
        notice = parse(row.type, row.payload)
        reader = recipient.preferences
        wording = word(notice, clock_24h=reader.clock_24h, zone=reader.zone)
        return _Line(row, notice, wording, deadline(notice, row.now))
    except _UNREADABLE as error:
        why = error.message if isinstance(error, InvalidInput) else "It names what does not exist."
        reason = f"It cannot be put into words. {why}"
    attempts = row.attempts + 1
    values = {"id": row.id, "back_off": _back_off(attempts), "reason": reason}
    again = (await session.execute(_UNREAD, values)).scalar_one()
    if attempts < MOST_ATTEMPTS:
        defer(session, "deliver", at=again, recipient_id=recipient.id, channel=channel.value)
    else:
        await _give_up(session, [row.id], attempts, reason)
        await _tell_planners(session, recipient, channel, "", reason, is_theirs=True)
    return None


def _back_off(attempts: int) -> timedelta:
    """How long after an attempt the next one is; not all of what failed together comes back together."""
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1] * random.uniform(1, 1.2)  # noqa: S311


def _claimed(channel: Channel, recipient: Recipient, batch: UUID, lines: Sequence[_Line]) -> Claimed:
    """Lines of the ledger as one message, the most important first."""
    ordered = sorted(lines, key=lambda line: -PRIORITIES[line.priority])
    paths = {line.row.action_url or _INBOX_PATH for line in lines}
    home = get_settings().public_url
    message = Message(
        key=batch,
        subject=subject([(line.notice.type, line.wording) for line in ordered]),
        items=tuple(line.wording for line in ordered),
        url=home + (paths.pop() if len(paths) == 1 else _INBOX_PATH),
        settings_url=home + _PREFERENCES_PATH,
        is_urgent=ordered[0].priority in (Priority.URGENT, Priority.HIGH),
    )
    return Claimed(
        channel,
        recipient,
        message,
        ordered[0].priority,
        delivery_ids=tuple(line.row.id for line in lines),
        attempts=lines[0].row.attempts + 1,
        is_about_delivery=all(isinstance(line.notice, DeliveryFailed) for line in lines),
    )


async def _give_up(session: AsyncSession, ids: Collection[int], attempts: int, reason: str) -> bool:
    values = {"ids": list(ids), "attempts": attempts, "reason": reason}
    return bool((await session.execute(_GIVE_UP, values)).all())


async def _fail(session: AsyncSession, claimed: Claimed, reason: str, *, is_theirs: bool) -> None:
    """Give a message up and tell the planners; not of one that tells planners of another one."""
    given_up = await _give_up(session, claimed.delivery_ids, claimed.attempts, reason)
    if given_up and not claimed.is_about_delivery:
        about = claimed.message.subject
        await _tell_planners(session, claimed.recipient, claimed.channel, about, reason, is_theirs=is_theirs)


async def _tell_planners(
    session: AsyncSession, recipient: Recipient, channel: Channel, about: str, reason: str, *, is_theirs: bool
) -> None:
    """Tell whoever plans the person's shifts, once a day of each person and channel.

    Where the reason is not theirs, once a day of the channel: what befalls one befalls many then. Supervisors hear that
    it failed; of what and why only those who manage people do.
    """
    planners = await list_planners(session, recipient.site_id, recipient.department_id)
    leaders = await list_leaders(session, recipient.site_id)
    name, related = (recipient.name, recipient.id) if is_theirs else ("", None)
    key = f"delivery_failed:{channel.value}:{datetime.now(UTC).date()}" + (f":{recipient.id}" if is_theirs else "")
    whole = DeliveryFailed(name, channel.value, about if is_theirs else "", reason)
    told = [
        Told(each, whole if each in leaders else DeliveryFailed(name, channel.value), related, key)
        for each in planners
        if each != recipient.id
    ]
    await notify_all(session, told, related_type="employee" if is_theirs else None)
