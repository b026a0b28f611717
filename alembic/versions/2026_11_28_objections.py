"""What people say against a shift they were given, beside it."""

from alembic import op

revision: str = "objections"
down_revision: str | None = "calendar_feeds"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql("""
        ALTER TABLE schedule_assignments
            ADD COLUMN objection varchar,
            ADD COLUMN objected_at timestamptz,
            ADD CONSTRAINT ck_schedule_assignments_objection CHECK (char_length(objection) BETWEEN 3 AND 500),
            ADD CONSTRAINT ck_schedule_assignments_objected_at CHECK ((objection IS NULL) = (objected_at IS NULL))
    """)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("ALTER TABLE schedule_assignments DROP COLUMN objected_at, DROP COLUMN objection")
