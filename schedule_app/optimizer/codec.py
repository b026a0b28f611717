"""Frozen dataclasses as JSON and back, with the place and the reason when something does not fit."""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules import LIMITS
from schedule_app.domain.rules.limit import BadLimit
from schedule_app.optimizer.problem import ProblemError

T = TypeVar("T")

_NAMES: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    date: "a date, as 2026-06-01",
    time: "a time of day, as 07:00",
    datetime: "an instant with its offset, as 2026-06-01T07:00:00+02:00",
}
_PARSED: dict[type, Callable[[str], Any]] = {
    date: date.fromisoformat,
    time: time.fromisoformat,
    datetime: datetime.fromisoformat,
}


def dumps(value: object) -> str:
    """Write as JSON; the same value is always the same text."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=1) + "\n"


def loads(kind: type[T], text: str) -> T:
    """Read what `dumps` wrote.

    Raises:
        ProblemError: The text is no JSON (then with its line), or something in it does not fit.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise ProblemError(f"line {error.lineno}", f"This is no JSON: {error.msg}.") from error
    except RecursionError as error:
        raise ProblemError("", "This is nested too deeply.") from error
    return _read(kind, value, "")


def _plain(value: Any) -> Any:  # noqa: ANN401 (any part of a dataclass)
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        # Equal mappings are equal texts, in whatever order they came.
        return {key: _plain(each) for key, each in sorted((str(key), each) for key, each in value.items())}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | time) else value


def _read(kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401 (a type, and any JSON)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        options = [each for each in get_args(kind) if each is not type(None)]
        return None if value is None else _read(options[0], value, path)
    if origin is tuple:
        return _read_list(get_args(kind)[0], value, path)
    if origin is not None and issubclass(origin, Mapping):
        return _read_mapping(*get_args(kind), value=value, path=path)
    if (origin or kind) is RuleFacts:
        return _read_rule(value, path)
    if is_dataclass(kind):
        return _read_fields(kind, get_type_hints(kind), value, path)
    return _read_scalar(kind, value, path)


def _read_list(kind: Any, value: Any, path: str) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(value, list):
        raise ProblemError(path, "Here a list is expected.")
    return tuple(_read(kind, each, f"{path}[{place}]") for place, each in enumerate(value))


def _read_mapping(key: Any, kind: Any, *, value: Any, path: str) -> dict[Any, Any]:  # noqa: ANN401
    if not isinstance(value, dict):
        raise ProblemError(path, "Here an object is expected.")
    try:
        parse: Callable[[str], Any] = _PARSED.get(key, key)  # type: ignore[assignment]
        return {parse(name): _read(kind, each, f"{path}.{name}") for name, each in value.items()}
    except ValueError as error:
        words = f"A name is no {'date' if key is date else 'number'}."
        raise error if isinstance(error, ProblemError) else ProblemError(path, words) from error


def _read_rule(value: Any, path: str) -> RuleFacts[Any]:  # noqa: ANN401
    rule_type = value.get("rule_type") if isinstance(value, dict) else None
    if rule_type is not None and rule_type not in LIMITS:
        raise ProblemError(f"{path}.rule_type", f"There is no rule of type {rule_type!r}.")
    hints = {**get_type_hints(RuleFacts), "limits": LIMITS.get(rule_type or "", dict)}
    return _read_fields(RuleFacts, hints, value, path)


def _read_fields(kind: Any, hints: dict[str, Any], value: Any, path: str) -> Any:  # noqa: ANN401
    if not isinstance(value, dict):
        raise ProblemError(path, "Here an object is expected.")
    known = {each.name: each for each in fields(kind)}
    for name in value:
        if name not in known:
            raise ProblemError(f"{path}.{name}".lstrip("."), "Nothing of this name is known here.")
    for name, each in known.items():
        if name not in value and each.default is MISSING and each.default_factory is MISSING:
            raise ProblemError(f"{path}.{name}".lstrip("."), "This is missing.")
    read = {name: _read(hints[name], each, f"{path}.{name}".lstrip(".")) for name, each in value.items()}
    try:
        return kind(**read)
    except ProblemError:
        raise
    except BadLimit as error:
        name, reason = next(iter(error.problems.items()))
        raise ProblemError(f"{path}.{name}", reason) from error
    except ValueError as error:
        raise ProblemError(path, str(error)) from error


def _read_scalar(kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401
    if isinstance(kind, type) and issubclass(kind, Enum):
        if value not in [each.value for each in kind]:
            raise ProblemError(path, f"Here one of {', '.join(each.value for each in kind)} is expected.")
        return kind(value)
    if kind in _PARSED and isinstance(value, str):
        try:
            return _PARSED[kind](value)
        except ValueError as error:
            raise ProblemError(path, f"Here {_NAMES[kind]}, is expected.") from error
    if kind is float and type(value) is int:
        return float(value)
    if kind not in _NAMES or type(value) is not kind:
        raise ProblemError(path, f"Here {_NAMES.get(kind, 'something else')} is expected.")
    return value
