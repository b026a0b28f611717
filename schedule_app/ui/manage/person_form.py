"""What the form of a person holds: what it shows, what it sends, and the service's words beside its fields."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError, from_json

from schedule_app.domain.errors import InvalidInput
from schedule_app.queries.people import PersonView
from schedule_app.services.forms import checked
from schedule_app.services.person_details import PersonDetails
from schedule_app.ui.guard import Payload

NO_DEPARTMENT: Final = ("0", "No department")
_NUMBER: Final = re.compile(r"[0-9]{1,6}([.,][0-9]{1,2})?")


def _is_json(value: str) -> str:
    try:
        from_json(value)
    except ValueError:
        raise PydanticCustomError("json", "could not be read") from None
    return value


def _json(example: str) -> Any:  # noqa: ANN401 - an annotation
    return Annotated[str, Field(max_length=20_000, examples=[example]), AfterValidator(_is_json)]


class Filled(Payload):
    """The form, filled in. What its values may be, the service says, so that it is said next to the field."""

    name: str = ""
    email: str = ""
    role: str = "employee"
    department_id: int = Field(default=0, ge=0, lt=2**63)
    phone: str = ""
    contracted_hours: str = ""
    max_hours: str = ""
    hourly_rate: str = ""
    qualifications: _json("[]") = "[]"  # type: ignore[valid-type]
    availability: _json("{}") = "{}"  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True)
class Fields:
    """What the form shows when it opens; from then on its values are the browser's."""

    name: str = ""
    email: str = ""
    role: str = "employee"
    department_id: str = NO_DEPARTMENT[0]
    phone: str = ""
    contracted_hours: str = ""
    max_hours: str = ""
    hourly_rate: str = ""


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong, by field."""

    name: str = ""
    email: str = ""
    role: str = ""
    department_id: str = ""
    phone: str = ""
    contracted_hours: str = ""
    max_hours: str = ""
    hourly_rate: str = ""
    qualifications: str = ""
    availability: str = ""


_NAMES: Final = {
    "contracted_minutes": "contracted_hours",
    "max_minutes": "max_hours",
    "hourly_rate_cents": "hourly_rate",
}


def shown(person: PersonView) -> Fields:
    """The form for a person as they are."""
    return Fields(
        name=person.name,
        email=person.email,
        role=person.role,
        department_id=str(person.department_id or 0),
        phone=person.phone,
        contracted_hours=_hours(person.contracted_minutes),
        max_hours=_hours(person.max_minutes),
        hourly_rate="" if person.hourly_rate_cents is None else f"{person.hourly_rate_cents / 100:.2f}",
    )


def entered(data: Filled) -> PersonDetails:
    """The person that was entered.

    Raises:
        InvalidInput: Values that cannot be accepted; `problems` names the fields of `PersonDetails`, or of the form.
    """
    problems: dict[str, str] = {}
    numbers: dict[str, int | None] = {}
    hours = "Please enter hours as a number, such as 38.5."
    for name, source, factor, words in (
        ("contracted_minutes", data.contracted_hours, 60, hours),
        ("max_minutes", data.max_hours, 60, hours),
        ("hourly_rate_cents", data.hourly_rate, 100, "Please enter an amount, such as 18.50."),
    ):
        if source and not _NUMBER.fullmatch(source):
            problems[name] = words
        else:
            numbers[name] = round(Decimal(source.replace(",", ".")) * factor) if source else None
    over = {"contracted_minutes": 168 * 60, "max_minutes": 168 * 60}
    for name, most in over.items():
        if (numbers.get(name) or 0) > most:
            problems[name] = "A week has 168 hours."
    values = {
        **{name: getattr(data, name) for name in ("name", "email", "role")},
        "department_id": data.department_id or None,
        "phone": data.phone or None,
        "qualifications": [
            {**each, "expires_on": each.get("expires_on") or None} if isinstance(each, dict) else each
            for each in _list(from_json(data.qualifications))
        ],
        "availability": from_json(data.availability),
        **{name: value for name, value in numbers.items() if name not in problems},
    }
    try:
        details = checked(PersonDetails, values)
    except InvalidInput as refused:
        problems = {**refused.problems, **problems}
    else:
        if not problems:
            return details
    field, message = next(iter(problems.items()))
    raise InvalidInput(message, field, problems)


def errors_of(refused: InvalidInput) -> Errors:
    """The words beside the fields they are about."""
    problems = {_NAMES.get(name, name): words for name, words in refused.problems.items()}
    return Errors(**{name: words for name, words in problems.items() if name in Errors.__dataclass_fields__})


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - whatever JSON holds
    return value if isinstance(value, list) else [value]
