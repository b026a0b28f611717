"""Live news: where one is signed in, and the warnings an assignment was made against."""

from alembic import op

revision: str = "live_news"
down_revision: str | None = "live_topics"
branch_labels: None = None
depends_on: None = None

# Being seen changes a session all the time; only its beginning and end are news, to the person's other browsers too.
SESSIONS = """
CREATE OR REPLACE FUNCTION live_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM live_send(ARRAY(
            SELECT unnest(ARRAY['session:' || id, 'sessions:' || employee_id]) FROM old_rows
        ));
    ELSE
        PERFORM live_send(ARRAY(
            SELECT unnest(ARRAY['session:' || n.id, 'sessions:' || n.employee_id])
            FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE n.revoked_at IS DISTINCT FROM o.revoked_at
        ));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER auth_sessions_live_insert AFTER INSERT ON auth_sessions
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION live_topics('sessions:employee_id');
"""
SESSIONS_BEFORE = """
DROP TRIGGER auth_sessions_live_insert ON auth_sessions;
CREATE OR REPLACE FUNCTION live_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
TRANSITIONS: dict[str, str] = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def upgrade() -> None:
    _run(SESSIONS)
    for event, rows in TRANSITIONS.items():
        _run(
            f"CREATE TRIGGER rule_violations_live_{event} AFTER {event} ON rule_violations REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION live_topics('schedule:schedule_id')"
        )


def downgrade() -> None:
    for event in TRANSITIONS:
        _run(f"DROP TRIGGER rule_violations_live_{event} ON rule_violations")
    _run(SESSIONS_BEFORE)


def _run(sql: str) -> None:
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
