"""What a command changed, row by row, and what taking it back would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from schedule_app.domain.assignment import ACTIVE

# A row as JSON, by column.
RowImage: TypeAlias = Mapping[str, Any]

SHIFTS: Final = "shifts"
ASSIGNMENTS: Final = "schedule_assignments"
VIOLATIONS: Final = "rule_violations"

# They differ between two rows that say the same.
_BOOKKEEPING: Final = frozenset({"version", "updated_at", "updated_by_id", "in_force"})
# An assignment gets them from its shift.
_FROM_SHIFT: Final = frozenset({"starts_at", "ends_at"})


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after a command; None where it did not exist."""

    table: str
    id: int
    before: RowImage | None
    after: RowImage | None

    @property
    def image(self) -> RowImage:
        """The row as it is after the change, or was before it when the change removed it."""
        return self.after or self.before or {}

    @property
    def is_gain(self) -> bool:
        """Whether somebody works a shift after this who did not before."""
        return self.table == ASSIGNMENTS and is_active(self.after) and not is_active(self.before)

    @property
    def is_loss(self) -> bool:
        """Whether somebody worked a shift before this who does not after."""
        return self.table == ASSIGNMENTS and is_active(self.before) and not is_active(self.after)

    @property
    def is_own(self) -> bool:
        """Whether the row itself was changed, not only the times that an assignment takes from its shift."""
        if self.before is None or self.after is None:
            return True
        return content(self.before, without=_FROM_SHIFT) != content(self.after, without=_FROM_SHIFT)


def content(row: RowImage | None, *, without: frozenset[str] = frozenset()) -> RowImage | None:
    """What a row says, apart from versions and who wrote it when; None for no row."""
    if row is None:
        return None
    return {name: value for name, value in row.items() if name not in _BOOKKEEPING and name not in without}


def is_active(row: RowImage | None) -> bool:
    """Whether the row is an assignment that takes the person's time."""
    return row is not None and row["status"] in ACTIVE


def net(recorded: Iterable[Sequence[Any]]) -> tuple[Change, ...]:
    """Sum up what a command did to each row.

    Args:
        recorded: [table, row before, row after] in the order in which it happened.

    Returns:
        One change for each row that is not as it was.
    """
    sums: dict[tuple[str, int], Change] = {}
    for table, before, after in recorded:
        row_id: int = (before or after)["id"]
        first = sums.get((table, row_id))
        sums[table, row_id] = Change(table, row_id, first.before if first else before, after)
    return tuple(each for each in sums.values() if content(each.before) != content(each.after))


def reverse(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that take these back."""
    return tuple(Change(each.table, each.id, each.after, each.before) for each in changes)
