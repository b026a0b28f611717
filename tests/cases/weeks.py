"""What is told of a week as a whole: fairness, coverage, cost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.rules import LIMITS
from tests.cases.case import BOB, CAROL, LATE, NIGHT, Broken, Case, around, at, bob, carol, days
from tests.unit.domain.domain_builders import MONDAY, rule

WHOLE: tuple[Broken, ...] = ((None, None),)


def spread(
    name: str, limits: dict[str, Any], shifts: tuple[ShiftFacts, ...], held: dict[int, tuple[int, ...]], **columns: Any
) -> Case:
    broken = columns.pop("broken", ())
    people = columns.pop("people", (bob(contracted_minutes=480), carol(contracted_minutes=480)))
    made = rule("fairness", LIMITS["fairness"](**limits), **columns.pop("scope", {}))
    return Case(f"fairness: {name}", made, shifts, held, broken, people, **columns)


_TWO_NIGHTS = (at(0, NIGHT), at(2, NIGHT))
FAIRNESS = [
    spread("hours just so far apart", {"max_minutes_apart": 480, "weeks": 1}, days(0), {BOB: (1,)}),
    spread("hours too far apart", {"max_minutes_apart": 479, "weeks": 1}, days(0), {BOB: (1,)}, broken=WHOLE),
    spread(
        "half the hours of half the contract",
        {"max_minutes_apart": 0, "weeks": 1},
        days(0, 1, 2),
        {BOB: (1, 2), CAROL: (3,)},
        people=(bob(contracted_minutes=960), carol(contracted_minutes=480)),
    ),
    spread(
        "who has no contract is passed over",
        {"max_minutes_apart": 0, "weeks": 1},
        days(0),
        {BOB: (1,)},
        people=(bob(), carol(contracted_minutes=480)),
    ),
    spread("nights just so far apart", {"max_nights_apart": 2}, _TWO_NIGHTS, {BOB: (1, 3)}),
    spread("nights too far apart", {"max_nights_apart": 1}, _TWO_NIGHTS, {BOB: (1, 3)}, broken=WHOLE),
    spread(
        "earlier weeks make it even",
        {"max_nights_apart": 0, "weeks": 2},
        _TWO_NIGHTS[:1],
        {BOB: (1,)},
        around={CAROL: around(-7, times=NIGHT)},
    ),
    spread(
        "weeks that are too early do not",
        {"max_nights_apart": 0, "weeks": 2},
        _TWO_NIGHTS[:1],
        {BOB: (1,)},
        around={CAROL: around(-8, times=NIGHT)},
        broken=WHOLE,
    ),
    spread(
        "nor do later ones",
        {"max_nights_apart": 0, "weeks": 2},
        _TWO_NIGHTS[:1],
        {BOB: (1,)},
        around={CAROL: around(7, times=NIGHT)},
        broken=WHOLE,
    ),
    spread("both days are one weekend", {"max_weekends_apart": 1}, days(5, 6), {BOB: (6, 7)}),
    spread("weekends too far apart", {"max_weekends_apart": 0}, days(6), {CAROL: (7,)}, broken=WHOLE),
    spread(
        "unpopular kinds",
        {"max_unpopular_apart": 0, "unpopular_shift_types": ("evening", "training")},
        (at(0, LATE), at(1, shift_type="training")),
        {BOB: (1,), CAROL: (2,)},
    ),
    spread(
        "unpopular kinds too far apart",
        {"max_unpopular_apart": 1, "unpopular_shift_types": ("evening", "training")},
        (at(0, LATE), at(1, shift_type="training")),
        {BOB: (1, 2)},
        broken=WHOLE,
    ),
    spread(
        "of a department with one person",
        {"max_nights_apart": 0},
        _TWO_NIGHTS,
        {BOB: (1, 3)},
        scope={"department_id": 3},
        people=(bob(department_id=3), carol()),
    ),
]


def covered(name: str, limits: dict[str, Any], shifts: tuple[ShiftFacts, ...], **columns: Any) -> Case:
    """Bob has shift 1, and Carol too where `both` is set; what is broken is told of shifts."""
    held = {BOB: (1,), CAROL: (1,)} if columns.pop("both", False) else {BOB: (1,)}
    broken = tuple((None, each) for each in columns.pop("broken", ()))
    made = rule("coverage", LIMITS["coverage"](**limits), **columns.pop("scope", {}))
    return Case(f"coverage: {name}", made, shifts, held, broken, (bob(), carol()), **columns)


_OF_TWO = (at(0, people=2),)
COVERAGE = [
    covered("as many as are needed", {"max_short": 0, "max_over": 0}, days(0)),
    covered("just as few as are allowed", {"max_short": 1}, _OF_TWO),
    covered("one too few", {"max_short": 0}, _OF_TWO, broken=(1,)),
    covered("a shift without anybody", {"max_short": 0}, days(0, 1), broken=(2,)),
    covered("just as many as are allowed", {"max_over": 1}, days(0), both=True),
    covered("one too many", {"max_over": 0}, days(0), both=True, broken=(1,)),
    covered("at least two", {"min_people": 2}, days(0), both=True),
    covered("fewer than two", {"min_people": 2}, days(0), broken=(1,)),
    covered("at most one", {"max_people": 1}, _OF_TWO),
    covered("more than one", {"max_people": 1}, _OF_TWO, both=True, broken=(1,)),
    covered("another kind", {"min_people": 2, "shift_types": ("evening",)}, days(0)),
    covered("of this kind", {"min_people": 2, "shift_types": ("evening",)}, (at(0, LATE),), broken=(1,)),
    covered("another day", {"min_people": 2, "weekdays": (1,)}, (at(0, NIGHT),)),
    covered("on this day", {"min_people": 2, "weekdays": (0,)}, (at(0, NIGHT),), broken=(1,)),
    covered("before the hours", {"min_people": 2, "from_hour": 16, "until_hour": 20}, days(0)),
    covered("in the hours by one", {"min_people": 2, "from_hour": 15, "until_hour": 20}, days(0), broken=(1,)),
    covered("hours over midnight", {"min_people": 2, "from_hour": 22, "until_hour": 2}, (at(0, "16:00-22:00"),)),
    covered(
        "a shift in them after it",
        {"min_people": 2, "from_hour": 22, "until_hour": 2},
        (at(0, "01:00-09:00"),),
        broken=(1,),
    ),
    covered("of another department", {"min_people": 2}, days(0), scope={"department_id": 3}),
    covered(
        "of this department",
        {"min_people": 2},
        (replace(at(0), department_id=3),),
        scope={"department_id": 3},
        broken=(1,),
    ),
    covered("before the rule begins", {"min_people": 2}, days(0), scope={"effective_from": MONDAY + timedelta(days=1)}),
]


def costing(name: str, limits: dict[str, Any], rates: dict[int, int], **columns: Any) -> Case:
    """Bob and Carol each work eight hours."""
    shifts = (at(0, people=2),)
    broken = columns.pop("broken", ())
    made = rule("cost", LIMITS["cost"](**limits), **columns)
    return Case(f"cost: {name}", made, shifts, {BOB: (1,), CAROL: (1,)}, broken, (bob(), carol()), rates=rates)


COST = [
    costing("as little as can be", {}, {BOB: 100_000}),
    costing("exactly what is allowed", {"max_per_week": 320}, {BOB: 2000, CAROL: 2000}),
    costing("a cent more", {"max_per_week": 319}, {BOB: 1988, CAROL: 2000}, broken=WHOLE),
    costing("who has no rate costs nothing", {"max_per_week": 160}, {BOB: 2000}),
    costing("of another department", {"max_per_week": 1}, {BOB: 2000}, department_id=3),
]
