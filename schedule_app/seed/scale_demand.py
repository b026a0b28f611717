"""How much work a larger site has: shifts over the day, by department and weekday, sized to its people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from math import ceil
from random import Random
from typing import Final
from uuid import UUID

from schedule_app.models import Employee, Schedule, Shift
from schedule_app.seed.rows import shift_row
from schedule_app.seed.scale_people import DEPARTMENTS, TEAM_LEAD

# Work there is, for each hour people are contracted for.
_PRESSURE: Final = 0.96
# How a week's work spreads over Monday to Sunday.
_WEEK: Final = (0.150, 0.148, 0.146, 0.148, 0.158, 0.132, 0.118)
_MOST_PER_SHIFT: Final = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """A time of day at which work is done.

    Attributes:
        share: Its part of the day's work.
        is_special: Whether the department's own qualification is needed.
    """

    name: str
    title: str
    start: time
    end: time
    minutes: int
    share: float
    is_special: bool = False


_KINDS: Final = (
    Kind("early", "Early", time(6), time(14), 480, 0.26),
    Kind("early", "Early", time(6), time(14), 480, 0.07, is_special=True),
    Kind("day", "Day", time(8), time(16), 480, 0.17),
    Kind("peak", "Midday peak", time(11), time(15), 240, 0.06),
    Kind("late", "Late", time(14), time(22), 480, 0.26),
    Kind("late", "Late", time(14), time(22), 480, 0.05, is_special=True),
    Kind("night", "Night", time(22), time(6), 480, 0.13),
)
_LEAD: Final = Kind("day", "Team lead", time(8), time(16), 480, 0.0)


@dataclass(frozen=True, slots=True)
class Work:
    """A shift to be filled, and its kind, for which people's rhythms are looked at."""

    row: Shift
    kind: str


class Demand:
    """Draws the shifts of one day after the other.

    What is lost by rounding to whole people on one day is carried to the next, so that small departments get all
    their work too.
    """

    def __init__(self, random: Random, departments: Mapping[str, int], employees: Sequence[Employee]) -> None:
        self._random = random
        self._departments = departments
        self._minutes = dict.fromkeys(departments.values(), 0)
        for each in employees:
            if each.department_id is not None:
                self._minutes[each.department_id] += each.contracted_minutes or 0
        self._carried: dict[tuple[str, Kind], float] = {}

    def shifts_on(self, day: date, schedule: Schedule, zone: str) -> Iterator[Work]:
        """The shifts of all departments that start on a date of the schedule's week."""
        for department, department_id in self._departments.items():
            if day.weekday() < 5 and self._minutes[department_id] >= 4 * 2400:
                yield self._shift(day, schedule, zone, department, _LEAD, 1, _LEAD.title)
            for kind in _KINDS:
                places = self._places(department, kind, day.weekday())
                for team, size in enumerate(_teams(places)):
                    title = kind.title if places <= _MOST_PER_SHIFT else f"{kind.title} {team + 1}"
                    yield self._shift(day, schedule, zone, department, kind, size, title)

    def _places(self, department: str, kind: Kind, weekday: int) -> int:
        work = self._minutes[self._departments[department]] * _PRESSURE * _WEEK[weekday] * kind.share / kind.minutes
        wanted = self._carried.get((department, kind), 0.5) + work * self._random.uniform(0.9, 1.1)
        places = max(int(wanted), 0)
        self._carried[department, kind] = wanted - places
        return places

    def _shift(
        self, day: date, schedule: Schedule, zone: str, department: str, kind: Kind, staff: int, title: str
    ) -> Work:
        qualifications: tuple[str, ...] = ()
        shift_type, priority = "general", 5
        if kind is _LEAD:
            qualifications, shift_type, priority = (TEAM_LEAD,), "management", 7
        elif kind.is_special:
            qualifications, shift_type, priority = (DEPARTMENTS[department],), "specialized", 6
            title = f"{title}, {DEPARTMENTS[department]}"
        row = shift_row(
            schedule,
            zone,
            self._departments[department],
            day,
            kind.start,
            kind.end,
            qualifications=qualifications,
            # Drawn here, as the database would draw another one in each run.
            lineage_id=UUID(int=self._random.getrandbits(128), version=4),
            shift_type=shift_type,
            title=title,
            required_staff=staff,
            priority=priority,
        )
        return Work(row, kind.name)


def _teams(places: int) -> list[int]:
    """Places split into shifts of about the same size."""
    count = ceil(places / _MOST_PER_SHIFT)
    return [places // count + (number < places % count) for number in range(count)]
