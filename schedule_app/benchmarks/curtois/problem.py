"""An instance as a problem of the optimiser, and a plan as a roster."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from schedule_app.benchmarks.curtois.checker import FREE
from schedule_app.benchmarks.curtois.reader import Instance, Staff
from schedule_app.domain.facts import EmployeeFacts, ShiftFacts
from schedule_app.domain.time import Interval
from schedule_app.optimizer.problem import Contract, Demand, Person, Problem, Succession, Wish
from schedule_app.optimizer.solution import Solution

#: Day 0 of every instance is a Monday; which one does not matter.
_MONDAY = date(2024, 1, 1)
_DAY = timedelta(days=1)


def as_problem(instance: Instance) -> Problem:
    """The instance as a problem.

    Only lengths are given of shifts, no times of day: all begin at midnight, so those of one day overlap and nobody
    can work two of them.
    """
    ids = {name: place for place, name in enumerate(instance.staff, start=1)}
    return Problem(
        people=tuple(_person(instance, name, ids[name]) for name in instance.staff),
        demands=tuple(_demands(instance)),
        successions=tuple(
            Succession(before, after) for before, kind in instance.types.items() for after in sorted(kind.not_after)
        ),
        wishes=tuple(
            Wish(ids[name], _shift_id(instance, day, kind), wanted, weight)
            for wanted, requests in ((True, instance.on), (False, instance.off))
            for (name, day, kind), weight in requests.items()
        ),
    )


def as_roster(instance: Instance, solution: Solution) -> dict[str, list[str]]:
    """The plan as one token a day for each employee."""
    names, kinds = list(instance.staff), list(instance.types)
    roster = {name: [FREE] * instance.days for name in names}
    for given in solution.given:
        day, kind = divmod(given.shift_id - 1, len(kinds))
        roster[names[given.employee_id - 1]][day] = kinds[kind]
    return roster


def _shift_id(instance: Instance, day: int, kind: str) -> int:
    return day * len(instance.types) + list(instance.types).index(kind) + 1


def _demands(instance: Instance) -> Iterator[Demand]:
    for day in range(instance.days):
        for name, kind in instance.types.items():
            needed, under, over = instance.cover.get((day, name), (0, 0, 0))
            shift = ShiftFacts(
                id=_shift_id(instance, day, name),
                site_id=1,
                department_id=None,
                zone="UTC",
                local_date=_MONDAY + _DAY * day,
                span=_span(day, kind.minutes),
                shift_type=name,
                required_qualifications=(),
                required_staff=needed,
            )
            yield Demand(shift, under, over)


def _span(day: int, minutes: int) -> Interval:
    midnight = datetime.combine(_MONDAY + _DAY * day, datetime.min.time(), UTC)
    return Interval(midnight, midnight + timedelta(minutes=minutes))


def _person(instance: Instance, name: str, number: int) -> Person:
    facts = EmployeeFacts(
        id=number,
        name=name,
        role="employee",
        site_id=1,
        department_id=None,
        qualifications=(),
        availability={},
        contracted_minutes=None,
        max_minutes=None,
        is_active=True,
    )
    away = tuple(_span(day, 24 * 60) for each, day in sorted(instance.days_off) if each == name)
    return Person(facts, _contract(instance.staff[name]), absences=away)


def _contract(staff: Staff) -> Contract:
    return Contract(
        staff.max_by_type,
        staff.min_minutes,
        staff.max_minutes,
        staff.max_in_row,
        staff.min_in_row,
        staff.min_off_in_row,
        staff.max_weekends,
    )
