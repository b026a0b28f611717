"""The departments of a site: made, renamed, emptied, removed."""

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.departments import DepartmentItem, list_departments
from schedule_app.queries.sites import get_site
from schedule_app.services.departments import (
    create_department,
    delete_department,
    move_department,
    rename_department,
)
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.people_state import AnySite
from schedule_app.ui.watch import watch


class Named(Payload):
    """A name as it was typed."""

    name: str = ""


class OneDepartment(Payload):
    """A department, by its number."""

    department_id: int = Field(gt=0, lt=2**63)


class Into(Payload):
    """The department to move into; 0 while none is chosen."""

    department_id: int = Field(ge=0, lt=2**63)


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class DepartmentsState(rx.State):
    """The list, and the department that is being changed in the dialog; 0 for a new one."""

    is_ready: bool = False
    site_id: int = 0
    sites: list[tuple[str, str]] = []
    items: list[DepartmentItem] = []
    is_open: bool = False
    opened: int = 0
    name: str = ""
    usage: str = ""
    others: list[tuple[str, str]] = []
    error: str = ""
    problem: str = ""
    told: str = ""

    _version: int = 0

    @guarded(Permission.MANAGE_SITE)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the list of a site."""
        self.site_id, self.opened, self.items = 0, 0, []
        site, self.sites = await chosen_site(self, signed_in.actor, Permission.MANAGE_SITE)
        watch(self, {topics.site(site.id)})
        self.site_id, self.is_open, self.told = site.id, False, ""
        await self._read(signed_in)
        self.is_ready = True

    @guarded(Permission.MANAGE_SITE, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Somebody or something of the site has changed."""
        if self.site_id:
            await self._read(signed_in)

    @guarded(Permission.MANAGE_SITE, AnySite)
    async def choose(self, _signed_in: SignedIn, data: AnySite) -> rx.event.EventSpec:
        """Go to another site's departments."""
        return rx.redirect(f"{routes.DEPARTMENTS}?site={data.site_id}")

    @guarded(Permission.MANAGE_SITE)
    async def begin(self, _signed_in: SignedIn) -> None:
        """Open the dialog for a new department."""
        self._show(DepartmentItem(0, "", 0, 0, ""))

    @guarded(Permission.MANAGE_SITE, OneDepartment)
    async def open(self, _signed_in: SignedIn, data: OneDepartment) -> None:
        """Open the dialog for a department of the list."""
        found = [each for each in self.items if each.id == data.department_id]
        if not found:
            raise NotFound
        self._show(found[0])

    @guarded(Permission.MANAGE_SITE, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.MANAGE_SITE, Named)
    async def save(self, signed_in: SignedIn, data: Named) -> None:
        """Save the name."""
        if not self.site_id:
            raise NotFound
        self.error = self.problem = ""
        try:
            if self.opened:
                await rename_department(signed_in.actor, self.opened, data.name, expected_version=self._version)
            else:
                await create_department(signed_in.actor, self.site_id, data.name)
        except ScheduleError as refused:
            self._refuse(refused)
            return
        self.is_open = False
        await self._read(signed_in)

    @guarded(Permission.MANAGE_SITE)
    async def delete(self, signed_in: SignedIn) -> None:
        """Remove the department in the dialog."""
        if not self.opened:
            raise NotFound
        self.error = self.problem = ""
        try:
            await delete_department(signed_in.actor, self.opened, expected_version=self._version)
        except ScheduleError as refused:
            self._refuse(refused)
            return
        self.is_open = False
        await self._read(signed_in)

    @guarded(Permission.MANAGE_SITE, Into)
    async def move(self, signed_in: SignedIn, data: Into) -> None:
        """Move all that belongs to the department in the dialog into another."""
        if not self.opened:
            raise NotFound
        self.error = self.problem = self.told = ""
        try:
            left = await move_department(signed_in.actor, self.opened, data.department_id)
        except ScheduleError as refused:
            self._refuse(refused)
            return
        kept = "weeks that were published or are being approved keep theirs"
        self.told = f"Moved. Still in it: {left.in_words()}, as {kept}." if left.is_used else "Moved."
        await self._read(signed_in)
        for each in self.items:
            if each.id == self.opened:
                self.usage, self._version = each.usage, each.version

    def _show(self, item: DepartmentItem) -> None:
        self.opened, self.name, self.usage, self._version = item.id, item.name, item.usage, item.version
        self.others = [("0", "Choose a department"), *((str(o.id), o.name) for o in self.items if o.id != item.id)]
        self.error = self.problem = self.told = ""
        self.is_open = True

    def _refuse(self, refused: ScheduleError) -> None:
        if getattr(refused, "field", None) == "name":
            self.error = refused.message
        else:
            self.problem = refused.message

    async def _read(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            site = await get_site(session, signed_in.actor, self.site_id)
            items = await list_departments(session, site.id)
        if items != self.items:
            self.items = items
