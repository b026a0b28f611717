"""The audit log: who did what, when, what it was before and after."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from schedule_app.models.base import Model, id_field, reference


class AuditEntry(Model, table=True):
    """One change. Triggers number, date and hash-chain the entries of each site, and refuse to change any.

    Write entries as the last statement of a transaction: from then until its end, others who write to the same
    site's log wait.

    Attributes:
        command_id: The unit of work, one step for whoever acted; None for entries older than this column.
        undoes: The command that this one takes back.
        redoes: The undoing command that this one takes back.
        changes: Every row of shifts, schedule_assignments and rule_violations that the transaction changed since its
            entry before, as [table, row before, row after]; None when there are none, and for steps of the workflow and
            answers. A trigger fills it.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        # A chain, not a tree: nothing may follow the same entry twice, and a site has one first entry.
        Index(
            "uq_audit_entries_previous_hash",
            text("coalesce(site_id, 0)"),
            "previous_hash",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_audit_entries_chain", text("coalesce(site_id, 0)"), "id"),
        Index("ix_audit_entries_entity_type_entity_id", "entity_type", "entity_id"),
        Index("ix_audit_entries_actor_id_site_id_id", "actor_id", "site_id", "id"),
        Index("ix_audit_entries_command_id", "command_id"),
        Index(
            "ix_audit_entries_takes_back",
            text("coalesce(undoes, redoes)"),
            postgresql_where=text("coalesce(undoes, redoes) IS NOT NULL"),
        ),
        CheckConstraint("undoes IS NULL OR redoes IS NULL", name="ck_audit_entries_takes_back"),
    )

    id: int = id_field()
    at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("clock_timestamp()")})
    actor_id: int | None = reference("employees.id", nullable=True)
    action: str
    entity_type: str
    entity_id: int = Field(sa_type=BigInteger)
    site_id: int | None = reference("sites.id", nullable=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))  # type: ignore[call-overload]
    after: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))  # type: ignore[call-overload]
    reason: str | None = None
    command_id: UUID | None = Field(default=None, sa_column_kwargs={"server_default": text("gen_random_uuid()")})
    undoes: UUID | None = None
    redoes: UUID | None = None
    changes: list[Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))  # type: ignore[call-overload]
    previous_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    hash: bytes = Field(
        default=None, sa_type=LargeBinary, nullable=False, sa_column_kwargs={"server_default": text("''::bytea")}
    )
