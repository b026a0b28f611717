from itertools import product

import pytest

from schedule_app.domain.errors import IllegalTransition
from schedule_app.domain.schedule import ScheduleStatus, ScheduleStep, next_status

ALLOWED = {
    ("draft", "submit"): "pending",
    ("pending", "approve"): "approved",
    ("pending", "reject"): "draft",
    ("approved", "reject"): "draft",
    ("approved", "publish"): "published",
    ("published", "archive"): "archived",
}
STATUSES = ("draft", "pending", "approved", "published", "archived")
STEPS = ("submit", "approve", "reject", "publish", "archive")


def test_statuses_and_steps_are_the_known_ones():
    assert tuple(ScheduleStatus) == STATUSES
    assert tuple(ScheduleStep) == STEPS


@pytest.mark.parametrize(("status", "step"), list(product(STATUSES, STEPS)))
def test_step_leads_on_where_it_is_allowed_and_is_refused_elsewhere(status: str, step: str):
    expected = ALLOWED.get((status, step))

    if expected is None:
        with pytest.raises(IllegalTransition) as refused:
            next_status(ScheduleStatus(status), ScheduleStep(step))
        assert refused.value.message.endswith(f"its status is {status}.")
    else:
        assert next_status(ScheduleStatus(status), ScheduleStep(step)) == expected


def test_refusal_says_what_was_tried():
    with pytest.raises(IllegalTransition, match=r"^This schedule cannot be published: its status is draft\.$"):
        next_status(ScheduleStatus.DRAFT, ScheduleStep.PUBLISH)
