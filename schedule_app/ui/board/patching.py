"""Sends a board once, and afterwards only the rows and the numbers of people on shifts that differ from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from schedule_app.queries.board import BoardRow, BoardShift
from schedule_app.queries.span import SpanRow, SpanShift

Row = TypeVar("Row", BoardRow, SpanRow)
Shift = TypeVar("Shift", BoardShift, SpanShift)

#: Beyond this share of the board, sending it whole is the cheaper way.
_PATCH_LIMIT = 0.25
_ALWAYS_PATCHED = 20


@dataclass(frozen=True, slots=True)
class Base(Generic[Row, Shift]):
    """The rows and shifts a tab was last sent whole. Tuples, so that Reflex does not watch them for changes."""

    rows: tuple[Row, ...] = ()
    shifts: tuple[tuple[Shift, ...], ...] = ()


def patched(base: Base[Row, Any], rows: Sequence[Row]) -> dict[str, Row | None] | None:
    """What a tab holding `base` needs to show `rows`.

    Returns:
        Rows by employee id that differ, None for one that has gone; or None as a whole when the board has to be sent
        anew, because people were added or put in another order, or because too much has changed.
    """
    before = {row["id"]: row for row in base.rows}
    order = [row["id"] for row in rows]
    present = set(order)
    if [row_id for row_id in before if row_id in present] != order:
        return None
    patch: dict[str, Row | None] = {str(row["id"]): row for row in rows if _differ(before[row["id"]], row)}
    patch |= {str(row_id): None for row_id in before.keys() - present}
    return patch if len(patch) <= max(_ALWAYS_PATCHED, _PATCH_LIMIT * len(rows)) else None


def restaffed(base: Base[Any, Shift], days: Sequence[Sequence[Shift]]) -> dict[str, int] | None:
    """What a tab holding `base` needs to show these shifts.

    Returns:
        How many people are on a shift, by its id, where that differs; None when anything else about the shifts differs.
    """
    before = [shift for day in base.shifts for shift in day]
    after = [shift for day in days for shift in day]
    if [len(day) for day in base.shifts] != [len(day) for day in days]:
        return None
    staffed: dict[str, int] = {}
    for old, new in zip(before, after, strict=True):
        if not _differ(old, new):
            continue
        if {**old, "staffed": new["staffed"]} != new:
            return None
        staffed[str(new["id"])] = new["staffed"]
    return staffed


def _differ(old: object, new: object) -> bool:
    """Most are the same object, and then there is nothing to look through."""
    return old is not new and old != new


def with_staffing(days: Sequence[Sequence[BoardShift]], staffed: Mapping[str, int]) -> list[list[BoardShift]]:
    """The shifts as they are now: as they were sent, with the numbers that differ since."""
    return [[{**shift, "staffed": staffed.get(str(shift["id"]), shift["staffed"])} for shift in day] for day in days]
