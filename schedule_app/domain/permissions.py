"""Who may do what: one table, and the scope each role acts in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from schedule_app.domain.errors import NotAllowed


class Role(StrEnum):
    """The four roles, from widest to narrowest."""

    ADMIN = "admin"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    EMPLOYEE = "employee"


class Permission(StrEnum):
    """Everything that is asked before it is done or shown."""

    VIEW_DRAFT = "view_draft"
    VIEW_PUBLISHED = "view_published"
    ASSIGN = "assign"
    OVERRIDE_WARNING = "override_warning"
    CREATE_SCHEDULE = "create_schedule"
    EDIT_SHIFTS = "edit_shifts"
    SUBMIT = "submit"
    APPROVE = "approve"
    PUBLISH = "publish"
    DECIDE_TIME_OFF = "decide_time_off"
    ANNOUNCE = "announce"
    RESPOND = "respond"
    VIEW_OWN = "view_own"
    MANAGE_SESSIONS = "manage_sessions"
    VIEW_AUDIT = "view_audit"
    VIEW_COST = "view_cost"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_RULES = "manage_rules"
    MANAGE_SITE = "manage_site"
    CREATE_SITE = "create_site"
    OPERATE = "operate"


_A, _M, _S, _E = Role.ADMIN, Role.MANAGER, Role.SUPERVISOR, Role.EMPLOYEE

# respond, view_own and manage_sessions concern the actor's own things only; the services check whose they are.
GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.VIEW_DRAFT: frozenset({_A, _M, _S}),
    Permission.VIEW_PUBLISHED: frozenset({_A, _M, _S, _E}),
    Permission.ASSIGN: frozenset({_A, _M, _S}),
    Permission.OVERRIDE_WARNING: frozenset({_A, _M}),
    Permission.CREATE_SCHEDULE: frozenset({_A, _M}),
    Permission.EDIT_SHIFTS: frozenset({_A, _M}),
    Permission.SUBMIT: frozenset({_A, _M, _S}),
    Permission.APPROVE: frozenset({_A, _M}),
    Permission.PUBLISH: frozenset({_A, _M}),
    Permission.DECIDE_TIME_OFF: frozenset({_A, _M, _S}),
    Permission.ANNOUNCE: frozenset({_A, _M, _S}),
    Permission.RESPOND: frozenset({_A, _M, _S, _E}),
    Permission.VIEW_OWN: frozenset({_A, _M, _S, _E}),
    Permission.MANAGE_SESSIONS: frozenset({_A, _M, _S, _E}),
    Permission.VIEW_AUDIT: frozenset({_A, _M}),
    Permission.VIEW_COST: frozenset({_A, _M}),
    Permission.MANAGE_PEOPLE: frozenset({_A, _M}),
    Permission.MANAGE_RULES: frozenset({_A, _M}),
    Permission.MANAGE_SITE: frozenset({_A, _M}),
    Permission.CREATE_SITE: frozenset({_A}),
    Permission.OPERATE: frozenset({_A}),
}

# What a supervisor who belongs to a department does within it alone.
_OF_ONE_DEPARTMENT: Final = frozenset({Permission.ASSIGN, Permission.DECIDE_TIME_OFF, Permission.ANNOUNCE})

# Whoever manages people gives and takes no role above their own, and changes nobody who has one.
GIVES: dict[Role, tuple[Role, ...]] = {
    Role.ADMIN: (_E, _S, _M, _A),
    Role.MANAGER: (_E, _S, _M),
    Role.SUPERVISOR: (),
    Role.EMPLOYEE: (),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting; `session_id` is None for commands that come from no browser session."""

    employee_id: int
    role: Role
    site_id: int
    department_id: int | None
    session_id: int | None = None


def can(actor: Actor, permission: Permission, *, site_id: int | None = None, department_id: int | None = None) -> bool:
    """Tell whether the actor may do something.

    Admins act on every site, everybody else on their own. A supervisor who belongs to a department assigns, decides
    over time off and announces within it alone.

    Args:
        actor: Who asks.
        permission: What for.
        site_id: The site of the thing acted on. None asks whether the actor may do this anywhere at all, which decides
            what to show and never what to change.
        department_id: The department of the thing acted on; with a site given, None means a thing of no department.
    """
    if actor.role not in GRANTS[permission]:
        return False
    if site_id is None or actor.role == Role.ADMIN:
        return True
    if site_id != actor.site_id:
        return False
    bound_to_department = permission in _OF_ONE_DEPARTMENT and actor.role == Role.SUPERVISOR
    return not bound_to_department or actor.department_id is None or actor.department_id == department_id


def require(
    actor: Actor, permission: Permission, *, site_id: int | None = None, department_id: int | None = None
) -> None:
    """Refuse unless `can` agrees; the arguments are the same.

    Raises:
        NotAllowed: The actor may not do this.
    """
    if not can(actor, permission, site_id=site_id, department_id=department_id):
        raise NotAllowed
