"""Announcements: what a planner writes to the people of a site, a department or a shift."""

from uuid import UUID

from pydantic import field_validator
from sqlalchemy import text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.queue import defer
from schedule_app.db.trips import at_commit, before_writing
from schedule_app.domain.announcement import LONGEST_BODY, LONGEST_SUBJECT, PRIORITIES, Audience
from schedule_app.domain.delivery import BURST
from schedule_app.domain.errors import IllegalTransition, InvalidInput, NotFound
from schedule_app.domain.notices import Announced, NamedShift, Priority
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.time import Interval
from schedule_app.queries.announcements import Addressed, find_place, get_announcement, list_addressed
from schedule_app.services.audit import record
from schedule_app.services.forms import Details, refused
from schedule_app.services.notifications import ME_PATH, notify
from schedule_app.services.once import Intent, remember, was_done
from schedule_app.services.text import clean_line, clean_note

_AUTHOR = text("SELECT name FROM employees WHERE id = :employee_id")

_INSERT = text("""
    INSERT INTO announcements (site_id, audience, department_id, shift_id, author_id, subject, body, priority, told)
    VALUES (:site_id, :audience, :department_id, :shift_id, :author_id, :subject, :body, :priority, :told)
    RETURNING id
""")

_HOLD = text("SELECT site_id, withdrawn_at FROM announcements WHERE id = :announcement_id FOR UPDATE")

_WITHDRAW = text("""
    UPDATE announcements SET withdrawn_at = now(), withdrawn_by_id = :actor_id WHERE id = :announcement_id
""")

# Whoever decides just now over what it goes out has written that down before, or does not find it any more.
_TAKE_BACK = text("""
    DELETE FROM notification_outbox AS waiting USING notifications AS told
    WHERE told.id = waiting.notification_id
      AND told.related_type = 'announcement' AND told.related_id = :announcement_id
""")

# Whoever sends one of them just now has claimed it before, or does not find it any more.
_HOLD_DELIVERIES = text("""
    SELECT sent.id
    FROM notifications AS told
    JOIN notification_deliveries AS sent ON sent.notification_id = told.id AND sent.channel <> 'in_app'
    WHERE told.related_type = 'announcement' AND told.related_id = :announcement_id
    ORDER BY sent.id
    FOR UPDATE OF sent
""")

# Nobody has to be told that something they never saw, and were sent nowhere, is not so.
_FORGET = text("""
    DELETE FROM notifications AS told
    WHERE told.related_type = 'announcement' AND told.related_id = :announcement_id AND told.read_at IS NULL
      AND NOT EXISTS (
          SELECT FROM notification_deliveries AS sent
          WHERE sent.notification_id = told.id
            AND (sent.seen_at IS NOT NULL OR sent.channel <> 'in_app'
                 AND (sent.status NOT IN ('created', 'dropped') OR sent.attempts > 0)))
""")

# Everybody else reads that it was taken back, as something new.
_REPLACE = text("""
    UPDATE notifications
    SET payload = payload || jsonb_build_object('text', '', 'withdrawn_by', CAST(:name AS text)), read_at = NULL
    WHERE related_type = 'announcement' AND related_id = :announcement_id
""")

_DROP = text("""
    UPDATE notification_deliveries AS waiting
    SET status = 'dropped', failed_at = now(), failure_reason = 'It was taken back before it was sent.'
    FROM notifications AS told
    WHERE told.id = waiting.notification_id
      AND told.related_type = 'announcement' AND told.related_id = :announcement_id
      AND waiting.channel <> 'in_app' AND waiting.status = 'created' AND waiting.attempts = 0
""")

# What went out over a channel, or may be on its way at this moment, is followed by what it says now, as a new message;
# not before the first one has arrived.
_CORRECT = text("""
    UPDATE notification_deliveries AS sent
    SET status = 'created', batch = NULL, attempts = 0, due_at = now() + :soon, sent_at = NULL, failure_reason = NULL
    FROM notifications AS told
    WHERE told.id = sent.notification_id
      AND told.related_type = 'announcement' AND told.related_id = :announcement_id
      AND sent.channel <> 'in_app' AND (sent.status = 'sent' OR sent.status = 'created' AND sent.attempts > 0)
    RETURNING told.recipient_id, sent.channel, sent.due_at
""")


class AnnouncementDetails(Details):
    """An announcement, whole.

    Attributes:
        department_id: For a department.
        shift_id: For the people of a shift.
    """

    audience: Audience
    site_id: int
    department_id: int | None = None
    shift_id: int | None = None
    subject: str
    body: str
    priority: Priority = Priority.NORMAL

    @field_validator("subject")
    @classmethod
    def _subject(cls, value: str) -> str:
        try:
            return _given(clean_line(value, "subject", LONGEST_SUBJECT))
        except InvalidInput as error:
            raise refused(error.message) from error

    @field_validator("body")
    @classmethod
    def _body(cls, value: str) -> str:
        try:
            return _given(clean_note(value, "body", LONGEST_BODY))
        except InvalidInput as error:
            raise refused(error.message) from error

    @field_validator("priority")
    @classmethod
    def _priority(cls, value: Priority) -> Priority:
        if value not in PRIORITIES:
            raise refused("Please choose one from the list.")
        return value


@retrying
async def announce(actor: Actor, details: AnnouncementDetails, *, key: UUID | None = None) -> int:
    """Tell the people of a site, a department or a shift something, each once.

    Args:
        actor: Who writes; not told.
        details: What, and to whom.
        key: Of the intent, where it may be sent twice.

    Returns:
        How many are told.

    Raises:
        NotFound: No such department or shift, of another site, or a shift that is not published.
        NotAllowed: The actor may not write to all of them.
        InvalidInput: Nobody would read it.
    """
    require(actor, Permission.ANNOUNCE)
    addressed = Addressed(details.audience, details.site_id, details.department_id, details.shift_id)
    intent = Intent(key, details.model_dump_json())
    async with unit_of_work() as session:
        async with before_writing(session):
            await session.execute(LOCK_EMPLOYEES, {"ids": [actor.employee_id]})
            place = await find_place(session, actor, addressed)
            people = await list_addressed(session, actor, addressed)
            if await was_done(session, actor, intent):
                return len(people)
            if not people:
                raise InvalidInput("Nobody else is there to read it.", "audience")
            author = (await session.execute(_AUTHOR, {"employee_id": actor.employee_id})).scalar_one()
        is_shift = details.audience == Audience.SHIFT
        values = {
            "site_id": place.site_id,
            "audience": details.audience.value,
            "department_id": place.department_id,
            "shift_id": place.shift_id,
            "author_id": actor.employee_id,
            "subject": details.subject,
            "body": details.body,
            "priority": details.priority.value,
            "told": len(people),
        }
        announcement_id = (await session.execute(_INSERT, values)).scalar_one()
        remember(session, actor, intent)
        notice = Announced(
            author,
            details.subject,
            details.body,
            details.priority.value,
            place.site_name,
            department_name=place.department_name or "",
            shift=NamedShift.of(Interval(place.starts_at, place.ends_at), place.time_zone, place.title)
            if is_shift
            else None,
        )
        related = ("announcement", announcement_id)
        await notify(session, people, notice, related=related, action_url=ME_PATH if is_shift else None)
        after = {name: values[name] for name in ("audience", "department_id", "shift_id", "subject", "told")}
        await record(session, actor, "announce", "announcement", announcement_id, site_id=place.site_id, after=after)
    return len(people)


@retrying
async def withdraw_announcement(actor: Actor, announcement_id: int) -> None:
    """Take an announcement back.

    Where nobody has seen it and it was not sent anywhere it is gone; everybody else reads, as something new, who took
    it back, and hears of it on each channel on which they had been told. What is still to be sent is not.

    Raises:
        NotFound: It is not there, or none that the actor may see.
        IllegalTransition: It was taken back before.
    """
    require(actor, Permission.ANNOUNCE)
    one = {"announcement_id": announcement_id}
    async with unit_of_work() as session:
        async with before_writing(session):
            held = (await session.execute(_HOLD, one)).one_or_none()
            if held is None:
                raise NotFound
            found, _ = await get_announcement(session, actor, announcement_id)
            if held.withdrawn_at is not None:
                raise IllegalTransition("This was taken back already.")
            name = (await session.execute(_AUTHOR, {"employee_id": actor.employee_id})).scalar_one()
        await session.execute(_TAKE_BACK, one)
        await session.execute(_HOLD_DELIVERIES, one)
        await session.execute(_FORGET, one)
        await session.execute(_DROP, one)
        for each in (await session.execute(_CORRECT, {**one, "soon": BURST})).all():
            defer(session, "deliver", at=each.due_at, recipient_id=each.recipient_id, channel=each.channel)
        at_commit(session, _WITHDRAW, {**one, "actor_id": actor.employee_id})
        at_commit(session, _REPLACE, {**one, "name": name})
        await record(
            session,
            actor,
            "withdraw",
            "announcement",
            announcement_id,
            site_id=held.site_id,
            before={"subject": found.subject},
        )


def _given(line: str | None) -> str:
    if line is None:
        raise refused("Please fill this in.")
    return line
