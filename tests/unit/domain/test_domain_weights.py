import pytest

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.rules import RULE_TYPES
from schedule_app.domain.weights import BY_PRIORITY, HEAVIEST, WEIGHTS, penalty, tuned_from, weights_of

DEFAULTS = weights_of({})


def test_every_type_of_rule_has_a_weight_and_the_heaviest_come_first():
    assert set(WEIGHTS) == set(RULE_TYPES) == set(DEFAULTS)
    assert [each.default for each in WEIGHTS.values()] == sorted((DEFAULTS.values()), reverse=True)
    assert len(BY_PRIORITY) == 10
    assert list(BY_PRIORITY) == sorted(BY_PRIORITY)


def test_a_site_keeps_what_differs_and_has_the_defaults_besides():
    assert tuned_from(DEFAULTS) == {}
    assert tuned_from(DEFAULTS | {"cost": 7, "fairness": 0}) == {"cost": 7, "fairness": 0}
    assert weights_of({"cost": 7}) == DEFAULTS | {"cost": 7}


def test_a_penalty_grows_with_the_weight_and_the_priority():
    assert penalty({"cost": 7}, "cost", 1) == 7
    assert penalty({"cost": 7}, "cost", 10) == 420


@pytest.mark.parametrize("weight", [-1, HEAVIEST + 1, 1.5, True, "5", None])
def test_weights_out_of_bounds_are_refused_at_their_type(weight: object):
    with pytest.raises(InvalidInput) as refused:
        tuned_from({"cost": weight, "fairness": 1})  # type: ignore[dict-item]

    assert refused.value.problems == {"cost": "Please enter a whole number from 0 to 100."}


def test_there_is_no_weight_of_what_is_no_rule():
    with pytest.raises(InvalidInput) as refused:
        tuned_from({"magic": 1})

    assert refused.value.problems == {"magic": "There is no such kind of rule."}
