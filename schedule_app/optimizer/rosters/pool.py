"""Every roster found so far, by person: what one part of the search finds, the others start from."""

import threading
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from schedule_app.optimizer.rosters.task import Floats, Ints, Task

#: A type for each day, or -1.
Roster = tuple[int, ...]


class Pool:
    """The rosters, and which of them are cheapest at given prices; several threads may use it."""

    def __init__(self, task: Task, plan: Mapping[int, Roster]) -> None:
        """Start from a roster of everybody's."""
        self._task = task
        self._lock = threading.Lock()
        self._known: dict[int, dict[Roster, None]] = {person: {roster: None} for person, roster in plan.items()}

    def add(self, person: int, rosters: Iterable[Roster]) -> None:
        """Keep rosters of a person."""
        with self._lock:
            self._known[person].update(dict.fromkeys(rosters))

    def cheapest(self, person: int, prices: Floats, most: int, *, dearer: float = np.inf) -> Sequence[Roster]:
        """The rosters of a person that are cheapest at some prices, dearer than the very cheapest by less than that."""
        known = self._rosters(person)
        net = nets(self._task, person, known, prices)
        order = np.argsort(net, kind="stable")[:most].tolist()
        return [known[place] for place in order if net[place] < net[order[0]] + dearer]

    def _rosters(self, person: int) -> Sequence[Roster]:
        with self._lock:
            return list(self._known[person])


def nets(task: Task, person: int, rosters: Sequence[Roster], prices: Floats) -> Floats:
    """What rosters of a person cost, less what they bring in at some prices."""
    days, kinds = prices.shape
    # The last type, which -1 stands for as well, is a day off.
    net = np.zeros((days, kinds + 1))
    net[:, :-1] = task.cost[person] - prices
    return net[np.arange(days), np.array(rosters, dtype=np.int64)].sum(axis=1)


def roster_cost(task: Task, person: int, roster: Roster) -> float:
    """What a roster costs beside demand."""
    return float(sum(task.cost[person, day, kind] for day, kind in enumerate(roster) if kind >= 0))


def staffing(task: Task, rosters: Iterable[Roster]) -> Ints:
    """How many people work on each day and type."""
    staffed = np.zeros(task.place.shape, dtype=np.int64)
    for roster in rosters:
        for day, kind in enumerate(roster):
            if kind >= 0:
                staffed[day, kind] += 1
    return staffed


def cover_costs(task: Task, staffed: Ints) -> Floats:
    """What it costs to have so many people, by day and type."""
    difference = staffed - task.needed
    return np.maximum(-difference, 0) * task.under + np.maximum(difference, 0) * task.over


def part_cost(task: Task, rosters: Mapping[int, Roster], standing: Ints) -> float:
    """What some people's rosters cost beside others who stand, all the demand's cost included."""
    own = sum(roster_cost(task, person, roster) for person, roster in rosters.items())
    return own + float(cover_costs(task, standing + staffing(task, rosters.values())).sum())


def marginal(task: Task, staffed: Ints) -> Floats:
    """What one more person on each day and type would save."""
    return np.where(staffed < task.needed, task.under, -task.over)
