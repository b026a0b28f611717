"""What a plan costs, term by term, and what it breaks: counted from the limits, without any solver."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.problem import Demand
from schedule_app.optimizer.solution import Missing
from schedule_app.optimizer.table import Table

#: The terms that come from demand and not from a rule.
UNDER, OVER = "missing", "surplus"


@dataclass(frozen=True, slots=True)
class Score:
    """A plan's cost.

    Attributes:
        by_rule: Its parts by name; those that are 0 are left out.
        broken: Strict limits it breaks; a plan is allowed when there are none.
        missing: Shifts with too few people.
    """

    total: int
    by_rule: dict[str, int]
    broken: tuple[Limit, ...]
    missing: tuple[Missing, ...]


def score(table: Table, limits: Iterable[Limit], cells: Collection[int]) -> Score:
    """Count everything.

    Args:
        table: The problem's table.
        limits: All of its limits.
        cells: What is worked; a set is quickest.
    """
    parts: Counter[str] = Counter()
    broken: list[Limit] = [table.closed[cell] for cell in cells if cell in table.closed]
    for limit in limits:
        excess = limit.excess(cells)
        if excess and limit.weight is None:
            broken.append(limit)
        elif excess:
            parts[limit.name] += excess * (limit.weight or 0)
    missing: list[Missing] = []
    for demand, staffed in zip(table.problem.demands, staffing(table, cells), strict=True):
        under, over = cover_cost(demand, staffed)
        parts[UNDER] += under
        parts[OVER] += over
        if staffed < demand.shift.required_staff:
            missing.append(Missing(demand.shift.id, demand.shift.required_staff - staffed))
    return Score(sum(parts.values()), dict(+parts), tuple(broken), tuple(missing))


def staffing(table: Table, cells: Iterable[int]) -> Sequence[int]:
    """How many people each shift has."""
    staffed = [0] * len(table.shifts)
    for cell in cells:
        staffed[cell % len(staffed)] += 1
    return staffed


def cover_cost(demand: Demand, staffed: int) -> tuple[int, int]:
    """What so many people on a shift cost, for the missing and for the surplus."""
    difference = staffed - demand.shift.required_staff
    return max(0, -difference) * demand.under_weight, max(0, difference) * (demand.over_weight or 0)
