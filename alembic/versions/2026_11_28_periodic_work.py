"""What time brings about: answers that are missed, shifts that became doubtful, and why a job has failed."""

from alembic import op

revision: str = "periodic_work"
down_revision: str | None = "push_subscriptions"
branch_labels: None = None
depends_on: None = None

TABLES = """
ALTER TABLE rule_violations ADD COLUMN arose_at timestamptz;

CREATE TABLE watched_people (
    employee_id bigint NOT NULL,
    seen varchar NOT NULL,
    CONSTRAINT pk_watched_people PRIMARY KEY (employee_id),
    CONSTRAINT fk_watched_people_employee_id FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE
);

CREATE INDEX ix_schedule_assignments_unanswered ON schedule_assignments (confirm_by)
    WHERE status = 'pending' AND in_force;
CREATE INDEX ix_schedule_assignments_ahead ON schedule_assignments (starts_at) WHERE in_force;
CREATE INDEX ix_notification_deliveries_failed_at ON notification_deliveries (failed_at) WHERE status = 'failed';

CREATE TABLE job_failures (
    job_id bigint NOT NULL,
    failed_at timestamptz DEFAULT now() NOT NULL,
    reason varchar NOT NULL,
    CONSTRAINT pk_job_failures PRIMARY KEY (job_id)
);
"""

# Whoever looks after the program hears of what failed, of what was given up, and of what is tried again.
LIVE = """
CREATE FUNCTION live_job_failures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM live_send(ARRAY['operation']);
    RETURN NULL;
END $$;
CREATE TRIGGER job_failures_live AFTER INSERT OR UPDATE OR DELETE ON job_failures
    FOR EACH STATEMENT EXECUTE FUNCTION live_job_failures();

CREATE FUNCTION live_dead_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
               WHERE (n.status = 'failed') <> (o.status = 'failed')) THEN
        PERFORM live_send(ARRAY['operation']);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notification_deliveries_live_dead AFTER UPDATE ON notification_deliveries
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION live_dead_letters();
"""

STATUSES_BEFORE = ("assigned", "pending", "confirmed", "declined", "cancelled", "completed")
STATUSES_AFTER = ("assigned", "pending", "confirmed", "declined", "expired", "cancelled", "completed")

BEFORE = (
    ("assigned", "pending"),
    ("assigned", "cancelled"),
    ("pending", "confirmed"),
    ("pending", "declined"),
    ("pending", "cancelled"),
    ("confirmed", "declined"),
    ("confirmed", "cancelled"),
    ("confirmed", "completed"),
    ("declined", "pending"),
    ("declined", "cancelled"),
    ("assigned", "declined"),
)
AFTER = (*BEFORE, ("pending", "expired"), ("expired", "cancelled"))


def statuses(names: tuple[str, ...]) -> str:
    """The statuses that an assignment may have."""
    return f"""
ALTER TABLE schedule_assignments
    DROP CONSTRAINT ck_schedule_assignments_status,
    ADD CONSTRAINT ck_schedule_assignments_status CHECK (status IN ({", ".join(f"'{name}'" for name in names)}))
"""


def assignments_guard(steps: tuple[tuple[str, str], ...]) -> str:
    """The guard of assignments, which lets these steps pass."""
    listed = ",\n            ".join(f"('{before}', '{after}')" for before, after in steps)
    return f"""
CREATE OR REPLACE FUNCTION guard_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    derived CONSTANT text[] := ARRAY['version', 'updated_at', 'in_force'];
    schedule record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - derived = to_jsonb(OLD) - derived THEN
            RETURN NEW;
        END IF;
        IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
            {listed}
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
"""  # noqa: S608 - constants


# Earlier versions know of no answer that was missed; a shift that was taken away comes nearest.
WITHOUT_EXPIRED = """
ALTER TABLE schedule_assignments DISABLE TRIGGER USER;
UPDATE schedule_assignments SET status = 'cancelled' WHERE status = 'expired';
ALTER TABLE schedule_assignments ENABLE TRIGGER USER;
"""


def upgrade() -> None:
    for sql in (TABLES, LIVE, statuses(STATUSES_AFTER), assignments_guard(AFTER)):
        _run(sql)


def downgrade() -> None:
    for sql in (assignments_guard(BEFORE), WITHOUT_EXPIRED, statuses(STATUSES_BEFORE)):
        _run(sql)
    _run("DROP INDEX ix_schedule_assignments_unanswered, ix_schedule_assignments_ahead")
    _run("DROP TRIGGER notification_deliveries_live_dead ON notification_deliveries")
    _run("DROP INDEX ix_notification_deliveries_failed_at")
    _run("DROP TABLE watched_people, job_failures")
    _run("DROP FUNCTION live_job_failures(), live_dead_letters()")
    _run("ALTER TABLE rule_violations DROP COLUMN arose_at")


def _run(sql: str) -> None:
    # As it stands: neither ":name" nor "%" is a parameter here.
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
