"""Who else looks at the week of the board, for those who plan it."""

from typing import TypedDict

import reflex as rx
from pydantic import Field

from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.live import topics
from schedule_app.live.presence import Visitor, presence
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.labels import initials
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class Cell(Payload):
    """A cell of the board: a person's id or the open row, and the column; empty for none."""

    cell: str = Field(max_length=30, pattern=r"^((open|[0-9]{1,19}):[0-7])?$", examples=["12:3"])


class Someone(TypedDict):
    """Somebody else on this board."""

    id: int
    name: str
    initials: str
    cell: str


class PresenceState(rx.State):
    """The others on this board. Nothing of it is stored anywhere."""

    others: list[Someone] = []

    _topic: str = ""

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Be seen on the week that the board has opened; comes after the board's own load."""
        board = await self.get_state(BoardState)
        token = self.router.session.client_token
        site_id, week = board.week.site_id, board.week.start
        is_week = site_id and board.is_found and not board.span
        if not (is_week and can(signed_in.actor, Permission.VIEW_DRAFT, site_id=site_id)):
            self._topic = ""
            presence.leave(token)
            watch(self, ())
            self._show(signed_in.actor)
            return
        self._topic = topics.presence(site_id, week)
        watch(self, {self._topic})
        presence.enter(token, self._topic, Visitor(signed_in.actor.employee_id, signed_in.name))
        self._show(signed_in.actor)

    @guarded(Permission.VIEW_PUBLISHED, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Somebody came, went or is in another cell."""
        self._show(signed_in.actor)

    @guarded(Permission.VIEW_DRAFT, Cell)
    async def go_to_cell(self, signed_in: SignedIn, data: Cell) -> None:
        """Be seen in a cell of this week."""
        if self._topic and self._sees(signed_in.actor):
            token = self.router.session.client_token
            presence.enter(token, self._topic, Visitor(signed_in.actor.employee_id, signed_in.name, data.cell))

    def _sees(self, actor: Actor) -> bool:
        site_id = self._topic.split(":")[1] if self._topic else "0"
        return can(actor, Permission.VIEW_DRAFT, site_id=int(site_id))

    def _show(self, actor: Actor) -> None:
        """Set only what differs."""
        found = presence.visitors(self._topic, but=actor.employee_id) if self._topic and self._sees(actor) else []
        others: list[Someone] = [
            {"id": each.employee_id, "name": each.name, "initials": initials(each.name), "cell": each.cell}
            for each in found
        ]
        if others != self.others:
            self.others = others
