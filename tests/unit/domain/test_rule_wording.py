"""What a limit is called and bounded by, and what a rule means in plain words."""

import re
from dataclasses import fields
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest

from schedule_app.domain.check import check_assignment
from schedule_app.domain.rules import LIMITS, ONLY_WARN, RULE_TYPES, describe
from schedule_app.domain.rules.availability import AvailabilityLimits
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits
from schedule_app.domain.rules.cost import CostLimits
from schedule_app.domain.rules.coverage import CoverageLimits
from schedule_app.domain.rules.fairness import FairnessLimits
from schedule_app.domain.rules.limit import BadLimit, Kind, Limit, bounds, limits_of
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.domain.rules.preference import PreferenceLimits
from schedule_app.domain.rules.qualification import QualificationLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.restriction import Pair, RestrictionLimits, Succession
from schedule_app.domain.rules.wording import BUILT_IN, TITLES, sentence
from schedule_app.domain.rules.workload import WorkloadLimits
from tests.unit.domain.domain_builders import day, employee, rule, shift

ALL_LIMITS = [*LIMITS.values(), Succession, Pair]
#: What a limit needs beside it.
BESIDE: dict[str, dict[str, Any]] = {
    "period": {"period_weeks": 2},
    "period_weeks": {"max_minutes_per_period": 60},
    "premium_percent": {"weekly_minutes": 60},
    "min_people": {"all_of": ("Till",)},
    "max_unpopular_apart": {"unpopular_shift_types": ("night",)},
    "weeks": {"max_nights_apart": 1},
    "from_hour": {"until_hour": 12, "max_short": 0},
    "until_hour": {"from_hour": 12, "max_short": 0},
}
VALUES: dict[Kind, type] = {Kind.FLAG: bool, Kind.MINUTES: int, Kind.COUNT: int, Kind.SHIFT_TYPE: str, Kind.PERSON: int}
MEANINGS: list[tuple[str, Any, str]] = [
    ("availability", AvailabilityLimits(warn_disliked=False), "People work only at times they are available."),
    (
        "availability",
        AvailabilityLimits(),
        "People work only at times they are available. Times they would rather not work are pointed out.",
    ),
    ("workload", WorkloadLimits(), "Nobody works more than their own weekly maximum."),
    (
        "workload",
        WorkloadLimits(max_minutes_per_day=630, max_minutes_per_week=2400, max_shifts_per_week=5),
        "Nobody works more than 10 h 30 min a day, 40 h a week, 5 shifts a week or their own weekly maximum.",
    ),
    (
        "workload",
        WorkloadLimits(max_shifts_per_week=1),
        "Nobody works more than 1 shift a week or their own weekly maximum.",
    ),
    ("qualification", QualificationLimits(("Till",)), "Every shift is worked only by people who hold Till."),
    (
        "qualification",
        QualificationLimits(("Till", "First aid"), ("emergency", "training")),
        "Emergency and training shifts are worked only by people who hold Till and First aid.",
    ),
    ("preference", PreferenceLimits(), "No wishes are set."),
    (
        "preference",
        PreferenceLimits(("general",), ("training",), (6, 0), (3,)),
        "Liked: general shifts, Mondays and Sundays. Rather not: training shifts and Thursdays.",
    ),
    ("restriction", RestrictionLimits(("emergency", "training")), "Nobody works emergency or training shifts."),
    (
        "restriction",
        RestrictionLimits(("training",), (Succession("emergency", "general", 720),)),
        "Nobody works training shifts. No general shift begins within 12 h after an emergency shift.",
    ),
    ("overtime", OvertimeLimits(2400), "Nobody works overtime, which begins after 40 h in a week."),
    ("consecutive_days", ConsecutiveDaysLimits(1), "Nobody works more than 1 day in a row."),
    ("consecutive_days", ConsecutiveDaysLimits(6), "Nobody works more than 6 days in a row."),
    ("rest_period", RestPeriodLimits(0), "A shift may begin when another ends."),
    (
        "availability",
        AvailabilityLimits(weekly_times=False, closed_weekdays=(6, 0)),
        "Nobody works on Mondays or Sundays.",
    ),
    ("availability", AvailabilityLimits(weekly_times=False, closed_weekdays=tuple(range(7))), "Nobody works at all."),
    (
        "workload",
        WorkloadLimits(max_shifts_per_day=1, period_weeks=4, max_minutes_per_period=9600, max_over_contract=0),
        "Nobody works more than 1 shift a day, 160 h in 4 weeks, their contract or their own weekly maximum.",
    ),
    (
        "workload",
        WorkloadLimits(min_minutes_per_day=240, min_shifts_per_week=2, max_under_contract=120),
        "Nobody works more than their own weekly maximum. "
        "Everybody works at least 4 h a day worked, 2 shifts a week and their contract less 2 h a week.",
    ),
    (
        "qualification",
        QualificationLimits(("Till",), ("evening", "night"), ("First aid", "Nurse"), 2),
        "On evening and night shifts at least 2 people hold Till, and any of First aid or Nurse.",
    ),
    ("qualification", QualificationLimits(("Till",), (), (), 1), "On every shift at least 1 person holds Till."),
    (
        "preference",
        PreferenceLimits(wanted_weekdays=(5,), wants_each=True),
        "Liked: Saturdays. On each of these days one is wished for.",
    ),
    ("preference", PreferenceLimits(wants_each=True), "On every day one is wished for."),
    (
        "restriction",
        RestrictionLimits(apart=(Pair(1, 2),), together=(Pair(3, 1),)),
        "Bob and Carol never work at the same time. Somebody who has left and Bob always work at the same time.",
    ),
    (
        "overtime",
        OvertimeLimits(2400, 480, 50),
        "Nobody works overtime, which begins after 8 h in a day or 40 h in a week. Overtime costs 50 % more.",
    ),
    (
        "consecutive_days",
        ConsecutiveDaysLimits(None, 2, 3, 1, True),
        "Nobody works fewer than 2 days in a row. Everybody has at least 3 days off in a row. "
        "Nobody works more than 1 weekend in 4 weeks. Weekends are worked whole or not at all.",
    ),
    ("rest_period", RestPeriodLimits(None, 2100), "Everybody has at least 35 h of rest in a row each week."),
    (
        "fairness",
        FairnessLimits(0, 2, 1, 3, ("night", "training"), 8),
        "Over 8 weeks people's hours beside their contract differ by at most 0 h, nights by at most 2, "
        "weekends by at most 1 and unpopular shifts by at most 3. Unpopular are night and training shifts.",
    ),
    ("fairness", FairnessLimits(max_nights_apart=2, weeks=1), "Over 1 week people's nights differ by at most 2."),
    ("coverage", CoverageLimits(max_short=0), "Every shift has at most 0 people missing."),
    (
        "coverage",
        CoverageLimits(1, 2, 3, 4, ("evening",), (5, 6), 18, 22),
        "Evening shifts on Saturdays and Sundays between 18 and 22 o'clock have at least 3 people, at most 4 people, "
        "at most 1 person missing and at most 2 people too many.",
    ),
    ("cost", CostLimits(), "A week costs as little as can be."),
    ("cost", CostLimits(5000), "A week costs at most 5000."),
    ("rest_period", RestPeriodLimits(660), "Between two shifts everybody has at least 11 h of rest."),
]


@pytest.mark.parametrize("limits", ALL_LIMITS)
def test_every_limit_says_what_it_is_called_and_measured_in(limits: type):
    hints = get_type_hints(limits)
    assert [*limits_of(limits)] == [each.name for each in fields(limits)]
    for name, each in limits_of(limits).items():
        assert each.label[:1].isupper(), name
        assert each.unit, name
        wanted = VALUES.get(each.kind, tuple)
        assert wanted in (hints[name], getattr(hints[name], "__origin__", None), *get_args(hints[name])), name
        assert (each.kind == Kind.LINES) == (each.line is not None), name
        if each.kind in (Kind.MINUTES, Kind.COUNT):
            assert each.low < each.high, name
            assert re.fullmatch(r"From .+ to .+\.", bounds(each)), name


def test_a_limit_without_a_word_about_it_would_be_noticed():
    def said(each: Limit) -> bool:
        return bool(each.label and each.unit)

    assert not said(Limit(Kind.COUNT, "", "days"))
    assert not said(Limit(Kind.COUNT, "Days", ""))


@pytest.mark.parametrize("limits", LIMITS.values())
def test_bounds_are_where_the_words_say_they_are(limits: type):
    for name, each in limits_of(limits).items():
        if each.kind in (Kind.MINUTES, Kind.COUNT):
            beside = BESIDE.get("period" if name.endswith("_per_period") else name, {})
            given = {needed: value for needed, value in beside.items() if needed in limits_of(limits)}
            limits(**given, **{name: each.low})
            limits(**given, **{name: each.high})
            for value in (each.low - 1, each.high + 1, 1.5, True, "5"):
                with pytest.raises(BadLimit) as refused:
                    limits(**given, **{name: value})
                assert [*refused.value.problems] == [name]


def test_a_day_cannot_have_more_than_its_week():
    with pytest.raises(BadLimit) as refused:
        WorkloadLimits(max_minutes_per_day=601, max_minutes_per_week=600)
    assert [*refused.value.problems] == ["max_minutes_per_day"]
    WorkloadLimits(max_minutes_per_day=600, max_minutes_per_week=600)


def test_every_type_has_a_title_and_a_description():
    assert set(TITLES) == set(RULE_TYPES)
    assert {each for each, _, _ in MEANINGS} == set(RULE_TYPES)


@pytest.mark.parametrize(("rule_type", "limits", "meaning"), MEANINGS)
def test_meaning_of_limits(rule_type: str, limits: Any, meaning: str):
    assert type(limits) is LIMITS[rule_type]
    assert describe(rule_type, limits, {1: "Bob", 2: "Carol"}) == meaning


def test_sentence_says_for_whom_since_when_and_how_hard():
    limits = ConsecutiveDaysLimits(6)
    first, last = date(2026, 6, 1), date(2026, 8, 31)

    def said(who: str = "", **columns: Any) -> str:
        return sentence(rule("consecutive_days", limits, **columns), who).removeprefix(
            "Nobody works more than 6 days in a row. "
        )

    assert said() == "Applies to everyone. Blocks."
    assert said(strict=False, priority=3) == "Applies to everyone. Warns, with weight 3 of 10."
    assert said("Kitchen", department_id=4, effective_from=first) == (
        "Applies to everyone in Kitchen, from Mon 1 Jun 2026. Blocks."
    )
    assert said("Bob Worker", employee_id=7, effective_until=last) == (
        "Applies to Bob Worker alone, until Mon 31 Aug 2026. Blocks."
    )
    assert said(effective_from=first, effective_until=last) == (
        "Applies to everyone, from Mon 1 Jun 2026 until Mon 31 Aug 2026. Blocks."
    )


def test_wishes_only_ever_warn_and_are_said_to():
    wish = rule("preference", PreferenceLimits(unwanted_weekdays=(0,)), strict=True)

    assert frozenset({"preference"}) == ONLY_WARN
    assert sentence(wish).endswith("Warns, with weight 5 of 10.")
    assert [each.severity for each in check_assignment([wish], employee(), [], shift(day(0)))] == ["warn"]


def test_every_check_without_a_rule_has_a_name():
    worked, candidate = [shift(id=2)], shift(requires=("Till",))
    found = check_assignment([], employee(is_active=False, time_off=(candidate.span,)), worked, candidate)

    assert {each.rule_type for each in found} == set(BUILT_IN)
