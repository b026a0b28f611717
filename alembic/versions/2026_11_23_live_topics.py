"""Live topics: whoever writes, the transaction tells what changed.

One message per statement on channel "schedule_app", split where it would outgrow PostgreSQL's 8000 bytes:
{"rev": "<transaction>", "topics": ["week:1:2026-11-23", "site:1", "employee:5"]}.
"""

from alembic import op

revision: str = "live_topics"
down_revision: str | None = "guards"
branch_labels: None = None
depends_on: None = None

# A topic is at most 40 bytes long in JSON, so 190 of them stay under 8000 bytes.
SEND = """
CREATE FUNCTION live_send(topics text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    per_message CONSTANT integer := 190;
    wanted CONSTANT text[] := ARRAY(
        SELECT DISTINCT topic FROM unnest(topics) AS topic WHERE topic IS NOT NULL ORDER BY topic
    );
BEGIN
    FOR start IN 1 .. cardinality(wanted) BY per_message LOOP
        PERFORM pg_notify('schedule_app', json_build_object(
            'rev', pg_current_xact_id()::text,
            'topics', to_json(wanted[start : start + per_message - 1])
        )::text);
    END LOOP;
END $$;
"""

# Its arguments say which columns make which topic, as in 'employee:employee_id'; for 'schedule:…' the topic is that
# schedule's week. An update counts where something changed, for the old values and the new.
TOPICS = """
CREATE FUNCTION live_topics() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := ARRAY(SELECT to_jsonb(n) FROM new_rows AS n);
    ELSIF TG_OP = 'DELETE' THEN
        changed := ARRAY(SELECT to_jsonb(o) FROM old_rows AS o);
    ELSE
        changed := ARRAY(
            SELECT unnest(ARRAY[to_jsonb(n), to_jsonb(o)])
            FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE n IS DISTINCT FROM o
        );
    END IF;
    PERFORM live_send(ARRAY(
        SELECT CASE
            WHEN named.topic = 'schedule' THEN (
                SELECT format('week:%s:%s', schedule.site_id, schedule.week_start)
                FROM schedules AS schedule WHERE schedule.id = named.value::bigint
            )
            ELSE named.topic || ':' || named.value
        END
        FROM (
            SELECT DISTINCT
                split_part(source, ':', 1) AS topic,
                concat_ws(':', changed_row ->> split_part(source, ':', 2), changed_row ->> split_part(source, ':', 3))
                    AS value
            FROM unnest(changed) AS changed_row, unnest(TG_ARGV) AS source
        ) AS named
    ));
    RETURN NULL;
END $$;
"""

SOURCES: dict[str, tuple[str, ...]] = {
    "sites": ("site:id",),
    "departments": ("site:site_id",),
    "employees": ("site:site_id", "employee:id"),
    "rules": ("site:site_id",),
    "schedules": ("site:site_id", "week:site_id:week_start"),
    "shifts": ("schedule:schedule_id",),
    "schedule_assignments": ("schedule:schedule_id", "employee:employee_id"),
    "notifications": ("inbox:recipient_id",),
}

TRANSITIONS: dict[str, str] = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}

# Whoever is on a shift hears of a change to it. New shifts have nobody yet; removed ones take their assignments along.
SHIFT_PEOPLE = """
CREATE FUNCTION live_shift_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM live_send(ARRAY(
        SELECT 'employee:' || assignment.employee_id
        FROM new_rows AS n
        JOIN old_rows AS o ON o.id = n.id
        JOIN schedule_assignments AS assignment ON assignment.shift_id = n.id
        WHERE n IS DISTINCT FROM o
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER shifts_live_people AFTER UPDATE ON shifts
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION live_shift_people();
"""

# A person's own page names who else is on their shifts; drafts are on no such page.
COLLEAGUES = """
CREATE FUNCTION live_colleagues() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    active CONSTANT text[] := '{assigned,pending,confirmed,completed}';
    changed bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := ARRAY(SELECT DISTINCT shift_id FROM new_rows WHERE in_force);
    ELSIF TG_OP = 'DELETE' THEN
        changed := ARRAY(SELECT DISTINCT shift_id FROM old_rows WHERE in_force);
    ELSE
        changed := ARRAY(
            SELECT DISTINCT unnest(ARRAY[o.shift_id, n.shift_id])
            FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE (n.in_force OR o.in_force)
              AND (n.shift_id, n.employee_id, n.in_force, n.status = ANY(active))
                  IS DISTINCT FROM (o.shift_id, o.employee_id, o.in_force, o.status = ANY(active))
        );
    END IF;
    IF cardinality(changed) > 0 THEN
        PERFORM live_send(ARRAY(
            SELECT 'employee:' || employee_id FROM schedule_assignments
            WHERE shift_id = ANY(changed) AND status = ANY(active)
        ));
    END IF;
    RETURN NULL;
END $$;
"""

# Being seen changes a session all the time; only its end is news.
SESSIONS = """
CREATE FUNCTION live_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM live_send(ARRAY(SELECT 'session:' || id FROM old_rows));
    ELSE
        PERFORM live_send(ARRAY(
            SELECT 'session:' || n.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE n.revoked_at IS DISTINCT FROM o.revoked_at
        ));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER auth_sessions_live_update AFTER UPDATE ON auth_sessions
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION live_sessions();
CREATE TRIGGER auth_sessions_live_delete AFTER DELETE ON auth_sessions
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION live_sessions();
"""


def upgrade() -> None:
    _run(SEND)
    _run(TOPICS)
    for table, sources in SOURCES.items():
        arguments = ", ".join(f"'{source}'" for source in sources)
        for event, rows in TRANSITIONS.items():
            _run(
                f"CREATE TRIGGER {table}_live_{event} AFTER {event} ON {table} REFERENCING {rows}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION live_topics({arguments})"
            )
    _run(SHIFT_PEOPLE)
    _run(COLLEAGUES)
    for event, rows in TRANSITIONS.items():
        _run(
            f"CREATE TRIGGER schedule_assignments_live_colleagues_{event} AFTER {event} ON schedule_assignments"
            f" REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION live_colleagues()"
        )
    _run(SESSIONS)


def downgrade() -> None:
    _run("DROP FUNCTION live_sessions(), live_colleagues(), live_shift_people(), live_topics() CASCADE")
    _run("DROP FUNCTION live_send(text[])")


def _run(sql: str) -> None:
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
