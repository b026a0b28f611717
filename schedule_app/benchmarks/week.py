"""Made-up weeks of a site that works around the clock, the same every time, and how the search does on them."""

import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from datetime import time as clock
from typing import Any

from schedule_app.domain.facts import DayAvailability, EmployeeFacts, Qualification, RuleFacts, ShiftFacts
from schedule_app.domain.rules.availability import AvailabilityLimits
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.workload import WorkloadLimits
from schedule_app.domain.time import resolve_span
from schedule_app.optimizer.problem import Demand, Person, Problem, Wish
from schedule_app.optimizer.solution import Solution
from schedule_app.optimizer.solve import solve

SIZES = ("30x7", "100x7", "100x28", "300x7", "1000x7")
_ZONE, _MONDAY = "Europe/Berlin", date(2026, 6, 8)
_PEOPLE_OF_A_DEPARTMENT = 25
_KINDS = {"early": (6, 14), "late": (14, 22), "night": (22, 6)}
#: By kind, the part of a department that is needed.
_NEEDED = {"early": 0.28, "late": 0.24, "night": 0.10}
_MOMENTS = (5.0, 30.0, 120.0)


@dataclass(frozen=True, slots=True)
class Result:
    """One size.

    Attributes:
        first_seconds: When the first plan was there; it may lack people, as every plan may.
        scores: By seconds, the best plan's cost and its gap to the bound in percent.
        missing: People missing at the end.
        megabytes: The most memory the process has had.
    """

    size: str
    cells: int
    first_seconds: float | None
    first_missing: int | None
    scores: dict[str, tuple[int, float]]
    missing: int
    engine: str
    seconds: float
    megabytes: int


def run(sizes: list[str], *, seconds: float, workers: int, seed: int) -> Iterator[str]:
    """Solve each size; one line of JSON each."""
    for size in sizes:
        people, days = map(int, size.split("x"))
        problem = made_up(people, days, seed)
        plans: list[Solution] = []
        started = time.monotonic()
        solution = solve(problem, seconds=seconds, workers=workers, seed=seed, on_better=plans.append)
        moments = [each for each in _MOMENTS if each < seconds] + [seconds]
        result = Result(
            size=size,
            cells=people * len(problem.demands),
            first_seconds=round(plans[0].seconds, 2) if plans else None,
            first_missing=_missing(plans[0]) if plans else None,
            scores={f"{at:g}": _at(plans, solution.bound, at) for at in moments if plans and plans[0].seconds <= at},
            missing=_missing(solution),
            engine=solution.engine,
            seconds=round(time.monotonic() - started, 2),
            megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            // (1024 if sys.platform == "linux" else 1024**2),
        )
        yield json.dumps(asdict(result))


def made_up(people: int, days: int, seed: int) -> Problem:
    """A site of departments; each has its early, late and night shifts, a tenth of them for people with first aid."""
    rng = random.Random(seed)  # noqa: S311 (nothing secret)
    departments = max(1, people // _PEOPLE_OF_A_DEPARTMENT)
    staff = tuple(_person(rng, number, number % departments + 1) for number in range(1, people + 1))
    demands = tuple(_demands(departments, people / departments, days))
    shifts = [demand.shift.id for demand in demands]
    wishes = tuple(
        Wish(person.facts.id, rng.choice(shifts), rng.random() < 0.5, rng.randint(1, 5)) for person in staff
    )  # fmt: skip
    return Problem(staff, demands, _rules(), wishes=wishes, seed=seed)


def _person(rng: random.Random, number: int, department: int) -> Person:
    closed = DayAvailability(available=False, slots=())
    return Person(
        EmployeeFacts(
            id=number,
            name=f"Employee {number}",
            role="employee",
            site_id=1,
            department_id=department,
            qualifications=(Qualification(f"Department {department}", None),)
            + ((Qualification("First aid", None),) if rng.random() < 0.3 else ()),
            availability={day: closed for day in range(7) if rng.random() < 0.1},
            contracted_minutes=2400,
            max_minutes=rng.choice([1440, 2400, 2400, 2880]),
            is_active=True,
        )
    )


def _demands(departments: int, people: float, days: int) -> Iterator[Demand]:
    number = 0
    for day in range(days):
        on = _MONDAY + timedelta(days=day)
        for department in range(1, departments + 1):
            for kind, (start, end) in _KINDS.items():
                needed = max(1, round(people * _NEEDED[kind]))
                for aid in (False, True):
                    number += 1
                    span = resolve_span(on, clock(start), clock(end), _ZONE)
                    held = (f"Department {department}", *(("First aid",) if aid else ()))
                    count = max(1, needed // 10) if aid else needed - max(1, needed // 10)
                    yield Demand(ShiftFacts(number, 1, department, _ZONE, on, span, kind, held, count), 1000)


def _rules() -> tuple[RuleFacts[Any], ...]:
    limits: list[tuple[str, object]] = [
        ("availability", AvailabilityLimits()),
        ("rest_period", RestPeriodLimits(min_minutes=660)),
        ("workload", WorkloadLimits(max_minutes_per_day=600)),
        ("consecutive_days", ConsecutiveDaysLimits(max_days=6)),
    ]
    return tuple(
        RuleFacts(number, rule_type, each, True, 5, 1, None, None, None, None)
        for number, (rule_type, each) in enumerate(limits, start=1)
    )


def _missing(solution: Solution) -> int:
    return sum(each.people for each in solution.missing)


def _at(plans: list[Solution], bound: int, seconds: float) -> tuple[int, float]:
    score = [each.score for each in plans if each.seconds <= seconds][-1]
    return score, round(100 * (score - bound) / score, 2) if score else 0.0
