"""Links at which calendar programs read a person's own shifts: made and ended by that person alone."""

import secrets

from sqlalchemy import text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.services.audit import record
from schedule_app.services.sign_in import hash_token

_LOCK_OWN = text("SELECT id FROM employees WHERE id = :employee_id FOR NO KEY UPDATE")

_REVOKE = text("""
    UPDATE calendar_feeds SET revoked_at = now() WHERE employee_id = :employee_id AND revoked_at IS NULL RETURNING id
""")

_INSERT = text("""
    INSERT INTO calendar_feeds (employee_id, token_hash) VALUES (:employee_id, :token_hash) RETURNING id
""")

# Calendar programs come every few minutes; to the hour is near enough for people.
_NOTE_READ = text("""
    UPDATE calendar_feeds SET last_read_at = now()
    WHERE id = :feed_id AND (last_read_at IS NULL OR last_read_at < now() - interval '1 hour')
""")


@retrying
async def open_feed(actor: Actor) -> str:
    """Make a link to the actor's own shifts; one made before is no longer good.

    Returns:
        The link's secret part, told once.
    """
    require(actor, Permission.VIEW_OWN)
    token = secrets.token_urlsafe(32)
    one = {"employee_id": actor.employee_id}
    async with unit_of_work() as session:
        await session.execute(_LOCK_OWN, one)
        await session.execute(_REVOKE, one)
        await session.execute(_INSERT, {**one, "token_hash": hash_token(token)})
        await record(session, actor, "open_feed", "employee", actor.employee_id, site_id=actor.site_id)
    return token


@retrying
async def end_feed(actor: Actor) -> None:
    """Make the actor's link worthless.

    Raises:
        NotFound: There is none any more.
    """
    require(actor, Permission.VIEW_OWN)
    one = {"employee_id": actor.employee_id}
    async with unit_of_work() as session:
        await session.execute(_LOCK_OWN, one)
        if not (await session.execute(_REVOKE, one)).all():
            raise NotFound("There is no link any more.")
        await record(session, actor, "end_feed", "employee", actor.employee_id, site_id=actor.site_id)


async def note_feed_read(feed_id: int) -> None:
    """Remember that a calendar program has read a feed."""
    async with unit_of_work() as session:
        await session.execute(_NOTE_READ, {"feed_id": feed_id})
