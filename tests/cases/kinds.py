"""Who works which kind of shift, and with whom: qualifications, wishes, restrictions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from schedule_app.domain.facts import Qualification, ShiftFacts
from schedule_app.domain.rules import LIMITS
from schedule_app.domain.rules.restriction import Pair, Succession
from tests.cases.case import (
    BOB,
    CAROL,
    EARLY,
    LATE,
    NIGHT,
    NIGHT_BEFORE,
    SPRING,
    Broken,
    Case,
    alone,
    around,
    at,
    bob,
    carol,
    days,
)
from tests.unit.domain.domain_builders import MONDAY, rule

_AID, _TILL = Qualification("First aid", None), Qualification("Till", MONDAY)
_STAFF_OF_2 = (bob(qualifications=(_AID,)), carol())
_EVENING = at(0, LATE, people=2)


def skilled(name: str, limits: dict[str, Any], shifts: tuple[ShiftFacts, ...], broken: Any = (), **who: Any) -> Case:
    return alone(name, "qualification", limits, shifts, broken, who=bob(**who))


def needing(name: str, limits: dict[str, Any], broken: tuple[Broken, ...] = (), **columns: Any) -> Case:
    """Bob, who holds first aid, and Carol, who does not, on a Monday evening."""
    shifts = columns.pop("shifts", (_EVENING,))
    held = columns.pop("held", {BOB: (1,), CAROL: (1,)})
    people = columns.pop("people", _STAFF_OF_2)
    made = rule("qualification", LIMITS["qualification"](**limits), **columns.pop("scope", {}))
    return Case(f"qualification: {name}", made, shifts, held, broken, people)


QUALIFICATION = [
    skilled("held", {"all_of": ("First aid",)}, days(0), qualifications=(_AID,)),
    skilled("not held", {"all_of": ("First aid",)}, days(0), True),
    skilled("one of two", {"all_of": ("First aid", "Till")}, days(0), True, qualifications=(_AID,)),
    skilled("any of two", {"any_of": ("First aid", "Till")}, days(0), qualifications=(_AID,)),
    skilled("none of two", {"any_of": ("First aid", "Till")}, days(0), True),
    skilled("good on the day it expires", {"all_of": ("Till",)}, days(0), qualifications=(_TILL,)),
    skilled("expired the day before", {"all_of": ("Till",)}, days(1), True, qualifications=(_TILL,)),
    skilled("expires in the night", {"any_of": ("Till",)}, (at(0, NIGHT),), True, qualifications=(_TILL,)),
    skilled("another kind of shift", {"all_of": ("Till",), "shift_types": ("training", "night")}, days(0)),
    skilled("at night", {"all_of": ("Till",), "shift_types": ("training", "night")}, (at(0, NIGHT),), True),
    needing("enough who hold it", {"all_of": ("First aid",), "min_people": 1}),
    needing("too few who hold it", {"all_of": ("First aid",), "min_people": 2}, ((None, 1),)),
    needing("nobody at all", {"any_of": ("First aid",), "min_people": 1}, ((None, 1),), held={}),
    needing("not in the morning", {"all_of": ("First aid",), "min_people": 2, "shift_types": ("morning",)}),
    needing(
        "in the evening",
        {"all_of": ("First aid",), "min_people": 2, "shift_types": ("evening",)},
        ((None, 1),),
    ),
    needing(
        "of another department",
        {"all_of": ("First aid",), "min_people": 2},
        scope={"department_id": 3},
    ),
    needing(
        "who holds it no longer does not count",
        {"any_of": ("Till",), "min_people": 1},
        ((None, 2),),
        people=(bob(qualifications=(_TILL,)), carol()),
        shifts=(at(0), at(1)),
        held={BOB: (1, 2)},
    ),
]

_TRAINING = at(0, shift_type="training")
PREFERENCE = [
    alone("a liked kind", "preference", {"wanted_shift_types": ("training",)}, (_TRAINING,)),
    alone("another than the liked kind", "preference", {"wanted_shift_types": ("training",)}, days(0), True),
    alone("another than the unloved kind", "preference", {"unwanted_shift_types": ("training",)}, days(0)),
    alone("an unloved kind", "preference", {"unwanted_shift_types": ("training",)}, (_TRAINING,), True),
    alone("an unloved part of the day", "preference", {"unwanted_shift_types": ("night",)}, (at(0, NIGHT),), True),
    alone("a liked day", "preference", {"wanted_weekdays": (0,)}, days(0)),
    alone("another than the liked day", "preference", {"wanted_weekdays": (0,)}, days(1), True),
    alone("an unloved day", "preference", {"unwanted_weekdays": (5,)}, days(5), True),
    alone("the night before an unloved day", "preference", {"unwanted_weekdays": (5,)}, (at(4, NIGHT),)),
    alone("a day that was wished for", "preference", {"wanted_weekdays": (0,), "wants_each": True}, days(0)),
    alone(
        "a day that was wished for is free",
        "preference",
        {"wanted_weekdays": (0, 1), "wants_each": True},
        days(0),
        (None,),
    ),
    alone(
        "a single date and kind that was wished for",
        "preference",
        {"wanted_shift_types": ("morning",), "wants_each": True},
        (at(1, EARLY),),
        scope={"effective_from": MONDAY + timedelta(days=1), "effective_until": MONDAY + timedelta(days=1)},
    ),
    alone(
        "that date with another kind",
        "preference",
        {"wanted_shift_types": ("morning",), "wants_each": True},
        (at(1, LATE),),
        (2, None),
        scope={"effective_from": MONDAY + timedelta(days=1), "effective_until": MONDAY + timedelta(days=1)},
    ),
]

_NO_MORNING = {"forbidden_successions": (Succession("night", "morning", 24 * 60),)}


def pair(name: str, limits: dict[str, Any], carols: tuple[ShiftFacts, ...], broken: tuple[Broken, ...] = ()) -> Case:
    """Bob works Monday from 8 to 16, Carol what is given, numbered from 11."""
    shifts = (at(0), *(replace(each, id=11 + index) for index, each in enumerate(carols)))
    made = replace(rule("restriction", LIMITS["restriction"](**limits)), names={BOB: "Bob", CAROL: "Carol"})
    held = {BOB: (1,), CAROL: tuple(each.id for each in shifts[1:])}
    return Case(f"restriction: {name}", made, shifts, held, broken, (bob(), carol()))


_APART, _TOGETHER = {"apart": (Pair(BOB, CAROL),)}, {"together": (Pair(CAROL, BOB),)}

RESTRICTION = [
    alone("another kind", "restriction", {"forbidden_shift_types": ("training",)}, days(0)),
    alone("a forbidden kind", "restriction", {"forbidden_shift_types": ("training",)}, (_TRAINING,), True),
    alone("no evening", "restriction", {"forbidden_shift_types": ("evening",)}, (at(0, "11:59-20:00"),)),
    alone("a forbidden evening", "restriction", {"forbidden_shift_types": ("evening",)}, (at(0, "12:00-20:00"),), True),
    alone("just no night", "restriction", {"forbidden_shift_types": ("night",)}, (at(0, "17:00-01:59"),)),
    alone("just a night", "restriction", {"forbidden_shift_types": ("night",)}, (at(0, "17:00-02:00"),), True),
    alone(
        "three hours of the night that are two by the spring clock",
        "restriction",
        {"forbidden_shift_types": ("night",)},
        (at(6, "01:00-04:00", monday=SPRING),),
        week_start=SPRING,
    ),
    alone("a morning a day after the night", "restriction", _NO_MORNING, (at(0, NIGHT), at(2, EARLY))),
    alone("a morning after the night", "restriction", _NO_MORNING, (at(0, NIGHT), at(1, EARLY)), True),
    alone("the night after the morning", "restriction", _NO_MORNING, (at(0, EARLY), at(0, NIGHT, 2))),
    alone("after the night before the week", "restriction", _NO_MORNING, days(0), True, before=NIGHT_BEFORE),
    alone(
        "before a morning of the week after",
        "restriction",
        _NO_MORNING,
        (at(6, NIGHT),),
        True,
        before=around(7, times=EARLY),
    ),
    pair("at other times", _APART, (at(0, "16:00-20:00"), at(0, "06:00-08:00"))),
    pair("at the same time by a minute", _APART, (at(0, "15:59-20:00"),), ((BOB, 1), (CAROL, 11))),
    pair("on the same days only", _APART, (at(0, NIGHT), at(1))),
    pair("both at the same time", _TOGETHER, (at(0, "07:00-09:00"),)),
    pair("one without the other", _TOGETHER, (at(0, "16:00-20:00"),), ((BOB, 1), (CAROL, 11))),
    pair("the other does not work at all", _TOGETHER, (), ((BOB, 1),)),
]
