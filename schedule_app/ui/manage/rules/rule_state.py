"""One rule: the form made from the limits of its kind."""

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NotFound, ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.domain.rules import ONLY_WARN, RULES, WEEK_RULES
from schedule_app.domain.rules.wording import TITLES
from schedule_app.domain.saying import NotUnderstood, understand
from schedule_app.live import topics
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.rules import RuleChoices, StoredRule, get_rule, rule_choices
from schedule_app.queries.sites import get_site
from schedule_app.services.rules import cleaned, delete_rule
from schedule_app.ui import routes
from schedule_app.ui.guard import guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.rules.form import (
    Common,
    Errors,
    Filled,
    FormField,
    common_of,
    entered,
    form_of,
    named,
    refused,
    scopes,
)
from schedule_app.ui.manage.rules.saying import common_said, vocabulary_of
from schedule_app.ui.manage.rules.trial_state import Proposal, ShowTrial, TrialState
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import query_parameter

_TO_FIRST_ERROR = "setTimeout(() => document.querySelector('#rule-form [aria-invalid=true]')?.focus(), 60)"

_COMMON = Errors.__dataclass_fields__
_MOST_LINES = 10
_OF_WEEK = "It is told of the week as a whole: kept strictly it has to be put right, and refuses no single shift."
_STRICT_HINTS = dict.fromkeys(ONLY_WARN, "Wishes only ever warn.") | dict.fromkeys(WEEK_RULES.keys() - RULES, _OF_WEEK)


class RuleState(rx.State):
    """The form's first values, its choices, and what the server says of what was entered."""

    is_ready: bool = False
    is_found: bool = True
    is_new: bool = False
    is_outdated: bool = False
    is_deleting: bool = False
    site_id: int = 0
    site_name: str = ""
    title: str = ""
    kind: str = ""
    strict_hint: str = ""
    common: Common = Common()
    scopes: list[tuple[str, str]] = []
    form: list[FormField] = []
    form_key: int = 0
    errors: Errors = Errors()
    problem: str = ""

    _id: int = 0
    _version: int = 0
    _rule_type: str = ""
    _choices: RuleChoices | None = None
    _limits: object | None = None
    _spare: int = 1
    _is_on: bool = False

    @guarded(Permission.MANAGE_RULES)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the rule that the address names, or a new one of the kind it names."""
        self.is_ready, self.is_found, self._id = True, True, 0
        wanted = self.router.url.path.strip("/").split("/")[-1]
        try:
            if wanted in TITLES:
                await self._begin(signed_in, wanted)
            elif wanted.isascii() and wanted.isdecimal() and len(wanted) < 19:
                await self._open(signed_in, int(wanted))
            else:
                raise NotFound
        except NotFound:
            self.is_found = False

    @guarded(Permission.MANAGE_RULES, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something has changed; what is being typed stays, and it is said that there is something newer."""
        if not self._id:
            return
        try:
            async with read_session() as session:
                rule = await get_rule(session, signed_in.actor, self._id)
        except NotFound:
            self.is_found = False
            return
        if rule.version != self._version and not self.is_outdated:
            self.is_outdated = True

    @guarded(Permission.MANAGE_RULES)
    async def show_newest(self, signed_in: SignedIn) -> None:
        """Fill the form with what is stored now."""
        if self._id:
            await self._open(signed_in, self._id)

    @guarded(Permission.MANAGE_RULES)
    async def add_line(self, _signed_in: SignedIn) -> None:
        """Offer one more empty line."""
        if self._choices and self._spare < _MOST_LINES:
            self._spare += 1
            self.form = form_of(self._rule_type, self._limits, self._choices, self._spare)

    @guarded(Permission.MANAGE_RULES, Filled)
    async def check(self, signed_in: SignedIn, data: Filled) -> rx.event.EventSpec | None:
        """Show what saving would do; what refuses is said in the form and nothing entered is lost."""
        if not (self._rule_type and self.site_id and self.is_found):
            raise NotFound
        self._show_problems({})
        try:
            details = cleaned(entered(self._rule_type, data.read()))
            proposal = Proposal(self.site_id, self._id, self._version, self._rule_type, data.values, details.is_active)
            trial = await self.get_state(TrialState)
            trial.action = "Save" if self._is_on or not details.is_active else "Save and switch on"
            trial.title = f"{trial.action}: {details.name}"
            await trial._begin(signed_in.actor, proposal)
        except InvalidInput as refusal:
            self._show_problems(refusal.problems)
            if not refusal.problems:
                self.problem = refusal.message
            return rx.call_script(_TO_FIRST_ERROR)
        return None

    @guarded(Permission.MANAGE_RULES, ShowTrial)
    async def ask_delete(self, _signed_in: SignedIn, data: ShowTrial) -> None:
        """Ask whether to delete the rule, or do not."""
        self.is_deleting = data.is_open and bool(self._id)

    @guarded(Permission.MANAGE_RULES)
    async def delete(self, signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Delete the rule."""
        if not (self.is_deleting and self._id):
            return None
        self.is_deleting = False
        try:
            await delete_rule(signed_in.actor, self._id, expected_version=self._version)
        except ScheduleError as refusal:
            self.problem = refusal.message
            return None
        viewers.outdate({topics.site(self.site_id)})
        self._id = 0
        return rx.redirect(f"{routes.RULES}?site={self.site_id}")

    async def _begin(self, signed_in: SignedIn, rule_type: str) -> None:
        site, _ = await chosen_site(self, signed_in.actor, Permission.MANAGE_RULES)
        watch(self, {topics.site(site.id)})
        async with read_session() as session:
            choices = await rule_choices(session, signed_in.actor, site.id)
        self.site_id, self.site_name, self._version, self.is_new, self._is_on = site.id, site.name, 0, True, False
        self.title = "New rule"
        self._fill(rule_type, None, choices, None)
        self._fill_as_said(rule_type, choices)

    async def _open(self, signed_in: SignedIn, rule_id: int) -> None:
        async with read_session() as session:
            rule = await get_rule(session, signed_in.actor, rule_id)
        watch(self, {topics.site(rule.site_id)})
        async with read_session() as session:
            rule = await get_rule(session, signed_in.actor, rule_id)
            site = await get_site(session, signed_in.actor, rule.site_id)
            choices = await rule_choices(session, signed_in.actor, rule.site_id)
        self.site_id, self.site_name = site.id, site.name
        self._id, self._version, self.is_new, self._is_on = rule.id, rule.version, False, rule.is_active
        self.title = rule.name
        self._fill(rule.rule_type, rule, choices, rule.facts.limits if rule.facts else None)
        if rule.facts is None:
            self.problem = rule.sentence

    def _fill(self, rule_type: str, rule: StoredRule | None, choices: RuleChoices, limits: object | None) -> None:
        self._rule_type, self._choices, self._limits, self._spare = rule_type, choices, limits, 1
        self.kind, self.strict_hint = TITLES[rule_type], _STRICT_HINTS.get(rule_type, "")
        self.common = common_of(rule) if rule else Common(name=TITLES[rule_type], is_active=True)
        self.scopes = scopes(choices, rule)
        self.form = form_of(rule_type, limits, choices)
        self.is_outdated = self.is_deleting = False
        self._show_problems({})
        # Fields keep what was typed into them for as long as the form is the same one.
        self.form_key += 1

    def _fill_as_said(self, rule_type: str, choices: RuleChoices) -> None:
        """Fill a new rule with what was said in plain words, which the address has; what is not understood is left."""
        text = query_parameter(self, "say")
        try:
            said = understand(text, vocabulary_of(choices)) if text else None
        except NotUnderstood:
            return
        if said and said.rule_type == rule_type:
            self._limits, self.form = said.limits, form_of(rule_type, said.limits, choices)
            self.common = common_said(said, text)

    def _show_problems(self, problems: dict[str, str]) -> None:
        beside = named(problems)
        self.errors = Errors(**{name: words for name, words in beside.items() if name in _COMMON})
        self.form = refused(self.form, beside)
        self.problem = beside.get("") or beside.get("rule_type") or ""
