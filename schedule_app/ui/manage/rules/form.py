"""What the form of a rule shows and sends: fields made from the limits of its kind, times as hours."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.rules import LIMITS
from schedule_app.domain.rules.limit import Kind, Limit, bounds, limits_of
from schedule_app.queries.labels import WEEKDAYS
from schedule_app.queries.rules import RuleChoices, StoredRule
from schedule_app.services.rules import CHOOSE, RuleDetails, read_limits
from schedule_app.ui.guard import Payload

_SPARE_LINES: Final = 1
_HOURS: Final = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?|(\d{1,6}):([0-5]\d)", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d{1,9}", re.ASCII)
_SCOPE: Final = re.compile(r"(department|person):([1-9]\d{0,17})", re.ASCII)
_OF_WEEK: Final = "Told of the week as a whole: it refuses no single shift."
_NAMES: Final = {"department_id": "scope", "employee_id": "scope"}
_CHOSEN: Final = (Kind.SHIFT_TYPE, Kind.PERSON)
_MANY: Final = (Kind.SHIFT_TYPES, Kind.QUALIFICATIONS, Kind.WEEKDAYS)
_VALUES: Final = TypeAdapter(dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=2000)]])


def _is_form(sent: str) -> str:
    try:
        _VALUES.validate_json(sent, strict=True)
    except ValidationError:
        raise PydanticCustomError("form", "could not be read") from None
    return sent


class Filled(Payload):
    """The form, filled in: its fields and what is in them, as JSON, because they differ from kind to kind."""

    values: Annotated[str, Field(max_length=40_000, examples=["{}"]), AfterValidator(_is_form)]

    def read(self) -> dict[str, str]:
        """The fields, trimmed."""
        return {name: value.strip() for name, value in _VALUES.validate_json(self.values).items()}


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose."""

    name: str
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One control of a line."""

    name: str
    kind: str
    label: str
    unit: str
    value: str
    options: list[Option]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One of several of the same."""

    key: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form, made from what is said of the limit."""

    name: str
    kind: str
    label: str
    unit: str
    hint: str
    value: str
    options: list[Option]
    lines: list[Line]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Common:
    """What every rule has, whatever its kind, as the form shows it when it opens."""

    name: str = ""
    scope: str = ""
    priority: str = "5"
    strict: str = "true"
    is_active: bool = False
    effective_from: str = ""
    effective_until: str = ""


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong with them, by field."""

    name: str = ""
    scope: str = ""
    priority: str = ""
    strict: str = ""
    effective_from: str = ""
    effective_until: str = ""


def common_of(rule: StoredRule) -> Common:
    """The form for a rule as it is."""
    scope = f"department:{rule.department_id}" if rule.department_id else ""
    return Common(
        name=rule.name,
        scope=f"person:{rule.employee_id}" if rule.employee_id else scope,
        priority=str(rule.priority),
        strict="true" if rule.strict else "false",
        is_active=rule.is_active,
        effective_from=rule.effective_from,
        effective_until=rule.effective_until,
    )


def scopes(choices: RuleChoices, rule: StoredRule | None = None) -> list[tuple[str, str]]:
    """For whom a rule may be; somebody who has left stays the choice of their rule."""
    found = [
        ("", "Everyone"),
        *((f"department:{number}", f"Everyone in {name}") for number, name in choices.departments),
        *((f"person:{number}", f"{name} alone") for number, name in choices.people),
    ]
    present = (common_of(rule).scope, f"{rule.who} alone") if rule else found[0]
    return found if present[0] in dict(found) else [*found, present]


def form_of(rule_type: str, limits: object | None, choices: RuleChoices, spare: int = _SPARE_LINES) -> list[FormField]:
    """The fields of a kind of rule.

    Args:
        rule_type: The kind.
        limits: What they hold when the form opens; None for a new rule.
        choices: What can be chosen at the site.
        spare: How many empty lines are offered after those there are.
    """
    made: list[FormField] = []
    for name, each in limits_of(LIMITS[rule_type]).items():
        value = getattr(limits, name) if limits is not None else _default(LIMITS[rule_type], name)
        of_week = "" if all(one.of_week for one in limits_of(LIMITS[rule_type]).values()) else _OF_WEEK * each.of_week
        said = (each.hint, bounds(each) if each.kind in (Kind.MINUTES, Kind.COUNT) else "", of_week)
        hint = " ".join(filter(None, said))
        made.append(
            FormField(
                name=name,
                kind="many" if each.kind in _MANY else each.kind.value,
                label=each.label,
                unit=each.unit,
                hint=hint,
                value=_text(each, value),
                options=_options(name, each, value or (), choices) if each.kind in _MANY else [],
                lines=_lines(name, each, each.line, value or (), choices, spare) if each.line else [],
            )
        )
    return made


def refused(form: Sequence[FormField], problems: Mapping[str, str]) -> list[FormField]:
    """The same form with the words beside the fields they are about."""
    return [
        replace(
            each,
            error=problems.get(each.name, ""),
            lines=[
                replace(line, parts=[replace(part, error=problems.get(part.name, "")) for part in line.parts])
                for line in each.lines
            ],
        )
        for each in form
    ]


def entered(rule_type: str, values: Mapping[str, str]) -> RuleDetails:
    """The rule that was entered.

    Raises:
        InvalidInput: Values that cannot be accepted; `problems` says why, by field of the form.
    """
    problems: dict[str, str] = {}
    common = {name: values.get(name, "") for name in Common.__dataclass_fields__}
    rest = {name: value for name, value in values.items() if name not in common}
    limits = _limits(rule_type, rest, problems)
    scope = _SCOPE.fullmatch(common["scope"])
    if common["scope"] and not scope:
        problems["scope"] = CHOOSE
    if not common["name"]:
        problems["name"] = "Please give a name."
    details = RuleDetails(
        rule_type=rule_type,
        name=common["name"],
        limits=limits,
        department_id=int(scope[2]) if scope and scope[1] == "department" else None,
        employee_id=int(scope[2]) if scope and scope[1] == "person" else None,
        priority=_number("priority", common["priority"], problems) or 0,
        strict=common["strict"] != "false",
        is_active=bool(common["is_active"]),
        effective_from=_day("effective_from", common["effective_from"], problems),
        effective_until=_day("effective_until", common["effective_until"], problems),
    )
    if problems:
        raise InvalidInput(next(iter(problems.values())), problems=problems)
    return details


def named(problems: Mapping[str, str]) -> dict[str, str]:
    """What a service says of a rule, by field of the form."""
    return {_NAMES.get(name, name): words for name, words in problems.items()}


def _limits(rule_type: str, values: Mapping[str, str], problems: dict[str, str]) -> Any:  # noqa: ANN401
    constraints: dict[str, Any] = {}
    rows: dict[str, list[str]] = {}
    left = dict(values)
    for name, each in limits_of(LIMITS[rule_type]).items():
        own = {key: left.pop(key) for key in list(left) if key == name or key.startswith(f"{name}:")}
        if each.kind == Kind.LINES and each.line:
            constraints[name], rows[name] = _entered_lines(name, each.line, own, problems)
        elif each.kind in _MANY:
            chosen = [key.partition(":")[2] for key in own]
            constraints[name] = (
                [int(day) if day.isdecimal() else day for day in chosen] if (each.kind == Kind.WEEKDAYS) else chosen
            )
        elif (value := _entered(name, each, own.get(name, ""), problems)) is not None:
            constraints[name] = value
    if left:
        problems[""] = "There is a field that does not belong here."
    try:
        return read_limits(rule_type, constraints)
    except InvalidInput as refusal:
        for path, words in refusal.problems.items():
            problems.setdefault(_field_of(path, rows), words)
    return None


def _entered(name: str, each: Limit, sent: str, problems: dict[str, str]) -> Any:  # noqa: ANN401
    match each.kind:
        case Kind.FLAG:
            return bool(sent)
        case _ if not sent:
            return None
        case Kind.MINUTES:
            return _minutes(name, sent, problems)
        case Kind.COUNT:
            return _number(name, sent, problems)
        case Kind.PERSON if sent.isascii() and sent.isdecimal() and len(sent) < 19:
            return int(sent)
    return sent


def _entered_lines(
    name: str, line: type, sent: Mapping[str, str], problems: dict[str, str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines with something in them, and the numbers they have in the form."""
    by_row: dict[str, dict[str, str]] = {}
    for key, value in sent.items():
        _, row, part = (*key.split(":"), "", "")[:3]
        by_row.setdefault(row, {})[part] = value
    made, rows = [], []
    for row in sorted(by_row, key=lambda each: (len(each), each)):
        parts = by_row[row]
        if any(parts.get(part) for part, each in limits_of(line).items() if each.kind in _CHOSEN):
            given = {
                part: _entered(f"{name}:{row}:{part}", each, parts.get(part, ""), problems)
                for part, each in limits_of(line).items()
            }
            made.append({part: value for part, value in given.items() if value is not None})
            rows.append(row)
    return made, rows


def _field_of(path: str, rows: Mapping[str, list[str]]) -> str:
    name, _, rest = path.partition(".")
    index, _, part = rest.partition(".")
    if name in rows and index.isdecimal():
        return f"{name}:{rows[name][int(index)]}:{part}"
    return name


def _minutes(field: str, sent: str, problems: dict[str, str]) -> int | None:
    found = _HOURS.fullmatch(sent)
    if not found:
        problems[field] = "Please enter hours, such as 11 or 7.5 or 7:30."
        return None
    if found[3]:
        return int(found[3]) * 60 + int(found[4])
    return int(found[1]) * 60 + round(int((found[2] or "").ljust(2, "0")) * 60 / 100)


def _number(field: str, sent: str, problems: dict[str, str]) -> int | None:
    if not _WHOLE.fullmatch(sent):
        problems[field] = "Please enter a whole number."
        return None
    return int(sent)


def _day(field: str, sent: str, problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(sent) if sent else None
    except ValueError:
        problems[field] = "Please choose a date."
        return None


def _default(limits: type, name: str) -> Any:  # noqa: ANN401
    [found] = [each.default for each in fields(limits) if each.name == name]
    return None if found is MISSING else found


def _text(each: Limit, value: Any) -> str:  # noqa: ANN401
    match each.kind:
        case Kind.MINUTES if value is not None:
            hours, rest = divmod(value, 60)
            return f"{hours}:{rest:02}" if rest else str(hours)
        case Kind.COUNT | Kind.PERSON if value is not None:
            return str(value)
        case Kind.FLAG:
            return "on" if value else ""
        case Kind.SHIFT_TYPE:
            return value or ""
    return ""


def _options(name: str, each: Limit, chosen: Iterable[Any], choices: RuleChoices) -> list[Option]:
    held = [str(value) for value in chosen]
    if each.kind == Kind.WEEKDAYS:
        pairs = [(str(number), day) for number, day in enumerate(WEEKDAYS)]
    elif each.kind == Kind.PERSON:
        pairs = [(str(number), called) for number, called in choices.people]
        pairs += [(value, "Somebody who has left") for value in held if value not in dict(pairs)]
    else:
        known = choices.qualifications if each.kind == Kind.QUALIFICATIONS else choices.shift_types
        offered = [*known, *(value for value in held if value not in known)]
        pairs = [(value, _titled(each, value)) for value in offered]
    return [Option(f"{name}:{value}", value, label, value in held) for value, label in pairs]


def _titled(each: Limit, value: str) -> str:
    return value if each.kind == Kind.QUALIFICATIONS else value.capitalize()


def _lines(name: str, each: Limit, kind: type, lines: Sequence[Any], choices: RuleChoices, spare: int) -> list[Line]:
    shown = [*lines, *[None] * spare][: each.high]
    return [
        Line(
            str(row),
            [
                Part(
                    name=f"{name}:{row}:{part}",
                    kind="choice" if inner.kind in _CHOSEN else inner.kind.value,
                    label=inner.label,
                    unit=inner.unit,
                    value=_text(inner, getattr(line, part, None)),
                    options=[Option("", "", "—"), *_options(part, inner, _held(line, part), choices)]
                    if inner.kind in _CHOSEN
                    else [],
                )
                for part, inner in limits_of(kind).items()
            ],
        )
        for row, line in enumerate(shown)
    ]


def _held(line: object | None, part: str) -> tuple[str, ...]:
    return (getattr(line, part),) if line is not None else ()
