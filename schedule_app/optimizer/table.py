"""The table a plan fills: people against shifts, numbered, with the days they fall on."""

from collections.abc import Iterable, Iterator, Set
from datetime import date, timedelta
from functools import cached_property

from schedule_app.domain.facts import ShiftFacts
from schedule_app.optimizer.limits import Group, Limit
from schedule_app.optimizer.problem import Person, Problem
from schedule_app.optimizer.solution import Given

_DAY = timedelta(days=1)


class Table:
    """The numbering that limits, models and plans share; see `limits`.

    Attributes:
        closed: Cells no plan may have, and the limit that says so. Filled while the limits are made; what is closed
            appears in no other limit, so that most of a large site's cells are never looked at again.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people: tuple[Person, ...] = problem.people
        self.shifts: tuple[ShiftFacts, ...] = tuple(demand.shift for demand in problem.demands)
        self.closed: dict[int, Limit] = {}
        self._open: dict[int, frozenset[int]] = {}
        self._days: dict[int, dict[date, Group]] = {}
        self.place_of_person = {person.facts.id: place for place, person in enumerate(self.people)}
        self.place_of_shift = {shift.id: place for place, shift in enumerate(self.shifts)}

    def cell(self, person: int, shift: int) -> int:
        """The cell of a person's and a shift's places."""
        return person * len(self.shifts) + shift

    def cell_of(self, employee_id: int, shift_id: int) -> int:
        """The cell of an employee's and a shift's ids."""
        return self.cell(self.place_of_person[employee_id], self.place_of_shift[shift_id])

    def places(self, cell: int) -> tuple[int, int]:
        """Person and shift of a cell."""
        return divmod(cell, len(self.shifts))

    def given(self, cells: Iterable[int]) -> tuple[Given, ...]:
        """The cells as a solution names them."""
        places = (self.places(cell) for cell in sorted(cells))
        return tuple(Given(self.people[person].facts.id, self.shifts[shift].id) for person, shift in places)

    @cached_property
    def fixed(self) -> frozenset[int]:
        """Every cell that stays worked, whatever the rules say."""
        standing = self.problem.standing
        return frozenset(self.cell_of(each.employee_id, each.shift_id) for each in standing if each.is_fixed)

    @cached_property
    def minutes(self) -> tuple[int, ...]:
        """How long each shift is."""
        return tuple(shift.span.minutes for shift in self.shifts)

    @cached_property
    def shifts_of_day(self) -> dict[date, list[int]]:
        """Places of the shifts that start on each local date."""
        days: dict[date, list[int]] = {}
        for place, shift in enumerate(self.shifts):
            days.setdefault(shift.local_date, []).append(place)
        return days

    @cached_property
    def days(self) -> list[date]:
        """Every date from the first shift to the last."""
        if not self.shifts_of_day:
            return []
        first, last = min(self.shifts_of_day), max(self.shifts_of_day)
        return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]

    @cached_property
    def all_cells(self) -> range:
        """Every cell, the closed ones too."""
        return range(len(self.people) * len(self.shifts))

    def close(self, cells: Iterable[int], limit: Limit) -> None:
        """Say of cells that no plan may have them."""
        # By the thousand: of a large site most people can work few of the shifts.
        new = dict.fromkeys(cells, limit)
        new.update({cell: self.closed[cell] for cell in new.keys() & self.closed.keys()})
        self.closed.update(new)
        for person in {cell // len(self.shifts) for cell in new}:
            self._open.pop(person, None)
            self._days.pop(person, None)

    def group(self, person: int, shifts: Iterable[int]) -> Group:
        """The open cells of a person on some shifts."""
        first, open_shifts = person * len(self.shifts), self.open_shifts(person)
        return tuple([first + shift for shift in shifts if shift in open_shifts])

    def each(self, person: int, shifts: Iterable[int]) -> list[Group]:
        """A group for each shift: its cell, or nothing where that is closed."""
        first, open_shifts = person * len(self.shifts), self.open_shifts(person)
        return [(first + shift,) if shift in open_shifts else () for shift in shifts]

    def open_shifts(self, person: int) -> frozenset[int]:
        """Places of the shifts that somebody can have."""
        if person not in self._open:
            first = person * len(self.shifts)
            shifts = range(len(self.shifts))
            self._open[person] = frozenset(shift for shift in shifts if first + shift not in self.closed)
        return self._open[person]

    def able(self, person: int, shifts: Set[int]) -> list[int]:
        """Places of those of some shifts that somebody can have, in order."""
        return sorted(self.open_shifts(person) & shifts)

    def day_group(self, person: int, day: date) -> Group:
        """The open cells of a person on a local date."""
        if person not in self._days:
            days: dict[date, list[int]] = {}
            for place in sorted(self.open_shifts(person)):
                days.setdefault(self.shifts[place].local_date, []).append(self.cell(person, place))
            self._days[person] = {each: tuple(cells) for each, cells in days.items()}
        return self._days[person].get(day, ())

    def weekends(self) -> Iterator[tuple[date, date]]:
        """Each Saturday and Sunday of which any is planned."""
        saturdays = {day - _DAY * (day.weekday() - 5) for day in self.days if day.weekday() >= 5}
        return ((day, day + _DAY) for day in sorted(saturdays))
