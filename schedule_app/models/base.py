"""What all tables share: one metadata with named constraints, and the columns of an editable row."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from pydantic_core import PydanticUndefined
from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, Identity, Integer, MetaData, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


class Model(SQLModel):
    """Base of every table."""

    # Declared loosely once, so that each table may simply name itself.
    __tablename__: ClassVar[Any]  # pyright: ignore[reportIncompatibleVariableOverride]
    metadata: ClassVar[MetaData] = MetaData(  # pyright: ignore[reportIncompatibleVariableOverride]
        naming_convention=NAMING_CONVENTION
    )
    # The database computes columns (version, updated_at, in_force): writing brings them back in the same statement.
    __mapper_args__: ClassVar[dict[str, Any]] = {"eager_defaults": True}


class Editable(Model):
    """Columns of a row which people edit. A trigger counts `version` up and sets `updated_at` on every change."""

    version: int = Field(
        default=None,
        sa_type=Integer,
        nullable=False,
        sa_column_kwargs={"server_default": text("1"), "server_onupdate": FetchedValue()},
    )
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    updated_at: datetime = Field(
        default=None,
        nullable=False,
        sa_column_kwargs={"server_default": text("now()"), "server_onupdate": FetchedValue()},
    )


class Authored(Editable):
    """An editable row which also says who made it and who changed it last."""

    created_by_id: int | None = Field(default=None, foreign_key="employees.id", sa_type=BigInteger)
    updated_by_id: int | None = Field(default=None, foreign_key="employees.id", sa_type=BigInteger)


def id_field() -> Any:  # noqa: ANN401 (as sqlmodel.Field)
    """The primary key: a BIGINT which the database numbers."""
    return Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity()])


def reference(target: str, *, ondelete: Any = None, nullable: bool = False) -> Any:  # noqa: ANN401 (as sqlmodel.Field)
    """A foreign key to `target`, such as "sites.id"."""
    default = None if nullable else PydanticUndefined
    return Field(default=default, foreign_key=target, ondelete=ondelete, nullable=nullable, sa_type=BigInteger)


def json_field(empty: str) -> Any:  # noqa: ANN401 (as sqlmodel.Field)
    """A JSONB column that is never null; `empty` is "{}" or "[]". Assign anew to change it, never edit in place."""
    return Field(
        default_factory=dict if empty == "{}" else list,
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": text(f"'{empty}'::jsonb")},
    )


def is_one_of(column: str, values: Iterable[str]) -> str:
    """The SQL condition that `column` holds one of the values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def one_of(column: str, values: Iterable[str], name: str) -> CheckConstraint:
    """A CHECK that `column` holds one of the values."""
    return CheckConstraint(is_one_of(column, values), name=name)


def length(column: str, least: int, most: int, name: str) -> CheckConstraint:
    """A CHECK of a text's length, outer blanks not counted; an absent text passes."""
    return CheckConstraint(f"char_length(btrim({column})) >= {least} AND char_length({column}) <= {most}", name=name)
