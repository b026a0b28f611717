"""Which part of a plan to decide anew while the rest stands: a few people, a few days, or some of both."""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass

from schedule_app.optimizer.model import free_cells
from schedule_app.optimizer.objective import cover_cost, staffing
from schedule_app.optimizer.table import Table

Pick = Callable[["Part", Collection[int], random.Random, float], list[int]]

_GROWS, _SHRINKS = 1.06, 0.9
_SMALLEST = 40.0
_FORGETS = 0.95


@dataclass(slots=True)
class Neighbourhood:
    """One way to choose, how large it chooses at present, and how well it has done.

    Attributes:
        size: How many cells to free.
        success: Gained rounds against all of them, the later ones weighing more.
    """

    name: str
    pick: Pick
    size: float
    success: float = 0.5

    def learn(self, *, is_optimal: bool, took: float, limit: float, has_gained: bool) -> None:
        """Grow when the part was solved with ease, shrink when it was not."""
        if is_optimal and took < limit / 2:
            self.size *= _GROWS
        elif not is_optimal:
            self.size = max(_SMALLEST, self.size * _SHRINKS)
        self.success = _FORGETS * self.success + (1 - _FORGETS) * has_gained


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


def all_kinds() -> list[Neighbourhood]:
    """Every neighbourhood, none of them tried yet."""
    return [
        Neighbourhood("people", some_people, 400.0),
        Neighbourhood("days", some_days, 400.0),
        Neighbourhood("people for two weeks", people_for_two_weeks, 400.0),
    ]
