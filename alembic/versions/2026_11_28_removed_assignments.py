"""What is removed of a published week leaves a trace: calendar programs are told, whatever removed it.

An undo removes, and so does whoever is put back on a shift: their former answer makes way.
"""

from alembic import op

revision: str = "removed_assignments"
down_revision: str | None = "own_clocks"
branch_labels: None = None
depends_on: None = None

TABLE = """
CREATE TABLE removed_assignments (
    employee_id bigint NOT NULL,
    shift_id bigint NOT NULL,
    versions integer NOT NULL,
    removed_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_removed_assignments PRIMARY KEY (employee_id, shift_id),
    CONSTRAINT fk_removed_assignments_employee_id FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE,
    CONSTRAINT fk_removed_assignments_shift_id FOREIGN KEY (shift_id) REFERENCES shifts (id) ON DELETE CASCADE
);
CREATE INDEX ix_removed_assignments_shift_id ON removed_assignments (shift_id);
"""

# Removing is one change more.
TRACE = """
CREATE FUNCTION trace_removed_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO removed_assignments AS traced (employee_id, shift_id, versions)
    VALUES (OLD.employee_id, OLD.shift_id, OLD.version + 1)
    ON CONFLICT (employee_id, shift_id)
    DO UPDATE SET versions = traced.versions + EXCLUDED.versions, removed_at = EXCLUDED.removed_at;
    RETURN NULL;
END $$;
CREATE TRIGGER schedule_assignments_trace_removed AFTER DELETE ON schedule_assignments
    FOR EACH ROW WHEN (OLD.in_force) EXECUTE FUNCTION trace_removed_assignment();
"""


def upgrade() -> None:
    for sql in (TABLE, TRACE):
        _run(sql)


def downgrade() -> None:
    _run("DROP FUNCTION trace_removed_assignment() CASCADE")
    _run("DROP TABLE removed_assignments")


def _run(sql: str) -> None:
    # As it stands: neither ":name" nor "%" is a parameter here.
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
