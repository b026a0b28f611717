"""The audit log: who did what, when, what it was before and after."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from schedule_app.models.base import Model, id_field, reference


class AuditEntry(Model, table=True):
    """One change. Triggers number, date and hash-chain the entries of each site, and refuse to change any.

    Write entries as the last statement of a transaction: from then until its end, others who write to the same
    site's log wait.
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
        Index("ix_audit_entries_actor_id", "actor_id"),
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
    previous_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    hash: bytes = Field(
        default=None, sa_type=LargeBinary, nullable=False, sa_column_kwargs={"server_default": text("''::bytea")}
    )
