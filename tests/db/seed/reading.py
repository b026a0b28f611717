"""Looking at what was seeded."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text

from schedule_app.db.engine import read_session
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.time import local_date, week_start_of
from schedule_app.queries.facts import find_judging

ZONE = "Europe/Berlin"

COUNTS = """
    SELECT (SELECT count(*) FROM sites) AS sites, (SELECT count(*) FROM employees) AS people,
           (SELECT count(*) FROM shifts) AS shifts, (SELECT count(*) FROM schedules) AS schedules,
           (SELECT count(*) FROM schedule_assignments) AS assignments, (SELECT count(*) FROM rules) AS rules,
           (SELECT count(*) FROM notifications) AS notifications
"""


async def rows(sql: str, **values: Any) -> list[Any]:
    """What a query finds."""
    async with read_session() as session:
        return list((await session.execute(text(sql), values)).all())


def this_week() -> date:
    """The Monday of the present week in Berlin."""
    return week_start_of(local_date(datetime.now(UTC), ZONE))


async def judge_all() -> list[tuple[int, str]]:
    """Judge every assignment in the database; assert that nothing blocks, and return what warns."""
    warned: list[tuple[int, str]] = []
    async with read_session() as session:
        held = await session.execute(text("SELECT id, shift_id, employee_id FROM schedule_assignments ORDER BY id"))
        for assignment_id, shift_id, employee_id in held.all():
            judging = await find_judging(session, shift_id, [employee_id])
            assert judging is not None
            (person,) = judging.people
            violations = check_assignment(judging.rules, person.facts, person.worked, judging.shift)
            assert not blocking(violations)
            warned += [(assignment_id, each.rule_type) for each in violations]
    return warned
