"""Writing rows back as they were: the steps of `services.undo`, each inside its unit of work.

A row that comes back keeps its id, so that the steps before it can still be undone, and counts as a newer version.
"""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.errors import DoubleBooking, RuleBroken
from schedule_app.domain.permissions import Actor
from schedule_app.domain.undo import ASSIGNMENTS, SHIFTS, VIOLATIONS, Change, RowImage
from schedule_app.domain.violation import Violation
from schedule_app.queries.bulk_facts import Crowd, read_crowd
from schedule_app.queries.facts import BESIDE, shift_facts

# Two people may exchange overlapping shifts, and whole weeks may move: what counts is how it all ends.
_OVERLAPS_LATER = text("""
    SET CONSTRAINTS ex_schedule_assignments_overlap_in_schedule, ex_schedule_assignments_overlap_in_force DEFERRED
""")

_DELETE = {
    SHIFTS: text("DELETE FROM shifts WHERE id = ANY(:ids)"),
    ASSIGNMENTS: text("DELETE FROM schedule_assignments WHERE id = ANY(:ids)"),
    VIOLATIONS: text("DELETE FROM rule_violations WHERE id = ANY(:ids)"),
}

_KEPT_VIOLATIONS = text("SELECT to_jsonb(kept) FROM rule_violations AS kept WHERE assignment_id = ANY(:ids)")

_UPDATE_SHIFTS = text("""
    UPDATE shifts
    SET department_id = row.department_id, local_date = row.local_date, local_start = row.local_start,
        local_end = row.local_end, time_zone = row.time_zone, starts_at = row.starts_at, ends_at = row.ends_at,
        shift_type = row.shift_type, title = row.title, required_staff = row.required_staff, priority = row.priority,
        requirements = row.requirements, notes = row.notes, updated_by_id = :actor_id
    FROM jsonb_populate_recordset(NULL::shifts, CAST(:rows AS jsonb)) AS row
    WHERE shifts.id = row.id
""")

_INSERT_SHIFTS = text("""
    INSERT INTO shifts
    SELECT row.*
    FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS image,
         jsonb_populate_record(NULL::shifts, image || jsonb_build_object(
             'version', CAST(image ->> 'version' AS integer) + 1, 'updated_at', now(),
             'updated_by_id', :actor_id)) AS row
""")

# Somebody whose time to answer has run out meanwhile is given time anew.
_INSERT_ASSIGNMENTS = text("""
    INSERT INTO schedule_assignments
    SELECT row.*
    FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS image
    JOIN schedules ON schedules.id = CAST(image ->> 'schedule_id' AS bigint)
    JOIN sites ON sites.id = schedules.site_id,
         jsonb_populate_record(NULL::schedule_assignments, image || jsonb_build_object(
             'version', CAST(image ->> 'version' AS integer) + 1, 'updated_at', now(), 'updated_by_id', :actor_id,
             'confirm_by', CASE
                 WHEN image ->> 'status' = 'pending' AND CAST(image ->> 'confirm_by' AS timestamptz) <= now()
                 THEN least(now() + make_interval(mins => sites.confirm_within_minutes),
                            CAST(image ->> 'starts_at' AS timestamptz))
                 ELSE CAST(image ->> 'confirm_by' AS timestamptz) END)) AS row
""")

# A rule that was deleted meanwhile leaves its words behind.
_INSERT_VIOLATIONS = text("""
    INSERT INTO rule_violations
    SELECT row.*
    FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS image
    LEFT JOIN rules ON rules.id = CAST(image ->> 'rule_id' AS bigint)
    JOIN schedule_assignments AS held ON held.id = CAST(image ->> 'assignment_id' AS bigint),
         jsonb_populate_record(NULL::rule_violations, image || jsonb_build_object('rule_id', rules.id)) AS row
    ON CONFLICT (id) DO NOTHING
""")

_TO_JUDGE = text(f"""
    SELECT held.id AS assignment_id, held.employee_id, held.schedule_id, employees.name, schedules.week_start,
           shifts.id, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.local_date, shifts.starts_at,
           shifts.ends_at, shifts.shift_type, shifts.required_staff,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications,
           sites.week_starts_on, sites.clock_24h, {BESIDE}
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE held.status = ANY(:active) AND (held.id = ANY(:assignment_ids) OR held.shift_id = ANY(:shift_ids))
    ORDER BY held.shift_id, held.employee_id
""")  # noqa: S608 - constants

# Going against a rule is accepted once, on whichever of the person's shifts it showed.
_KEEP_WARNINGS = text("""
    INSERT INTO rule_violations (schedule_id, assignment_id, rule_id, rule_type, severity, message)
    SELECT held.schedule_id, held.id, each.rule_id, each.rule_type, each.severity, each.message
    FROM jsonb_to_recordset(CAST(:warnings AS jsonb))
        AS each (assignment_id bigint, rule_id bigint, rule_type text, severity text, message text)
    JOIN schedule_assignments AS held ON held.id = each.assignment_id
    WHERE NOT EXISTS (
        SELECT FROM rule_violations AS known
        JOIN schedule_assignments AS theirs ON theirs.id = known.assignment_id
        WHERE theirs.schedule_id = held.schedule_id AND theirs.employee_id = held.employee_id
          AND known.rule_type = each.rule_type AND known.rule_id IS NOT DISTINCT FROM each.rule_id)
""")


async def write_back(session: AsyncSession, actor: Actor, changes: Sequence[Change], now: dict[int, RowImage]) -> None:
    """Make the changes.

    Args:
        session: The unit of work, holding everybody and everything concerned.
        actor: Who acts.
        changes: From the rows as they are to the rows as they shall be.
        now: The assignments as they are, by id.

    Raises:
        sqlalchemy.exc.IntegrityError: A constraint refuses; overlaps are found at the end of the transaction.
    """
    await session.execute(_OVERLAPS_LATER)
    held = [each for each in changes if each.table == ASSIGNMENTS and each.is_own]
    # The status of a row only goes forward; one that goes back is made anew, and what hangs on it with it.
    remade = [each.id for each in held if each.before and each.after]
    kept = list((await session.scalars(_KEPT_VIOLATIONS, {"ids": remade})).all())
    gone = {table: [each.id for each in changes if each.table == table and each.after is None] for table in _DELETE}
    for table, ids in (
        (VIOLATIONS, gone[VIOLATIONS]),
        (ASSIGNMENTS, gone[ASSIGNMENTS] + remade),
        (SHIFTS, gone[SHIFTS]),
    ):
        if ids:
            await session.execute(_DELETE[table], {"ids": ids})
    shifts = [each for each in changes if each.table == SHIFTS and each.after]
    back = [{**each.after, **_version(now.get(each.id))} for each in held if each.after]
    violations = [each.after for each in changes if each.table == VIOLATIONS and each.after]
    violations += [each for each in kept if each["id"] not in gone[VIOLATIONS]]
    for statement, images in (
        (_UPDATE_SHIFTS, [each.after for each in shifts if each.before]),
        (_INSERT_SHIFTS, [each.after for each in shifts if not each.before]),
        (_INSERT_ASSIGNMENTS, back),
        (_INSERT_VIOLATIONS, violations),
    ):
        if images:
            await session.execute(statement, {"rows": json.dumps(images), "actor_id": actor.employee_id})


def _version(now: RowImage | None) -> dict[str, Any]:
    return {"version": now["version"]} if now else {}


async def judge(session: AsyncSession, changes: Iterable[Change]) -> None:
    """Ask the rules about everybody who works again, and about everybody on a shift that was changed back.

    Warnings do not refuse what once was so. Those that nobody has accepted yet are kept with the assignment.

    Raises:
        DoubleBooking: Somebody works elsewhere at that time.
        RuleBroken: A blocking rule refuses.
        InvalidInput: A rule or a person's data is stored in a form that cannot be understood.
    """
    values = {
        "active": sorted(ACTIVE),
        "assignment_ids": [each.id for each in changes if each.table == ASSIGNMENTS and each.after and each.is_own],
        "shift_ids": [each.id for each in changes if each.table == SHIFTS and each.before and each.after],
    }
    held = (await session.execute(_TO_JUDGE, values)).all()
    if not held:
        return
    people, weeks = {each.employee_id for each in held}, {each.week_start for each in held}
    crowd = await read_crowd(session, held[0].site_id, held[0].week_starts_on, people, weeks)
    found = await asyncio.to_thread(_judge_all, held, crowd)
    refusals = blocking(violation for _, violation in found)
    if any(each.rule_type == "overlap" for each in refusals):
        raise DoubleBooking(" ".join(dict.fromkeys(each.message for each in refusals)))
    if refusals:
        raise RuleBroken(refusals)
    if found:
        warnings = json.dumps([{**asdict(each), "assignment_id": assignment_id} for assignment_id, each in found])
        await session.execute(_KEEP_WARNINGS, {"warnings": warnings})


def _judge_all(held: Iterable[Row[Any]], crowd: Crowd) -> list[tuple[int, Violation]]:
    found: list[tuple[int, Violation]] = []
    for each in held:
        person = crowd.people.get(each.employee_id)
        if person is None:
            message = f"{each.name} does not work at this site any more."
            found.append((each.assignment_id, Violation("inactive", None, "block", message, each.employee_id, each.id)))
            continue
        worked = crowd.worked(each.employee_id, each.week_start, each.schedule_id)
        violations = check_assignment(crowd.rules, person, worked, shift_facts(each, each.id))
        found += [(each.assignment_id, violation) for violation in violations]
    return found
