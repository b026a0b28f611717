"""What is kept of a person, as it is entered; what may be in it, and how two versions of it differ."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field, field_validator, model_validator

from schedule_app.domain.errors import Difference, InvalidInput
from schedule_app.domain.permissions import Role
from schedule_app.domain.time import minutes_label
from schedule_app.models.employee import (
    DayRecord,
    QualificationRecord,
    Weekday,
    availability_json,
    parse_availability,
    parse_qualifications,
    qualifications_json,
    week_in_effect,
)
from schedule_app.services.availability_details import checked_week, week_words
from schedule_app.services.forms import Details, refused
from schedule_app.services.text import clean_line, clean_name

MINUTES_OF_A_WEEK: Final = 7 * 24 * 60
MAX_RATE_CENTS: Final = 1_000_000
_EMAIL: Final = re.compile(r"[a-z0-9.!#$%&*+/=?^_{|}~-]+@[a-z0-9.-]+[.][a-z0-9-]+")
_PHONE: Final = re.compile(r"[0-9+()/. -]*[0-9][0-9+()/. -]*")
_ALL_DAY: Final = DayRecord(available=True)

Minutes = Annotated[int, Field(ge=0, le=MINUTES_OF_A_WEEK)]

LABELS: Final = {
    "name": "Name",
    "email": "E-mail",
    "role": "Role",
    "department_id": "Department",
    "phone": "Phone",
    "qualifications": "Qualifications",
    "availability": "Availability",
    "contracted_minutes": "Contracted hours a week",
    "max_minutes": "Most hours a week",
    "hourly_rate_cents": "Hourly rate",
}


class PersonDetails(Details):
    """A person, whole.

    Attributes:
        availability: Weekday to times; a weekday left out is available all day.
        contracted_minutes: Minutes a week that are agreed; None when there is no agreement.
        max_minutes: The most minutes a week.
        hourly_rate_cents: In hundredths of the site's currency. Whoever may not see cost leaves it as it is.
    """

    name: str
    email: str
    role: Role = Role.EMPLOYEE
    department_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    phone: str | None = None
    qualifications: list[QualificationRecord] = Field(default_factory=list, max_length=100)
    availability: dict[Weekday, DayRecord] = Field(default_factory=dict)
    contracted_minutes: Minutes | None = None
    max_minutes: Minutes | None = None
    hourly_rate_cents: Annotated[int, Field(ge=0, le=MAX_RATE_CENTS)] | None = None

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        return _as_words(clean_name, value, "name", 200, 2)

    @field_validator("email")
    @classmethod
    def _email(cls, value: str) -> str:
        email = value.strip().lower()
        if len(email) > 254 or not _EMAIL.fullmatch(email):
            raise refused("Please enter an e-mail address, such as name@example.com.")
        return email

    @field_validator("phone")
    @classmethod
    def _phone(cls, value: str | None) -> str | None:
        phone = _as_words(clean_line, value, "phone", 40)
        if phone and not _PHONE.fullmatch(phone):
            raise refused("Please enter a phone number: digits, spaces and + ( ) / . - only.")
        return phone

    @field_validator("qualifications")
    @classmethod
    def _qualifications(cls, records: list[QualificationRecord]) -> list[QualificationRecord]:
        held: dict[str, QualificationRecord] = {}
        for record in records:
            name = _as_words(clean_name, record.name, "qualifications", 100)
            if name.casefold() in held:
                raise refused(f"{name} is listed twice.")
            held[name.casefold()] = QualificationRecord(name=name, expires_on=record.expires_on)
        return list(held.values())

    @field_validator("availability")
    @classmethod
    def _availability(cls, days: dict[Weekday, DayRecord]) -> dict[Weekday, DayRecord]:
        return checked_week(days)

    @model_validator(mode="after")
    def _hours(self) -> "PersonDetails":
        if None not in (self.contracted_minutes, self.max_minutes) and self.contracted_minutes > self.max_minutes:  # type: ignore[operator]
            raise InvalidInput("The contracted hours are more than the most hours.", "max_minutes")
        return self


def details_of(row: Any, today: date | None = None) -> PersonDetails:  # noqa: ANN401 - with columns of `employees`
    """A person as stored, whatever rules have become stricter since; of their weeks the one that holds on a date."""
    week = row.availability if today is None else week_in_effect(row.availability, row.later_availability, today)[0]
    return PersonDetails.model_construct(
        name=row.name,
        email=row.email,
        role=Role(row.role),
        department_id=row.department_id,
        phone=row.phone,
        qualifications=parse_qualifications(row.qualifications),
        availability={weekday: day for weekday, day in parse_availability(week).items() if day != _ALL_DAY},
        contracted_minutes=row.contracted_minutes,
        max_minutes=row.max_minutes,
        hourly_rate_cents=row.hourly_rate_cents,
    )


def facts(details: PersonDetails) -> dict[str, Any]:
    """A person as plain JSON values, column by column."""
    return {
        **{name: getattr(details, name) for name in LABELS},
        "role": details.role.value,
        "qualifications": qualifications_json(details.qualifications),
        "availability": availability_json(details.availability),
    }


def differences(
    entered: PersonDetails, stored: PersonDetails, departments: Mapping[int, str], *, cost: bool, clock_24h: bool
) -> list[Difference]:
    """Where two versions of a person differ, in words.

    Args:
        entered: What somebody wanted to save.
        stored: What is stored.
        departments: Names of the site's departments.
        cost: Whether the hourly rate may be told.
        clock_24h: How the site's clock counts.
    """
    names = [name for name in LABELS if cost or name != "hourly_rate_cents"]
    return [
        Difference(LABELS[name], *(_said(name, each, departments, clock_24h) for each in (entered, stored)))
        for name in names
        if facts(entered)[name] != facts(stored)[name]
    ]


def _said(name: str, details: PersonDetails, departments: Mapping[int, str], clock_24h: bool) -> str:
    value = getattr(details, name)
    match name:
        case _ if value in (None, "", []):
            return "nothing"
        case "role":
            return value.value.capitalize()
        case "department_id":
            return departments.get(value, "another department")
        case "qualifications":
            return ", ".join(
                each.name + (f" until {each.expires_on.isoformat()}" if each.expires_on else "") for each in value
            )
        case "availability":
            return week_words(value, clock_24h=clock_24h)
        case "contracted_minutes" | "max_minutes":
            return minutes_label(value)
        case "hourly_rate_cents":
            return f"{value // 100}.{value % 100:02}"
    return str(value)


def _as_words(clean: Any, *arguments: Any) -> Any:  # noqa: ANN401 - one of the functions of services.text
    try:
        return clean(*arguments)
    except InvalidInput as error:
        raise refused(error.message) from error
