"""Whether an actor may touch a thing, asked the same way by every verb."""

from typing import Final

from schedule_app.domain.errors import IllegalTransition, NotFound
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.schedule import ScheduleStatus

_NOT_EDITABLE: Final = {
    ScheduleStatus.PENDING: "This week waits for approval. Take it back to draft to change it.",
    ScheduleStatus.APPROVED: "This week is approved. Take it back to draft to change it.",
    ScheduleStatus.ARCHIVED: "This week was replaced by a newer version. Please change that one.",
}


def require_on(actor: Actor, permission: Permission, site_id: int, department_id: int | None = None) -> None:
    """Check a permission on something that was looked up.

    Args:
        actor: Who asks.
        permission: What for.
        site_id: The thing's site.
        department_id: The thing's department.

    Raises:
        NotFound: It is of a site the actor has nothing to do with, so it looks as if it were missing.
        NotAllowed: The actor may see it, but not do this with it.
    """
    if not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
        raise NotFound
    require(actor, permission, site_id=site_id, department_id=department_id)


def require_editable(status: ScheduleStatus) -> None:
    """Check that people of a schedule can be changed: it is a draft, or published.

    Raises:
        IllegalTransition: It is in approval, or archived.
    """
    if status in _NOT_EDITABLE:
        raise IllegalTransition(_NOT_EDITABLE[status])


def require_draft(status: ScheduleStatus) -> None:
    """Check that the shifts of a schedule can be changed: it is a draft.

    Raises:
        IllegalTransition: It is anything else.
    """
    require_editable(status)
    if status != ScheduleStatus.DRAFT:
        raise IllegalTransition("This week is published. To change its shifts, edit it as a new draft.")
