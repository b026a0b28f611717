"""Guards: versions that count up, status machines, frozen schedules and the audit log's chain.

SQLSTATE SA001 is an illegal step of a status machine, SA002 a change to a frozen schedule, SA003 a change to the log.
"""

from alembic import op

revision: str = "guards"
down_revision: str | None = "first_schema"
branch_labels: None = None
depends_on: None = None

# Columns the database derives do not make a row a newer version of itself.
TOUCH = """
CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    derived CONSTANT text[] := ARRAY['version', 'updated_at', 'in_force'];
BEGIN
    IF to_jsonb(NEW) - derived IS DISTINCT FROM to_jsonb(OLD) - derived THEN
        NEW.version := OLD.version + 1;
        NEW.updated_at := now();
    ELSE
        NEW.version := OLD.version;
        NEW.updated_at := OLD.updated_at;
    END IF;
    RETURN NEW;
END $$;
"""

EDITABLE = ("sites", "departments", "employees", "schedules", "shifts", "schedule_assignments", "rules")

SCHEDULES = """
CREATE FUNCTION guard_schedule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status IN ('published', 'archived') THEN
            RAISE EXCEPTION 'A schedule that is or was published cannot be deleted.' USING ERRCODE = 'SA002';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'pending'),
        ('pending', 'approved'),
        ('pending', 'draft'),
        ('approved', 'draft'),
        ('approved', 'published'),
        ('published', 'archived')
    ) THEN
        RAISE EXCEPTION 'A schedule that is % cannot become %.', OLD.status, NEW.status USING ERRCODE = 'SA001';
    END IF;
    IF OLD.status IN ('published', 'archived')
        AND (OLD.site_id, OLD.week_start, OLD.week_end, OLD.version_number, OLD.parent_id)
        IS DISTINCT FROM (NEW.site_id, NEW.week_start, NEW.week_end, NEW.version_number, NEW.parent_id)
    THEN
        RAISE EXCEPTION 'The week of a schedule that is or was published cannot change.' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER schedules_guard BEFORE UPDATE OR DELETE ON schedules
    FOR EACH ROW EXECUTE FUNCTION guard_schedule();
"""

# FOR KEY SHARE waits for a publication under way (it changes in_force, which is part of a key) and then sees it,
# while writers of the same draft do not wait for each other. A deleted draft's shifts find no schedule any more.
SHIFTS = """
CREATE FUNCTION guard_shift() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    schedule record;
BEGIN
    FOR schedule IN
        SELECT id, status, week_start, week_end FROM schedules
        WHERE id IN (OLD.schedule_id, NEW.schedule_id) ORDER BY id FOR KEY SHARE
    LOOP
        IF schedule.status IN ('published', 'archived') THEN
            RAISE EXCEPTION 'The shifts of a schedule that is % cannot change; make a new version of the week.',
                schedule.status USING ERRCODE = 'SA002';
        END IF;
        IF schedule.id = NEW.schedule_id AND NEW.local_date NOT BETWEEN schedule.week_start AND schedule.week_end THEN
            RAISE EXCEPTION 'The shift starts on %, outside its week.', NEW.local_date
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_shifts_in_week';
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER shifts_guard BEFORE INSERT OR UPDATE OR DELETE ON shifts
    FOR EACH ROW EXECUTE FUNCTION guard_shift();
"""

ASSIGNMENTS = """
CREATE FUNCTION guard_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    derived CONSTANT text[] := ARRAY['version', 'updated_at', 'in_force'];
    schedule record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - derived = to_jsonb(OLD) - derived THEN
            RETURN NEW;
        END IF;
        IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
            ('assigned', 'pending'),
            ('assigned', 'cancelled'),
            ('pending', 'confirmed'),
            ('pending', 'declined'),
            ('pending', 'cancelled'),
            ('confirmed', 'declined'),
            ('confirmed', 'cancelled'),
            ('confirmed', 'completed'),
            ('declined', 'pending'),
            ('declined', 'cancelled')
        ) THEN
            RAISE EXCEPTION 'An assignment that is % cannot become %.', OLD.status, NEW.status
                USING ERRCODE = 'SA001';
        END IF;
    END IF;
    FOR schedule IN
        SELECT status FROM schedules WHERE id IN (OLD.schedule_id, NEW.schedule_id) ORDER BY id FOR KEY SHARE
    LOOP
        IF schedule.status = 'archived' THEN
            RAISE EXCEPTION 'The assignments of an archived schedule cannot change.' USING ERRCODE = 'SA002';
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER schedule_assignments_guard BEFORE INSERT OR UPDATE OR DELETE ON schedule_assignments
    FOR EACH ROW EXECUTE FUNCTION guard_assignment();
"""

# The number is drawn after the lock: entries of a site are numbered in the order in which they are chained.
AUDIT = """
CREATE FUNCTION audit_entry_hash(entry audit_entries) RETURNS bytea LANGUAGE sql STABLE AS $$
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
CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER audit_entries_chain BEFORE INSERT ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is only ever added to.' USING ERRCODE = 'SA003';
END $$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
"""


def upgrade() -> None:
    _run(TOUCH)
    for table in EDITABLE:
        _run(f"CREATE TRIGGER {table}_touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION touch_row()")
    for guard in (SCHEDULES, SHIFTS, ASSIGNMENTS, AUDIT):
        _run(guard)


def downgrade() -> None:
    _run(
        "DROP FUNCTION refuse_audit_change(), chain_audit_entry(), guard_assignment(), guard_shift(),"
        " guard_schedule(), touch_row() CASCADE"
    )
    _run("DROP FUNCTION audit_entry_hash(audit_entries)")


def _run(sql: str) -> None:
    # As it stands: "%" is not a parameter here.
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
