"""Forms as their models judge them, and what is wrong with each field in words for the person who filled it in."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from schedule_app.domain.errors import InvalidInput

Model = TypeVar("Model", bound="Details")


class Details(BaseModel):
    """What a form asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_WORDS: Final = {
    "missing": "Please fill this in.",
    "extra_forbidden": "There is a field that does not belong here.",
    "string_too_long": "Please keep this to {max_length} characters.",
    "string_too_short": "Please fill this in.",
    "greater_than_equal": "Please enter at least {ge}.",
    "less_than_equal": "Please enter at most {le}.",
    "too_long": "There can be at most {max_length} of these.",
    "enum": "Please choose one from the list.",
    "literal_error": "Please choose one from the list.",
}
_DAY_PARTS: Final = {"start": "the start", "end": "the end", "preference": "the choice", "expires_on": "the date"}


def checked(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Read a form.

    Raises:
        InvalidInput: A value that cannot be accepted; `problems` names every field that has one.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems: dict[str, str] = {}
        for detail in error.errors(include_url=False):
            problems.setdefault(_field(detail, model), _words(detail))
        field, message = next(iter(problems.items()))
        raise InvalidInput(message, field, problems) from error


def refused(message: str) -> PydanticCustomError:
    """What a validator raises: words that are shown as they stand."""
    return PydanticCustomError("refused", "{words}", {"words": message})


def _field(detail: ErrorDetails, model: type[Details]) -> str:
    name = str(detail["loc"][0]) if detail["loc"] else ""
    return name if name in model.model_fields else ""


def _words(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "refused":
        return detail["msg"]
    where = [_place(part) for part in detail["loc"][1:]]
    words = _WORDS.get(kind, "This could not be read.").format(**context)
    return f"{', '.join(filter(None, where))}: {words[:1].lower()}{words[1:]}" if any(where) else words


def _place(part: int | str) -> str:
    if isinstance(part, int):
        return f"Line {part + 1}"
    is_weekday = part.endswith("day") and part.isalpha()
    return part.capitalize() if is_weekday else _DAY_PARTS.get(part, "")
