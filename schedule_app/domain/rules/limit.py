"""What a limit is called, measured in and bounded by: beside each field, once, for checks, forms and sentences."""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Any, Final

from schedule_app.domain.time import minutes_label

MINUTES_PER_DAY: Final = 24 * 60
MINUTES_PER_WEEK: Final = 7 * MINUTES_PER_DAY
MOST_NAMES: Final = 50
MAX_NAME: Final = 100

_LAST_NUMBER: Final = 2**63 - 1
_KEY: Final = "limit"


class Kind(StrEnum):
    """What a limit is made of."""

    FLAG = "flag"
    MINUTES = "minutes"
    COUNT = "count"
    PERSON = "person"
    SHIFT_TYPE = "shift_type"
    SHIFT_TYPES = "shift_types"
    QUALIFICATIONS = "qualifications"
    WEEKDAYS = "weekdays"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Limit:
    """One field of a limits dataclass.

    Attributes:
        kind: What it is made of; LINES are several of another limits dataclass.
        label: What to enter, as a form asks for it.
        unit: What it is counted in; minutes are entered as hours.
        hint: A line of help.
        low: The least: of minutes or a count, or of the number of names or lines.
        high: The most, likewise.
        is_optional: Whether it may be left out.
        line: The limits dataclass of one line.
        of_week: Whether it can only be told of a week as a whole, and so never refuses a single shift.
    """

    kind: Kind
    label: str
    unit: str
    hint: str = ""
    low: int = 0
    high: int = 0
    is_optional: bool = False
    line: type | None = None
    of_week: bool = False


class BadLimit(ValueError):
    """Limits that cannot be accepted; `problems` says why, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def limit(
    kind: Kind,
    label: str,
    unit: str,
    *,
    hint: str = "",
    low: int = 0,
    high: int = 0,
    line: type | None = None,
    of_week: bool = False,
    default: Any = MISSING,  # noqa: ANN401 (as dataclasses.field)
) -> Any:  # noqa: ANN401 (as dataclasses.field)
    """A field of a limits dataclass; without a default it has to be given. See `Limit`."""
    described = Limit(kind, label, unit, hint, low, high, default is not MISSING, line, of_week)
    return field(default=default, metadata={_KEY: described})


def limits_of(limits: type) -> dict[str, Limit]:
    """The fields of a limits dataclass, in the order a form asks for them."""
    return {each.name: each.metadata[_KEY] for each in fields(limits)}


def check_limits(limits: object) -> None:
    """Check every field against what is said of it.

    Raises:
        BadLimit: One of them is out of bounds.
    """
    problems = {
        name: problem
        for name, each in limits_of(type(limits)).items()
        if (problem := _problem(each, getattr(limits, name)))
    }
    if problems:
        raise BadLimit(problems)


def bounds(each: Limit) -> str:
    """What may be entered, as "From 1 min to 24 h."; empty where anything may."""
    match each.kind:
        case Kind.MINUTES:
            return f"From {minutes_label(each.low)} to {minutes_label(each.high)}."
        case Kind.COUNT:
            return f"From {each.low} to {each.high}."
    return ""


def _problem(each: Limit, value: Any) -> str:  # noqa: ANN401 (a limit of any kind)
    return "" if each.is_optional and value is None else _problem_of_value(each, value)


def _problem_of_value(each: Limit, value: Any) -> str:  # noqa: ANN401 (a limit of any kind)
    if each.kind in (Kind.LINES, Kind.WEEKDAYS) and len(value) > each.high:
        return f"There can be at most {each.high} of these."
    match each.kind:
        case Kind.MINUTES if not _is_between(value, each.low, each.high):
            return f"Please enter a length from {minutes_label(each.low)} to {minutes_label(each.high)}."
        case Kind.COUNT if not _is_between(value, each.low, each.high):
            return f"Please enter a whole number from {each.low} to {each.high}."
        case Kind.PERSON if not _is_between(value, 1, _LAST_NUMBER):
            return "Please choose from the list."
        case Kind.WEEKDAYS if not all(_is_between(day, 0, 6) for day in value):
            return "A weekday is a whole number from 0 for Monday to 6 for Sunday."
        case Kind.SHIFT_TYPE | Kind.SHIFT_TYPES | Kind.QUALIFICATIONS:
            return _problem_of_names(each, (value,) if each.kind == Kind.SHIFT_TYPE else value)
        case Kind.FLAG if type(value) is not bool:
            return "Please say yes or no."
    return ""


def _problem_of_names(each: Limit, names: Iterable[str]) -> str:
    names = tuple(names)
    if len(names) < each.low:
        return "Please choose at least one."
    if len(names) > MOST_NAMES:
        return f"There can be at most {MOST_NAMES} of these."
    if any(not name.strip() or len(name) > MAX_NAME for name in names):
        return "Please choose from the list." if each.kind == Kind.SHIFT_TYPE else "Each needs 1 to 100 characters."
    return ""


def is_given(value: object) -> bool:
    """Tell whether a limit holds; nothing, an empty list and a flag that is not set do not."""
    return value not in (None, (), False) or type(value) is int


def _is_between(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high
