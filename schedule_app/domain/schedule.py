"""The life of a schedule version."""

from enum import StrEnum

from schedule_app.domain.errors import IllegalTransition


class ScheduleStatus(StrEnum):
    """Where a schedule version stands."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class ScheduleStep(StrEnum):
    """What can be done to move it on or back."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    PUBLISH = "publish"
    ARCHIVE = "archive"


# Rejecting also takes an approval back, as long as nothing has been published.
TRANSITIONS: dict[tuple[ScheduleStatus, ScheduleStep], ScheduleStatus] = {
    (ScheduleStatus.DRAFT, ScheduleStep.SUBMIT): ScheduleStatus.PENDING,
    (ScheduleStatus.PENDING, ScheduleStep.APPROVE): ScheduleStatus.APPROVED,
    (ScheduleStatus.PENDING, ScheduleStep.REJECT): ScheduleStatus.DRAFT,
    (ScheduleStatus.APPROVED, ScheduleStep.REJECT): ScheduleStatus.DRAFT,
    (ScheduleStatus.APPROVED, ScheduleStep.PUBLISH): ScheduleStatus.PUBLISHED,
    (ScheduleStatus.PUBLISHED, ScheduleStep.ARCHIVE): ScheduleStatus.ARCHIVED,
}

_DONE: dict[ScheduleStep, str] = {
    ScheduleStep.SUBMIT: "submitted",
    ScheduleStep.APPROVE: "approved",
    ScheduleStep.REJECT: "rejected",
    ScheduleStep.PUBLISH: "published",
    ScheduleStep.ARCHIVE: "archived",
}


def next_status(status: ScheduleStatus, step: ScheduleStep) -> ScheduleStatus:
    """The status a step leads to.

    Raises:
        IllegalTransition: The step is not possible in this status.
    """
    following = TRANSITIONS.get((status, step))
    if following is None:
        raise IllegalTransition(f"This schedule cannot be {_DONE[step]}: its status is {status.value}.")
    return following
