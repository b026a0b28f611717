"""Column generation over everybody's rosters, and the dive that makes a plan of its mixture."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor

import numpy as np

from schedule_app.optimizer.rosters.master import Master, Weighed, worked_cells
from schedule_app.optimizer.rosters.pricer import Offer, Pricer, Roster
from schedule_app.optimizer.rosters.task import Floats, Task
from schedule_app.optimizer.search import Search

#: Prices are taken this far from the last ones towards the best ones known: it keeps them from swinging.
_SMOOTHING = 0.5
_LEAST_GAIN = 1e-4
_CLOSED_GAP = 1e-3
_ROSTERS_AT_ONCE, _ROSTERS_OF_ALL_AT_ONCE = 3, 160
#: In a dive, at least this part of the people gets a roster for good in each step.
_STEPS_OF_A_DIVE = 12
_AS_GOOD_AS_WHOLE = 0.95
_ROUNDS_IN_A_STEP = 8
_WORTH_ANOTHER_ROUND = 1e-4
#: What pricing one state counts as work, in seconds of an ordinary machine.
_WORK_OF_A_STATE = 1e-8


class Columns:
    """The linear relaxation over whole rosters, its bound, and whole plans made from it.

    Attributes:
        bound: No plan costs less, what every plan costs left out.
    """

    def __init__(self, search: Search, task: Task, pricers: Sequence[Pricer], executor: Executor | None) -> None:
        self._search = search
        self._task = task
        self._pricers = pricers
        self._executor = executor
        self._best_prices = np.zeros(task.place.shape)
        self._best_estimate = -np.inf
        # A linear programme of many people is slow enough as it is.
        self._at_once = max(1, min(_ROSTERS_AT_ONCE, _ROSTERS_OF_ALL_AT_ONCE // len(pricers)))
        self.master = Master(task)
        self.bound = -np.inf

    def relax(self, *, until: float) -> Weighed:
        """Add rosters until none is worth adding, or until so many seconds remain."""
        weighed = self.master.solve()
        people = range(len(self._pricers))
        while not self._search.is_over and self._search.remaining > until:
            if weighed.cost - self.bound < _CLOSED_GAP:
                break
            prices = weighed.prices
            if np.isfinite(self._best_estimate):
                prices = _SMOOTHING * self._best_prices + (1 - _SMOOTHING) * prices
            # Where the smoothed prices find nothing new, the exact ones decide.
            if not self._price(people, prices, weighed) and not self._price(people, weighed.prices, weighed):
                break
            weighed = self.master.solve()
        return weighed

    def dive(self, weighed: Weighed, *, until: float) -> dict[int, Roster]:
        """Give people rosters for good, those first who are nearly decided, and price anew for the rest.

        When no more than `until` seconds remain, the rest choose from the rosters that are known.
        """
        chosen: dict[int, Roster] = {}
        rest = list(range(len(self._pricers)))
        at_once = max(1, len(rest) // _STEPS_OF_A_DIVE)
        while rest:
            favourites = {person: share for person in rest if (share := _favourite(weighed.share[person]))}
            for place, person in enumerate(sorted(favourites, key=lambda each: -favourites[each][1])):
                roster, share = favourites[person]
                if place < at_once or share >= _AS_GOOD_AS_WHOLE:
                    chosen[person] = roster
                    self.master.fix(person, roster)
            if not favourites:
                break
            rest = [person for person in rest if person not in chosen]
            weighed = self._price_rest(rest, until)
        return chosen

    def _price_rest(self, rest: Sequence[int], until: float) -> Weighed:
        weighed = self.master.solve()
        for _ in range(_ROUNDS_IN_A_STEP):
            if self._search.is_over or self._search.remaining <= until:
                break
            if not rest or not self._price(rest, weighed.prices, weighed, is_whole=False):
                break
            before, weighed = weighed.cost, self.master.solve()
            if weighed.cost > before - _WORTH_ANOTHER_ROUND * max(1.0, abs(before)):
                break
        return weighed

    def _price(self, people: Sequence[int], prices: Floats, weighed: Weighed, *, is_whole: bool = True) -> bool:
        """Find rosters at some prices and add those cheaper than the mixture's; tells whether there were any."""

        def offer(person: int) -> Offer:
            return self._pricers[person].offer(prices)

        found = list(self._executor.map(offer, people) if self._executor else map(offer, people))
        self._search.worked(_WORK_OF_A_STATE * sum(self._pricers[person].states for person in people))
        if is_whole:
            self._learn(prices, found)
        return sum(self._add(person, each.rosters, weighed) for person, each in zip(people, found, strict=True)) > 0

    def _add(self, person: int, rosters: Iterable[Roster], weighed: Weighed) -> int:
        # The rosters of a mixture all cost the same at its own prices.
        worth = min((self._net(person, each, weighed.prices) for each in weighed.share[person]), default=np.inf)
        added = 0
        for roster in rosters:
            if added < self._at_once and self._net(person, roster, weighed.prices) < worth - _LEAST_GAIN:
                added += self.master.add(person, roster)
        return added

    def _net(self, person: int, roster: Roster, prices: Floats) -> float:
        cells = worked_cells(roster, prices.shape[1])
        return float((self._task.cost[person].ravel()[cells] - prices.ravel()[cells]).sum())

    def _learn(self, prices: Floats, offers: Sequence[Offer]) -> None:
        """Lagrange's bound: what the demand is worth at these prices, and the cheapest roster of each person.

        Where caps are not counted the cheapest is not known, only a bound of it, which may be far below. Which prices
        are the best is then better told by the rosters that were found.
        """
        worth = float((prices * self._task.needed).sum())
        self.bound = max(self.bound, worth + sum(offer.bound for offer in offers))
        self._search.raise_bound(self.bound + self._task.constant)
        found = [
            self._net(person, offer.rosters[0], prices) if offer.rosters else offer.bound
            for person, offer in enumerate(offers)
        ]
        if worth + sum(found) > self._best_estimate:
            self._best_estimate, self._best_prices = worth + sum(found), prices


def _favourite(share: Mapping[Roster, float]) -> tuple[Roster, float] | None:
    if not share:
        return None
    roster = max(share, key=lambda each: (share[each], each))
    return roster, share[roster]
