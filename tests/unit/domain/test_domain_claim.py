"""The steps of a claim."""

from itertools import product

import pytest

from schedule_app.domain.claim import TRANSITIONS, ClaimStatus, check_claim_step
from schedule_app.domain.errors import IllegalTransition


@pytest.mark.parametrize(("before", "after"), list(product(ClaimStatus, ClaimStatus)))
def test_only_what_waits_is_decided(before: ClaimStatus, after: ClaimStatus):
    is_possible = before == ClaimStatus.WAITING and after != ClaimStatus.WAITING
    assert ((before, after) in TRANSITIONS) == is_possible
    if is_possible:
        check_claim_step(before, after)
    else:
        with pytest.raises(IllegalTransition):
            check_claim_step(before, after)
