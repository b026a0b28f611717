"""The shared table of rules and plans, judged by the domain."""

from collections import Counter

import pytest

from schedule_app.domain.check import check_plan
from schedule_app.domain.rules import LIMITS, ONLY_WARN, RULE_TYPES
from schedule_app.domain.rules.limit import Kind, is_given, limits_of
from tests.cases.case import Case
from tests.cases.rules import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_plan_breaks_what_the_table_says(case: Case):
    found = [each for each in check_plan([case.rule], [case.week]) if each.rule_id == case.rule.id]

    assert Counter((each.employee_id, each.shift_id) for each in found) == Counter(case.broken)
    severity = "warn" if case.rule.rule_type in ONLY_WARN else "block"
    assert {each.severity for each in found} <= {severity}
    assert all(each.message.endswith(".") for each in found)


def test_no_plan_of_the_table_breaks_anything_but_its_rule():
    for case in CASES:
        assert check_plan([], [case.week]) == [], case.name


def test_names_in_the_table_tell_cases_apart():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("rule_type", RULE_TYPES)
def test_every_limit_is_kept_in_one_plan_and_broken_in_another(rule_type: str):
    """All but flags, which widen what another limit looks at."""
    cases = [case for case in CASES if case.rule.rule_type == rule_type]
    for name, each in limits_of(LIMITS[rule_type]).items():
        if each.kind == Kind.FLAG:
            continue
        about = [case for case in cases if is_given(getattr(case.rule.limits, name))]
        assert {bool(case.broken) for case in about} == {True, False}, name
