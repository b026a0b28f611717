"""One person's rosters: prepared once, priced as often as wanted."""

import threading
from dataclasses import dataclass

import numpy as np

from schedule_app.optimizer.rosters import pricing
from schedule_app.optimizer.rosters.pool import Roster
from schedule_app.optimizer.rosters.task import CLOSED, Floats, Ints, Task

#: More states than this are not kept for one person; caps beyond them are then kept by prices.
_MOST_STATES = 6_000_000
_IMPOSSIBLE = 1e10
_RAISES, _MOST_RAISES = 5, 40
_SMALLER_STEPS, _LARGER_STEPS = 0.6, 1.3
_NEAR_ENOUGH = 1e-3


@dataclass(frozen=True, slots=True)
class Offer:
    """What pricing found.

    Attributes:
        bound: No roster of the person is cheaper.
        rosters: Allowed ones, cheapest first; not always the cheapest there is.
    """

    bound: float
    rosters: list[Roster]


class Pricer:
    """Finds the cheapest rosters of one person.

    Caps of types are left out of the states at first. When the cheapest roster is beyond one, that type is counted from
    then on; where that would take too many states, its price is raised instead.
    """

    def __init__(self, task: Task, person: int) -> None:
        self._task = task
        self._caps = task.caps[person]
        self._terms = task.terms[person]
        self.cost = np.where(self._caps[None, :] > 0, task.cost[person], CLOSED)
        self._kinds: list[int] = np.flatnonzero((self.cost < CLOSED / 2).any(axis=0)).tolist()
        self._counted: list[int] = []
        self._raises = np.zeros(len(self._kinds))
        self._low, self._high = self._band()
        self._lock = threading.Lock()
        self._prepare()

    @property
    def states(self) -> int:
        """How many states one pricing goes through."""
        return int(np.prod(self._shape))

    @property
    def is_possible(self) -> bool:
        """Tell whether the person's least of minutes can be reached at all."""
        return bool((self._low <= self._high).all())

    def offer(self, prices: Floats) -> Offer:
        """The cheapest rosters for what a day and type brings in; what they cost is `cost - prices`."""
        with self._lock:
            return self._offer(prices)

    def _offer(self, prices: Floats) -> Offer:
        net = (self.cost - prices)[:, self._kinds]
        while not self._raises.any():
            bound, rosters = self._solve(net)
            beyond = self._beyond(rosters[0]) if rosters else []
            if not beyond:
                return Offer(bound, [roster for roster in rosters if not self._beyond(roster)])
            if not self._count(beyond):
                break
        return self._offer_raised(net)

    def _offer_raised(self, net: Floats) -> Offer:
        """Raise the prices of types beyond their caps, and lower them again where there is room.

        Whatever is raised, the cheapest roster at raised prices, less the raises times the caps, is a bound. What was
        raised is kept: the next prices are much like these.
        """
        step = float(np.abs(net[net < _IMPOSSIBLE]).mean()) / 4 if (net < _IMPOSSIBLE).any() else 0.0
        caps = np.minimum(self._caps[self._kinds], len(net))
        bound, allowed = -np.inf, dict[Roster, float]()
        for raised in range(_MOST_RAISES):
            value, rosters = self._solve(net + self._raises)
            bound = max(bound, value - float((self._raises * caps).sum()))
            if not rosters:
                break
            for roster in rosters:
                if not self._beyond(roster):
                    allowed[roster] = sum(
                        net[day, self._kinds.index(kind)] for day, kind in enumerate(roster) if kind >= 0
                    )
            excess = np.array([rosters[0].count(kind) for kind in self._kinds]) - caps
            if allowed and (raised >= _RAISES or min(allowed.values()) - bound < _NEAR_ENOUGH):
                break
            self._raises = np.maximum(0.0, self._raises + step * np.sign(excess))
            # Until there is a roster at all the steps grow, from then on they shrink.
            step *= _SMALLER_STEPS if allowed else _LARGER_STEPS
        return Offer(bound, sorted(allowed, key=lambda each: allowed[each]))

    def _beyond(self, roster: Roster) -> list[int]:
        return [kind for kind in set(roster) if kind >= 0 and roster.count(kind) > self._caps[kind]]

    def _count(self, kinds: list[int]) -> bool:
        """Count more types in the states; tells whether there is room."""
        states = self.states
        added = False
        for kind in sorted(kinds, key=lambda each: self._caps[each]):
            states *= int(self._caps[kind]) + 1
            if kind not in self._counted and states <= _MOST_STATES:
                self._counted.append(kind)
                added = True
                break
        if added:
            self._prepare()
        return added

    def _prepare(self) -> None:
        task, terms, kinds = self._task, self._terms, self._kinds
        banned_before = [tuple(task.banned[kind, kinds]) for kind in kinds]
        classes = sorted(set(banned_before))
        digits = [int(self._caps[kind]) for kind in self._counted]
        sizes = [digit + 1 for digit in digits]
        self._units = task.units[kinds]
        self._classes = np.array([classes.index(each) for each in banned_before], dtype=np.int64)
        self._bans = np.array(classes or np.zeros((0, 0)), dtype=np.bool_).reshape(len(classes), len(kinds))
        self._count_of = np.array(
            [self._counted.index(kind) if kind in self._counted else -1 for kind in kinds], dtype=np.int64
        )
        self._digits = np.array([*digits, 0], dtype=np.int64)
        self._stride = np.array([*(int(np.prod(sizes[:place])) for place in range(len(sizes))), 1], dtype=np.int64)
        self._limits = np.array([terms.max_run, terms.min_run, terms.min_off, terms.max_weekends], dtype=np.int64)
        states = len(classes) * terms.max_run + terms.min_off
        days = len(task.weekend)
        self._shape = (days + 1, states, terms.max_weekends + 1, int(np.prod(sizes)), max(0, terms.max_units) + 1)

    def _band(self) -> tuple[Ints, Ints]:
        """By day, the least and the most units that can still become a roster, going by run lengths alone."""
        days, terms = len(self._task.weekend), self._terms
        open_units = np.where(self.cost < CLOSED / 2, self._task.units[None, :], 0).max(axis=1)
        before = _most_units(open_units, terms.max_run, terms.min_off)
        after = _most_units(open_units[::-1], terms.max_run, terms.min_off)[::-1]
        low = np.array([max(0, terms.min_units - after[day]) for day in range(days + 1)], dtype=np.int64)
        high = np.array([min(terms.max_units, before[day]) for day in range(days + 1)], dtype=np.int64)
        return low, high

    def _solve(self, net: Floats) -> tuple[float, list[Roster]]:
        if not self.is_possible:
            return _IMPOSSIBLE, []
        costs = _buffer(self.states).reshape(self._shape)
        alive = np.zeros(self._shape[:-1], dtype=np.bool_)
        net = np.ascontiguousarray(net)
        shared = (net, self._units, self._classes, self._bans, self._count_of, self._stride, self._digits)
        around = (self._task.weekend, self._limits, self._low, self._high)
        pricing.reach(costs, alive, *shared, *around)
        where, cost = pricing.ends(costs, alive, int(self._low[-1]), int(self._high[-1]))
        rosters = []
        for place in np.argsort(cost, kind="stable"):
            if cost[place] >= _IMPOSSIBLE:
                break
            days = pricing.trace(costs, alive, *shared, *around, where[place])
            rosters.append(tuple(self._kinds[kind] if kind >= 0 else -1 for kind in days))
        return (float(cost.min()), rosters) if len(cost) else (_IMPOSSIBLE, [])


_local = threading.local()


def _buffer(size: int) -> Floats:
    """Room for the costs, one for each thread: making it anew would take longer than filling it."""
    buffer = getattr(_local, "costs", None)
    if buffer is None or len(buffer) < size:
        buffer = _local.costs = np.empty(size)
    return buffer[:size]


def _most_units(units: Ints, max_run: int, min_off: int) -> list[int]:
    """By day, the most units that can have been worked before it."""
    none = -(10**9)
    worked, rested = [none] * (max_run + 1), [none] * (min_off + 1)
    rested[min_off] = 0
    most = [0]
    for today in map(int, units):
        going_on = [rested[min_off], *worked[1:max_run]]
        resting = [none, max(worked), *rested[1:min_off]]
        resting[min_off] = max(resting[min_off], rested[min_off])
        worked = [none, *((each + today) if today else none for each in going_on)]
        rested = resting
        most.append(max(0, *worked, *rested))
    return most
