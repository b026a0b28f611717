"""The form of a rule: made from the limits of its kind, and read back into them."""

from typing import Any

import pytest

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.rules import LIMITS, RULE_TYPES
from schedule_app.domain.rules.limit import limits_of
from schedule_app.domain.rules.preference import PreferenceLimits
from schedule_app.domain.rules.qualification import QualificationLimits
from schedule_app.domain.rules.restriction import RestrictionLimits, Succession
from schedule_app.domain.rules.workload import WorkloadLimits
from schedule_app.queries.rules import RuleChoices
from schedule_app.ui.manage.rules.form import FormField, entered, form_of, refused
from tests.unit.domain.test_rule_wording import MEANINGS

CHOICES = RuleChoices(
    [(3, "Kitchen")],
    [(1, "Ann"), (2, "Ben"), (3, "Cem"), (7, "Bob")],
    ["First aid", "Till"],
    ["general", "emergency", "training"],
)
COMMON = {"name": "Rule", "scope": "", "priority": "5", "strict": "true", "effective_from": "", "effective_until": ""}


def sent(form: list[FormField]) -> dict[str, str]:
    """What a browser sends of a form nobody has touched."""
    values = {}
    for each in form:
        values |= {option.name: "on" for option in each.options if option.is_chosen}
        values |= {part.name: part.value for line in each.lines for part in line.parts}
        if each.kind in ("minutes", "count") or each.value:
            values[each.name] = each.value
    return values


def in_order(limits: Any) -> dict[str, Any]:
    """Limits whatever the order in which things were chosen."""
    values = {name: getattr(limits, name) for name in limits_of(type(limits))}
    return {name: sorted(value, key=str) if isinstance(value, tuple) else value for name, value in values.items()}


def read(rule_type: str, **values: str) -> Any:
    return entered(rule_type, COMMON | values)


@pytest.mark.parametrize("rule_type", RULE_TYPES)
def test_every_limit_has_its_field(rule_type: str):
    form = form_of(rule_type, None, CHOICES)

    assert [each.name for each in form] == [*limits_of(LIMITS[rule_type])]
    assert all(each.label for each in form)


@pytest.mark.parametrize(("rule_type", "limits"), [(each, limits) for each, limits, _ in MEANINGS])
def test_a_form_sent_as_it_opened_is_the_rule_it_was_opened_for(rule_type: str, limits: Any):
    assert in_order(read(rule_type, **sent(form_of(rule_type, limits, CHOICES))).limits) == in_order(limits)


@pytest.mark.parametrize(
    ("typed", "minutes"), [("8", 480), ("7.5", 450), ("7,5", 450), ("7.25", 435), ("7:30", 450), ("0:01", 1)]
)
def test_hours_are_read_as_people_write_them(typed: str, minutes: int):
    assert read("workload", max_minutes_per_day=typed).limits == WorkloadLimits(max_minutes_per_day=minutes)


def test_what_is_chosen_is_kept_though_nobody_holds_it_any_more():
    limits = QualificationLimits(("Forklift",), ("night",))
    form = form_of("qualification", limits, CHOICES)

    assert [option.label for option in form[0].options] == ["First aid", "Till", "Forklift"]
    assert read("qualification", **sent(form)).limits == limits


def test_names_with_colons_and_weekdays_are_told_apart():
    assert read("qualification", **{"all_of:Level: two": "on"}).limits == QualificationLimits(("Level: two",))
    days = {"wanted_weekdays:0": "on", "unwanted_weekdays:6": "on"}
    assert read("preference", **days).limits == PreferenceLimits(wanted_weekdays=(0,), unwanted_weekdays=(6,))


def test_lines_left_empty_are_dropped_and_the_others_keep_their_problems():
    line = {"before": "training", "after": "general", "within_minutes": "12"}
    blank = {f"forbidden_successions:0:{part}": "" for part in line}
    good = {f"forbidden_successions:1:{part}": value for part, value in line.items()}
    assert read("restriction", **blank, **good).limits == RestrictionLimits(
        forbidden_successions=(Succession("training", "general", 720),)
    )

    with pytest.raises(InvalidInput) as wrong:
        read("restriction", **blank, **good | {"forbidden_successions:1:within_minutes": "169"})
    problems = {"forbidden_successions:1:within_minutes": "Please enter a length from 1 min to 168 h."}
    assert wrong.value.problems == problems
    form = refused(form_of("restriction", None, CHOICES, spare=2), wrong.value.problems)
    assert [part.error for each in form for line in each.lines for part in line.parts if part.error] == [
        *problems.values()
    ]


@pytest.mark.parametrize(
    ("rule_type", "values", "field"),
    [
        ("rest_period", {}, "min_minutes"),
        ("rest_period", {"min_minutes": "many"}, "min_minutes"),
        ("rest_period", {"min_minutes": "-1"}, "min_minutes"),
        ("rest_period", {"min_minutes": "9" * 50}, "min_minutes"),
        ("rest_period", {"min_minutes": "11", "max_days": "6"}, ""),
        ("rest_period", {"min_minutes": "11", "role": "admin"}, ""),
        ("consecutive_days", {"max_days": "15"}, "max_days"),
        ("consecutive_days", {"max_days": "٣"}, "max_days"),
        ("consecutive_days", {"max_days": "1.5"}, "max_days"),
        ("workload", {"max_minutes_per_day": "9", "max_minutes_per_week": "8"}, "max_minutes_per_day"),
        ("qualification", {}, "all_of"),
        ("preference", {"wanted_weekdays:7": "on"}, "wanted_weekdays"),
        ("preference", {"wanted_weekdays:x": "on"}, "wanted_weekdays"),
        ("restriction", {"forbidden_successions:0:before": "training"}, "forbidden_successions:0:after"),
        ("restriction", {"forbidden_successions": "[]"}, "forbidden_shift_types"),
        ("rest_period", {"min_minutes": "11", "name": ""}, "name"),
        ("rest_period", {"min_minutes": "11", "scope": "person:0"}, "scope"),
        ("rest_period", {"min_minutes": "11", "scope": "site:1"}, "scope"),
        ("rest_period", {"min_minutes": "11", "priority": "high"}, "priority"),
        ("rest_period", {"min_minutes": "11", "effective_from": "2026-13-01"}, "effective_from"),
    ],
)
def test_bad_values_are_told_at_their_field(rule_type: str, values: dict[str, str], field: str):
    with pytest.raises(InvalidInput) as wrong:
        read(rule_type, **values)

    assert field in wrong.value.problems
