"""Whole plans: a first one, person by person, and how single people improve it."""

from collections.abc import Mapping, Sequence

import numpy as np

from schedule_app.optimizer.rosters.pool import Roster, marginal, part_cost, staffing
from schedule_app.optimizer.rosters.pricer import Pricer
from schedule_app.optimizer.rosters.task import Ints, Task
from schedule_app.optimizer.search import Search
from schedule_app.optimizer.table import Table

_LEAST_GAIN = 1e-6

#: By person, of everybody or of some.
Rosters = Mapping[int, Roster]


def first_plan(task: Task, pricers: Sequence[Pricer]) -> Rosters | None:
    """People one after another, those who must work most first, each given what helps most beside the ones before.

    Returns:
        None when somebody has no roster at all.
    """
    staffed = np.zeros(task.place.shape, dtype=np.int64)
    rosters: dict[int, Roster] = {}
    for person in sorted(range(len(pricers)), key=lambda each: -task.terms[each].min_units):
        found = pricers[person].offer(marginal(task, staffed)).rosters
        if not found:
            return None
        rosters[person] = found[0]
        staffed += staffing(task, [found[0]])
    return rosters


def polish(search: Search, task: Task, pricers: Sequence[Pricer], rosters: Rosters, standing: Ints) -> Rosters:
    """Give each person in turn the best roster beside all the others, until nobody has a better one or time is up."""
    order, better = list(rosters), dict(rosters)
    staffed = standing + staffing(task, better.values())
    unchanged = 0
    turn = 0
    while unchanged < len(order) and not search.is_over:
        person = order[turn % len(order)]
        turn += 1
        others = staffed - staffing(task, [better[person]])
        found = pricers[person].offer(marginal(task, others)).rosters
        if not found:
            return better
        now, then = (part_cost(task, {person: each}, others) for each in (better[person], found[0]))
        if then < now - _LEAST_GAIN:
            better[person] = found[0]
            staffed = others + staffing(task, [found[0]])
            unchanged = 0
        else:
            unchanged += 1
    return better


def cells_of(table: Table, task: Task, rosters: Rosters) -> set[int]:
    """Rosters as the table's cells."""
    return {
        table.cell(person, int(task.place[day, kind]))
        for person, roster in rosters.items()
        for day, kind in enumerate(roster)
        if kind >= 0
    }
