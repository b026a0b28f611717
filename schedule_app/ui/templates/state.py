"""The templates of a site: made, changed, removed."""

import datetime as dt
from dataclasses import dataclass, replace

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Difference, NotFound, ScheduleError, StaleVersion
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.sites import get_site
from schedule_app.queries.templates import TemplateDetail, TemplateItem, get_template, list_templates
from schedule_app.services.templates import create_shift_template, delete_template, edit_template
from schedule_app.ui import routes
from schedule_app.ui.board.shift_form import NO_DEPARTMENT, Errors, Fields, FilledContents, entered
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.people_state import AnySite
from schedule_app.ui.watch import watch

#: Where a template is used decides the day; the services do not look at this one.
_ANY_DAY = dt.date(2000, 1, 1)


class OneTemplate(Payload):
    """A template, by its number."""

    template_id: int = Field(gt=0, lt=2**63)


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class FilledShift(FilledContents):
    """The form of a shift template."""

    name: str = ""


class FilledWeek(Payload):
    """The form of a week template; the department stands in for removed ones, 0 being none."""

    name: str = ""
    department_id: int = Field(default=0, ge=0, lt=2**63)


@dataclass(frozen=True, slots=True)
class TemplateErrors(Errors):
    """What is wrong, by field."""

    name: str = ""


class TemplatesState(rx.State):
    """The lists, and the template that is being changed in the dialog; 0 for a new one."""

    is_ready: bool = False
    site_id: int = 0
    sites: list[tuple[str, str]] = []
    shifts: list[TemplateItem] = []
    weeks: list[TemplateItem] = []

    is_open: bool = False
    is_deleting: bool = False
    opened: int = 0
    scope: str = "shift"
    name: str = ""
    contents: str = ""
    fields: Fields = Fields()
    departments: list[tuple[str, str]] = []
    has_removed: bool = False
    errors: TemplateErrors = TemplateErrors()
    problem: str = ""
    differences: list[Difference] = []
    form_key: int = 0

    _version: int = 0
    _priority: int = 5
    _removed: tuple[int, ...] = ()

    @guarded(Permission.EDIT_SHIFTS)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the templates of the site that the address names."""
        self.site_id, self.opened, self.is_open, self.shifts, self.weeks = 0, 0, False, [], []
        wanted = self.router.url.path.strip("/").split("/")[-1]
        site, self.sites = await chosen_site(self, signed_in.actor, Permission.EDIT_SHIFTS, wanted=wanted)
        watch(self, {topics.site(site.id)})
        self.site_id = site.id
        await self._read(signed_in)
        self.is_ready = True

    @guarded(Permission.EDIT_SHIFTS, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Somebody or something of the site has changed."""
        if self.site_id:
            await self._read(signed_in)

    @guarded(Permission.EDIT_SHIFTS, AnySite)
    async def choose(self, _signed_in: SignedIn, data: AnySite) -> rx.event.EventSpec:
        """Go to another site's templates."""
        return rx.redirect(routes.templates(data.site_id))

    @guarded(Permission.EDIT_SHIFTS)
    async def begin(self, signed_in: SignedIn) -> None:
        """Open the form for a new shift template."""
        await self._show(signed_in, TemplateItem(0, 0, "shift", "", ""), Fields(), 5)

    @guarded(Permission.EDIT_SHIFTS, OneTemplate)
    async def open(self, signed_in: SignedIn, data: OneTemplate) -> None:
        """Open the form for a template of the site."""
        async with read_session() as session:
            found = await get_template(session, signed_in.actor, data.template_id)
        if found.site_id != self.site_id:
            raise NotFound
        if found.item.scope == "shift":
            await self._show(signed_in, found.item, _shown(found), found.shifts[0].priority)
        else:
            await self._show(signed_in, found.item, Fields(), 5)

    @guarded(Permission.EDIT_SHIFTS, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.EDIT_SHIFTS, FilledShift)
    async def save(self, signed_in: SignedIn, data: FilledShift) -> None:
        """Save a shift template; what refuses is said in the form and nothing entered is lost."""
        actor, details = signed_in.actor, entered(data, _ANY_DAY, self._priority)
        self._require_open("shift")
        try:
            if self.opened:
                await edit_template(actor, self.opened, data.name, details, expected_version=self._version)
            else:
                await create_shift_template(actor, self.site_id, data.name, details)
        except ScheduleError as refused:
            self._refuse(refused)
        else:
            await self._finish(signed_in)

    @guarded(Permission.EDIT_SHIFTS, FilledWeek)
    async def save_week(self, signed_in: SignedIn, data: FilledWeek) -> None:
        """Save a week template's name, and the department that stands in for removed ones."""
        self._require_open("week")
        instead = dict.fromkeys(self._removed, data.department_id or None)
        try:
            await edit_template(
                signed_in.actor, self.opened, data.name, departments=instead, expected_version=self._version
            )
        except ScheduleError as refused:
            self._refuse(refused)
        else:
            await self._finish(signed_in)

    @guarded(Permission.EDIT_SHIFTS)
    async def ask_delete(self, _signed_in: SignedIn) -> None:
        """Ask whether to delete the template."""
        self.is_deleting, self.problem = self.opened > 0, ""

    @guarded(Permission.EDIT_SHIFTS)
    async def keep(self, _signed_in: SignedIn) -> None:
        """Go back to the form, from the question whether to delete or from the comparison of both versions."""
        self.is_deleting, self.problem, self.differences = False, "", []

    @guarded(Permission.EDIT_SHIFTS)
    async def delete(self, signed_in: SignedIn) -> None:
        """Delete the template in the dialog."""
        if not self.opened:
            raise NotFound
        self.is_deleting = False
        try:
            await delete_template(signed_in.actor, self.opened, expected_version=self._version)
        except ScheduleError as refused:
            self._refuse(refused)
        else:
            await self._finish(signed_in)

    def _require_open(self, scope: str) -> None:
        if not (self.site_id and self.is_open and self.scope == scope):
            raise NotFound
        self.errors, self.problem, self.differences = TemplateErrors(), "", []

    async def _show(self, signed_in: SignedIn, item: TemplateItem, fields: Fields, priority: int) -> None:
        if not self.site_id:
            raise NotFound
        async with read_session() as session:
            site = await get_site(session, signed_in.actor, self.site_id)
        gone = [(str(number), "Removed, please choose") for number in item.removed[:1]]
        self.departments = [*gone, NO_DEPARTMENT, *((str(number), name) for number, name in site.departments)]
        self.fields = replace(fields, department_id=gone[0][0]) if gone else fields
        self.opened, self.scope, self.name = item.id, item.scope, item.name
        self.contents = item.contents if item.scope == "week" else ""
        self._version, self._priority, self._removed = item.version, priority, item.removed
        self.has_removed = bool(item.removed)
        self.errors, self.problem, self.differences, self.is_deleting = TemplateErrors(), "", [], False
        # Fields keep what was typed into them for as long as the form is the same one.
        self.form_key += 1
        self.is_open = True

    async def _finish(self, signed_in: SignedIn) -> None:
        self.is_open = False
        await self._read(signed_in)

    def _refuse(self, refused: ScheduleError) -> None:
        """Say what refuses. Shown both versions, the next save is one against the other's."""
        if isinstance(refused, StaleVersion) and refused.differences:
            self.differences, self._version = list(refused.differences), refused.version or self._version
        field = getattr(refused, "field", None)
        if field in TemplateErrors.__dataclass_fields__:
            self.errors = replace(TemplateErrors(), **{field: refused.message})
        else:
            self.problem = refused.message

    async def _read(self, signed_in: SignedIn) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        async with read_session() as session:
            items = await list_templates(session, signed_in.actor, self.site_id)
        shifts = [item for item in items if item.scope == "shift"]
        weeks = [item for item in items if item.scope == "week"]
        if shifts != self.shifts:
            self.shifts = shifts
        if weeks != self.weeks:
            self.weeks = weeks


def _shown(found: TemplateDetail) -> Fields:
    [shift] = found.shifts
    return Fields(
        title=shift.title or "",
        local_start=shift.local_start.isoformat("minutes"),
        local_end=shift.local_end.isoformat("minutes"),
        shift_type=shift.shift_type,
        department_id=str(shift.department_id or NO_DEPARTMENT[0]),
        required_staff=str(shift.required_staff),
        qualifications=", ".join(shift.qualifications),
        notes=shift.notes or "",
    )
