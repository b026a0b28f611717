from itertools import product

import pytest

from schedule_app.domain.assignment import ACTIVE, AssignmentStatus, check_transition
from schedule_app.domain.errors import IllegalTransition

FOLLOWING = {
    "assigned": {"pending", "declined", "cancelled"},
    "pending": {"confirmed", "declined", "expired", "cancelled"},
    "confirmed": {"declined", "cancelled", "completed"},
    "declined": {"pending", "cancelled"},
    "expired": {"cancelled"},
    "cancelled": set(),
    "completed": set(),
}


def test_statuses_are_the_known_ones():
    assert {status.value for status in AssignmentStatus} == FOLLOWING.keys()


@pytest.mark.parametrize(("current", "new"), list(product(FOLLOWING, FOLLOWING)))
def test_status_changes_where_it_is_allowed_and_is_refused_elsewhere(current: str, new: str):
    if new in FOLLOWING[current]:
        check_transition(AssignmentStatus(current), AssignmentStatus(new))
    else:
        with pytest.raises(IllegalTransition) as refused:
            check_transition(AssignmentStatus(current), AssignmentStatus(new))
        assert refused.value.message == f"This assignment is {current} and cannot become {new}."


def test_time_is_taken_unless_declined_expired_or_cancelled():
    free = {AssignmentStatus.DECLINED, AssignmentStatus.EXPIRED, AssignmentStatus.CANCELLED}
    assert set(AssignmentStatus) - ACTIVE == free
