"""A neighbourhood of whole rosters: some people's are taken away and made anew by column generation."""

import random
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from schedule_app.optimizer.neighbourhoods import EASY, Decision, Neighbourhood
from schedule_app.optimizer.rosters.choice import choose
from schedule_app.optimizer.rosters.columns import Columns, Field
from schedule_app.optimizer.rosters.plans import cells_of, polish
from schedule_app.optimizer.rosters.pool import Roster, cover_costs, nets, part_cost, staffing
from schedule_app.optimizer.rosters.task import CLOSED, Floats

_PEOPLE_AT_FIRST, _FEWEST_PEOPLE = 8.0, 3.0
#: As much as all of CP-SAT's neighbourhoods together.
_LEAST_SHARE = 0.3
#: Up to so many rosters that can be part of something better, choosing among them is better than a dive; among more
#: than the most the solver finds nothing in its time.
_FEW_ROSTERS, _MOST_ROSTERS = 400, 700
#: A round may take this many times as long as one of CP-SAT: there is more to win in it.
_LIMITS = 2.0


def rebuilding(field: Field, prices: Floats) -> Neighbourhood:
    """The neighbourhood; prices are those of the whole demand."""
    people = len(field.pricers)
    decide = _Rebuilding(field, prices).decide
    return Neighbourhood("rosters", decide, min(people, _PEOPLE_AT_FIRST), _FEWEST_PEOPLE, people, _LEAST_SHARE)


class _Rebuilding:
    def __init__(self, field: Field, prices: Floats) -> None:
        self._field = field
        self._prices = prices
        self._at = {int(number): at for at, number in np.ndenumerate(field.task.place) if number >= 0}

    def decide(self, before: frozenset[int], rng: random.Random, size: float, limit: float) -> Decision:
        """Make the rosters of some people anew."""
        field, limit = self._field, limit * _LIMITS
        started = field.search.spent
        rosters = self._rosters(before)
        people = self._pick(rosters, rng, round(size))
        present = {person: rosters[person] for person in people}
        standing = staffing(field.task, rosters) - staffing(field.task, present.values())
        now = part_cost(field.task, present, standing)
        columns = Columns(field, people, standing, self._prices)
        for person, roster in present.items():
            columns.master.add(person, roster)
        until = field.search.remaining - limit / 2
        weighed = columns.relax(until=until, beaten=now)
        found: Mapping[int, Roster] | None = None
        is_hopeless = columns.is_beaten(now)
        if not is_hopeless and not field.search.is_over:
            most = _MOST_ROSTERS // len(people)
            useful = {
                person: list(dict.fromkeys([present[person], *columns.useful(person, now, most)])) for person in people
            }
            if sum(map(len, useful.values())) <= _FEW_ROSTERS or rng.random() < 0.5:
                found = choose(
                    field.search,
                    field.task,
                    useful,
                    standing,
                    hint=present,
                    limit=limit / 2,
                    seed=rng.randrange(2**31),
                )
            else:
                found = polish(
                    field.search,
                    field.task,
                    field.pricers,
                    {**present, **columns.dive(weighed, until=until - limit / 2)},
                    standing,
                )
        effort = (field.search.spent - started) / limit
        if not is_hopeless:
            # More people than these would be decided no better.
            effort = max(effort, EASY)
        chosen = cells_of(field.search.table, field.task, found) if found else None
        return Decision(self._free(people), chosen, effort, is_hopeless)

    def _pick(self, rosters: Sequence[Roster], rng: random.Random, size: int) -> list[int]:
        """Some people: any, or rather those whose rosters are dear, some of whom could help where it costs."""
        task, everybody = self._field.task, range(len(rosters))
        way = rng.random()
        if way < 0.3:
            return rng.sample(everybody, min(size, len(rosters)))
        regret = np.array([self._regret(person, rosters[person]) for person in everybody])
        weights = regret + 0.2 * regret.mean() + 0.1
        if way < 0.7:
            # Half of them could work where it costs.
            dear = cover_costs(task, staffing(task, rosters)).ravel() + 1e-3
            day, kind = divmod(rng.choices(range(len(dear)), dear.tolist())[0], task.place.shape[1])
            able = (task.cost[:, day, kind] < CLOSED / 2) & (task.caps[:, kind] > 0)
            helpers = sorted(np.flatnonzero(able).tolist(), key=lambda each: -(rng.random() ** (1 / weights[each])))
            first = helpers[: -(-size // 2)]
        else:
            first = []
        order = sorted(everybody, key=lambda each: -(rng.random() ** (1 / weights[each])))
        return list(dict.fromkeys([*first, *order]))[:size]

    def _regret(self, person: int, roster: Roster) -> float:
        """How much dearer a roster is than the cheapest that is known, at the prices of the whole."""
        task = self._field.task
        cheapest = self._field.pool.cheapest(person, self._prices, 1)
        one, other = nets(task, person, [roster, *cheapest], self._prices)
        return max(0.0, float(one - other))

    def _rosters(self, cells: Collection[int]) -> list[Roster]:
        table = self._field.search.table
        rosters = [[-1] * len(self._field.task.weekend) for _ in table.people]
        for cell in cells:
            person, shift = table.places(cell)
            day, kind = self._at[shift]
            rosters[person][day] = kind
        return [tuple(roster) for roster in rosters]

    def _free(self, people: Collection[int]) -> list[int]:
        table = self._field.search.table
        return [table.cell(person, shift) for person in people for shift in table.open_shifts(person)]
