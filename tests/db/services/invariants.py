"""What holds at a site whatever has been done there, each as the rows that break it."""

from typing import Any, Final

from tests.db.services.commands import Trial
from tests.db.services.scene import rows

_ACTIVE = "('assigned', 'pending', 'confirmed', 'completed')"
_HELD = "schedule_assignments AS held JOIN schedules ON schedules.id = held.schedule_id"
_PAIRS = f"""
    FROM {_HELD}
    JOIN schedule_assignments AS other
        ON other.employee_id = held.employee_id AND other.id > held.id AND other.status IN {_ACTIVE}
        AND other.starts_at < held.ends_at AND held.starts_at < other.ends_at
    WHERE schedules.site_id = :site AND held.status IN {_ACTIVE}
"""

BROKEN: Final = {
    "nobody works twice at a time in a version": f"SELECT held.id {_PAIRS} AND other.schedule_id = held.schedule_id",
    "nobody works twice at a time in force": f"SELECT held.id {_PAIRS} AND held.in_force AND other.in_force",
    "an assignment has the times and the week of its shift": f"""
        SELECT held.id FROM {_HELD} LEFT JOIN shifts ON shifts.id = held.shift_id
        WHERE schedules.site_id = :site
          AND (shifts.schedule_id, shifts.starts_at, shifts.ends_at, schedules.in_force)
              IS DISTINCT FROM (held.schedule_id, held.starts_at, held.ends_at, held.in_force)
    """,
    "a violation belongs to an assignment of its schedule": """
        SELECT found.id FROM rule_violations AS found JOIN schedules ON schedules.id = found.schedule_id
        LEFT JOIN schedule_assignments AS held ON held.id = found.assignment_id
        WHERE schedules.site_id = :site AND held.schedule_id IS DISTINCT FROM found.schedule_id
    """,
    "a shift lies in its week and at its wall time": """
        SELECT shifts.id FROM shifts JOIN schedules ON schedules.id = shifts.schedule_id
        WHERE shifts.site_id = :site AND (
            shifts.local_date NOT BETWEEN schedules.week_start AND schedules.week_end
            OR shifts.starts_at AT TIME ZONE shifts.time_zone <> shifts.local_date + shifts.local_start)
    """,
    "a week has one published version at most": """
        SELECT min(id) FROM schedules WHERE site_id = :site AND status = 'published'
        GROUP BY week_start HAVING count(*) > 1
    """,
    "a week has one version in work at most": """
        SELECT min(id) FROM schedules WHERE site_id = :site AND status IN ('draft', 'pending', 'approved')
        GROUP BY week_start HAVING count(*) > 1
    """,
    "versions of a week are numbered without repeating": """
        SELECT min(id) FROM schedules WHERE site_id = :site GROUP BY week_start, version_number HAVING count(*) > 1
    """,
    "who signed a week is known": """
        SELECT id FROM schedules WHERE site_id = :site AND (
            (status IN ('approved', 'published', 'archived')) <> (approved_by_id IS NOT NULL)
            OR (status IN ('published', 'archived')) <> (published_by_id IS NOT NULL)
            OR (status = 'archived') <> (archived_at IS NOT NULL))
    """,
    "only what was published is asked about and answered": f"""
        SELECT held.id FROM {_HELD}
        WHERE schedules.site_id = :site AND (
            (schedules.status IN ('published', 'archived')) = (held.status = 'assigned')
            OR (held.status = 'pending' AND held.confirm_by IS NULL)
            OR (held.status IN ('confirmed', 'declined') AND held.responded_at IS NULL))
    """,
    "the audit log is one chain": """
        SELECT chained.id FROM (
            SELECT id, previous_hash, lag(hash) OVER (ORDER BY id) AS hash_before
            FROM audit_entries WHERE site_id = :site) AS chained
        JOIN audit_entries AS entry ON entry.id = chained.id
        WHERE chained.previous_hash IS DISTINCT FROM chained.hash_before OR entry.hash <> audit_entry_hash(entry)
    """,
    "a command is taken back once, by whoever did it": """
        SELECT min(entry.id) FROM audit_entries AS entry
        JOIN audit_entries AS later ON coalesce(later.undoes, later.redoes) = entry.command_id
        WHERE entry.site_id = :site
        GROUP BY entry.command_id
        HAVING count(DISTINCT later.command_id) > 1 OR bool_or(later.actor_id <> entry.actor_id)
            OR bool_or(later.undoes IS NOT NULL AND entry.undoes IS NOT NULL)
            OR bool_or(later.redoes IS NOT NULL AND entry.undoes IS NULL)
    """,
    "who published is told of once for each version": """
        SELECT min(notifications.id) FROM notifications JOIN employees ON employees.id = recipient_id
        WHERE site_id = :site AND type IN ('shifts_published', 'schedule_published')
        GROUP BY recipient_id, type, related_id HAVING count(*) > 1
    """,
    "what was told was delivered in the app once": """
        SELECT notifications.id FROM notifications JOIN employees ON employees.id = recipient_id
        WHERE site_id = :site AND 1 <> (
            SELECT count(*) FROM notification_deliveries
            WHERE notification_id = notifications.id AND channel = 'in_app' AND (seen_at IS NULL OR status = 'seen'))
    """,
    "an overridden warning says why and by whom": """
        SELECT found.id FROM rule_violations AS found JOIN schedules ON schedules.id = found.schedule_id
        WHERE site_id = :site AND (found.severity <> 'warn'
            OR (found.override_reason IS NULL) <> (found.overridden_by_id IS NULL))
    """,
}

_STATEMENT = " UNION ALL ".join(
    f"SELECT '{name}', array_agg(broken) FROM ({query}) AS each (broken)" for name, query in BROKEN.items()
)


async def broken(trial: Trial) -> dict[str, Any]:
    """The invariants that do not hold, each with the ids of what breaks it."""
    return {name: ids for name, ids in await rows(_STATEMENT, site=trial.site_id) if ids}
