"""Whether what asks somebody for something, or reminds them of it, is still so."""

from typing import Final

# What a reminder is about keeps its key when the week is published anew; a shift that was moved has another one. Of an
# assignment `held` and its `shifts`.
_KEY: Final = (
    "'{kind}:' || held.employee_id || ':' || shifts.lineage_id || ':' || extract(epoch FROM held.{at})::bigint"
)
SHIFT_AHEAD_KEY: Final = _KEY.format(kind="shift_ahead", at="starts_at")
ANSWER_DUE_KEY: Final = _KEY.format(kind="answer_due", at="confirm_by")

_OWN_AHEAD: Final = """
    SELECT FROM schedule_assignments AS held JOIN shifts ON shifts.id = held.shift_id
    WHERE held.employee_id = told.recipient_id AND held.in_force AND held.starts_at > now()
"""

# The key says which one, and until when it held.
_ENDS: Final = """
    EXISTS (
        SELECT FROM employees, jsonb_array_elements(employees.qualifications) AS each
        WHERE employees.id = told.related_id
          AND starts_with(told.dedupe_key, 'qualification:' || employees.id || ':'
              || lower(btrim(each ->> 'name')) || ':' || (each ->> 'expires_on') || ':')
          AND NOT EXISTS (
              SELECT FROM jsonb_array_elements(employees.qualifications) AS other
              WHERE lower(btrim(other ->> 'name')) = lower(btrim(each ->> 'name'))
                AND COALESCE(other ->> 'expires_on', 'infinity') > each ->> 'expires_on'))
"""

#: Whether the notification `told` is still so; `active` are the statuses of an assignment that somebody works. All that
#: is not named here is news, and stays so.
STANDS: Final = f"""
    CASE told.type
        WHEN 'shift_ahead' THEN EXISTS (
            {_OWN_AHEAD} AND held.status = ANY(:active) AND {SHIFT_AHEAD_KEY} = told.dedupe_key)
        WHEN 'answer_due' THEN EXISTS (
            {_OWN_AHEAD} AND held.status = 'pending' AND held.confirm_by > now() AND {ANSWER_DUE_KEY} = told.dedupe_key)
        WHEN 'shift_offered' THEN EXISTS (
            SELECT FROM shifts AS meant
            JOIN schedules ON schedules.site_id = meant.site_id AND schedules.status = 'published'
            JOIN shifts ON shifts.schedule_id = schedules.id AND shifts.lineage_id = meant.lineage_id
            WHERE meant.id = told.related_id AND shifts.starts_at > now()
              AND shifts.required_staff > (SELECT count(*) FROM schedule_assignments AS held
                                           WHERE held.shift_id = shifts.id AND held.status = ANY(:active))
              AND NOT EXISTS (SELECT FROM schedule_assignments AS own
                              WHERE own.shift_id = shifts.id AND own.employee_id = told.recipient_id
                                AND own.status = ANY(:active))
              AND NOT EXISTS (SELECT FROM claims AS own
                              WHERE own.shift_id = shifts.id AND own.employee_id = told.recipient_id
                                AND own.status = 'waiting'))
        WHEN 'swap_asked' THEN EXISTS (
            SELECT FROM swap_requests AS asked
            JOIN swap_invitees AS own ON own.request_id = asked.id AND own.employee_id = told.recipient_id
            WHERE asked.id = told.related_id AND asked.status = 'open' AND own.answer = 'none')
        WHEN 'swap_waiting' THEN EXISTS (
            SELECT FROM swap_requests AS asked WHERE asked.id = told.related_id AND asked.status = 'accepted')
        WHEN 'claim_waiting' THEN EXISTS (
            SELECT FROM claims WHERE claims.id = told.related_id AND claims.status = 'waiting')
        WHEN 'time_off_requested' THEN EXISTS (
            SELECT FROM time_off_requests AS asked WHERE asked.id = told.related_id AND asked.status = 'waiting')
        WHEN 'schedule_submitted' THEN EXISTS (
            SELECT FROM schedules WHERE schedules.id = told.related_id AND schedules.status = 'pending')
        WHEN 'qualification_ends' THEN {_ENDS}
        WHEN 'their_qualification_ends' THEN {_ENDS}
        ELSE true
    END
"""  # noqa: S608 - constants
