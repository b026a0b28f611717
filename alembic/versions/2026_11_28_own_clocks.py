"""Everybody may have their own clock, with 24 hours or 12, where their site's is another."""

from alembic import op

revision: str = "own_clocks"
down_revision: str | None = "device_sessions"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.execute("ALTER TABLE notification_preferences ADD COLUMN clock_24h boolean")


def downgrade() -> None:
    op.execute("ALTER TABLE notification_preferences DROP COLUMN clock_24h")
