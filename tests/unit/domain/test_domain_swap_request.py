"""The life of a request between colleagues."""

from itertools import product

import pytest

from schedule_app.domain.errors import IllegalTransition
from schedule_app.domain.swap_request import LIVE, TRANSITIONS, SwapStatus, check_step


@pytest.mark.parametrize(("current", "new"), list(product(SwapStatus, SwapStatus)))
def test_every_pair_is_a_step_or_is_refused_in_words(current: SwapStatus, new: SwapStatus):
    if (current, new) in TRANSITIONS:
        check_step(current, new)
    else:
        with pytest.raises(IllegalTransition) as refused:
            check_step(current, new)
        assert refused.value.message != IllegalTransition.default_message


def test_what_has_ended_stays_ended():
    assert {current for current, _ in TRANSITIONS} == LIVE
    reached = {new for _, new in TRANSITIONS}
    assert reached == set(SwapStatus) - {SwapStatus.OPEN}
