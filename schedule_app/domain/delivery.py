"""Over which channels besides the inbox somebody is told, and when: as they wish, and sooner where it is urgent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from schedule_app.domain.notices.words import Category, Priority
from schedule_app.domain.time import Interval, local_date, resolve_wall, wall_pieces

#: What happens within this time goes out as one message, unless it is urgent.
BURST: Final = timedelta(seconds=30)
#: So much time people need to do what has to be done by some time.
TIME_TO_ACT: Final = timedelta(hours=1)

_DAY: Final = timedelta(days=1)


class Channel(StrEnum):
    """A way to reach somebody; the inbox holds everything always."""

    IN_APP = "in_app"
    EMAIL = "email"
    PUSH = "push"
    SMS = "sms"


class Setting(StrEnum):
    """What a site says of a channel for a kind of message."""

    OFF = "off"
    ON = "on"
    LOCKED = "locked"


#: The channels that people can choose.
CHOSEN: Final[tuple[Channel, ...]] = (Channel.EMAIL, Channel.PUSH, Channel.SMS)

Matrix = Mapping[Category, Mapping[Channel, Setting]]
Choices = Mapping[Category, Mapping[Channel, bool]]

#: What holds at a site that has said nothing: SMS costs something, and is for those who ask for it.
DEFAULTS: Final[Matrix] = {
    category: {Channel.EMAIL: Setting.ON, Channel.PUSH: Setting.ON, Channel.SMS: Setting.OFF} for category in Category
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """How somebody wishes to be told.

    Attributes:
        channels: By category; the inbox need not be named.
        quiet: From when until when they are left alone, by the clocks of their zone; it may go over midnight.
        digest_at: When they get everything of a day in one message, by the clocks of their zone; None for at once.
        zone: Their time zone.
        clock_24h: Whether their clock goes to 24.
    """

    channels: Mapping[Category, frozenset[Channel]] = field(default_factory=dict[Category, frozenset[Channel]])
    quiet: tuple[time, time] | None = None
    digest_at: time | None = None
    zone: str = "UTC"
    clock_24h: bool = True


def channels_of(site: Matrix, own: Choices) -> dict[Category, frozenset[Channel]]:
    """Which channels somebody is told over: as they chose, else as their site says; and always where it is locked.

    Args:
        site: What the site says; what it says nothing of is as in `DEFAULTS`.
        own: What the person chose otherwise.
    """
    return {
        category: frozenset(each for each in CHOSEN if is_on(setting_of(site, category, each), own, category, each))
        for category in Category
    }


def setting_of(site: Matrix, category: Category, channel: Channel) -> Setting:
    """What a site says of a channel for a kind of message."""
    return site.get(category, {}).get(channel, DEFAULTS[category][channel])


def is_on(setting: Setting, own: Choices, category: Category, channel: Channel) -> bool:
    """Tell whether somebody is told over a channel, given what their site says of it."""
    return setting == Setting.LOCKED or own.get(category, {}).get(channel, setting == Setting.ON)


def due(
    category: Category, priority: Priority, preferences: Preferences, now: datetime, deadline: datetime | None = None
) -> dict[Channel, datetime]:
    """When somebody is told of something over each of the channels they chose for it.

    What is urgent goes out at once over all of them, and what is of low priority stays in the inbox. Everything else
    waits for the time of the digest, or, without one, for what else happens in the next moment; and what would fall
    into the quiet hours, for their end. What would come too late then does not wait for either.

    Args:
        category: What kind of thing it is.
        priority: How loudly it is told.
        preferences: Theirs.
        now: The present instant.
        deadline: When it is too late to be told, if ever.
    """
    channels = preferences.channels.get(category, frozenset()) - {Channel.IN_APP}
    if priority is Priority.LOW:
        return {}
    if priority is Priority.URGENT:
        return dict.fromkeys(sorted(channels), now)
    soon = now + BURST
    digest = [] if preferences.digest_at is None else [_next(preferences.digest_at, preferences.zone, now)]
    wished = (after_quiet(each, preferences) for each in (*digest, soon))
    return dict.fromkeys(sorted(channels), next((at for at in wished if is_in_time(at, deadline)), soon))


def is_in_time(at: datetime, deadline: datetime | None) -> bool:
    """Tell whether something that is told at an instant leaves time enough until its deadline."""
    return deadline is None or at + TIME_TO_ACT <= deadline


def is_quiet(clock: time, quiet: tuple[time, time]) -> bool:
    """Tell whether a time of day lies in the quiet hours; their end does not belong to them."""
    begins, ends = quiet
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


def after_quiet(at: datetime, preferences: Preferences) -> datetime:
    """The first instant from one on whose time of day is not in the quiet hours."""
    if preferences.quiet is None:
        return at
    _, ends = preferences.quiet
    # Between clock changes wall time runs evenly. Where one skips the end of the quiet hours, they end with it.
    for piece in wall_pieces(Interval(at, at + 2 * _DAY), preferences.zone):
        clock = piece.starts_at
        if not is_quiet(clock.time(), preferences.quiet):
            return piece.instants(clock, piece.ends_at).starts_at
        until = datetime.combine(clock.date(), ends)
        until = until if until > clock else until + _DAY
        if until < piece.ends_at:
            return piece.instants(until, piece.ends_at).starts_at
    return at


def _next(clock: time, zone: str, after: datetime) -> datetime:
    """The next instant after one at which the clocks of a zone show a time.

    On a day that skips it, it is as much later as the clocks are put forward; where it comes twice, the first counts.
    """
    today = local_date(after, zone)
    return next(at for day in range(3) if (at := resolve_wall(today + day * _DAY, clock, zone).at) > after)
