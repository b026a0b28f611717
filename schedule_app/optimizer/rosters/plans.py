"""Whole plans: a roster for each person, what it costs, and how single people improve it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from schedule_app.optimizer.rosters.master import cover_cost, marginal, roster_cost, staffing
from schedule_app.optimizer.rosters.pricer import Pricer, Roster
from schedule_app.optimizer.rosters.task import Ints, Task


@dataclass(frozen=True, slots=True)
class Plan:
    """A roster for each person, by their number."""

    rosters: tuple[Roster, ...]
    cost: float

    def with_rosters(self, task: Task, changed: Mapping[int, Roster]) -> "Plan":
        """The plan with other rosters for some people."""
        return plan_of(task, [changed.get(person, roster) for person, roster in enumerate(self.rosters)])


def plan_of(task: Task, rosters: Sequence[Roster]) -> Plan:
    """Count a plan's cost."""
    own = sum(roster_cost(task, person, roster) for person, roster in enumerate(rosters))
    return Plan(tuple(rosters), task.constant + own + cover_cost(task, staffing(task, rosters)))


def first_plan(task: Task, pricers: Sequence[Pricer]) -> Plan | None:
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
    return plan_of(task, [rosters[person] for person in range(len(pricers))])


def polish(task: Task, pricers: Sequence[Pricer], plan: Plan, people: Iterable[int]) -> Plan:
    """Give each person in turn the best roster beside all the others, until nobody has a better one."""
    order = list(people)
    rosters = list(plan.rosters)
    staffed = staffing(task, rosters)
    unchanged = 0
    turn = 0
    while unchanged < len(order):
        person = order[turn % len(order)]
        turn += 1
        others = staffed - staffing(task, [rosters[person]])
        found = pricers[person].offer(marginal(task, others)).rosters
        if found and _cost(task, person, found[0], others) < _cost(task, person, rosters[person], others) - 1e-6:
            rosters[person] = found[0]
            staffed = others + staffing(task, [found[0]])
            unchanged = 0
        else:
            unchanged += 1
    return plan_of(task, rosters)


def _cost(task: Task, person: int, roster: Roster, others: Ints) -> float:
    return roster_cost(task, person, roster) + cover_cost(task, others + staffing(task, [roster]))
