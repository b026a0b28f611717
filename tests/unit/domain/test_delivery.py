"""When somebody is told over other channels than the inbox."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schedule_app.domain.delivery import BURST, Channel, Preferences, due
from schedule_app.domain.notices import Category, Priority

ZONE = "Europe/Berlin"
NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
MAIL = {Category.SCHEDULE: frozenset({Channel.EMAIL})}


def at(hour: int, minute: int = 0) -> datetime:
    """On 1 June by the clocks of Berlin."""
    return datetime(2026, 6, 1, hour, minute, tzinfo=UTC) - timedelta(hours=2)


def mail_due(preferences: Preferences, now: datetime, priority: Priority = Priority.NORMAL) -> datetime:
    return due(Category.SCHEDULE, priority, preferences, now)[Channel.EMAIL]


def test_only_over_the_channels_chosen_for_the_category():
    preferences = Preferences(
        {Category.SCHEDULE: frozenset({Channel.IN_APP, Channel.SMS, Channel.EMAIL}), Category.SYSTEM: frozenset()}
    )

    assert list(due(Category.SCHEDULE, Priority.NORMAL, preferences, NOON)) == [Channel.EMAIL, Channel.SMS]
    assert due(Category.SYSTEM, Priority.URGENT, preferences, NOON) == {}
    assert due(Category.APPROVAL, Priority.NORMAL, preferences, NOON) == {}


def test_what_happens_together_waits_for_each_other_and_what_presses_does_not():
    preferences = Preferences(MAIL, zone=ZONE)

    assert mail_due(preferences, NOON) == NOON + BURST
    assert mail_due(preferences, NOON, Priority.HIGH) == NOON
    assert mail_due(preferences, NOON, Priority.URGENT) == NOON


def test_quiet_hours_go_over_midnight_and_end_by_the_clocks_of_the_persons_zone():
    preferences = Preferences(MAIL, quiet=(time(22), time(7)), zone=ZONE)

    assert mail_due(preferences, at(23)) == at(7) + timedelta(days=1)
    assert mail_due(preferences, at(3), Priority.HIGH) == at(7)
    assert mail_due(preferences, at(21, 59), Priority.HIGH) == at(21, 59)
    assert mail_due(preferences, at(3), Priority.URGENT) == at(3)


def test_a_digest_waits_for_its_time_and_for_the_end_of_the_quiet_hours():
    assert mail_due(Preferences(MAIL, digest_at=time(18), zone=ZONE), at(12)) == at(18)
    assert mail_due(Preferences(MAIL, digest_at=time(18), zone=ZONE), at(18)) == at(18) + timedelta(days=1)
    both = Preferences(MAIL, digest_at=time(6), quiet=(time(22), time(7)), zone=ZONE)
    assert mail_due(both, at(5)) == at(7)


clocks = st.times(min_value=time(0), max_value=time(23, 59)).map(lambda clock: clock.replace(second=0, microsecond=0))
instants = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from(["UTC", ZONE, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"])


@given(
    st.builds(
        Preferences,
        st.just(MAIL),
        st.none() | st.tuples(clocks, clocks).filter(lambda quiet: quiet[0] != quiet[1]),
        st.none() | clocks,
        zones,
    ),
    instants,
    st.sampled_from(Priority),
)
def test_never_before_it_happened_and_within_two_days_even_when_the_clocks_change(
    preferences: Preferences, now: datetime, priority: Priority
):
    waits = mail_due(preferences, now, priority) - now

    assert timedelta() <= waits <= timedelta(hours=50)
    assert priority is not Priority.URGENT or not waits
