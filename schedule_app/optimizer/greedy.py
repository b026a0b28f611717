"""A whole plan at once, place by place, hardest to fill first; complete wherever one simple pass can make it so."""

import random

from schedule_app.optimizer.ledger import Ledger
from schedule_app.optimizer.model import free_cells
from schedule_app.optimizer.search import Search

#: With more people than this for a shift, as many are drawn and the rest not looked at.
_MOST_LOOKED_AT = 80


def first_plan(search: Search) -> set[int]:
    """Fill the shifts that fewest people can have first, each with whom it costs least and who has least so far."""
    table = search.table
    rng = random.Random(search.effort.seed)  # noqa: S311 (nothing secret)
    ledger = Ledger(table, search.limits, table.fixed)
    able: dict[int, list[int]] = {shift: [] for shift in range(len(table.shifts))}
    for cell in free_cells(table):
        able[table.places(cell)[1]].append(cell)
    minutes = [0] * len(table.people)
    for cell in ledger.cells:
        person, shift = table.places(cell)
        minutes[person] += table.shifts[shift].span.minutes

    def hardness(shift: int) -> tuple[float, object]:
        return len(able[shift]) / max(1, ledger.lacking(shift)), table.shifts[shift].span.starts_at

    for shift in sorted(able, key=hardness):
        looked_at = able[shift]
        if len(looked_at) > _MOST_LOOKED_AT:
            looked_at = rng.sample(looked_at, _MOST_LOOKED_AT)
        for _ in range(ledger.lacking(shift)):
            priced = [
                (cost, minutes[table.places(cell)[0]], cell)
                for cell in looked_at
                if cell not in ledger.cells and (cost := ledger.cost_if_allowed(cell)) is not None
            ]
            if not priced:
                break
            cost, _, cell = min(priced)
            if cost >= table.problem.demands[shift].under_weight:
                break
            ledger.give(cell)
            minutes[table.places(cell)[0]] += table.shifts[shift].span.minutes
    return ledger.cells
