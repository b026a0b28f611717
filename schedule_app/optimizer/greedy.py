"""A whole plan at once, place by place, hardest to fill first; complete wherever one simple pass can make it so."""

import random

from schedule_app.optimizer.ledger import Ledger
from schedule_app.optimizer.model import free_cells
from schedule_app.optimizer.search import Search

#: With more people than this for a shift, as many are drawn and the rest not looked at.
_MOST_LOOKED_AT = 80


def first_plan(search: Search) -> set[int]:
    """Fill the shifts that fewest people can have first, each with whom it costs least and who has least so far.

    Whoever is better not taken off a shift has it before anybody else is looked at.
    """
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

    def give(cell: int) -> None:
        person, shift = table.places(cell)
        ledger.give(cell)
        minutes[person] += table.shifts[shift].span.minutes

    for cell in _dear(search):
        shift = table.places(cell)[1]
        if cell in able[shift] and ledger.lacking(shift) and ledger.cost_if_allowed(cell) is not None:
            give(cell)

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
            give(cell)
    return ledger.cells


def _dear(search: Search) -> list[int]:
    """The cells of those who stand and may be taken off at a price, the highest first."""
    standing = [each for each in search.table.problem.standing if each.weight and not each.is_fixed]
    return [
        search.table.cell_of(each.employee_id, each.shift_id)
        for each in sorted(standing, key=lambda each: (-each.weight, each.shift_id, each.employee_id))
    ]
