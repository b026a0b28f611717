"""Over which channels besides the inbox somebody is told, and when: as they wish, and sooner where it is urgent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from schedule_app.domain.notices.words import Category, Priority

#: What happens within this time goes out as one message, unless it is pressing.
BURST: Final = timedelta(seconds=30)


class Channel(StrEnum):
    """A way to reach somebody; the inbox holds everything always."""

    IN_APP = "in_app"
    EMAIL = "email"
    PUSH = "push"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Preferences:
    """How somebody wishes to be told.

    Attributes:
        channels: By category; the inbox need not be named.
        quiet: From when until when they are left alone, by the clocks of their zone; it may go over midnight.
        digest_at: When they get everything of a day in one message, by the clocks of their zone; None for at once.
        zone: Their time zone.
    """

    channels: Mapping[Category, frozenset[Channel]] = field(default_factory=dict[Category, frozenset[Channel]])
    quiet: tuple[time, time] | None = None
    digest_at: time | None = None
    zone: str = "UTC"


def due(category: Category, priority: Priority, preferences: Preferences, now: datetime) -> dict[Channel, datetime]:
    """When somebody is told of something over each of the channels they chose for it.

    What is urgent goes out at once, over all of them. Else a digest waits for its time, and what would fall into the
    quiet hours for their end; what is neither waits for what else happens in the next moment, unless its priority is
    high.
    """
    channels = preferences.channels.get(category, frozenset()) - {Channel.IN_APP}
    at = now
    if priority is not Priority.URGENT:
        if preferences.digest_at is not None:
            at = _next(preferences.digest_at, preferences.zone, now)
        elif priority is not Priority.HIGH:
            at = now + BURST
        at = _after_quiet(at, preferences)
    return dict.fromkeys(sorted(channels), at)


def _after_quiet(at: datetime, preferences: Preferences) -> datetime:
    if preferences.quiet is None:
        return at
    begins, ends = preferences.quiet
    clock = at.astimezone(ZoneInfo(preferences.zone)).time()
    is_quiet = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    return _next(ends, preferences.zone, at) if is_quiet else at


def _next(clock: time, zone: str, after: datetime) -> datetime:
    """The next instant after one at which the clocks of a zone show a time, or are put past it."""
    today = after.astimezone(ZoneInfo(zone)).date()
    return next(at for day in range(3) if (at := _on(today + timedelta(days=day), clock, zone)) > after)


def _on(day: date, clock: time, zone: str) -> datetime:
    local = datetime.combine(day, clock, ZoneInfo(zone))
    return local.astimezone(ZoneInfo("UTC"))
