"""A person's shifts for calendar programs, read back by a parser that shares nothing with the writer."""

from datetime import UTC, date, datetime, time, timedelta

import httpx
import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as ReadEvent

from schedule_app.domain.errors import NotFound
from schedule_app.domain.time import Interval, local, resolve_span
from schedule_app.models import Schedule, ScheduleAssignment
from schedule_app.queries.calendar_feeds import Event
from schedule_app.services.assignments import (
    assign_employee,
    confirm_assignment,
    decline_assignment,
    unassign_employee,
)
from schedule_app.services.calendar_feeds import end_feed, open_feed
from schedule_app.services.claims import claim_shift
from schedule_app.services.forms import checked
from schedule_app.services.preferences import WishDetails, save_wishes
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from schedule_app.services.undo import redo, undo
from schedule_app.web.calendar import calendar_of
from tests.cases.nights import NIGHTS
from tests.db.services.scene import WEEK, Scene, audited, execute, fetch, make_week, rows
from tests.web.conftest import Browsers, sign_in


def read_back(text: str) -> list[ReadEvent]:
    return IcsCalendarStream.calendar_from_ics(text).events


def events_of(answer: httpx.Response) -> list[ReadEvent]:
    """Its events, as another program reads them."""
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return read_back(answer.text)


async def subscribed(scene: Scene, browsers: Browsers, role: str = "employee") -> str:
    """The path of a new feed."""
    return f"/calendar/{await open_feed(scene.actor(role))}.ics"


async def held_by(employee_id: int) -> ScheduleAssignment:
    [[found]] = await rows("SELECT max(id) FROM schedule_assignments WHERE employee_id = :id", id=employee_id)
    return await fetch(ScheduleAssignment, found)


async def republish(scene: Scene, schedule_id: int, *, without: int | None = None) -> None:
    """Publish the week anew, with one person taken off everything."""
    manager = scene.actor("manager")
    draft_id = await revise_schedule(manager, schedule_id)
    held = await rows(
        "SELECT id FROM schedule_assignments WHERE schedule_id = :id AND employee_id = :who", id=draft_id, who=without
    )
    for row in held:
        await unassign_employee(manager, row[0])
    for step in (submit_schedule, approve_schedule, publish_schedule):
        draft = await fetch(Schedule, draft_id)
        await step(manager, draft_id, expected_version=draft.version)


async def test_a_calendar_program_reads_the_persons_own_shifts(scene: Scene, browsers: Browsers):
    await make_week(
        scene,
        {"day": 0, "title": "Early"},
        {"day": 1, "start": time(22), "end": time(6), "title": "Night watch"},
        {"day": 2, "title": "Somebody else's"},
        held={0: [scene.bob], 1: [scene.bob], 2: [scene.carol]},
        status="published",
    )
    await make_week(scene, held={0: [scene.bob]}, week_start=WEEK + timedelta(weeks=1))
    browser = browsers()

    feed = await browser.get(await subscribed(scene, browsers))
    early, night = events_of(feed)

    assert (early.summary, night.summary) == ("Early", "Night watch")
    assert str(early.location).startswith(scene.site.name)
    assert early.status == "TENTATIVE"
    assert "Please answer by" in str(early.description)
    start, end = night.dtstart, night.dtend
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    assert (start.hour, end.hour, end.date() - start.date()) == (22, 6, timedelta(days=1))
    assert start.utcoffset() == timedelta(hours=1)
    assert early.uid != night.uid
    assert scene.carol.name not in feed.text


async def test_a_shift_that_was_open_is_in_the_feed_in_the_time_of_its_place(scene: Scene, browsers: Browsers):
    await execute("UPDATE sites SET time_zone = 'Asia/Kathmandu' WHERE id = :id", id=scene.site.id)
    wishes = checked(WishDetails, {"channels": {}, "time_zone": "America/New_York", "clock_24h": False})
    await save_wishes(scene.actor("employee"), wishes, expected_version=0)
    columns = {"day": 2, "start": time(0, 30), "end": time(5, 45), "title": "Small hours"}
    _, [shift] = await make_week(scene, columns, status="published")
    await claim_shift(scene.actor("employee"), shift.id)

    feed = await browsers().get(await subscribed(scene, browsers))

    [event] = events_of(feed)
    begins = datetime.combine(WEEK + timedelta(days=1), time(18, 45), UTC)
    assert isinstance(event.dtstart, datetime)
    assert isinstance(event.dtend, datetime)
    assert (event.dtstart, event.dtend) == (begins, begins + timedelta(hours=5.25))
    assert event.dtstart.utcoffset() == timedelta(hours=5, minutes=45)
    assert "TZID:Asia/Kathmandu" in feed.text


async def test_an_answer_and_a_new_version_are_changes_of_the_same_event(scene: Scene, browsers: Browsers):
    schedule, _ = await make_week(scene, held={0: [scene.bob]}, status="published")
    path, browser = await subscribed(scene, browsers), browsers()
    [asked] = events_of(await browser.get(path))

    await confirm_assignment(scene.actor("employee"), (await held_by(scene.bob.id)).id)
    [confirmed] = events_of(await browser.get(path))
    await republish(scene, schedule.id)
    [again] = events_of(await browser.get(path))
    await republish(scene, (await held_by(scene.bob.id)).schedule_id, without=scene.bob.id)
    [cancelled] = events_of(await browser.get(path))

    versions = [asked, confirmed, again, cancelled]
    assert len({each.uid for each in versions}) == 1
    numbers = [each.sequence or 0 for each in versions]
    assert numbers == sorted(set(numbers))
    assert [each.status for each in versions] == ["TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert str(cancelled.summary).startswith("Cancelled: ")


async def test_whoever_is_taken_off_and_put_back_has_ever_newer_events(scene: Scene, browsers: Browsers):
    manager, bob = scene.actor("manager"), scene.actor("employee")
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    path, browser = await subscribed(scene, browsers), browsers()
    versions = events_of(await browser.get(path))
    for _ in range(2):
        await confirm_assignment(bob, (await held_by(scene.bob.id)).id)
        versions += events_of(await browser.get(path))
        await unassign_employee(manager, (await held_by(scene.bob.id)).id)
        versions += events_of(await browser.get(path))
        await assign_employee(manager, shift.id, scene.bob.id)
        versions += events_of(await browser.get(path))

    assert [each.status for each in versions] == ["TENTATIVE", *("CONFIRMED", "CANCELLED", "TENTATIVE") * 2]
    numbers = [each.sequence or 0 for each in versions]
    assert numbers == sorted(set(numbers))
    assert len({each.uid for each in versions}) == 1


async def test_what_an_undo_takes_away_is_cancelled_and_not_lost(scene: Scene, browsers: Browsers):
    manager = scene.actor("manager")
    _, [shift] = await make_week(scene, {}, status="published")
    path, browser = await subscribed(scene, browsers), browsers()
    await assign_employee(manager, shift.id, scene.bob.id)
    versions = events_of(await browser.get(path))
    for step in (undo, redo, undo):
        await step(manager, scene.site.id)
        versions += events_of(await browser.get(path))
    await assign_employee(manager, shift.id, scene.bob.id)
    versions += events_of(await browser.get(path))

    assert [each.status for each in versions] == ["TENTATIVE", "CANCELLED", "TENTATIVE", "CANCELLED", "TENTATIVE"]
    numbers = [each.sequence or 0 for each in versions]
    assert numbers == sorted(set(numbers))
    assert len({each.uid for each in versions}) == 1
    assert str(versions[1].summary).startswith("Cancelled: ")


async def test_a_cancellation_that_an_undo_brings_back_is_newer_than_what_it_replaces(scene: Scene, browsers: Browsers):
    manager = scene.actor("manager")
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    path, browser = await subscribed(scene, browsers), browsers()
    await unassign_employee(manager, (await held_by(scene.bob.id)).id)
    versions = events_of(await browser.get(path))
    await assign_employee(manager, shift.id, scene.bob.id)
    versions += events_of(await browser.get(path))
    await undo(manager, scene.site.id)
    versions += events_of(await browser.get(path))

    assert [each.status for each in versions] == ["CANCELLED", "TENTATIVE", "CANCELLED"]
    numbers = [each.sequence or 0 for each in versions]
    assert numbers == sorted(set(numbers))


async def test_what_an_undo_took_away_counts_in_later_versions_of_the_week(scene: Scene, browsers: Browsers):
    manager = scene.actor("manager")
    schedule, [_, shift] = await make_week(scene, {}, {"day": 1}, held={0: [scene.carol]}, status="published")
    path, browser = await subscribed(scene, browsers), browsers()
    await assign_employee(manager, shift.id, scene.bob.id)
    await undo(manager, scene.site.id)
    versions = events_of(await browser.get(path))
    await republish(scene, schedule.id)
    versions += events_of(await browser.get(path))

    assert [each.status for each in versions] == ["CANCELLED", "CANCELLED"]
    numbers = [each.sequence or 0 for each in versions]
    assert numbers == sorted(set(numbers))


async def test_what_is_off_is_told_for_thirty_days(scene: Scene, browsers: Browsers):
    await make_week(scene, held={0: [scene.bob]}, status="published")
    path, browser = await subscribed(scene, browsers), browsers()
    await decline_assignment(scene.actor("employee"), (await held_by(scene.bob.id)).id)
    assert [each.status for each in events_of(await browser.get(path))] == ["CANCELLED"]

    await execute("ALTER TABLE schedule_assignments DISABLE TRIGGER USER")
    await execute("UPDATE schedule_assignments SET updated_at = now() - interval '31 days'")
    await execute("UPDATE schedules SET published_at = now() - interval '31 days'")

    assert events_of(await browser.get(path)) == []


async def test_a_link_that_is_ended_replaced_or_guessed_leads_nowhere(scene: Scene, browsers: Browsers):
    browser = browsers()
    first = await subscribed(scene, browsers)
    second = await subscribed(scene, browsers)
    assert (await browser.get(second)).status_code == 200
    await end_feed(scene.actor("employee"))
    gone = [await browser.get(path) for path in (first, second, "/calendar/guessed.ics", "/calendar/%00.ics")]

    assert {(each.status_code, each.text) for each in gone} == {(404, gone[0].text)}
    with pytest.raises(NotFound):
        await end_feed(scene.actor("employee"))
    entries = await audited("employee", scene.bob.id)
    assert [entry.action for entry in entries] == ["open_feed", "open_feed", "end_feed"]
    assert not any(first[10:-4] in str(entry.after) for entry in entries)


async def test_whoever_has_left_has_no_feed(scene: Scene, browsers: Browsers):
    path, browser = await subscribed(scene, browsers), browsers()
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)

    assert (await browser.get(path)).status_code == 404


async def test_nothing_new_is_not_sent_again(scene: Scene, browsers: Browsers):
    await make_week(scene, held={0: [scene.bob]}, status="published")
    path, browser = await subscribed(scene, browsers), browsers()
    tag = (await browser.get(path)).headers["etag"]

    same = await browser.get(path, headers={"if-none-match": tag})
    await confirm_assignment(scene.actor("employee"), (await held_by(scene.bob.id)).id)
    changed = await browser.get(path, headers={"if-none-match": tag})

    assert (same.status_code, same.content, changed.status_code) == (304, b"", 200)
    [[read_at]] = await rows("SELECT last_read_at FROM calendar_feeds WHERE revoked_at IS NULL")
    assert read_at is not None


async def test_one_shift_is_for_whoever_has_it(scene: Scene, browsers: Browsers):
    await make_week(scene, held={0: [scene.bob, scene.carol]}, status="published")
    own, other = await held_by(scene.bob.id), await held_by(scene.carol.id)
    await make_week(scene, held={0: [scene.bob]}, week_start=WEEK + timedelta(weeks=1))
    drafted = await held_by(scene.bob.id)
    browser = browsers()
    assert (await browser.get(f"/me/{own.id}.ics")).status_code == 401
    await sign_in(browser, scene.bob.email)

    [event] = events_of(await browser.get(f"/me/{own.id}.ics"))

    assert event.dtstart == own.starts_at
    for number in (other.id, drafted.id, 999_999, 2**63, "x"):
        assert (await browser.get(f"/me/{number}.ics")).status_code == 404


def instants_of(event: ReadEvent) -> tuple[datetime, datetime]:
    """When an event is; times within an hour that comes twice equal nothing but in UTC."""
    start, end = event.dtstart, event.dtend
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return start.astimezone(UTC), end.astimezone(UTC)


def told(span: Interval, zone: str) -> str:
    event = Event("uid@x", 7, span.starts_at, span.starts_at, span.ends_at, zone, "Night", "Here", "CONFIRMED", "")
    return calendar_of([event]).decode()


@pytest.mark.parametrize(("zone", "on", "start", "end", "minutes", "_label"), NIGHTS)
def test_the_feed_has_the_wall_times_and_true_length_of_nights_with_a_clock_change(
    zone: str, on: str, start: str, end: str, minutes: int, _label: str
):
    span = resolve_span(date.fromisoformat(on), time.fromisoformat(start), time.fromisoformat(end), zone)
    feed = told(span, zone)

    [read] = read_back(feed)
    assert instants_of(read) == (span.starts_at, span.ends_at)
    assert span.minutes == minutes
    assert f"DTSTART;TZID={zone}:{local(span.starts_at, zone):%Y%m%dT%H%M%S}" in feed or zone == "UTC"
    # The data of the zone that comes with it says the same as the zone database.
    calendar = icalendar.Calendar.from_ical(feed)
    assert isinstance(calendar, icalendar.Calendar)
    for data in calendar.timezones:
        wall = [local(instant, zone).replace(tzinfo=None) for instant in (span.starts_at, span.ends_at)]
        there = [each.replace(tzinfo=data.to_tz(lookup_tzid=False)) for each in wall]
        assert [each.astimezone(UTC) for each in there] == [span.starts_at, span.ends_at]


@pytest.mark.parametrize(
    ("zone", "second"),
    [
        ("Europe/Berlin", "2026-10-25 01:30"),
        ("America/New_York", "2026-11-01 06:30"),
        ("America/Santiago", "2024-04-07 03:30"),
        ("Africa/Cairo", "2024-10-31 21:30"),
        ("Africa/Casablanca", "2024-03-10 02:30"),
        ("Australia/Lord_Howe", "2024-04-06 15:15"),
    ],
)
def test_an_hour_that_comes_twice_is_told_apart(zone: str, second: str):
    at = datetime.fromisoformat(second).replace(tzinfo=UTC)
    assert local(at, zone).fold == 1
    for span in (Interval(at, at + timedelta(hours=8)), Interval(at - timedelta(hours=8), at)):
        [read] = read_back(told(span, zone))
        assert instants_of(read) == (span.starts_at, span.ends_at)


@settings(deadline=None)
@given(
    title=st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\x85\ufeff"), max_size=60
    )
    | st.sampled_from(["a\nEND:VEVENT\nBEGIN:VEVENT", "x\\,;:y", "<script>"]),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]),
    offset=st.integers(0, 4 * 365 * 24 * 60),
    minutes=st.integers(1, 24 * 60),
)
def test_words_and_times_are_read_back_as_they_were(title: str, zone: str, offset: int, minutes: int):
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=offset)
    ends_at = starts_at + timedelta(minutes=minutes)
    event = Event("uid@x", 7, starts_at, starts_at, ends_at, zone, f"t{title}", "Here", "CONFIRMED", "")

    [read] = read_back(calendar_of([event]).decode())

    assert read.summary == f"t{title}"
    assert instants_of(read) == (starts_at, ends_at)
