"""Reminders: in time, by the clocks of the place, once, and again only when there is something new to say."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schedule_app.domain.time import local_date, week_start_of
from schedule_app.services.reminders import remind_of_shifts, remind_to_answer, tell_of_ending_qualifications
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from tests.db.services.scene import Scene, execute, make_scene, make_week, rows, told, writing
from tests.support.builders import build_employee
from tests.support.database import Database


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


def zone_where_it_is(hour: int) -> str:
    """A zone in which it is this hour now."""
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}"


EVENING, MORNING, EARLY = 20, 9, 4


async def with_shift_in(days: int, *, hour: int = EVENING, **columns: Any) -> tuple[Scene, Any, Any]:
    """Bob has a published shift so many days ahead, at a site where it is this hour; the schedule and the shift."""
    zone = zone_where_it_is(hour)
    scene = await make_scene(time_zone=zone)
    day = local_date(datetime.now(UTC), zone) + timedelta(days=days)
    week = week_start_of(day)
    schedule, [shift] = await make_week(
        scene, {"day": (day - week).days, **columns}, held={0: [scene.bob]}, status="published", week_start=week
    )
    return scene, schedule, shift


async def publish_anew(scene: Scene, schedule_id: int) -> int:
    manager = scene.actor("manager")
    draft = await revise_schedule(manager, schedule_id)
    await publish(scene, draft)
    return draft


async def publish(scene: Scene, draft: int) -> None:
    for step in (submit_schedule, approve_schedule, publish_schedule):
        [[version]] = await rows("SELECT version FROM schedules WHERE id = :id", id=draft)
        await step(scene.actor("manager"), draft, expected_version=version)


async def test_tomorrows_shift_is_reminded_of_once_in_the_evening_before():
    scene, _, _ = await with_shift_in(1)

    await asyncio.gather(*(remind_of_shifts() for _ in range(4)))
    await remind_of_shifts()

    assert await told(scene.bob) == ["shift_ahead"]
    assert await told(scene.manager) == []


@pytest.mark.parametrize(("days", "hour"), [(1, MORNING), (0, EVENING), (2, EVENING)])
async def test_nobody_is_reminded_too_early_or_of_another_day(days: int, hour: int):
    scene, _, _ = await with_shift_in(days, hour=hour)
    assert await remind_of_shifts() == 0
    assert await told(scene.bob) == []


@pytest.mark.parametrize(("given", "is_told"), [("1 day", True), ("1 minute", False)])
async def test_a_reminder_that_no_worker_wrote_in_the_evening_comes_in_the_night_but_not_of_what_is_new(
    given: str, is_told: bool
):
    scene, _, _ = await with_shift_in(0, hour=EARLY)
    await execute(f"UPDATE schedules SET published_at = now() - interval '{given}'")
    await execute(f"UPDATE schedule_assignments SET created_at = now() - interval '{given}'")

    await remind_of_shifts()
    await remind_of_shifts()
    assert await told(scene.bob) == (["shift_ahead"] if is_told else [])


@pytest.mark.parametrize("change", ["status = 'declined'", "status = 'cancelled'", "in_force = false"])
async def test_nobody_is_reminded_of_a_shift_that_is_not_theirs(change: str):
    await with_shift_in(1)
    if "in_force" in change:
        await execute("UPDATE schedules SET status = 'archived', archived_at = now() WHERE status = 'published'")
    else:
        await execute(f"UPDATE schedule_assignments SET {change}")

    assert await remind_of_shifts() == 0


async def test_a_new_version_of_the_week_reminds_of_what_was_moved_and_of_nothing_else():
    scene, schedule, _ = await with_shift_in(1)
    await remind_of_shifts()
    second = await publish_anew(scene, schedule.id)
    assert await remind_of_shifts() == 0

    draft = await revise_schedule(scene.actor("manager"), second)
    await execute(
        "UPDATE shifts SET local_start = local_start + interval '1 hour', starts_at = starts_at + interval '1 hour'"
        " WHERE schedule_id = :id",
        id=draft,
    )
    await publish(scene, draft)
    assert await remind_of_shifts() == 1
    assert await remind_of_shifts() == 0
    assert (await told(scene.bob)).count("shift_ahead") == 2


async def test_many_are_reminded_in_batches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("schedule_app.services.reminders.BATCH", 2)
    scene, _, shift = await with_shift_in(1)
    async with writing() as session:
        people = [await build_employee(session, scene.site) for _ in range(4)]
    for person in people:
        await execute(
            "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force)"
            " SELECT schedule_id, id, :person, starts_at, ends_at, true FROM shifts WHERE id = :shift",
            person=person.id,
            shift=shift.id,
        )

    assert await remind_of_shifts() == 5
    assert await remind_of_shifts() == 0


async def asked(given: timedelta, left: timedelta) -> Scene:
    """Bob was asked about a shift, with so much time to answer, and so much of it is left."""
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]}, status="published")
    now = datetime.now(UTC)
    await execute("UPDATE schedules SET published_at = :at", at=now + left - given)
    await execute(
        "UPDATE schedule_assignments SET created_at = :asked_at, confirm_by = :until",
        asked_at=now + left - given,
        until=now + left,
    )
    return scene


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("given", "left", "is_told"),
    [
        (48 * HOUR, 13 * HOUR, False),
        (48 * HOUR, 11 * HOUR, True),
        (6 * HOUR, 2.5 * HOUR, False),
        (6 * HOUR, 1.9 * HOUR, True),
        (2 * HOUR, 1.5 * HOUR, False),
        (2 * HOUR, 0.9 * HOUR, True),
        (48 * HOUR, -0.1 * HOUR, False),
    ],
)
async def test_an_answer_is_asked_for_again_when_little_of_the_time_is_left(
    given: timedelta, left: timedelta, is_told: bool
):
    scene = await asked(given, left)

    await asyncio.gather(*(remind_to_answer() for _ in range(3)))
    await remind_to_answer()

    assert await told(scene.bob) == (["answer_due"] if is_told else [])


@pytest.mark.parametrize("status", ["confirmed", "declined"])
async def test_whoever_has_answered_is_not_asked_again(status: str):
    await asked(48 * HOUR, HOUR)
    await execute("UPDATE schedule_assignments SET status = :status", status=status)
    assert await remind_to_answer() == 0


async def set_qualification(scene: Scene, days: int, *, name: str = "Forklift") -> None:
    """Bob's qualification runs out in so many days."""
    [[today]] = await rows(
        "SELECT CAST(now() AT TIME ZONE time_zone AS date) FROM sites WHERE id = :id", id=scene.site.id
    )
    await set_expiry(scene, today + timedelta(days=days), name=name)


async def set_expiry(scene: Scene, day: date, *, name: str = "Forklift") -> None:
    await execute(
        "UPDATE employees SET qualifications = jsonb_build_array("
        " jsonb_build_object('name', CAST(:name AS text), 'expires_on', CAST(:day AS text))) WHERE id = :id",
        name=name,
        day=day.isoformat(),
        id=scene.bob.id,
    )


@pytest.mark.parametrize(
    ("days", "is_told"), [(61, False), (60, True), (31, True), (30, True), (7, True), (0, True), (-1, False)]
)
async def test_a_qualification_that_runs_out_is_told_to_the_person_and_the_planners(days: int, is_told: bool):
    scene = await make_scene()
    await set_qualification(scene, days)

    await asyncio.gather(*(tell_of_ending_qualifications() for _ in range(3)))
    await tell_of_ending_qualifications()

    assert await told(scene.bob) == (["qualification_ends"] if is_told else [])
    for planner in (scene.manager, scene.second_manager, scene.supervisor):
        assert await told(planner) == (["their_qualification_ends"] if is_told else [])
    assert await told(scene.carol) == await told(scene.stranger) == []


async def test_only_who_may_renew_a_qualification_is_led_to_where_that_is_done():
    scene = await make_scene()
    await set_qualification(scene, 30)
    await tell_of_ending_qualifications()

    for planner, path in ((scene.manager, "/manage/people"), (scene.supervisor, None)):
        assert await rows("SELECT action_url FROM notifications WHERE recipient_id = :id", id=planner.id) == [(path,)]


async def test_it_is_told_again_as_it_comes_near_and_anew_once_it_was_renewed():
    scene = await make_scene()
    await set_qualification(scene, 45)
    await tell_of_ending_qualifications()
    [[first]] = await rows("SELECT qualifications -> 0 ->> 'expires_on' FROM employees WHERE id = :id", id=scene.bob.id)

    async def days_pass(days: int) -> None:
        """The same date of expiry is nearer, which is as if the keys were of an earlier day."""
        nearer = (date.fromisoformat(first) - timedelta(days=days)).isoformat()
        await execute(
            "UPDATE notifications SET dedupe_key = replace(dedupe_key, :day, :nearer)", day=first, nearer=nearer
        )
        await set_expiry(scene, date.fromisoformat(nearer))

    await days_pass(20)
    assert await tell_of_ending_qualifications() == 1
    assert await tell_of_ending_qualifications() == 0
    await set_qualification(scene, 50)
    assert await tell_of_ending_qualifications() == 1
    assert (await told(scene.bob)).count("qualification_ends") == 3


async def test_an_older_proof_of_what_is_held_for_longer_is_not_told_of():
    scene = await make_scene()
    await set_qualification(scene, 5)
    await execute(
        "UPDATE employees SET qualifications = qualifications || CAST(:other AS jsonb) WHERE id = :id",
        other='[{"name": "forklift ", "expires_on": null}]',
        id=scene.bob.id,
    )
    assert await tell_of_ending_qualifications() == 0


async def test_somebody_who_has_left_is_told_nothing():
    scene, _, _ = await with_shift_in(1)
    await set_qualification(scene, 5)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)

    assert await remind_of_shifts() == await tell_of_ending_qualifications() == 0
