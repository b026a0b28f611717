"""Weights of a site: what breaking a rule that only warns weighs, where it differs from the defaults."""

from alembic import op

revision: str = "weights"
down_revision: str | None = "solve_runs"
branch_labels: None = None
depends_on: None = None

WEIGHTS = """
    jsonb_typeof(weights) = 'object'
    AND NOT jsonb_path_exists(weights, '$.* ? (@.type() != "number")')
    AND NOT jsonb_path_exists(weights, '$.* ? (@ < 0 || @ > 100)')
"""


def upgrade() -> None:
    op.execute("ALTER TABLE sites ADD COLUMN weights jsonb NOT NULL DEFAULT '{}'")
    op.execute(f"ALTER TABLE sites ADD CONSTRAINT ck_sites_weights CHECK ({WEIGHTS})")


def downgrade() -> None:
    op.execute("ALTER TABLE sites DROP COLUMN weights")
