"""Which part of a plan to decide anew while the rest stands: a few people, a few days, or some of both."""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from schedule_app.optimizer.model import free_cells
from schedule_app.optimizer.objective import cover_cost, staffing
from schedule_app.optimizer.table import Table

Pick = Callable[["Part", Collection[int], random.Random, float], list[int]]

#: What is decided in a moment grows fastest.
_GROWS, _GROWS_FAST, _SHRINKS = 1.06, 1.2, 0.9
EASY, _MOMENT = 0.5, 0.1
_FORGETS = 0.9
_ROUNDS_TO_JUDGE = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """What deciding a part anew came to.

    Attributes:
        free: The part's cells.
        chosen: Those of them to be worked; None when nothing was found.
        effort: How much of the limit it took; above 1 when the part was too large for it.
        is_best: Whether no other choice is better.
    """

    free: Collection[int]
    chosen: Collection[int] | None
    effort: float
    is_best: bool


#: Decides a part of a plan anew: given the plan, chance, how much to free and how long it may take.
Decide = Callable[[frozenset[int], random.Random, float, float], Decision]


@dataclass(slots=True)
class Neighbourhood:
    """One way to choose a part and decide it, how large its parts are at present, and how well it has done.

    Attributes:
        size: How much to free: cells, or people.
        smallest, largest: It stays between these.
        least_share: Of the time, so that it is still tried when it has not helped for long.
        gain, seconds: Of a round, the later ones weighing more.
    """

    name: str
    decide: Decide
    size: float
    smallest: float
    largest: float
    least_share: float
    gain: float = 0.0
    seconds: float = 0.0
    rounds: int = 0

    def learn(self, decision: Decision, *, gain: float, seconds: float) -> None:
        """Grow when the part was decided with ease, shrink when it was not."""
        if decision.effort < EASY:
            self.size = min(self.largest, self.size * (_GROWS_FAST if decision.effort < _MOMENT else _GROWS))
        elif decision.effort > 1:
            self.size = max(self.smallest, self.size * _SHRINKS)
        keep = _FORGETS if self.rounds else 0.0
        self.gain = keep * self.gain + (1 - keep) * gain
        self.seconds = keep * self.seconds + (1 - keep) * max(1e-3, seconds)
        self.rounds += 1


def draw(kinds: Sequence[Neighbourhood], rng: random.Random) -> Neighbourhood:
    """A neighbourhood, so that each gets a share of the time as its gain for each second so far."""
    unjudged = [kind for kind in kinds if kind.rounds < _ROUNDS_TO_JUDGE]
    if unjudged:
        return rng.choice(unjudged)
    rates = [kind.gain / kind.seconds for kind in kinds]
    most = sum(rates)
    shares = [(rate / most if most else 0.0) + kind.least_share for rate, kind in zip(rates, kinds, strict=True)]
    return rng.choices(kinds, [share / kind.seconds for share, kind in zip(shares, kinds, strict=True)])[0]


class Part:
    """What the neighbourhoods choose from."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.first_day = table.days[0] if table.days else None
        self.free = free_cells(table)
        self.of_person: dict[int, list[int]] = {}
        self.of_day: dict[int, list[int]] = {}
        for cell in self.free:
            person, _ = table.places(cell)
            self.of_person.setdefault(person, []).append(cell)
            self.of_day.setdefault(self.day(cell), []).append(cell)
        self.people, self.days = list(self.of_person), sorted(self.of_day)

    def day(self, cell: int) -> int:
        """A cell's day, counted from the first."""
        shift = self.table.shifts[self.table.places(cell)[1]]
        return (shift.local_date - self.table.days[0]).days

    def costly_shift(self, cells: Collection[int], rng: random.Random) -> int:
        """A shift, the likelier the more its staffing costs."""
        costs = [
            sum(cover_cost(demand, staffed)) + 0.1
            for demand, staffed in zip(self.table.problem.demands, staffing(self.table, cells), strict=True)
        ]
        return rng.choices(range(len(costs)), costs)[0]


def some_people(part: Part, cells: Collection[int], rng: random.Random, size: float) -> list[int]:
    """A few people over all the days; half of the time such as could work where it costs."""
    order = rng.sample(part.people, len(part.people))
    if rng.random() < 0.5:
        shift = part.costly_shift(cells, rng)
        free = set(part.free)
        order.sort(key=lambda person: part.table.cell(person, shift) not in free)
        # Those who could help, and somebody who may have to make room for them.
        order = [*order[:2], *rng.sample(order, len(order))]
    return _filled(part, dict.fromkeys(order), None, size)


def some_days(part: Part, cells: Collection[int], rng: random.Random, size: float) -> list[int]:
    """A few days in a row for everybody, around one that costs."""
    place = part.table.shifts[part.costly_shift(cells, rng)]
    middle = (place.local_date - part.table.days[0]).days
    found: list[int] = []
    for day in sorted(part.days, key=lambda each: (abs(each - middle), rng.random())):
        if found and len(found) + len(part.of_day[day]) > size:
            break
        found += part.of_day[day]
    return found


def people_for_two_weeks(part: Part, cells: Collection[int], rng: random.Random, size: float) -> list[int]:
    """More people, but only for two weeks around a day that costs."""
    place = part.table.shifts[part.costly_shift(cells, rng)]
    middle = (place.local_date - part.table.days[0]).days
    length = rng.choice([5, 7, 10, 14])
    window = range(middle - length // 2, middle - length // 2 + length)
    return _filled(part, dict.fromkeys(rng.sample(part.people, len(part.people))), window, size)


def _filled(part: Part, people: Collection[int], window: range | None, size: float) -> list[int]:
    found: list[int] = []
    for person in people:
        more = [cell for cell in part.of_person[person] if window is None or part.day(cell) in window]
        if found and len(found) + len(more) > size:
            break
        found += more
    return found
