"""What is broken in the current and the coming weeks, narrowed down."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.rules.wording import BUILT_IN
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.breaches import MOST_SHOWN, FoundItem
from schedule_app.queries.sites import get_site
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.rules.reading import cell_href, read_now, shift_words, topics_of
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import query_parameter, rename_address


class AnySite(Payload):
    """A site to go to."""

    site_id: int = Field(gt=0, lt=2**63)


class Narrowed(Payload):
    """What to show; an empty value shows all."""

    rule: str = Field(default="", max_length=40)
    person: str = Field(default="", max_length=20)
    department: str = Field(default="", max_length=20)
    week: str = Field(default="", max_length=10)


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown; the same as in the page's address."""

    rule: str = ""
    person: str = ""
    department: str = ""
    week: str = ""


@dataclass(frozen=True, slots=True)
class ViolationItem:
    """One sentence about one person, a shift or a week, with the way to the board."""

    key: str
    rule: str
    rule_href: str
    person: str
    message: str
    shift: str
    week: str
    href: str
    blocks: bool
    of_week: bool
    accepted: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to narrow down to, as (value, text)."""

    rules: list[tuple[str, str]]
    people: list[tuple[str, str]]
    departments: list[tuple[str, str]]
    weeks: list[tuple[str, str]]


class ViolationsState(rx.State):
    """The list and what it is narrowed down to."""

    is_ready: bool = False
    site_id: int = 0
    site_name: str = ""
    sites: list[tuple[str, str]] = []
    look: Look = Look()
    choices: Choices = Choices([], [], [], [])
    items: list[ViolationItem] = []
    total: int = 0
    found: int = 0
    hidden: int = 0

    @guarded(Permission.MANAGE_RULES)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the list that the address names."""
        site, self.sites = await chosen_site(self, signed_in.actor, Permission.MANAGE_RULES)
        watch(self, topics_of(site))
        self.site_id = site.id
        given = {name: query_parameter(self, name)[:40] for name in Look.__dataclass_fields__}
        self.look = Look(**given)
        await self._read(signed_in.actor, fresh=True)
        self.is_ready = True

    @guarded(Permission.MANAGE_RULES, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """A rule, or something that it looks at, has changed."""
        if self.site_id:
            await self._read(signed_in.actor)

    @guarded(Permission.MANAGE_RULES, Narrowed)
    async def narrow(self, signed_in: SignedIn, data: Narrowed) -> rx.event.EventSpec | None:
        """Show these only."""
        if not self.site_id:
            return None
        self.look = Look(**data.model_dump())
        await self._read(signed_in.actor)
        given = {"site": str(self.site_id), **asdict(self.look)}
        query = urlencode({name: value for name, value in given.items() if value})
        return rename_address(f"{routes.VIOLATIONS}?{query}")

    @guarded(Permission.MANAGE_RULES, AnySite)
    async def choose(self, _signed_in: SignedIn, data: AnySite) -> rx.event.EventSpec:
        """Go to another site."""
        return rx.redirect(f"{routes.VIOLATIONS}?site={data.site_id}")

    async def _read(self, actor: Actor, *, fresh: bool = False) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        async with read_session() as session:
            site = await get_site(session, actor, self.site_id)
        require(actor, Permission.MANAGE_RULES, site_id=site.id)
        found = (await read_now(actor, site, fresh=fresh)).found
        shown = [item for item in found if _is_wanted(item, self.look)]
        values = {
            "site_name": site.name,
            "choices": _choices(found, site.departments),
            "items": [_item(site.id, item) for item in shown[:MOST_SHOWN]],
            "total": len(shown),
            "found": len(found),
            "hidden": max(0, len(shown) - MOST_SHOWN),
        }
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def _is_wanted(item: FoundItem, look: Look) -> bool:
    values = {"rule": _rule(item), "person": str(item.employee_id), "week": item.week_start}
    values["department"] = str(item.department_id)
    return all(wanted in ("", values[name]) for name, wanted in asdict(look).items())


def _rule(item: FoundItem) -> str:
    """Which rule, or which check that needs none."""
    return str(item.rule_id) if item.rule_id else next(kind for kind, name in BUILT_IN.items() if name == item.rule)


def _choices(found: Iterable[FoundItem], departments: Iterable[tuple[int, str]]) -> Choices:
    found = list(found)
    return Choices(
        rules=[("", "Every rule"), *_sorted((_rule(item), item.rule) for item in found)],
        people=[("", "Everybody"), *_sorted((str(item.employee_id), item.person) for item in found if item.person)],
        departments=[("", "Every department"), *((str(number), name) for number, name in departments)],
        weeks=[("", "Every week"), *sorted({(item.week_start, item.week) for item in found})],
    )


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(set(pairs), key=lambda pair: (pair[1].casefold(), pair[0]))


def _item(site_id: int, item: FoundItem) -> ViolationItem:
    return ViolationItem(
        key=item.key,
        rule=item.rule,
        rule_href=f"{routes.RULES}/{item.rule_id}" if item.rule_id else "",
        person=item.person,
        message=item.message,
        shift=shift_words(item),
        week=item.week,
        href=cell_href(site_id, item),
        blocks=item.blocks,
        of_week=item.of_week,
        accepted=item.accepted,
    )
