"""What is behind one cell of the heatmap."""

from datetime import date

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.coverage import CellShift, coverage_cell
from schedule_app.ui.coverage.state import CoverageState, cell_words, topics_of
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class Cell(Payload):
    """An hour of a day of the week shown."""

    day: date
    hour: int = Field(ge=0, le=23)


class CoverageCellState(rx.State):
    """The shifts and people of one hour."""

    is_open: bool = False
    title: str = ""
    summary: str = ""
    shifts: list[CellShift] = []

    _cell: Cell | None = None

    @guarded(Permission.VIEW_PUBLISHED, Cell)
    async def show(self, signed_in: SignedIn, data: Cell) -> None:
        """Open a cell."""
        page = await self.get_state(CoverageState)
        self._cell = data
        watch(self, topics_of(page.place))
        await self._read(signed_in, data)
        self.is_open = True

    @guarded(Permission.VIEW_PUBLISHED)
    async def close(self, _signed_in: SignedIn) -> None:
        """Close it again."""
        self.is_open = False

    @guarded(Permission.VIEW_PUBLISHED, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The week has changed, and the page, which watches it for longer, has just been refreshed."""
        if self.is_open and self._cell is not None:
            await self._read(signed_in, self._cell)

    async def _read(self, signed_in: SignedIn, cell: Cell) -> None:
        page = await self.get_state(CoverageState)
        site_id = page.place.site_id
        if not site_id or not can(signed_in.actor, Permission.VIEW_PUBLISHED, site_id=site_id):
            raise NotFound
        async with read_session() as session:
            shifts = await coverage_cell(
                session,
                site_id,
                date.fromisoformat(page.place.start),
                cell.day,
                cell.hour,
                department_id=page.look.department_id or None,
                drafts=can(signed_in.actor, Permission.VIEW_DRAFT, site_id=site_id),
                version=page.look.version,
            )
        title, _, summary = cell_words(page, cell.day, cell.hour).partition(": ")
        for name, value in {"title": title, "summary": summary, "shifts": shifts}.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
