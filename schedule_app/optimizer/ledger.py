"""Running sums of every limit while a plan is put together: what one more assignment would break or cost."""

from collections.abc import Iterable
from dataclasses import dataclass

from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


@dataclass(frozen=True, slots=True)
class Price:
    """What a change of one cell does.

    Attributes:
        cost: By how much the plan gets dearer, demand included; below 0 when it gets better.
        parts: The same by name.
        broken: Strict limits it would break.
    """

    cost: int
    parts: dict[str, int]
    broken: tuple[Limit, ...]


class Ledger:
    """A plan that changes cell by cell, and the sums that belong to it.

    Attributes:
        cells: What is worked.
    """

    def __init__(self, table: Table, limits: Iterable[Limit], cells: Iterable[int] = ()) -> None:
        self._table = table
        self._limits = list(limits)
        self._entries: dict[int, list[tuple[int, int]]] = {}
        self._worked: list[list[int]] = [[0] * len(limit.groups) for limit in self._limits]
        self._sums = [0] * len(self._limits)
        self._staffed = [0] * len(table.shifts)
        self.cells: set[int] = set()
        for place, limit in enumerate(self._limits):
            for number, group in enumerate(limit.groups):
                for cell in group:
                    self._entries.setdefault(cell, []).append((place, number))
        for cell in cells:
            self.give(cell)

    def give(self, cell: int) -> None:
        """Add a cell to the plan."""
        self.cells.add(cell)
        self._staffed[cell % len(self._staffed)] += 1
        for place, group in self._entries.get(cell, ()):
            if not self._worked[place][group]:
                self._sums[place] += self._limits[place].coefficients[group]
            self._worked[place][group] += 1

    def take(self, cell: int) -> None:
        """Take a cell out of the plan."""
        self.cells.remove(cell)
        self._staffed[cell % len(self._staffed)] -= 1
        for place, group in self._entries.get(cell, ()):
            self._worked[place][group] -= 1
            if not self._worked[place][group]:
                self._sums[place] -= self._limits[place].coefficients[group]

    def price(self, cell: int) -> Price:
        """What giving a cell that is not worked would do."""
        parts: dict[str, int] = {}
        broken: list[Limit] = [self._table.closed[cell]] if cell in self._table.closed else []
        for limit, before, after in self._changes(cell):
            worse = _excess(limit, after) - _excess(limit, before)
            if worse and limit.weight is not None:
                parts[limit.name] = parts.get(limit.name, 0) + worse * limit.weight
            elif worse > 0:
                broken.append(limit)
        shift = cell % len(self._staffed)
        demand = self._table.problem.demands[shift]
        if self._staffed[shift] < demand.shift.required_staff:
            parts["missing"] = -demand.under_weight
        elif demand.over_weight:
            parts["surplus"] = demand.over_weight
        return Price(sum(parts.values()), parts, tuple(broken))

    def cost_if_allowed(self, cell: int) -> int | None:
        """As `price`, its cost alone, demand left out; None when a strict limit would be broken."""
        cost = 0
        for limit, before, after in self._changes(cell):
            if after > limit.high or before > limit.high:
                worse = _excess(limit, after) - _excess(limit, before)
                if limit.weight is not None:
                    cost += worse * limit.weight
                elif worse > 0:
                    return None
        return cost

    def lacking(self, shift: int) -> int:
        """How many people a shift still needs."""
        return self._table.shifts[shift].required_staff - self._staffed[shift]

    def _changes(self, cell: int) -> Iterable[tuple[Limit, int, int]]:
        """Each limit whose sum would be another, before and after."""
        changes: dict[int, int] = {}
        for place, group in self._entries.get(cell, ()):
            if not self._worked[place][group]:
                changes[place] = changes.get(place, 0) + self._limits[place].coefficients[group]
        return [(self._limits[place], self._sums[place], self._sums[place] + by) for place, by in changes.items()]


def _excess(limit: Limit, total: int) -> int:
    return max(0, -((limit.high - total) // limit.unit))
