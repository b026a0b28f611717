"""Keys of commands, so that a phone may send the same one again and it is done once."""

from alembic import op

revision: str = "command_keys"
down_revision: str | None = "objections"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql("""
        CREATE TABLE command_keys (
            employee_id bigint NOT NULL,
            key uuid NOT NULL,
            body_hash bytea NOT NULL,
            created_at timestamptz DEFAULT now() NOT NULL,
            CONSTRAINT pk_command_keys PRIMARY KEY (employee_id, key),
            CONSTRAINT fk_command_keys_employee_id FOREIGN KEY (employee_id) REFERENCES employees (id)
                ON DELETE CASCADE,
            CONSTRAINT ck_command_keys_body_hash CHECK (octet_length(body_hash) = 32)
        )
    """)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE command_keys")
