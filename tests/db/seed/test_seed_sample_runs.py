from datetime import UTC, date, datetime, time, timedelta

import pytest

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.errors import Conflict
from schedule_app.domain.time import resolve_wall, week_start_of
from schedule_app.seed import sample
from schedule_app.seed.sample_week import Held, choose_answers
from tests.db.seed.reading import COUNTS, ZONE, judge_all, rows, this_week
from tests.support.builders import build_employee, build_site
from tests.support.database import Database


async def test_seed_beside_other_data_needs_to_be_asked_for_and_leaves_it_alone(database: Database) -> None:
    async with unit_of_work() as session:
        site = await build_site(session, name="Our own site")
        await build_employee(session, site, name="Our own employee")
    with pytest.raises(Conflict, match="--over-existing"):
        await sample.seed_sample(over_existing=False)
    assert await sample.seed_if_empty() is False
    assert (await rows(COUNTS))[0].shifts == 0

    assert "28 shifts" in await sample.seed_sample(over_existing=True)
    assert await rows("SELECT name, version FROM sites ORDER BY id LIMIT 1") == [("Our own site", 1)]
    counts = (await rows(COUNTS))[0]
    assert (counts.sites, counts.people, counts.shifts, counts.schedules) == (2, 6, 28, 1)


async def test_seed_if_empty_says_whether_it_wrote(database: Database) -> None:
    assert await sample.seed_if_empty() is True
    assert await sample.seed_if_empty() is False


@pytest.mark.parametrize("step", ["create_schedule", "assign_employee", "approve_schedule", "publish_schedule"])
async def test_seeding_cut_short_is_finished_by_the_next_start(
    database: Database, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async def die(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(sample, step, die)
        await sample.seed_if_empty()
    assert await sample.seed_if_empty() is True
    assert await rows("SELECT status FROM schedules") == [("published",)]
    counts = (await rows(COUNTS))[0]
    assert (counts.sites, counts.people, counts.shifts, counts.assignments) == (1, 5, 28, 22)


async def test_sample_can_be_written_on_every_weekday_and_around_clock_changes(database: Database) -> None:
    next_week = this_week() + timedelta(weeks=1)
    # Weeks ahead, because the database's clock judges the answers given after `now`.
    days = [next_week + timedelta(weeks=weekday, days=weekday) for weekday in range(7)]
    days += [last_sunday(next_week.year + 1, month) - timedelta(days=2) for month in (3, 10)]
    for day in days:
        now = resolve_wall(day, time(12), ZONE).at
        await sample.write_sample(now)
        answers = await rows(
            """SELECT held.status, starts_at <= :now AS has_begun, responded_at IS NOT NULL AS has_answer
               FROM schedule_assignments AS held JOIN schedules ON schedules.id = schedule_id
               WHERE week_start = :week_start""",
            now=now,
            week_start=week_start_of(day),
        )
        assert len(answers) == 22
        assert {each.status for each in answers if each.has_begun} <= {"confirmed"}
        assert all(each.has_answer == (each.status != "pending") for each in answers)
        assert any(each.status == "pending" for each in answers)
    assert len(await judge_all()) == len(days)


async def test_sample_written_when_the_week_is_over_has_everything_agreed(database: Database) -> None:
    sunday_night = resolve_wall(this_week() - timedelta(days=1), time(23, 50), ZONE).at
    await sample.write_sample(sunday_night)
    assert await rows("SELECT DISTINCT status FROM schedule_assignments") == [("confirmed",)]


def test_choose_answers_has_each_kind_when_many_are_asked() -> None:
    monday = datetime(2026, 11, 23, 7, tzinfo=UTC)
    ahead = [Held(number, number, "employee", monday + timedelta(days=number)) for number in range(6)]
    answers = choose_answers(ahead)
    assert [each.assignment_id for each in answers.confirmed] == [1, 2, 4, 5]
    assert [each.assignment_id for each in answers.declined] == [3]


def test_choose_answers_lets_only_employees_decline() -> None:
    monday = datetime(2026, 11, 23, 7, tzinfo=UTC)
    ahead = [Held(number, number, "manager", monday + timedelta(days=number)) for number in range(3)]
    assert choose_answers(ahead).declined == ()
    assert choose_answers([]) == choose_answers(ahead[:1])


def last_sunday(year: int, month: int) -> date:
    return week_start_of(date(year, month, 31), 6)
