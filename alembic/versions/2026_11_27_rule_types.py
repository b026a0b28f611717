"""Rule types: fairness, coverage and cost."""

from alembic import op

revision: str = "rule_types"
down_revision: str | None = "requirements"
branch_labels: None = None
depends_on: None = None

BEFORE = (
    "availability",
    "workload",
    "qualification",
    "preference",
    "restriction",
    "overtime",
    "consecutive_days",
    "rest_period",
)
ADDED = ("fairness", "coverage", "cost")


def upgrade() -> None:
    _check((*BEFORE, *ADDED))


def downgrade() -> None:
    """Rules of the added types are removed: nothing below could read them."""
    op.execute("DELETE FROM rules WHERE rule_type IN ('fairness', 'coverage', 'cost')")
    _check(BEFORE)


def _check(types: tuple[str, ...]) -> None:
    op.execute("ALTER TABLE rules DROP CONSTRAINT ck_rules_type")
    op.execute(f"ALTER TABLE rules ADD CONSTRAINT ck_rules_type CHECK (rule_type IN ({_listed(types)}))")


def _listed(types: tuple[str, ...]) -> str:
    return ", ".join(f"'{each}'" for each in types)
