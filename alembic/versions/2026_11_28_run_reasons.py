"""A run keeps the account of its plan, and the message of one that failed can be closed."""

from alembic import op

revision: str = "run_reasons"
down_revision: str | None = "weights"
branch_labels: None = None
depends_on: None = None

STEPS = """
        'queued>running', 'queued>discarded', 'queued>failed',
        'running>proposed', 'running>discarded', 'running>failed',
        'proposed>kept', 'proposed>discarded'"""

GUARD = """
CREATE OR REPLACE FUNCTION guard_solve_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> NEW.status AND NOT (OLD.status || '>' || NEW.status) = ANY(ARRAY[STEPS])
    THEN
        RAISE EXCEPTION 'This search has moved on in the meantime. Please look at it again.' USING ERRCODE = 'SA001';
    END IF;
    IF (OLD.schedule_id, OLD.problem_hash) IS DISTINCT FROM (NEW.schedule_id, NEW.problem_hash) THEN
        RAISE EXCEPTION 'What a search was asked is not changed later.' USING ERRCODE = 'SA001';
    END IF;
    RETURN NEW;
END $$;
"""


def upgrade() -> None:
    op.execute("ALTER TABLE solve_runs ADD COLUMN reasons jsonb")
    op.execute("ALTER TABLE solve_runs ADD CONSTRAINT ck_solve_runs_reasons CHECK (jsonb_typeof(reasons) = 'object')")
    _guard(f"{STEPS}, 'failed>discarded'")


def downgrade() -> None:
    _guard(STEPS)
    op.execute("ALTER TABLE solve_runs DROP COLUMN reasons")


def _guard(steps: str) -> None:
    # As it stands: "%" is not a parameter here.
    op.get_bind().exec_driver_sql(GUARD.replace("STEPS", steps), execution_options={"no_parameters": True})
