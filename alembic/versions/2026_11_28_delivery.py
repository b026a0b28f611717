"""The queue of jobs, and how notifications go out by other channels than the inbox.

The queue's schema is that of the library procrastinate, made by the files which it ships for that and never changes.
"""

from importlib.resources import files

from alembic import op

revision: str = "delivery"
down_revision: str | None = "swap_requests"
branch_labels: None = None
depends_on: None = None

LAST_FILE = "03.04.00_50_post_add_retry_failed_job_procedure.sql"

UPGRADE = """
CREATE TABLE notification_outbox (
    notification_id bigint NOT NULL,
    CONSTRAINT pk_notification_outbox PRIMARY KEY (notification_id),
    CONSTRAINT fk_notification_outbox_notification_id FOREIGN KEY (notification_id) REFERENCES notifications (id)
        ON DELETE CASCADE
);

ALTER TABLE notifications
    ADD COLUMN dedupe_key varchar,
    ADD CONSTRAINT uq_notifications_dedupe_key UNIQUE (recipient_id, dedupe_key);

ALTER TABLE notification_deliveries
    ADD COLUMN due_at timestamptz DEFAULT now() NOT NULL,
    ADD COLUMN batch uuid;
CREATE INDEX ix_notification_deliveries_due_at ON notification_deliveries (due_at) WHERE status = 'created';
"""

DOWNGRADE = """
ALTER TABLE notification_deliveries DROP COLUMN due_at, DROP COLUMN batch;
ALTER TABLE notifications DROP COLUMN dedupe_key;
DROP TABLE notification_outbox;

DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE;
DO $$
DECLARE
    made text;
BEGIN
    FOR made IN SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'procrastinate_')
    LOOP
        EXECUTE 'DROP FUNCTION ' || made;
    END LOOP;
END;
$$;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
"""


def upgrade() -> None:
    connection = op.get_bind()
    shipped = sorted((files("procrastinate") / "sql" / "migrations").iterdir(), key=lambda file: file.name)
    for file in shipped:
        if file.name.endswith(".sql") and file.name <= LAST_FILE:
            connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))
    connection.exec_driver_sql(UPGRADE)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWNGRADE)
