"""Column generation over the rosters of some people, and the dive that makes whole rosters of its mixture.

After Burke and Curtois, "New approaches to nurse rostering benchmark instances" (2014), with the prices smoothed as
Wentges (1997) does.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from schedule_app.optimizer.rosters.master import Master, Weighed
from schedule_app.optimizer.rosters.pool import Pool, Roster, nets, staffing
from schedule_app.optimizer.rosters.pricer import Offer, Pricer
from schedule_app.optimizer.rosters.task import Floats, Ints, Task
from schedule_app.optimizer.search import Search

#: Prices are taken this far from the last ones towards the best ones known: it keeps them from swinging.
_SMOOTHING = 0.5
_LEAST_GAIN = 1e-4
_CLOSED_GAP = 1e-3
#: Costs are whole numbers, so a plan that is better is better by 1.
_LEAST_STEP = 1 - 1e-3
#: Of what there is to win, the part that may stay open.
_NEAR = 0.1
_ROSTERS_AT_ONCE, _ROSTERS_OF_ALL_AT_ONCE = 3, 160
#: How many known rosters of each person a programme starts with.
_ROSTERS_TO_START_WITH = 30
#: In a dive, at least this part of the people gets a roster for good in each step.
_STEPS_OF_A_DIVE = 12
_AS_GOOD_AS_WHOLE = 0.95
_ROUNDS_IN_A_STEP = 8
_WORTH_ANOTHER_ROUND = 1e-4
#: What pricing one state counts as work, in seconds of an ordinary machine.
_WORK_OF_A_STATE = 1e-8
#: What weighing counts as work for each person.
_WORK_OF_A_PROGRAMME = 1e-3


@dataclass(frozen=True, slots=True)
class Field:
    """What every programme of one search shares."""

    search: Search
    task: Task
    pricers: Sequence[Pricer]
    pool: Pool
    executor: Executor | None = None

    def offers(self, people: Sequence[int], prices: Floats) -> list[Offer]:
        """Price some people."""

        def offer(person: int) -> Offer:
            return self.pricers[person].offer(prices)

        self.search.worked(_WORK_OF_A_STATE * sum(self.pricers[person].states for person in people))
        return list(self.executor.map(offer, people) if self.executor else map(offer, people))


class Columns:
    """The linear relaxation over the rosters of some people while the others stand.

    Attributes:
        bound: These people and the demand together cost no less, whatever their rosters.
        prices: The best known: those the bound is of, as far as is known.
    """

    def __init__(self, field: Field, people: Sequence[int], standing: Ints, prices: Floats) -> None:
        """Start from the known rosters that are cheapest at some prices."""
        self._field = field
        self._people = people
        self._standing = standing
        self._lacking = field.task.needed - standing
        self._best_estimate = -np.inf
        # A linear programme of many people is slow enough as it is.
        self._at_once = max(1, min(_ROSTERS_AT_ONCE, _ROSTERS_OF_ALL_AT_ONCE // max(1, len(people))))
        self.prices = prices
        self.bound = -np.inf
        self.master = Master(field.task, people, standing)
        for person in people:
            for roster in field.pool.cheapest(person, prices, _ROSTERS_TO_START_WITH):
                self.master.add(person, roster)

    def relax(self, *, until: float = 0.0, beaten: float = np.inf) -> Weighed:
        """Add rosters until none is worth adding, or until it is time to stop.

        Args:
            until: So many seconds of the search remain.
            beaten: A cost these people have together already. The end is then when it is plain that they cannot have
                less, or when what the bound leaves open is little beside what there is to win.
        """
        weighed = self._solve()
        search = self._field.search
        while not search.is_over and search.remaining > until and not self.is_beaten(beaten):
            near = _NEAR * (beaten - weighed.cost) if np.isfinite(beaten) else 0.0
            if weighed.cost - self.bound < max(_CLOSED_GAP, near):
                break
            prices = self.prices
            if np.isfinite(self._best_estimate):
                prices = _SMOOTHING * prices + (1 - _SMOOTHING) * weighed.prices
            # Where the smoothed prices find nothing new, the exact ones decide.
            if not self._price(prices, weighed) and not self._price(weighed.prices, weighed):
                break
            weighed = self._solve()
        return weighed

    def is_beaten(self, cost: float) -> bool:
        """Tell whether these people cannot have less than this together."""
        return self.bound >= cost - _LEAST_STEP

    def useful(self, person: int, cost: float, most: int) -> Sequence[Roster]:
        """Those of a person's known rosters that can be part of anything below a cost.

        At the best prices a roster is so much dearer than the person's cheapest, and anything with it than the bound.
        """
        return self._field.pool.cheapest(person, self.prices, most, dearer=cost - self.bound)

    def dive(self, weighed: Weighed, *, until: float = 0.0) -> dict[int, Roster]:
        """Give people rosters for good, those first who are nearly decided, and price anew for the rest.

        When no more than `until` seconds remain, the rest choose from the rosters that are known; who has none when the
        search is over is left out.
        """
        columns, chosen = self, dict[int, Roster]()
        at_once = max(1, len(self._people) // _STEPS_OF_A_DIVE)
        standing = self._standing
        while True:
            settled = _favourites(weighed.share, at_once)
            chosen.update(settled)
            rest = [person for person in self._people if person not in chosen]
            if not rest or not settled or self._field.search.is_over:
                return chosen
            standing = standing + staffing(self._field.task, settled.values())
            columns = Columns(self._field, rest, standing, weighed.prices)
            for person in rest:
                for roster in weighed.share[person]:
                    columns.master.add(person, roster)
            weighed = columns._price_in_a_step(until)

    def _price_in_a_step(self, until: float) -> Weighed:
        weighed = self._solve()
        for _ in range(_ROUNDS_IN_A_STEP):
            if self._field.search.is_over or self._field.search.remaining <= until:
                break
            if not self._price(weighed.prices, weighed):
                break
            before, weighed = weighed.cost, self._solve()
            if weighed.cost > before - _WORTH_ANOTHER_ROUND * max(1.0, abs(before)):
                break
        return weighed

    def _solve(self) -> Weighed:
        self._field.search.worked(_WORK_OF_A_PROGRAMME * len(self._people))
        return self.master.solve()

    def _price(self, prices: Floats, weighed: Weighed) -> bool:
        """Find rosters at some prices and add those cheaper than the mixture's; tells whether there were any."""
        field, people = self._field, self._people

        found = field.offers(people, prices)
        # Lagrange's bound: what the demand is worth at these prices, and the cheapest roster of each person.
        worth = float((prices * self._lacking).sum())
        self.bound = max(self.bound, worth + sum(each.bound for each in found))
        if len(people) == len(field.pricers):
            field.search.raise_bound(self.bound + field.task.constant)
        # Where caps are not counted the cheapest is not known, only a bound of it, which may be far below. Which prices
        # are the best is then better told by the rosters that were found.
        estimate = worth
        added = 0
        for person, each in zip(people, found, strict=True):
            field.pool.add(person, each.rosters)
            if not each.rosters:
                estimate += each.bound
                continue
            estimate += nets(field.task, person, each.rosters[:1], prices)[0]
            net = nets(field.task, person, each.rosters, weighed.prices)
            cheaper = [
                roster
                for roster, cost in zip(each.rosters, net, strict=True)
                if cost < weighed.worth[person] - _LEAST_GAIN
            ]
            added += sum(self.master.add(person, roster) for roster in cheaper[: self._at_once])
        if estimate > self._best_estimate:
            self._best_estimate, self.prices = estimate, prices
        return added > 0


def _favourites(share: Mapping[int, Mapping[Roster, float]], most: int) -> dict[int, Roster]:
    """The rosters that are as good as chosen, and beside them those nearest to it."""
    favourites = {
        person: max(shares, key=lambda each: (shares[each], each)) for person, shares in share.items() if shares
    }
    order = sorted(favourites, key=lambda person: -share[person][favourites[person]])
    return {
        person: favourites[person]
        for place, person in enumerate(order)
        if place < most or share[person][favourites[person]] >= _AS_GOOD_AS_WHOLE
    }
