"""Limits made of what was read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from schedule_app.domain.rules import LIMITS
from schedule_app.domain.rules.restriction import Pair, Succession

#: "Followed by" means on the next day, where it is not said within how long.
NEXT_DAY_MINUTES: Final = 24 * 60


class Clash(ValueError):
    """The same thing is said twice and differently; `field` says which."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def limits_from(rule_type: str, found: Mapping[str, Sequence[Any]]) -> Any:  # noqa: ANN401 - one dataclass per type
    """The limits of a type, from what was read by field.

    Raises:
        Clash: A field was read with different values.
        BadLimit: The values cannot be accepted.
    """
    given: dict[str, Any] = {}
    for name, values in found.items():
        if not name.startswith("_"):
            given[name] = _same(values, name)
    if rule_type == "availability":
        given.setdefault("weekly_times", False)
        if given["weekly_times"]:
            given.setdefault("warn_disliked", False)
    elif rule_type == "qualification":
        given["all_of"], given["any_of"] = _same(found.get("_quals", [((), ())]), "_quals")
    elif rule_type == "preference":
        given |= _wishes(found)
    elif rule_type == "restriction":
        given |= _restrictions(found)
    return LIMITS[rule_type](**given)


def _same(values: Sequence[Any], field: str) -> Any:  # noqa: ANN401 - whatever was read
    first, *others = values
    if any(each != first for each in others):
        raise Clash("The same thing is said twice, with different values.", field)
    return first


def _wishes(found: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for which in ("wanted", "unwanted"):
        for kinds, days in found.get(f"_{which}", ()):
            given[f"{which}_shift_types"] = kinds
            given[f"{which}_weekdays"] = days
    if "_wanted_kind" in found:
        given["wanted_shift_types"] = (_same(found["_wanted_kind"], "_wanted_kind"),)
    return given


def _restrictions(found: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    befores, afters = found.get("_before", ()), found.get("_after", ())
    if befores:
        # Each sentence says within how long, or none of a single one does.
        within = found.get("_within") or [NEXT_DAY_MINUTES] * len(befores)
        if len(within) != len(befores):
            raise Clash("Please say for each of them within how long.", "_after")
        given["forbidden_successions"] = tuple(map(Succession, befores, afters, within))
    pairs = [Pair(one, other) for one, other in zip(found.get("_one", ()), found.get("_other", ()), strict=True)]
    is_together = found.get("_together", ())
    for name, wanted in (("apart", False), ("together", True)):
        chosen = tuple(pair for pair, together in zip(pairs, is_together, strict=True) if together is wanted)
        if chosen:
            given[name] = chosen
    return given
