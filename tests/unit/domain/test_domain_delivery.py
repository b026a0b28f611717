"""When and over what somebody is told: as they wish, across clock changes and midnight, at once where it is urgent."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schedule_app.domain.delivery import (
    BURST,
    CHOSEN,
    DEFAULTS,
    Channel,
    Preferences,
    Setting,
    channels_of,
    due,
    is_quiet,
)
from schedule_app.domain.notices import Category, Priority
from schedule_app.domain.time import local

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata", "UTC"]
MAIL = {Category.ASSIGNMENT: frozenset({Channel.EMAIL})}
TICK = timedelta(seconds=1)

clocks = st.times().map(lambda each: each.replace(second=0, microsecond=0))
# Around the changes of 2026 in the zones above, and all of the year else.
instants = st.one_of(
    *(
        st.integers(0, days * 86400).map(lambda seconds, since=since: since + timedelta(seconds=seconds))
        for since, days in (
            (datetime(2026, 1, 1, tzinfo=UTC), 365),
            (datetime(2026, 3, 28, tzinfo=UTC), 3),
            (datetime(2026, 10, 24, tzinfo=UTC), 3),
        )
    )
)
quiets = st.tuples(clocks, clocks).filter(lambda each: each[0] != each[1])


def told_at(
    now: datetime, priority: Priority = Priority.NORMAL, *, zone: str = "Europe/Berlin", **wishes: Any
) -> datetime:
    """When somebody with these wishes gets a mail."""
    preferences = Preferences(MAIL, zone=zone, **wishes)
    return due(Category.ASSIGNMENT, priority, preferences, now)[Channel.EMAIL]


def test_what_is_not_urgent_waits_a_moment_for_more_and_what_is_low_stays_in_the_inbox():
    now = datetime(2026, 6, 8, 12, tzinfo=UTC)

    assert told_at(now) == told_at(now, Priority.HIGH) == now + BURST
    assert told_at(now, Priority.URGENT) == now
    assert due(Category.ASSIGNMENT, Priority.LOW, Preferences(MAIL), now) == {}


@given(now=instants, zone=st.sampled_from(ZONES), quiet=quiets, digest_at=clocks)
def test_what_is_urgent_passes_quiet_hours_and_digest(now: datetime, zone: str, quiet: tuple, digest_at: time):
    assert told_at(now, Priority.URGENT, zone=zone, quiet=quiet, digest_at=digest_at) == now


@given(now=instants, zone=st.sampled_from(ZONES), quiet=quiets)
# The end of the quiet hours is skipped, and comes twice.
@example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin", (time(22), time(2, 30)))
@example(datetime(2026, 10, 25, 1, 10, tzinfo=UTC), "Europe/Berlin", (time(22), time(2, 30)))
@example(datetime(2026, 10, 25, 0, 10, tzinfo=UTC), "Europe/Berlin", (time(22), time(2, 30)))
def test_nobody_is_told_in_their_quiet_hours_and_nobody_later_than_at_their_end(
    now: datetime, zone: str, quiet: tuple[time, time]
):
    at = told_at(now, zone=zone, quiet=quiet)

    assert not is_quiet(local(at, zone).time(), quiet)
    if at != now + BURST:
        # It was put off for as long as it was quiet: from the first moment to the last before it.
        assert is_quiet(local(now + BURST, zone).time(), quiet)
        assert is_quiet(local(at - TICK, zone).time(), quiet)
        # Quiet hours and a clock change at most.
        assert at - now < timedelta(hours=25, seconds=30)


@given(now=instants, zone=st.sampled_from(ZONES), digest_at=clocks)
def test_a_digest_comes_once_on_each_day(now: datetime, zone: str, digest_at: time):
    first = told_at(now, zone=zone, digest_at=digest_at)
    second = told_at(first, zone=zone, digest_at=digest_at)

    assert first > now
    assert first - now <= timedelta(hours=25)
    assert local(second, zone).date() - local(first, zone).date() == timedelta(days=1)
    # Everything that happens until then goes into it.
    assert told_at(first - TICK, zone=zone, digest_at=digest_at) == first


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Clocks go from 2:00 to 3:00: what is meant for 2:30 comes at 3:30 that day.
        (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # They go from 3:00 to 2:00: the first 2:30 counts, and from then on the next day's.
        (datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
    ],
)
def test_the_time_of_a_digest_that_a_day_skips_or_has_twice(now: datetime, expected: datetime):
    assert told_at(now, digest_at=time(2, 30)) == expected


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (time(21, 59), time(21, 59, 30)),
        (time(21, 59, 30), time(6, 30)),
        (time(23), time(6, 30)),
        (time(0), time(6, 30)),
        (time(6, 29), time(6, 30)),
        (time(6, 30), time(6, 30, 30)),
    ],
)
def test_quiet_hours_go_over_midnight(clock: time, expected: time):
    now = datetime.combine(date(2026, 6, 8), clock, UTC)

    assert told_at(now, zone="UTC", quiet=(time(22), time(6, 30))).time() == expected


def test_a_digest_in_the_quiet_hours_comes_at_their_end():
    now = datetime(2026, 6, 8, 12, tzinfo=UTC)

    at = told_at(now, zone="UTC", digest_at=time(23), quiet=(time(22), time(6)))

    assert at == datetime(2026, 6, 9, 6, tzinfo=UTC)


def test_the_site_says_what_holds_unless_somebody_chose_and_what_is_locked_holds_always():
    site = {Category.ASSIGNMENT: {Channel.EMAIL: Setting.LOCKED, Channel.PUSH: Setting.OFF}}
    nothing: dict[Channel, bool] = dict.fromkeys(CHOSEN, False)
    everything: dict[Channel, bool] = dict.fromkeys(CHOSEN, True)

    assert channels_of({}, {}) == dict.fromkeys(Category, frozenset({Channel.EMAIL, Channel.PUSH}))
    assert channels_of(site, {})[Category.ASSIGNMENT] == {Channel.EMAIL}
    assert channels_of(site, {Category.ASSIGNMENT: nothing})[Category.ASSIGNMENT] == {Channel.EMAIL}
    assert channels_of(site, {Category.ASSIGNMENT: everything})[Category.ASSIGNMENT] == set(CHOSEN)
    assert channels_of(site, {Category.SYSTEM: nothing})[Category.SYSTEM] == frozenset()
    assert set(DEFAULTS) == set(Category)


EVENING = datetime(2026, 6, 8, 19, tzinfo=UTC)


def told_in_time(deadline: datetime, **wishes: Any) -> datetime:
    """When somebody in Berlin, where it is 21:00, gets a mail of what they have to know by then."""
    preferences = Preferences(MAIL, zone="Europe/Berlin", **wishes)
    return due(Category.ASSIGNMENT, Priority.HIGH, preferences, EVENING, deadline)[Channel.EMAIL]


@pytest.mark.parametrize(
    ("hours", "wishes", "at"),
    [
        # There is time until the digest, or only until the quiet hours end, or not even that.
        (13, {"digest_at": time(8)}, timedelta(hours=11)),
        (11.5, {"digest_at": time(8)}, BURST),
        (11.5, {"digest_at": time(8), "quiet": (time(20), time(6))}, timedelta(hours=9)),
        (9.5, {"quiet": (time(20), time(6))}, BURST),
        (9.5, {"quiet": (time(22), time(6))}, BURST),
        # It is nearly too late, or is already.
        (0.1, {"digest_at": time(8)}, BURST),
        (-1, {"quiet": (time(20), time(6))}, BURST),
    ],
)
def test_what_has_to_be_known_by_some_time_is_not_held_back_until_then(
    hours: float, wishes: dict[str, object], at: timedelta
):
    assert told_in_time(EVENING + timedelta(hours=hours), **wishes) == EVENING + at
