"""Time off beside shifts: one table, read by the tests of the domain and by those of anything that plans."""

from dataclasses import dataclass
from datetime import date, time

from schedule_app.domain.facts import EmployeeFacts, ShiftFacts
from schedule_app.domain.time_off import time_off_span
from tests.cases.case import AUTUMN, SPRING
from tests.unit.domain.domain_builders import BERLIN, MONDAY, day, employee, shift

KATHMANDU = "Asia/Kathmandu"


@dataclass(frozen=True)
class OffCase:
    """One person's time off, and a shift that is theirs to take or not.

    Attributes:
        name: What it shows.
        first_on: The first day off; so is `last_on` the last.
        hours: From when until when; None for whole days.
        is_refused: Whether the shift cannot be given.
    """

    name: str
    first_on: date
    last_on: date
    shift: ShiftFacts
    is_refused: bool
    hours: tuple[time, time] | None = None

    @property
    def person(self) -> EmployeeFacts:
        """Who is off, by the clock of the shift's place."""
        start, end = self.hours or (None, None)
        return employee(time_off=(time_off_span(self.first_on, self.last_on, start, end, self.shift.zone),))


def off(
    name: str,
    days: tuple[int, int],
    on: int,
    times: str,
    refused: bool,
    *,
    monday: date = MONDAY,
    zone: str = BERLIN,
    hours: str = "",
) -> OffCase:
    start_end = tuple(map(time.fromisoformat, hours.split("-"))) if hours else None
    asked = shift(day(on, monday), times, zone=zone)
    return OffCase(name, day(days[0], monday), day(days[1], monday), asked, refused, start_end)  # type: ignore[arg-type]


TIME_OFF: tuple[OffCase, ...] = (
    off("a shift on the day", (1, 1), 1, "08:00-16:00", True),
    off("a shift of the day before that ends at midnight", (1, 1), 0, "16:00-00:00", False),
    off("a night that reaches into the day", (1, 1), 0, "22:00-06:00", True),
    off("a minute of the day", (1, 1), 0, "16:00-00:01", True),
    off("a shift from the midnight after", (1, 1), 2, "00:00-08:00", False),
    off("a shift between the first and the last day", (0, 4), 2, "08:00-16:00", True),
    off("a shift before the hours", (1, 1), 1, "06:00-12:00", False, hours="12:00-14:00"),
    off("a shift around the hours", (1, 1), 1, "08:00-16:00", True, hours="12:00-14:00"),
    off("a shift after the hours", (1, 1), 1, "14:00-22:00", False, hours="12:00-14:00"),
    off("hours over midnight", (1, 1), 2, "01:00-03:00", True, hours="22:00-02:00"),
    off("a day of 23 hours, the night after", (6, 6), 7, "00:00-06:00", False, monday=SPRING),
    off("a day of 23 hours, its last one", (6, 6), 6, "23:00-23:59", True, monday=SPRING),
    off("a day of 25 hours, its last one", (6, 6), 6, "23:00-00:00", True, monday=AUTUMN),
    off("a day of 25 hours, the night after", (6, 6), 7, "00:00-06:00", False, monday=AUTUMN),
    off("a quarter to six from Greenwich, its first hour", (1, 1), 1, "00:00-01:00", True, zone=KATHMANDU),
    off("a quarter to six from Greenwich, its last one", (1, 1), 1, "23:00-00:00", True, zone=KATHMANDU),
    off("a quarter to six from Greenwich, the day before", (1, 1), 0, "18:00-00:00", False, zone=KATHMANDU),
    off("a quarter to six from Greenwich, the day after", (1, 1), 2, "00:00-05:45", False, zone=KATHMANDU),
)
