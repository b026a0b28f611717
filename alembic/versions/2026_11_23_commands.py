"""Commands in the audit log: which entries are one step, which step it takes back, and the rows the step changed.

The rows are collected while a transaction writes, in a setting that ends with it, and the next entry takes them. So
every verb that writes an entry can be undone, and the chain of hashes covers what undoing reads.
"""

from alembic import op

revision: str = "commands"
down_revision: str | None = "live_news"
branch_labels: None = None
depends_on: None = None

# Entries made before commands were numbered have none, and keep the hash they were given.
COLUMNS = """
ALTER TABLE audit_entries
    ADD COLUMN command_id uuid,
    ADD COLUMN undoes uuid,
    ADD COLUMN redoes uuid,
    ADD COLUMN changes jsonb;
ALTER TABLE audit_entries ALTER COLUMN command_id SET DEFAULT gen_random_uuid();
ALTER TABLE audit_entries ADD CONSTRAINT ck_audit_entries_takes_back CHECK (undoes IS NULL OR redoes IS NULL);
DROP INDEX ix_audit_entries_actor_id;
CREATE INDEX ix_audit_entries_actor_id_site_id_id ON audit_entries (actor_id, site_id, id);
CREATE INDEX ix_audit_entries_command_id ON audit_entries (command_id);
CREATE INDEX ix_audit_entries_takes_back ON audit_entries (coalesce(undoes, redoes))
    WHERE coalesce(undoes, redoes) IS NOT NULL;
"""

# [table, before, after] for each row. Not kept: what a step of the workflow does, which is seen by the schedule having
# been written in the same transaction, and what people answer. Neither is an edit.
KEEP = """
CREATE FUNCTION keep_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    collected CONSTANT text := nullif(current_setting('schedule_app.changes', true), '');
    changes text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT string_agg(jsonb_build_array(TG_TABLE_NAME, NULL, to_jsonb(n))::text, ',') INTO changes
        FROM new_rows AS n JOIN schedules ON schedules.id = n.schedule_id
        WHERE schedules.xmin <> pg_current_xact_id()::xid;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT string_agg(jsonb_build_array(TG_TABLE_NAME, to_jsonb(o), NULL)::text, ',') INTO changes
        FROM old_rows AS o JOIN schedules ON schedules.id = o.schedule_id
        WHERE schedules.xmin <> pg_current_xact_id()::xid;
    ELSE
        SELECT string_agg(jsonb_build_array(TG_TABLE_NAME, to_jsonb(o), to_jsonb(n))::text, ',') INTO changes
        FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id JOIN schedules ON schedules.id = n.schedule_id
        WHERE n IS DISTINCT FROM o AND schedules.xmin <> pg_current_xact_id()::xid
          AND to_jsonb(n) ->> 'responded_at' IS NOT DISTINCT FROM to_jsonb(o) ->> 'responded_at';
    END IF;
    IF changes IS NOT NULL THEN
        PERFORM set_config('schedule_app.changes', concat_ws(',', collected, changes), true);
    END IF;
    RETURN NULL;
END $$;
"""

KEPT = ("shifts", "schedule_assignments", "rule_violations")

TRANSITIONS: dict[str, str] = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}

# Who did something that can be undone has a new last step, on every screen of theirs.
CHAIN = """
CREATE OR REPLACE FUNCTION audit_entry_hash(entry audit_entries) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(
        coalesce(entry.previous_hash, ''::bytea)
        || convert_to(
            (
                jsonb_build_array(
                    entry.id, extract(epoch FROM entry.at), entry.actor_id, entry.action, entry.entity_type,
                    entry.entity_id, entry.site_id, entry.before, entry.after, entry.reason
                )
                || CASE
                    WHEN entry.command_id IS NULL THEN '[]'
                    ELSE jsonb_build_array(entry.command_id, entry.undoes, entry.redoes, entry.changes)
                END
            )::text,
            'UTF8'
        )
    )
$$;
CREATE OR REPLACE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    collected CONSTANT text := nullif(current_setting('schedule_app.changes', true), '');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_entries', coalesce(NEW.site_id, 0)));
    NEW.id := nextval(pg_get_serial_sequence('audit_entries', 'id'));
    NEW.at := clock_timestamp();
    NEW.command_id := coalesce(NEW.command_id, gen_random_uuid());
    NEW.changes := ('[' || collected || ']')::jsonb;
    IF collected IS NOT NULL THEN
        PERFORM set_config('schedule_app.changes', '', true);
        PERFORM live_send(ARRAY['undo:' || NEW.actor_id]);
    END IF;
    NEW.previous_hash := (
        SELECT hash FROM audit_entries
        WHERE coalesce(site_id, 0) = coalesce(NEW.site_id, 0) ORDER BY id DESC LIMIT 1
    );
    NEW.hash := audit_entry_hash(NEW);
    RETURN NEW;
END $$;
"""

UNCHAIN = """
CREATE OR REPLACE FUNCTION audit_entry_hash(entry audit_entries) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(
        coalesce(entry.previous_hash, ''::bytea)
        || convert_to(
            jsonb_build_array(
                entry.id, extract(epoch FROM entry.at), entry.actor_id, entry.action, entry.entity_type,
                entry.entity_id, entry.site_id, entry.before, entry.after, entry.reason
            )::text,
            'UTF8'
        )
    )
$$;
CREATE OR REPLACE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_entries', coalesce(NEW.site_id, 0)));
    NEW.id := nextval(pg_get_serial_sequence('audit_entries', 'id'));
    NEW.at := clock_timestamp();
    NEW.previous_hash := (
        SELECT hash FROM audit_entries
        WHERE coalesce(site_id, 0) = coalesce(NEW.site_id, 0) ORDER BY id DESC LIMIT 1
    );
    NEW.hash := audit_entry_hash(NEW);
    RETURN NEW;
END $$;
"""


def upgrade() -> None:
    _run(COLUMNS)
    _run(KEEP)
    for table in KEPT:
        for event, rows in TRANSITIONS.items():
            _run(
                f"CREATE TRIGGER {table}_keep_{event} AFTER {event} ON {table} REFERENCING {rows}"
                " FOR EACH STATEMENT EXECUTE FUNCTION keep_changes()"
            )
    _run(CHAIN)


def downgrade() -> None:
    # The entries stay, and what they said of commands is gone: their hashes no longer fit.
    _run(UNCHAIN)
    _run("DROP FUNCTION keep_changes() CASCADE")
    _run("DROP INDEX ix_audit_entries_takes_back, ix_audit_entries_command_id, ix_audit_entries_actor_id_site_id_id")
    _run(
        "ALTER TABLE audit_entries DROP COLUMN command_id, DROP COLUMN undoes, DROP COLUMN redoes, DROP COLUMN changes"
    )
    _run("CREATE INDEX ix_audit_entries_actor_id ON audit_entries (actor_id)")


def _run(sql: str) -> None:
    # As it stands: "%" is not a parameter here.
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
