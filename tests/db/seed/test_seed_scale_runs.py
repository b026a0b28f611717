import hashlib
from datetime import date

import pytest

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.errors import Conflict, InvalidInput
from schedule_app.seed import scale
from tests.db.seed.reading import COUNTS, judge_all, rows
from tests.support.builders import build_site
from tests.support.database import Database, Server, application_database

# Its second week ends with the change to summer time.
CLOCK_CHANGE = date(2027, 3, 17)

# Everything that was drawn, without what the database numbers or salts.
_CONTENT = (
    """SELECT email, employees.name, role, departments.name, phone, qualifications::text, availability::text,
              hourly_rate_cents, contracted_minutes, max_minutes
       FROM employees LEFT JOIN departments ON departments.id = department_id""",
    "SELECT week_start, status, submitted_at, approved_at, published_at FROM schedules",
    """SELECT lineage_id, departments.name, local_date, local_start, local_end, starts_at, ends_at, shift_type, title,
              required_staff, priority, requirements::text
       FROM shifts JOIN departments ON departments.id = department_id""",
    """SELECT lineage_id, email, held.starts_at, status, confirm_by, responded_at
       FROM schedule_assignments AS held
       JOIN shifts ON shifts.id = shift_id JOIN employees ON employees.id = employee_id""",
    """SELECT rules.name, rule_type, constraints::text, priority, strict, email
       FROM rules LEFT JOIN employees ON employees.id = employee_id""",
)


async def content_hash() -> str:
    drawn = [sorted(map(repr, await rows(sql))) for sql in _CONTENT]
    assert all(drawn)
    return hashlib.sha256(repr(drawn).encode()).hexdigest()


@pytest.mark.parametrize(
    ("size", "expected"),
    [("100x7", (100, 7)), ("1000x28", (1000, 28)), (" 5X1 ", (5, 1)), ("2000x56", (2000, 56))],
)
def test_parse_size_reads_people_and_days(size: str, expected: tuple[int, int]) -> None:
    assert scale.parse_size(size) == expected


@pytest.mark.parametrize("size", ["", "100", "x7", "100x", "100 by 7", "-5x7", "1e3x7", "5.5x7", "٥x٧", "100x7x2"])
def test_parse_size_refuses_another_form(size: str) -> None:
    with pytest.raises(InvalidInput, match="for example 100x7"):
        scale.parse_size(size)


@pytest.mark.parametrize(
    ("size", "words"), [("4x7", "people"), ("2001x7", "people"), ("100x0", "days"), ("100x57", "days")]
)
def test_parse_size_refuses_out_of_bounds(size: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=f"number of {words} must be from"):
        scale.parse_size(size)


async def test_scale_is_the_same_in_every_run(postgres: Server) -> None:
    hashes: list[str] = []
    for people in (40, 40, 41):
        async with application_database(postgres):
            await scale.write_scale(people, 10, CLOCK_CHANGE)
            hashes.append(await content_hash())
    assert hashes[0] == hashes[1] != hashes[2]


async def test_scale_publishes_the_first_week_and_drafts_the_others(database: Database) -> None:
    await scale.write_scale(20, 15, CLOCK_CHANGE)
    schedules = await rows("""
        SELECT week_start, schedules.status, string_agg(DISTINCT held.status, ' ' ORDER BY held.status),
               count(DISTINCT local_date)
        FROM schedules
        JOIN shifts ON shifts.schedule_id = schedules.id
        LEFT JOIN schedule_assignments AS held ON held.shift_id = shifts.id
        GROUP BY schedules.id ORDER BY week_start
    """)
    assert schedules == [
        (date(2027, 3, 15), "published", "confirmed declined pending", 7),
        (date(2027, 3, 22), "draft", "assigned", 7),
        (date(2027, 3, 29), "draft", "assigned", 1),
    ]


async def test_scale_breaks_no_rule_and_books_nobody_twice(database: Database) -> None:
    await scale.write_scale(40, 14, CLOCK_CHANGE)
    assert not await rows("""
        SELECT one.id
        FROM schedule_assignments AS one
        JOIN schedule_assignments AS other USING (employee_id)
        WHERE one.id < other.id AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
    """)
    assert (await rows(COUNTS))[0].assignments > 200
    assert await judge_all() == []


async def test_scale_is_refused_over_data_unless_asked_for_and_never_twice(database: Database) -> None:
    async with unit_of_work() as session:
        await build_site(session)
    with pytest.raises(Conflict, match="--over-existing"):
        await scale.seed_scale(5, 1, over_existing=False)
    assert "5 people" in await scale.seed_scale(5, 1, over_existing=True)
    with pytest.raises(Conflict, match="already holds a site"):
        await scale.seed_scale(5, 1, over_existing=True)
    assert await rows("SELECT count(*) FROM employees") == [(5,)]
