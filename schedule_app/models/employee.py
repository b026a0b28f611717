"""Employees: the people, what they can do and when."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic import Field as Bounded
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from schedule_app.domain.facts import Preference
from schedule_app.domain.permissions import Role
from schedule_app.models.base import Authored, Model, id_field, json_field, length, one_of, reference

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class QualificationRecord(BaseModel):
    """One entry of `Employee.qualifications`."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Bounded(min_length=1, max_length=100)]
    expires_on: date | None = None


class TimeSlotRecord(BaseModel):
    """A time of day and how it suits; an end at or before the start reaches into the next day."""

    model_config = ConfigDict(extra="forbid")

    start: time
    end: time
    preference: Preference = Preference.AVAILABLE


class DayRecord(BaseModel):
    """One weekday of `Employee.availability`."""

    model_config = ConfigDict(extra="forbid")

    available: bool
    time_slots: Annotated[list[TimeSlotRecord], Bounded(max_length=24)] = []


class LaterRecord(BaseModel):
    """One entry of `Employee.later_availability`: a week that takes the place of the one before on a date."""

    model_config = ConfigDict(extra="forbid")

    starts_on: date
    days: dict[Weekday, DayRecord]


_QUALIFICATIONS = TypeAdapter(Annotated[list[QualificationRecord], Bounded(max_length=100)])
_AVAILABILITY = TypeAdapter(dict[Weekday, DayRecord])
_LATER = TypeAdapter(Annotated[list[LaterRecord], Bounded(max_length=24)])
_EXCEPTIONS = TypeAdapter(dict[date, DayRecord])


def parse_qualifications(value: object) -> list[QualificationRecord]:
    """Read `Employee.qualifications`.

    Raises:
        pydantic.ValidationError: When it has another shape.
    """
    return _QUALIFICATIONS.validate_python(value)


def parse_availability(value: object) -> dict[Weekday, DayRecord]:
    """Read `Employee.availability`; a weekday left out is available all day.

    Raises:
        pydantic.ValidationError: When it has another shape.
    """
    return _AVAILABILITY.validate_python(value)


def parse_later_availability(value: object) -> list[LaterRecord]:
    """Read `Employee.later_availability`.

    Raises:
        pydantic.ValidationError: When it has another shape.
    """
    return _LATER.validate_python(value)


def parse_exceptions(value: object) -> dict[date, DayRecord]:
    """Read `Employee.availability_exceptions`.

    Raises:
        pydantic.ValidationError: When it has another shape.
    """
    return _EXCEPTIONS.validate_python(value)


def qualifications_json(records: list[QualificationRecord]) -> list[dict[str, Any]]:
    """Write `Employee.qualifications`."""
    return _QUALIFICATIONS.dump_python(records, mode="json")


def availability_json(days: dict[Weekday, DayRecord]) -> dict[str, Any]:
    """Write `Employee.availability`."""
    return _AVAILABILITY.dump_python(days, mode="json")


def later_availability_json(records: list[LaterRecord]) -> list[dict[str, Any]]:
    """Write `Employee.later_availability`."""
    return _LATER.dump_python(records, mode="json")


def exceptions_json(days: dict[date, DayRecord]) -> dict[str, Any]:
    """Write `Employee.availability_exceptions`."""
    return _EXCEPTIONS.dump_python(days, mode="json")


def week_in_effect(
    availability: dict[str, Any], later: list[dict[str, Any]], day: date
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Which week holds on a date, and what takes its place after it; all as `Employee` keeps it."""
    begun = [each for each in later if each["starts_on"] <= day.isoformat()]
    coming = sorted((each for each in later if each not in begun), key=lambda each: each["starts_on"])
    return (max(begun, key=lambda each: each["starts_on"])["days"] if begun else availability), coming


class WatchedPerson(Model, table=True):
    """What was known of somebody when their published shifts were last looked at; see `services.watching`.

    Attributes:
        seen: "" where they were never looked at.
        problem: Why they could not be looked at since, if so.
    """

    __tablename__ = "watched_people"

    employee_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_args=[ForeignKey("employees.id", ondelete="CASCADE")]
    )
    seen: str
    seen_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    problem: str | None = None


class Employee(Authored, table=True):
    """A person who works at a site, and may sign in."""

    __tablename__ = "employees"
    __table_args__ = (
        CheckConstraint(
            "email = lower(email) AND char_length(email) <= 254"
            " AND email ~ '^[a-z0-9.!#$%&*+/=?^_{|}~-]+@[a-z0-9.-]+[.][a-z0-9-]+$'",
            name="ck_employees_email",
        ),
        length("name", 2, 200, "ck_employees_name"),
        one_of("role", Role, "ck_employees_role"),
        CheckConstraint("hourly_rate_cents >= 0", name="ck_employees_hourly_rate"),
        CheckConstraint(
            "contracted_minutes BETWEEN 0 AND 10080 AND max_minutes BETWEEN 0 AND 10080", name="ck_employees_minutes"
        ),
        CheckConstraint("char_length(phone) <= 40", name="ck_employees_phone"),
        CheckConstraint("jsonb_typeof(qualifications) = 'array'", name="ck_employees_qualifications"),
        CheckConstraint("jsonb_typeof(availability) = 'object'", name="ck_employees_availability"),
        CheckConstraint("jsonb_typeof(later_availability) = 'array'", name="ck_employees_later_availability"),
        CheckConstraint(
            "jsonb_typeof(availability_exceptions) = 'object'", name="ck_employees_availability_exceptions"
        ),
        UniqueConstraint("email", name="uq_employees_email"),
        ForeignKeyConstraint(
            ["department_id", "site_id"], ["departments.id", "departments.site_id"], name="fk_employees_department"
        ),
        Index("ix_employees_role_is_active", "role", "is_active"),
        Index("ix_employees_site_id_department_id", "site_id", "department_id"),
        Index("ix_employees_qualifications", "qualifications", postgresql_using="gin"),
        Index("ix_employees_availability", "availability", postgresql_using="gin"),
    )

    id: int = id_field()
    site_id: int = reference("sites.id")
    department_id: int | None = Field(default=None, sa_type=BigInteger)
    email: str
    name: str
    role: str = Field(default="employee", sa_column_kwargs={"server_default": "employee"})
    password_hash: str | None = None
    phone: str | None = None
    qualifications: list[dict[str, Any]] = json_field("[]")
    availability: dict[str, Any] = json_field("{}")
    later_availability: list[dict[str, Any]] = json_field("[]")
    availability_exceptions: dict[str, Any] = json_field("{}")
    hourly_rate_cents: int | None = None
    contracted_minutes: int | None = None
    max_minutes: int | None = None
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    deleted_at: datetime | None = None
