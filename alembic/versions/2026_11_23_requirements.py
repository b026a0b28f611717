"""Requirements of a shift: its qualifications are a list of words, whoever writes them."""

from alembic import op

revision: str = "requirements"
down_revision: str | None = "templates"
branch_labels: None = None
depends_on: None = None

REQUIREMENTS = """
    jsonb_typeof(requirements) = 'object'
    AND jsonb_typeof(coalesce(requirements -> 'qualifications', '[]')) = 'array'
    AND NOT jsonb_path_exists(requirements, '$.qualifications[*] ? (@.type() != "string")')
"""


def upgrade() -> None:
    _check(REQUIREMENTS)


def downgrade() -> None:
    _check("jsonb_typeof(requirements) = 'object'")


def _check(condition: str) -> None:
    op.execute("ALTER TABLE shifts DROP CONSTRAINT ck_shifts_requirements")
    op.execute(f"ALTER TABLE shifts ADD CONSTRAINT ck_shifts_requirements CHECK ({condition})")
