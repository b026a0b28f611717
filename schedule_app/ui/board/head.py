"""How far a week's plan has come, and what the person looking at it may do next."""

from dataclasses import dataclass
from typing import Final

from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.queries.board import ScheduleHead

EDITABLE: Final = {ScheduleStatus.DRAFT.value, ScheduleStatus.PUBLISHED.value}


@dataclass(frozen=True, slots=True)
class Head:
    """The schedule's state as the page shows it, and which steps this person may take."""

    schedule_id: int = 0
    version: int = 0
    version_number: int = 0
    status: str = ""
    rejected_reason: str = ""
    trail: str = ""
    has_two_versions: bool = False
    published_id: int = 0
    can_assign: bool = False
    can_open: bool = False
    can_edit_shifts: bool = False
    can_submit: bool = False
    can_approve: bool = False
    can_reject: bool = False
    can_publish: bool = False
    can_revise: bool = False
    can_discard: bool = False


def head_of(actor: Actor, site_id: int, schedule: ScheduleHead | None) -> Head:
    """The head as this person sees it; an empty one without a schedule."""
    if schedule is None:
        return Head()

    def may(permission: Permission, *statuses: ScheduleStatus) -> bool:
        return schedule.status in statuses and can(actor, permission, site_id=site_id)

    plans = can(actor, Permission.VIEW_DRAFT, site_id=site_id)
    is_newest = schedule.working_id is None or schedule.working_id == schedule.id
    return Head(
        schedule_id=schedule.id,
        version=schedule.version,
        version_number=schedule.version_number,
        status=schedule.status,
        rejected_reason=schedule.rejected_reason if schedule.status == ScheduleStatus.DRAFT else "",
        trail=_trail(schedule),
        has_two_versions=plans and None not in (schedule.working_id, schedule.published_id),
        published_id=(schedule.published_id or 0) if plans else 0,
        can_assign=schedule.status in EDITABLE and can(actor, Permission.ASSIGN),
        can_open=plans,
        can_edit_shifts=may(Permission.EDIT_SHIFTS, ScheduleStatus.DRAFT),
        can_submit=may(Permission.SUBMIT, ScheduleStatus.DRAFT),
        can_approve=may(Permission.APPROVE, ScheduleStatus.PENDING),
        can_reject=may(Permission.APPROVE, ScheduleStatus.PENDING, ScheduleStatus.APPROVED),
        can_publish=may(Permission.PUBLISH, ScheduleStatus.APPROVED),
        can_revise=may(Permission.CREATE_SCHEDULE, ScheduleStatus.PUBLISHED) and is_newest,
        can_discard=may(Permission.CREATE_SCHEDULE, ScheduleStatus.DRAFT),
    )


def _trail(schedule: ScheduleHead) -> str:
    steps = (
        ("Published", schedule.published_by),
        ("Approved", schedule.approved_by),
        ("Submitted", schedule.submitted_by),
    )
    return next((f"{step} by {name}" for step, name in steps if name), "")
