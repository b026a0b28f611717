"""The weights of a site: one table, tuned by hand."""

from dataclasses import dataclass, replace

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NotFound, ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.domain.rules.wording import TITLES
from schedule_app.domain.weights import WEIGHTS, penalty
from schedule_app.live import topics
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.weights import get_weights
from schedule_app.services.weights import tune_weights
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.rules.form import Filled
from schedule_app.ui.watch import watch

_TO_FIRST_ERROR = "setTimeout(() => document.querySelector('#weights-form [aria-invalid=true]')?.focus(), 60)"


class WeightsOf(Payload):
    """A site to go to."""

    site_id: int = Field(gt=0, lt=2**63)


@dataclass(frozen=True, slots=True)
class WeightLine:
    """A type of rule; `priorities` is what one unit weighs at priority 1, 5 and 10."""

    rule_type: str
    title: str
    unit: str
    default: int
    value: str
    priorities: list[int]
    error: str = ""


class WeightsState(rx.State):
    """The table's first values, and what the server says of what was entered."""

    is_ready: bool = False
    site_id: int = 0
    site_name: str = ""
    sites: list[tuple[str, str]] = []
    lines: list[WeightLine] = []
    form_key: int = 0
    problem: str = ""
    is_saved: bool = False
    is_outdated: bool = False

    _version: int = 0

    @guarded(Permission.MANAGE_RULES)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the table of a site."""
        site, self.sites = await chosen_site(self, signed_in.actor, Permission.MANAGE_RULES)
        watch(self, {topics.site(site.id)})
        self.site_id, self.site_name = site.id, site.name
        await self._open(signed_in)
        self.is_ready = True

    @guarded(Permission.MANAGE_RULES, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something of the site has changed; what is being typed stays, and it is said that there is news."""
        if not self.site_id or self.is_outdated:
            return
        async with read_session() as session:
            stored = await get_weights(session, signed_in.actor, self.site_id)
        if stored.version != self._version:
            self.is_outdated = True

    @guarded(Permission.MANAGE_RULES, WeightsOf)
    async def choose(self, _signed_in: SignedIn, data: WeightsOf) -> rx.event.EventSpec:
        """Go to another site's weights."""
        return rx.redirect(f"{routes.WEIGHTS}?site={data.site_id}")

    @guarded(Permission.MANAGE_RULES)
    async def show_newest(self, signed_in: SignedIn) -> None:
        """Fill the table with what is stored now."""
        if self.site_id:
            await self._open(signed_in)

    @guarded(Permission.MANAGE_RULES)
    async def show_defaults(self, _signed_in: SignedIn) -> None:
        """Fill the table with the defaults, to be saved or not."""
        if self.site_id:
            self._fill({name: each.default for name, each in WEIGHTS.items()})

    @guarded(Permission.MANAGE_RULES, Filled)
    async def save(self, signed_in: SignedIn, data: Filled) -> rx.event.EventSpec | None:
        """Save; what refuses is said at its line and nothing entered is lost."""
        if not self.site_id:
            raise NotFound
        self.problem, self.is_saved = "", False
        try:
            entered = data.read()
            weights = {name: _number(entered.get(name, "")) for name in WEIGHTS}
            await tune_weights(signed_in.actor, self.site_id, weights, expected_version=self._version)
        except InvalidInput as refused:
            self.lines = [replace(each, error=refused.problems.get(each.rule_type, "")) for each in self.lines]
            return rx.call_script(_TO_FIRST_ERROR)
        except ScheduleError as refused:
            self.problem = refused.message
            return None
        viewers.outdate({topics.site(self.site_id)})
        await self._open(signed_in)
        self.is_saved = True
        return None

    async def _open(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            stored = await get_weights(session, signed_in.actor, self.site_id)
        self._version = stored.version
        self.is_outdated = False
        self._fill(stored.weights)

    def _fill(self, weights: dict[str, int]) -> None:
        self.problem, self.is_saved = "", False
        self.lines = [
            WeightLine(
                name,
                TITLES[name],
                each.unit,
                each.default,
                str(weights[name]),
                [penalty(weights, name, priority) for priority in (1, 5, 10)],
            )
            for name, each in WEIGHTS.items()
        ]
        # Fields keep what was typed into them for as long as the form is the same one.
        self.form_key += 1


def _number(typed: str) -> int:
    """What was typed, as a number; -1, which is out of bounds, where it is none."""
    typed = typed.strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else -1
