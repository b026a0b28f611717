"""Availability that changes on a date, and exceptions for single dates, beside the week that holds now."""

from alembic import op

revision: str = "availability"
down_revision: str | None = "time_off"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE employees
            ADD COLUMN later_availability jsonb DEFAULT '[]'::jsonb NOT NULL,
            ADD COLUMN availability_exceptions jsonb DEFAULT '{}'::jsonb NOT NULL,
            ADD CONSTRAINT ck_employees_later_availability CHECK (jsonb_typeof(later_availability) = 'array'),
            ADD CONSTRAINT ck_employees_availability_exceptions
                CHECK (jsonb_typeof(availability_exceptions) = 'object')
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE employees DROP COLUMN later_availability, DROP COLUMN availability_exceptions")
