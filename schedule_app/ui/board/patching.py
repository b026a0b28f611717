"""Sends a board once and afterwards only the rows that differ from what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from schedule_app.queries.board import BoardRow

#: Beyond this share of the board, sending it whole is the cheaper way.
_PATCH_LIMIT = 0.25
_ALWAYS_PATCHED = 20


@dataclass(frozen=True, slots=True)
class Base:
    """The rows a tab was last sent whole. A tuple, so that Reflex does not watch it for changes."""

    rows: tuple[BoardRow, ...] = field(default=())

    def __init__(self, rows: Sequence[BoardRow] = ()) -> None:
        object.__setattr__(self, "rows", tuple(rows))


def patched(base: Base, rows: Sequence[BoardRow]) -> dict[str, BoardRow | None] | None:
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
    patch: dict[str, BoardRow | None] = {str(row["id"]): row for row in rows if before[row["id"]] != row}
    patch |= {str(row_id): None for row_id in before.keys() - present}
    return patch if len(patch) <= max(_ALWAYS_PATCHED, _PATCH_LIMIT * len(rows)) else None
