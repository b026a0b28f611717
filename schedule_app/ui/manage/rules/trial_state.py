"""What a change of a rule would do to what is planned, shown before it is done."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Difference, InvalidInput, ScheduleError, StaleVersion
from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.permissions import Actor, Permission
from schedule_app.domain.rules.wording import sentence
from schedule_app.live import topics
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.breaches import Change, Trial, TrialWeek, Window, trial_weeks, try_rule
from schedule_app.queries.planned import read_planned
from schedule_app.queries.rules import get_rule, name_in_scope, names_of
from schedule_app.queries.sites import get_site
from schedule_app.services.rules import CHOOSE, RuleDetails, cleaned, create_rule, edit_rule, switch_rule
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.rules.form import Filled, entered
from schedule_app.ui.manage.rules.reading import cell_href, shift_words, today_at


class OneRule(Payload):
    """A rule, by its number."""

    rule_id: int = Field(gt=0, lt=2**63)


class ShowTrial(Payload):
    """Whether the dialog is open."""

    is_open: bool


class Look(Payload):
    """Which weeks to look at."""

    window: Window


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is about to be done.

    Attributes:
        rule_id: 0 for a rule yet to be made.
        rule_type: The kind of the rule.
        values: The form as it was filled in; empty to switch a rule which there is on or off.
        is_active: Whether it would hold.
    """

    site_id: int = 0
    rule_id: int = 0
    version: int = 0
    rule_type: str = ""
    values: str = ""
    is_active: bool = False

    def details(self) -> RuleDetails | None:
        """The rule as it would be; None to switch one.

        Raises:
            InvalidInput: A value that cannot be accepted.
        """
        return cleaned(entered(self.rule_type, Filled(values=self.values).read())) if self.values else None


@dataclass(frozen=True, slots=True)
class TrialItem:
    """One sentence about one person."""

    key: str
    person: str
    message: str
    shift: str
    week: str
    href: str
    blocks: bool
    change: Change


class TrialState(rx.State):
    """The dialog that shows what would happen, and does it."""

    is_open: bool = False
    title: str = ""
    sentence: str = ""
    action: str = ""
    window: Window = "next"
    summary: str = ""
    weeks: list[TrialWeek] = []
    items: list[TrialItem] = []
    hidden: int = 0
    problem: str = ""
    differences: list[Difference] = []

    _proposal: Proposal = Proposal()

    @guarded(Permission.MANAGE_RULES, OneRule)
    async def switch(self, signed_in: SignedIn, data: OneRule) -> None:
        """Show what switching a rule on or off would do."""
        async with read_session() as session:
            rule = await get_rule(session, signed_in.actor, data.rule_id)
        if rule.facts is None and not rule.is_active:
            raise InvalidInput(rule.sentence)
        proposal = Proposal(rule.site_id, rule.id, rule.version, is_active=not rule.is_active)
        self.action = "Switch off" if rule.is_active else "Switch on"
        self.title = f"{self.action}: {rule.name}"
        await self._begin(signed_in.actor, proposal)

    @guarded(Permission.MANAGE_RULES, Look)
    async def look(self, signed_in: SignedIn, data: Look) -> None:
        """Look at other weeks."""
        self.window = data.window
        if self.is_open:
            await self._try(signed_in.actor)

    @guarded(Permission.MANAGE_RULES, ShowTrial)
    async def show(self, _signed_in: SignedIn, data: ShowTrial) -> None:
        """Close the dialog."""
        self.is_open = data.is_open and bool(self._proposal.site_id)

    @guarded(Permission.MANAGE_RULES)
    async def confirm(self, signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Do what was shown. Refused because somebody was first, the next time it is done over their version."""
        proposal = self._proposal
        if not (self.is_open and proposal.site_id):
            return None
        try:
            await _do(signed_in.actor, proposal)
        except StaleVersion as stale:
            self.problem, self.differences = stale.message, list(stale.differences)
            self._proposal = replace(proposal, version=stale.version or proposal.version)
            await self._try(signed_in.actor)
            return None
        except ScheduleError as refused:
            self.problem = refused.message
            return None
        viewers.outdate({topics.site(proposal.site_id)})
        self.is_open, self._proposal = False, Proposal()
        return rx.redirect(f"{routes.RULES}?site={proposal.site_id}") if proposal.values else None

    async def _begin(self, actor: Actor, proposal: Proposal) -> None:
        self._proposal, self.problem, self.differences = proposal, "", []
        await self._try(actor)
        self.is_open = True

    async def _try(self, actor: Actor) -> None:
        proposal = self._proposal
        async with read_session() as session:
            rule = await get_rule(session, actor, proposal.rule_id) if proposal.rule_id else None
            site = await get_site(session, actor, proposal.site_id)
            details, who = proposal.details(), rule.who if rule else ""
            if details:
                place = {"department_id": details.department_id, "employee_id": details.employee_id}
                named = await name_in_scope(session, actor, site.id, **place)
                if named is None and any(place.values()):
                    raise InvalidInput(CHOOSE, "department_id")
                who = named or ""
            first, last = trial_weeks(today_at(site), site.week_starts_on, self.window)
            names = await names_of(session, site.id, details.limits) if details else {}
            facts = _facts(proposal, details, names) if details else (rule.facts if rule else None)
            before = rule.facts if rule and rule.is_active else None
            asked = [each for each in (before, facts) if each]
            planned = await read_planned(session, site.id, first, last, asked)
        self.sentence = sentence(facts, who) if facts else ""
        self._tell(await try_rule(planned, before, facts if proposal.is_active else None), site.id)

    def _tell(self, trial: Trial, site_id: int) -> None:
        self.summary = summary(trial)
        self.weeks = trial.weeks
        self.items = [
            TrialItem(
                key=f"{item.change}-{item.key}",
                person=item.person,
                message=item.message,
                shift=shift_words(item),
                week=item.week,
                href=cell_href(site_id, item),
                blocks=item.blocks,
                change=item.change,
            )
            for item in trial.items
        ]
        self.hidden = trial.hidden


def summary(trial: Trial) -> str:
    """As "12 breaches appear, 3 disappear, 1 stays."; says so when there is nothing."""
    parts = [
        f"{_breaches(trial.new)} {_verb(trial.new, 'appear')}" if trial.new else "",
        f"{_breaches(trial.gone)} {_verb(trial.gone, 'disappear')}" if trial.gone else "",
        f"{_breaches(trial.same)} {_verb(trial.same, 'stay')}" if trial.same else "",
    ]
    said = ", ".join(filter(None, parts))
    return f"{said}." if said else "Nothing in these weeks is against this rule."


def _breaches(count: int) -> str:
    return f"{count} breach" if count == 1 else f"{count} breaches"


def _verb(count: int, verb: str) -> str:
    return f"{verb}s" if count == 1 else verb


async def _do(actor: Actor, proposal: Proposal) -> None:
    details = proposal.details()
    if details is None:
        version = proposal.version
        await switch_rule(actor, proposal.rule_id, is_active=proposal.is_active, expected_version=version)
    elif proposal.rule_id:
        await edit_rule(actor, proposal.rule_id, details, expected_version=proposal.version)
    else:
        await create_rule(actor, proposal.site_id, details)


def _facts(proposal: Proposal, details: RuleDetails, names: dict[int, str]) -> RuleFacts[Any]:
    return RuleFacts(
        id=proposal.rule_id,
        rule_type=details.rule_type,
        limits=details.limits,
        strict=details.strict,
        priority=details.priority,
        site_id=proposal.site_id,
        department_id=details.department_id,
        employee_id=details.employee_id,
        effective_from=details.effective_from,
        effective_until=details.effective_until,
        names=names,
    )
