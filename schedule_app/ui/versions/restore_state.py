"""Restoring a version: asked first, with the draft that stands in the way, and told afterwards what became of it."""

import reflex as rx
from pydantic import Field

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.versions import VersionItem
from schedule_app.services.restoring import Restored, restore_version
from schedule_app.services.schedules import discard_draft
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.versions.state import VersionsState


class OneVersion(Payload):
    """A version, by its number in the database."""

    schedule_id: int = Field(gt=0, lt=2**63)


class Open(Payload):
    """Whether a dialog is open."""

    is_open: bool


class RestoreState(rx.State):
    """The dialog that asks, and the report."""

    is_open: bool = False
    number: int = 0
    report: Restored = Restored(0, 0, (), (), ())
    restored_number: int = 0

    _schedule_id: int = 0

    @guarded(Permission.VIEW_PUBLISHED)
    async def forget(self, _signed_in: SignedIn) -> None:
        """Another page was opened: no dialog, no report."""
        self.is_open = False
        self.restored_number = 0

    @guarded(Permission.CREATE_SCHEDULE, OneVersion)
    async def ask(self, _signed_in: SignedIn, data: OneVersion) -> None:
        """Ask before a version is restored."""
        page = await self.get_state(VersionsState)
        wanted = next((each for each in page.versions if each.id == data.schedule_id), None)
        if wanted is None:
            raise NotFound
        self._schedule_id, self.number, self.is_open = wanted.id, wanted.number, True

    @guarded(Permission.CREATE_SCHEDULE, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open and self._schedule_id > 0

    @guarded(Permission.CREATE_SCHEDULE)
    async def discard(self, signed_in: SignedIn) -> None:
        """Throw away the draft that stands in the way."""
        page = await self.get_state(VersionsState)
        working = _in_work(page.versions)
        if working is None:
            raise NotFound
        await discard_draft(signed_in.actor, working.id, expected_version=working.version)
        await page._reread(signed_in.actor)

    @guarded(Permission.CREATE_SCHEDULE)
    async def restore(self, signed_in: SignedIn) -> list[rx.event.EventSpec]:
        """Restore the version that was asked about."""
        if not self._schedule_id:
            raise NotFound
        self.is_open = False
        self.report = await restore_version(signed_in.actor, self._schedule_id)
        self.restored_number = self.number
        page = await self.get_state(VersionsState)
        await page._reread(signed_in.actor, self.report.schedule_id)
        # The report stands at the top, and the button may be far below it.
        return [rx.call_script("scrollTo(0, 0)"), page._remember()]


def _in_work(versions: list[VersionItem]) -> VersionItem | None:
    return next((each for each in versions if each.status in ("draft", "pending", "approved")), None)
