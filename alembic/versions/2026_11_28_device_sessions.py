"""A device shows a person's messages for as long as its browser's session is theirs, and no longer."""

from alembic import op

revision: str = "device_sessions"
down_revision: str | None = "deliveries"
branch_labels: None = None
depends_on: None = None

# A device that was switched on before is taken to be where its person signed in last.
UP = """
ALTER TABLE push_subscriptions ADD COLUMN session_id bigint;
UPDATE push_subscriptions AS held SET session_id = (
    SELECT max(id) FROM auth_sessions WHERE auth_sessions.employee_id = held.employee_id AND revoked_at IS NULL);
DELETE FROM push_subscriptions WHERE session_id IS NULL;
ALTER TABLE push_subscriptions
    ALTER COLUMN session_id SET NOT NULL,
    ADD CONSTRAINT fk_push_subscriptions_session_id
        FOREIGN KEY (session_id) REFERENCES auth_sessions (id) ON DELETE CASCADE;
CREATE INDEX ix_push_subscriptions_session_id ON push_subscriptions (session_id);

CREATE FUNCTION forget_devices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM push_subscriptions WHERE session_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER auth_sessions_forget_devices AFTER UPDATE OF revoked_at ON auth_sessions
    FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION forget_devices();
"""

DOWN = """
DROP TRIGGER auth_sessions_forget_devices ON auth_sessions;
DROP FUNCTION forget_devices();
ALTER TABLE push_subscriptions DROP COLUMN session_id;
"""


def upgrade() -> None:
    _run(UP)


def downgrade() -> None:
    _run(DOWN)


def _run(sql: str) -> None:
    # As it stands: neither ":name" nor "%" is a parameter here.
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
