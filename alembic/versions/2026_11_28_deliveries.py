"""What is not sent though nobody has made a mistake, whom a message is for, and which worker can send it."""

from alembic import op

revision: str = "deliveries"
down_revision: str | None = "periodic_work"
branch_labels: None = None
depends_on: None = None

# Whose it is stands beside each line that goes out, so that what waits for somebody is found however full their inbox.
TABLES = """
ALTER TABLE notification_deliveries
    ADD COLUMN recipient_id bigint,
    DROP CONSTRAINT ck_notification_deliveries_status,
    DROP CONSTRAINT ck_notification_deliveries_failed;
UPDATE notification_deliveries AS line SET recipient_id = told.recipient_id
FROM notifications AS told WHERE told.id = line.notification_id AND line.channel <> 'in_app';
ALTER TABLE notification_deliveries
    ADD CONSTRAINT ck_notification_deliveries_recipient CHECK (channel = 'in_app' OR recipient_id IS NOT NULL),
    ADD CONSTRAINT ck_notification_deliveries_status
        CHECK (status IN ('created', 'sent', 'seen', 'failed', 'dropped')),
    ADD CONSTRAINT ck_notification_deliveries_failed
        CHECK (status NOT IN ('failed', 'dropped') OR failed_at IS NOT NULL AND failure_reason IS NOT NULL);
CREATE INDEX ix_notification_deliveries_waiting ON notification_deliveries (recipient_id, channel)
    WHERE status = 'created';
CREATE INDEX ix_notification_deliveries_sent_at ON notification_deliveries (sent_at, channel)
    WHERE status = 'sent' AND channel <> 'in_app';

ALTER TABLE watched_people
    ADD COLUMN seen_at timestamptz DEFAULT now() NOT NULL,
    ADD COLUMN problem varchar;

CREATE TABLE worker_channels (
    worker uuid NOT NULL,
    channel varchar NOT NULL,
    heard_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_worker_channels PRIMARY KEY (worker, channel),
    CONSTRAINT ck_worker_channels_channel CHECK (channel IN ('in_app', 'email', 'push', 'sms'))
);
"""

TRIGGER = """
CREATE FUNCTION address_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recipient_id := (SELECT recipient_id FROM notifications WHERE id = NEW.notification_id);
    RETURN NEW;
END $$;
CREATE TRIGGER notification_deliveries_address BEFORE INSERT ON notification_deliveries
    FOR EACH ROW WHEN (NEW.channel <> 'in_app') EXECUTE FUNCTION address_delivery();
"""

BEFORE = """
DROP TABLE worker_channels;
ALTER TABLE watched_people DROP COLUMN seen_at, DROP COLUMN problem;
DROP TRIGGER notification_deliveries_address ON notification_deliveries;
DROP FUNCTION address_delivery();
DROP INDEX ix_notification_deliveries_waiting, ix_notification_deliveries_sent_at;
UPDATE notification_deliveries SET status = 'failed' WHERE status = 'dropped';
ALTER TABLE notification_deliveries
    DROP COLUMN recipient_id,
    DROP CONSTRAINT ck_notification_deliveries_status,
    DROP CONSTRAINT ck_notification_deliveries_failed;
ALTER TABLE notification_deliveries
    ADD CONSTRAINT ck_notification_deliveries_status CHECK (status IN ('created', 'sent', 'seen', 'failed')),
    ADD CONSTRAINT ck_notification_deliveries_failed
        CHECK (status <> 'failed' OR failed_at IS NOT NULL AND failure_reason IS NOT NULL);
"""


def upgrade() -> None:
    _run(TABLES)
    _run(TRIGGER)


def downgrade() -> None:
    _run(BEFORE)


def _run(sql: str) -> None:
    # As it stands: neither ":name" nor "%" is a parameter here.
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
