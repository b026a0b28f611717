"""One rule and one plan, and short ways to write them; what a case says is told in `tests.cases.rules`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts
from schedule_app.domain.rules import LIMITS
from tests.unit.domain.domain_builders import MONDAY, rule, shift
from tests.unit.domain.domain_builders import employee as anybody

BOB, CAROL, DAVID = 7, 8, 9
SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)
"""Weeks of Berlin whose Sunday has 23 and 25 hours."""

Broken = tuple[int | None, int | None]


@dataclass(frozen=True)
class Case:
    """One rule and one plan; see the module.

    Attributes:
        name: What it shows.
        shifts: Those of the week.
        held: By person, the ids of the shifts they have.
        around: By person, what they work outside the week.
        broken: What the rule finds, each as (employee id, shift id).
        rates: By person, what an hour costs in cents.
    """

    name: str
    rule: RuleFacts[Any]
    shifts: tuple[ShiftFacts, ...]
    held: Mapping[int, tuple[int, ...]]
    broken: tuple[Broken, ...] = ()
    people: tuple[EmployeeFacts, ...] = ()
    around: Mapping[int, tuple[ShiftFacts, ...]] = field(default_factory=dict)
    rates: Mapping[int, int] = field(default_factory=dict)
    week_start: date = MONDAY

    @property
    def week(self) -> WeekFacts:
        """The plan as the rules see it."""
        by_id = {each.id: each for each in self.shifts}
        worked = {
            each.id: [*self.around.get(each.id, ()), *(by_id[number] for number in self.held.get(each.id, ()))]
            for each in self.people
        }
        staff = {each.id: [who for who, held in self.held.items() if each.id in held] for each in self.shifts}
        people = {each.id: each for each in self.people}
        return WeekFacts(self.week_start, people, self.shifts, staff, worked, self.rates)


def bob(**columns: Any) -> EmployeeFacts:
    return anybody(id=BOB, **columns)


def carol(**columns: Any) -> EmployeeFacts:
    return replace(anybody(id=CAROL, **columns), name="Carol Specialist")


def at(offset: int, times: str = "08:00-16:00", number: int = 0, **columns: Any) -> ShiftFacts:
    """A shift so many days after the week's first; numbered by its day unless said otherwise."""
    monday = columns.pop("monday", MONDAY)
    people = columns.pop("people", 1)
    made = shift(monday + timedelta(days=offset), times, id=number or offset + 1, **columns)
    return replace(made, required_staff=people)


def days(*offsets: int, times: str = "08:00-16:00") -> tuple[ShiftFacts, ...]:
    """Shifts of the week on these days."""
    return tuple(at(offset, times) for offset in offsets)


def around(*offsets: int, times: str = "08:00-16:00", monday: date = MONDAY) -> tuple[ShiftFacts, ...]:
    """Shifts outside the week, counted from its first day."""
    return tuple(at(offset, times, 101 + index, monday=monday) for index, offset in enumerate(offsets))


def all_of_bob(shifts: tuple[ShiftFacts, ...]) -> tuple[Broken, ...]:
    return tuple((BOB, each.id) for each in shifts)


def alone(
    name: str, rule_type: str, limits: dict[str, Any], shifts: tuple[ShiftFacts, ...], broken: Any = (), **columns: Any
) -> Case:
    """A case of Bob, who has all the shifts; `broken` lists ids of his, or is True for all of them."""
    who = columns.pop("who", bob())
    scope = columns.pop("scope", {})
    found = all_of_bob(shifts) if broken is True else tuple((BOB, each) for each in broken)
    before = {BOB: columns.pop("before", ())}
    held = {BOB: tuple(each.id for each in shifts)}
    made = rule(rule_type, LIMITS[rule_type](**limits), **scope)
    return Case(f"{rule_type}: {name}", made, shifts, held, found, (who,), before, **columns)


NIGHT, LATE, EARLY = "22:00-06:00", "14:00-22:00", "06:00-14:00"
WEEK_5 = days(0, 1, 2, 3, 4)
TWO_A_DAY = at(0, "06:00-10:00", 1), at(0, "12:00-16:00", 2)
LONG_DAYS = days(1, 2, 3, 4, 5, 6, times="00:00-23:00")
NIGHT_BEFORE = around(-1, times=NIGHT)
