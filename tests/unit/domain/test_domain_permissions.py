import pytest

from schedule_app.domain.errors import NotAllowed
from schedule_app.domain.permissions import GIVES, Actor, Permission, Role, can, require

# Written down once more, and the other way round, so that a slip in the table shows.
EVERYBODY = {"view_published", "respond", "view_own", "manage_sessions"}
SUPERVISOR = EVERYBODY | {"view_draft", "assign", "decide_time_off", "announce", "submit"}
MANAGER = SUPERVISOR | {
    "override_warning",
    "create_schedule",
    "edit_shifts",
    "approve",
    "publish",
    "view_audit",
    "view_cost",
    "manage_people",
    "manage_rules",
    "manage_site",
}
ADMIN = MANAGER | {"create_site", "operate"}
EXPECTED = {"admin": ADMIN, "manager": MANAGER, "supervisor": SUPERVISOR, "employee": EVERYBODY}
OWN_SITE, OTHER_SITE = 1, 2
OWN_DEPARTMENT, OTHER_DEPARTMENT = 10, 11


def actor(role: str, department_id: int | None = None) -> Actor:
    return Actor(employee_id=7, role=Role(role), site_id=OWN_SITE, department_id=department_id)


def test_the_expectation_covers_every_role_and_permission():
    assert EXPECTED.keys() == {role.value for role in Role}
    assert {permission.value for permission in Permission} == ADMIN


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", EXPECTED)
def test_role_has_exactly_its_permissions(role: str, permission: Permission):
    expected = permission.value in EXPECTED[role]

    assert can(actor(role), permission) is expected
    assert can(actor(role), permission, site_id=OWN_SITE) is expected


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", EXPECTED)
def test_only_admins_act_on_another_site(role: str, permission: Permission):
    expected = role == "admin"

    assert can(actor(role), permission, site_id=OTHER_SITE) is expected
    assert can(actor(role, OWN_DEPARTMENT), permission, site_id=OTHER_SITE, department_id=OWN_DEPARTMENT) is expected


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", EXPECTED)
@pytest.mark.parametrize("department_id", [OWN_DEPARTMENT, OTHER_DEPARTMENT, None])
def test_only_a_supervisor_assigning_deciding_over_time_off_or_announcing_is_bound_to_their_department(
    role: str, permission: Permission, department_id: int | None
):
    bound = role == "supervisor" and permission in (
        Permission.ASSIGN,
        Permission.DECIDE_TIME_OFF,
        Permission.ANNOUNCE,
    )
    expected = permission.value in EXPECTED[role] and (not bound or department_id == OWN_DEPARTMENT)

    assert can(actor(role, OWN_DEPARTMENT), permission, site_id=OWN_SITE, department_id=department_id) is expected


@pytest.mark.parametrize("department_id", [OWN_DEPARTMENT, None])
def test_a_supervisor_of_no_department_assigns_in_all_of_the_site(department_id: int | None):
    assert can(actor("supervisor"), Permission.ASSIGN, site_id=OWN_SITE, department_id=department_id)


def test_require_refuses_what_cannot_be_done_and_nothing_else():
    require(actor("supervisor", OWN_DEPARTMENT), Permission.ASSIGN, site_id=OWN_SITE, department_id=OWN_DEPARTMENT)
    with pytest.raises(NotAllowed):
        require(actor("supervisor", OWN_DEPARTMENT), Permission.ASSIGN, site_id=OWN_SITE, department_id=11)
    with pytest.raises(NotAllowed):
        require(actor("supervisor"), Permission.ASSIGN, site_id=OTHER_SITE)
    with pytest.raises(NotAllowed):
        require(actor("employee"), Permission.VIEW_DRAFT)


def test_nobody_gives_a_role_above_their_own():
    given = {role.value: [each.value for each in GIVES[role]] for role in Role}

    assert given == {
        "admin": ["employee", "supervisor", "manager", "admin"],
        "manager": ["employee", "supervisor", "manager"],
        "supervisor": [],
        "employee": [],
    }
