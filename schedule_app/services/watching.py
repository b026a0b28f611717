"""What changes about people after a week was published: shifts which they should not have any more are flagged."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import structlog
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import read_session, retrying, unit_of_work
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices import ShiftInDoubt
from schedule_app.domain.violation import Violation
from schedule_app.queries.doubts import CAUSES, judge_ahead
from schedule_app.queries.recipients import list_planners
from schedule_app.services.notifications import board_path, notify
from schedule_app.services.settling import named_in

log = structlog.get_logger(__name__)

_ACTIVE: Final = sorted(ACTIVE)

# All that makes somebody's shifts doubtful is a change of the person, or time off that was approved or taken back.
# Whoever changes either holds the person; see `db.locks`.
_DUE = text("""
    SELECT person.id, person.seen
    FROM (
        SELECT employees.id, employees.version || ':' || COALESCE((
                   SELECT string_agg(away.id::text, ',' ORDER BY away.id)
                   FROM time_off_requests AS away
                   WHERE away.employee_id = employees.id AND away.status = 'approved' AND away.ends_at > now()
               ), '') AS seen
        FROM employees
        WHERE EXISTS (SELECT FROM schedule_assignments AS held
                      WHERE held.employee_id = employees.id AND held.in_force AND held.status = ANY(:active)
                        AND held.starts_at > now())
    ) AS person
    LEFT JOIN watched_people AS watched ON watched.employee_id = person.id
    WHERE watched.seen IS DISTINCT FROM person.seen
    ORDER BY person.id
""")

_HOLD = text("SELECT id FROM employees WHERE id = :employee_id FOR NO KEY UPDATE SKIP LOCKED")

_KNOWN = text("""
    SELECT id, assignment_id, rule_id, rule_type, message, arose_at FROM rule_violations
    WHERE assignment_id = ANY(:assignment_ids) AND rule_type = ANY(:causes)
""")

_FLAG = text("""
    INSERT INTO rule_violations (schedule_id, assignment_id, rule_id, rule_type, severity, message, arose_at)
    SELECT held.schedule_id, held.id, each.rule_id, each.rule_type, each.severity, each.message, now()
    FROM jsonb_to_recordset(CAST(:found AS jsonb))
        AS each (assignment_id bigint, rule_id bigint, rule_type text, severity text, message text)
    JOIN schedule_assignments AS held ON held.id = each.assignment_id
""")

_UNFLAG = text("DELETE FROM rule_violations WHERE id = ANY(:ids)")

_SEEN = text("""
    INSERT INTO watched_people (employee_id, seen) VALUES (:employee_id, :seen)
    ON CONFLICT (employee_id) DO UPDATE SET seen = :seen, seen_at = now(), problem = NULL
""")

_STUMBLE = text("""
    INSERT INTO watched_people AS watched (employee_id, seen, problem) VALUES (:employee_id, '', :problem)
    ON CONFLICT (employee_id) DO UPDATE SET seen = '', problem = :problem
    WHERE watched.problem IS DISTINCT FROM :problem
    RETURNING employee_id
""")

# When somebody says when they can work, those who plan are told which shifts that touches.
_TOLD_OF_TIMES = text("""
    SELECT told.recipient_id
    FROM notifications AS told
    JOIN watched_people AS watched ON watched.employee_id = told.related_id
    WHERE told.related_type = 'employee' AND told.related_id = :employee_id AND told.type = 'availability_changed'
      AND told.created_at > watched.seen_at AND told.payload -> 'shift_count' <> '0'
""")


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A published shift that somebody has, and one thing that speaks against it."""

    held: Row[Any]
    violation: Violation


async def watch_published() -> int:
    """Look at the coming published shifts of everybody about whom something changed since they were last looked at.

    A shift that its person could not be given any more (time off was approved, they are not available then, lack a
    qualification by then, or are not here any more) is flagged, on the board and in its details, and those who plan are
    told, once for each cause; the notice leads to the shift and to who could take it. When the cause is gone, so is the
    flag. Many processes may do this at once.

    Returns:
        How many causes were found.
    """
    async with read_session() as session:
        due = (await session.execute(_DUE, {"active": _ACTIVE})).all()
    found = 0
    for person in due:
        try:
            found += await _look_at(person.id, person.seen)
        except InvalidInput as error:
            # A rule or a person's data that cannot be read is somebody's to correct; then it is looked at again.
            await _note_problem(person.id, error.message)
    return found


@retrying
async def _note_problem(employee_id: int, problem: str) -> None:
    """Say, once, that nobody knows how somebody's shifts stand."""
    async with unit_of_work() as session:
        is_new = await session.scalar(_STUMBLE, {"employee_id": employee_id, "problem": problem})
    if is_new:
        log.warning("the published shifts of somebody cannot be judged", employee_id=employee_id, reason=problem)


@retrying
async def _look_at(employee_id: int, seen: str) -> int:
    """Flag what is doubtful about somebody's shifts; how many causes are new."""
    async with unit_of_work() as session:
        if await session.scalar(_HOLD, {"employee_id": employee_id}) is None:
            return 0
        judged = await judge_ahead(session, employee_id)
        values = {"assignment_ids": [each.row.assignment_id for each in judged], "causes": sorted(CAUSES)}
        known = (await session.execute(_KNOWN, values)).all()
        doubts = [_Doubt(each.row, violation) for each in judged for violation in each.violations]
        causes = {_cause(each.assignment_id, each) for each in known}
        new = [each for each in doubts if _cause(each.held.assignment_id, each.violation) not in causes]
        standing = {_cause(each.held.assignment_id, each.violation) for each in doubts}
        gone = [each.id for each in known if each.arose_at and _cause(each.assignment_id, each) not in standing]
        await session.execute(_UNFLAG, {"ids": gone})
        flags = [{**asdict(each.violation), "assignment_id": each.held.assignment_id} for each in new]
        await session.execute(_FLAG, {"found": json.dumps(flags)})
        knowing = set(await session.scalars(_TOLD_OF_TIMES, {"employee_id": employee_id}))
        await session.execute(_SEEN, {"employee_id": employee_id, "seen": seen})
        await _tell(session, new, knowing)
    return len(new)


def _cause(assignment_id: int, violation: Violation | Row[Any]) -> tuple[int, int | None, str, str]:
    """What a doubt is known by. A rule says other words when what breaks it changes, and is broken all the same."""
    message = violation.message if violation.rule_id is None else ""
    return assignment_id, violation.rule_id, violation.rule_type, message


async def _tell(session: AsyncSession, doubts: Sequence[_Doubt], knowing: set[int]) -> None:
    """Tell those who plan of doubts, but for those who know when the person can work since they said so themselves."""
    against: defaultdict[int, list[Violation]] = defaultdict(list)
    for each in doubts:
        against[each.held.assignment_id].append(each.violation)
    for held in {each.held.assignment_id: each.held for each in doubts}.values():
        found = against[held.assignment_id]
        silent = knowing if all(each.rule_type == "availability" for each in found) else set[int]()
        planners = await list_planners(session, held.site_id, held.department_id)
        told = [planner for planner in planners if planner not in {held.employee_id, *silent}]
        doubt = ShiftInDoubt(held.name, named_in(held), tuple(each.message for each in found))
        path = board_path(held.site_id, held.week_start, replace=held.assignment_id)
        await notify(session, told, doubt, related=("assignment", held.assignment_id), action_url=path)
