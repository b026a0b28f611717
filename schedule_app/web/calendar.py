"""A person's own shifts for calendar programs: all of them at a secret link, or one to download (RFC 5545)."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, timedelta
from functools import lru_cache
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

import icalendar
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, NotSignedIn, ScheduleError, Unavailable
from schedule_app.queries.calendar_feeds import Event, read_feed, shift_event
from schedule_app.services.calendar_feeds import note_feed_read
from schedule_app.services.sign_in import hash_token
from schedule_app.settings import get_settings
from schedule_app.web.exports import actor_of, number_in

_COME_AGAIN: Final = timedelta(hours=1)
_STATUS: Final[dict[type[ScheduleError], int]] = {NotSignedIn: 401, NotFound: 404, Unavailable: 503}


class _Zone(icalendar.Timezone):
    """The data of a zone, searched in steps in which the clocks change once at most: during Ramadan that is a month."""

    _from_tzinfo_skip_search: ClassVar = [
        *(timedelta(days=days) for days in (16, 4, 1)),
        *(timedelta(seconds=seconds) for seconds in (4 * 3600, 3600, 1200, 300, 60, 20, 5, 1)),
    ]


@lru_cache(maxsize=64)
def _zone(name: str) -> icalendar.Timezone:
    return _Zone.from_tzid(name)


async def feed(request: Request) -> Response:
    """Everything, for whoever knows the link."""
    try:
        async with read_session() as session:
            found = await read_feed(session, hash_token(request.path_params["token"]))
        await note_feed_read(found.id)
    except ScheduleError as refused:
        return _refused(refused)
    body = await run_in_threadpool(calendar_of, found.events, name=found.name)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


async def one_shift(request: Request) -> Response:
    """One shift of the person who is signed in."""
    try:
        actor = await actor_of(request)
        async with read_session() as session:
            event = await shift_event(session, actor.employee_id, number_in(request.path_params["assignment"]))
    except ScheduleError as refused:
        return _refused(refused)
    body = await run_in_threadpool(calendar_of, [event])
    headers = {"Content-Disposition": 'attachment; filename="shift.ics"', "Cache-Control": "no-store"}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def calendar_of(events: Sequence[Event], *, name: str = "") -> bytes:
    """Events as a calendar with the data of their zones; a name makes it one that is to be read again and again."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//schedule-app//Shifts//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", _COME_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", icalendar.vDuration(_COME_AGAIN))
    for event in events:
        calendar.add_component(_component(event))
    for zone in sorted(calendar.get_missing_tzids(), reverse=True):
        calendar.subcomponents.insert(0, _zone(zone))
    return calendar.to_ical()


def _component(event: Event) -> icalendar.Event:
    there = [at.astimezone(ZoneInfo(event.zone)) for at in (event.starts_at, event.ends_at)]
    # The second time of an hour that comes twice has no name but in UTC.
    starts, ends = (at.astimezone(UTC) for at in there) if any(at.fold for at in there) else there
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("dtstamp", event.changed_at)
    made.add("last-modified", event.changed_at)
    made.add("dtstart", starts)
    made.add("dtend", ends)
    made.add("summary", event.title)
    made.add("location", event.place)
    made.add("status", event.status)
    made.add("url", f"{get_settings().public_url}/me")
    if event.about:
        made.add("description", event.about)
    return made


def _refused(refused: ScheduleError) -> Response:
    return PlainTextResponse(refused.message, _STATUS.get(type(refused), 409), headers={"Cache-Control": "no-store"})


routes: Final = [
    Route("/calendar/{token}.ics", feed, methods=["GET"]),
    Route("/me/{assignment}.ics", one_shift, methods=["GET"]),
]
