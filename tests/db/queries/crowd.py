"""A site of any size, written quickly."""

from datetime import UTC, datetime, timedelta

from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, rows

# A shift per day and ten people, each of whom works five days.
_PEOPLE = """
    INSERT INTO employees (site_id, email, name, contracted_minutes)
    SELECT :site_id, format('crowd-%s@example.com', n), format('Person %s', n), 2400
    FROM generate_series(1, :people) AS n
"""
_SHIFTS = """
    INSERT INTO shifts (schedule_id, site_id, local_date, local_start, local_end, time_zone, starts_at, ends_at,
                        title, required_staff)
    SELECT schedules.id, schedules.site_id, each.day::date, '09:00', '17:00', 'Europe/Berlin',
           each.day + interval '8 hours', each.day + interval '16 hours', format('Team %s', n), 10
    FROM schedules, generate_series(week_start, week_end, interval '1 day') AS each (day),
         generate_series(1, :teams) AS n
    WHERE schedules.id = :schedule_id
"""
_HELD = """
    INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force, status)
    SELECT shifts.schedule_id, shifts.id, person.id, shifts.starts_at, shifts.ends_at, false, 'assigned'
    FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM employees WHERE email LIKE 'crowd-%') AS person
    JOIN shifts ON shifts.schedule_id = :schedule_id AND shifts.title = format('Team %s', person.n / 10 + 1)
    WHERE (shifts.local_date - :week_start + person.n) % 7 < 5
"""
_WARNED = """
    INSERT INTO rule_violations (schedule_id, assignment_id, rule_type, severity, message)
    SELECT schedule_id, id, 'preference', 'warn', 'Dislikes it' FROM schedule_assignments WHERE id % 10 = 0
"""


async def make_crowd(people: int) -> tuple[Scene, int]:
    """A scene with so many more people, who work in a draft; returns the draft's id too."""
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"title": "Alone"})
    await execute(_PEOPLE, site_id=scene.site.id, people=people)
    await execute(_SHIFTS, schedule_id=schedule.id, teams=-(-people // 10))
    await execute(_HELD, schedule_id=schedule.id, week_start=WEEK)
    await execute(_WARNED)
    [[held]] = await rows("SELECT count(*) FROM schedule_assignments")
    assert held == people * 5
    return scene, schedule.id


async def publish_quickly(schedule_id: int) -> None:
    """Put a week in force as a SQL prompt would."""
    now = datetime.now(UTC)
    for status in ("pending", "approved", "published"):
        await execute(
            "UPDATE schedules SET status = :status, approved_at = :now,"
            " approved_by_id = (SELECT min(id) FROM employees) WHERE id = :id",
            status=status,
            now=now,
            id=schedule_id,
        )
    await execute(
        "UPDATE schedule_assignments SET status = 'pending', confirm_by = :due WHERE schedule_id = :id",
        id=schedule_id,
        due=now + timedelta(days=2),
    )
