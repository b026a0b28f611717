"""One person: the form of what is kept of them."""

from typing import Any

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Difference, InvalidInput, NotFound, ScheduleError, StaleVersion
from schedule_app.domain.permissions import GIVES, Permission, Role, can
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.people import PersonView, get_person
from schedule_app.queries.sites import SiteInfo, get_site
from schedule_app.services.people import create_person, edit_person
from schedule_app.ui import routes
from schedule_app.ui.guard import guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.person_form import NO_DEPARTMENT, Errors, Fields, Filled, entered, errors_of, shown
from schedule_app.ui.watch import watch

_ROLES = {Role.EMPLOYEE: "Employee", Role.SUPERVISOR: "Supervisor", Role.MANAGER: "Manager", Role.ADMIN: "Admin"}
_TO_FIRST_ERROR = "setTimeout(() => document.querySelector('#person-form [aria-invalid=true]')?.focus(), 60)"


class PersonState(rx.State):
    """The form's first values, its choices, and what the server says of what was entered."""

    is_ready: bool = False
    is_found: bool = True
    is_new: bool = False
    is_self: bool = False
    can_edit: bool = True
    is_locked: bool = False
    has_cost: bool = False
    is_active: bool = True
    access: str = ""
    invited_until: str = ""
    site_id: int = 0
    site_name: str = ""
    currency: str = ""
    title: str = ""
    departments: list[tuple[str, str]] = []
    roles: list[tuple[str, str]] = []
    fields: Fields = Fields()
    qualifications: list[dict[str, Any]] = []
    availability: dict[str, Any] = {}
    availability_note: str = ""
    form_key: int = 0
    errors: Errors = Errors()
    problem: str = ""
    differences: list[Difference] = []
    is_saved: bool = False
    is_outdated: bool = False

    _id: int = 0
    _version: int = 0

    @guarded(Permission.MANAGE_PEOPLE)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page of the person that the address names, or of a new one."""
        self.is_ready, self.is_found = True, True
        self._id, self.is_new = 0, False
        person = self.router.url.path.strip("/").split("/")[-1]
        try:
            if person == "new":
                await self._begin(signed_in)
            elif person.isascii() and person.isdecimal() and len(person) < 19:
                await self._open(signed_in, int(person))
            else:
                raise NotFound
        except NotFound:
            self.is_found = False

    @guarded(Permission.MANAGE_PEOPLE, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something has changed; what is being typed stays, and it is said that there is something newer."""
        if not self._id:
            return
        try:
            async with read_session() as session:
                person = await get_person(session, signed_in.actor, self._id)
                site = await get_site(session, signed_in.actor, person.site_id)
        except NotFound:
            self.is_found = False
            return
        self._show_standing(signed_in, person, site)
        if person.version != self._version and not self.is_outdated:
            self.is_outdated = True

    @guarded(Permission.MANAGE_PEOPLE)
    async def show_newest(self, signed_in: SignedIn) -> None:
        """Fill the form with what is stored now."""
        if self._id:
            await self._open(signed_in, self._id)

    @guarded(Permission.MANAGE_PEOPLE, Filled)
    async def save(self, signed_in: SignedIn, data: Filled) -> rx.event.EventSpec | None:
        """Save; what refuses is said in the form and nothing entered is lost."""
        if not (self._id or (self.is_new and self.site_id)):
            raise NotFound
        self.errors, self.problem, self.differences, self.is_saved = Errors(), "", [], False
        try:
            details = entered(data)
            if self.is_new:
                made = await create_person(signed_in.actor, self.site_id, details)
                return rx.redirect(f"{routes.PEOPLE}/{made}")
            await edit_person(signed_in.actor, self._id, details, expected_version=self._version)
        except StaleVersion as stale:
            self.problem, self.differences = stale.message, list(stale.differences)
            self._version, self.is_outdated = stale.version or self._version, False
            return None
        except InvalidInput as refused:
            self.errors = errors_of(refused)
            self.problem = refused.message if self.errors == Errors() else ""
            return rx.call_script(_TO_FIRST_ERROR)
        except ScheduleError as refused:
            self.problem = refused.message
            return None
        await self._open(signed_in, self._id)
        self.is_saved = True
        return None

    async def _begin(self, signed_in: SignedIn) -> None:
        site, _ = await chosen_site(self, signed_in.actor, Permission.MANAGE_PEOPLE)
        self._fill(Fields(), [], {})
        self.is_new, self.is_self, self.can_edit, self.is_locked, self.is_active = True, False, True, False, True
        self.availability_note = ""
        self.access, self.invited_until, self.title, self._version = "none", "", "New person", 0
        self._show_site(signed_in, site)

    async def _open(self, signed_in: SignedIn, employee_id: int) -> None:
        watch(self, {topics.employee(employee_id)})
        async with read_session() as session:
            person = await get_person(session, signed_in.actor, employee_id)
            site = await get_site(session, signed_in.actor, person.site_id)
        watch(self, {topics.employee(employee_id), topics.site(site.id)})
        self._fill(shown(person), person.qualifications, person.availability)
        self._id, self._version, self.is_new = person.id, person.version, False
        self.currency = person.currency
        self._show_standing(signed_in, person, site)

    def _fill(self, fields: Fields, qualifications: list[dict[str, Any]], availability: dict[str, Any]) -> None:
        self.fields, self.qualifications, self.availability = fields, qualifications, availability
        self.errors, self.problem, self.differences = Errors(), "", []
        self.is_saved, self.is_outdated = False, False
        # Fields keep what was typed into them for as long as the form is the same one.
        self.form_key += 1

    def _show_standing(self, signed_in: SignedIn, person: PersonView, site: SiteInfo) -> None:
        """What shows around the form, set only where it differs: what is set is sent, equal or not."""
        values = {
            "title": person.name,
            "is_active": person.is_active,
            "access": person.access,
            "invited_until": person.invited_until,
            "availability_note": person.availability_note,
            "can_edit": person.can_edit,
            "is_locked": not person.can_edit,
            "is_self": person.id == signed_in.actor.employee_id,
        }
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
        self._show_site(signed_in, site, Role(person.role))

    def _show_site(self, signed_in: SignedIn, site: SiteInfo, held: Role | None = None) -> None:
        actor = signed_in.actor
        roles = [role for role in _ROLES if role in GIVES[actor.role] or role == held]
        values = {
            "site_id": site.id,
            "site_name": site.name,
            "has_cost": can(actor, Permission.VIEW_COST, site_id=site.id),
            "departments": [NO_DEPARTMENT, *((str(number), name) for number, name in site.departments)],
            "roles": [(role.value, _ROLES[role]) for role in roles],
        }
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
