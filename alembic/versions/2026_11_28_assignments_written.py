"""One trigger for each writing of assignments: whom it concerns, and what undo may need.

Of all tables this one is written most, and three triggers that each looked at the same rows cost as much as the rest
of a booking.
"""

from alembic import op

revision: str = "assignments_written"
down_revision: str | None = "run_reasons"
branch_labels: None = None
depends_on: None = None

# It tells the week, the person, and whoever else is on the shift where that is on pages already, which name colleagues.
# It keeps [table, before, after] of each row; not what a step of the workflow does, which is seen by the schedule being
# written in the same transaction, nor what people answer. Neither is an edit.
WRITTEN = """
CREATE FUNCTION assignments_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    active CONSTANT text[] := '{assigned,pending,confirmed,completed}';
    topics text[];
    on_pages bigint[];
    changes text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT
            array_agg('employee:' || n.employee_id) || array_agg('week:' || week.site_id || ':' || week.week_start),
            array_agg(n.shift_id) FILTER (WHERE n.in_force),
            string_agg(jsonb_build_array(TG_TABLE_NAME, NULL, to_jsonb(n))::text, ',')
                FILTER (WHERE week.xmin <> pg_current_xact_id()::xid)
        INTO topics, on_pages, changes
        FROM new_rows AS n LEFT JOIN schedules AS week ON week.id = n.schedule_id;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT
            array_agg('employee:' || o.employee_id) || array_agg('week:' || week.site_id || ':' || week.week_start),
            array_agg(o.shift_id) FILTER (WHERE o.in_force),
            string_agg(jsonb_build_array(TG_TABLE_NAME, to_jsonb(o), NULL)::text, ',')
                FILTER (WHERE week.xmin <> pg_current_xact_id()::xid)
        INTO topics, on_pages, changes
        FROM old_rows AS o LEFT JOIN schedules AS week ON week.id = o.schedule_id;
    ELSE
        SELECT
            array_agg('employee:' || n.employee_id) || array_agg('employee:' || o.employee_id)
                || array_agg('week:' || week.site_id || ':' || week.week_start),
            array_agg(n.shift_id) FILTER (WHERE to_colleagues) || array_agg(o.shift_id) FILTER (WHERE to_colleagues),
            string_agg(jsonb_build_array(TG_TABLE_NAME, to_jsonb(o), to_jsonb(n))::text, ',')
                FILTER (WHERE week.id = n.schedule_id AND week.xmin <> pg_current_xact_id()::xid
                        AND n.responded_at IS NOT DISTINCT FROM o.responded_at)
        INTO topics, on_pages, changes
        FROM new_rows AS n
        JOIN old_rows AS o ON o.id = n.id
        LEFT JOIN schedules AS week ON week.id IN (n.schedule_id, o.schedule_id)
        CROSS JOIN LATERAL (
            SELECT (n.in_force OR o.in_force)
                AND (n.shift_id, n.employee_id, n.in_force, n.status = ANY(active))
                    IS DISTINCT FROM (o.shift_id, o.employee_id, o.in_force, o.status = ANY(active))
        ) AS pages (to_colleagues)
        WHERE n IS DISTINCT FROM o;
    END IF;
    IF on_pages IS NOT NULL THEN
        topics := topics || ARRAY(
            SELECT 'employee:' || employee_id FROM schedule_assignments
            WHERE shift_id = ANY(on_pages) AND status = ANY(active)
        );
    END IF;
    IF topics IS NOT NULL THEN
        PERFORM live_send(topics);
    END IF;
    IF changes IS NOT NULL THEN
        PERFORM set_config(
            'schedule_app.changes',
            concat_ws(',', nullif(current_setting('schedule_app.changes', true), ''), changes),
            true
        );
    END IF;
    RETURN NULL;
END $$;
"""

TRANSITIONS: dict[str, str] = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}

# What it replaces, by the middle of the triggers' names.
SEPARATE: dict[str, str] = {
    "live": "live_topics('schedule:schedule_id', 'employee:employee_id')",
    "live_colleagues": "live_colleagues()",
    "keep": "keep_changes()",
}

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


def upgrade() -> None:
    for event in TRANSITIONS:
        for name in SEPARATE:
            _run(f"DROP TRIGGER schedule_assignments_{name}_{event} ON schedule_assignments")
    _run("DROP FUNCTION live_colleagues()")
    _run(WRITTEN)
    for event, rows in TRANSITIONS.items():
        _watch(f"schedule_assignments_written_{event}", event, rows, "assignments_written()")


def downgrade() -> None:
    _run("DROP FUNCTION assignments_written() CASCADE")
    _run(COLLEAGUES)
    for event, rows in TRANSITIONS.items():
        for name, function in SEPARATE.items():
            _watch(f"schedule_assignments_{name}_{event}", event, rows, function)


def _watch(name: str, event: str, rows: str, function: str) -> None:
    _run(
        f"CREATE TRIGGER {name} AFTER {event} ON schedule_assignments REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}"
    )


def _run(sql: str) -> None:
    # As it stands: "%" is not a parameter here.
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
