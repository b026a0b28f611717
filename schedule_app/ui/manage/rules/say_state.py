"""Saying a rule: what is understood of it, or the word that is not."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.domain.rules.wording import TITLES
from schedule_app.domain.saying import LONGEST, NotUnderstood, understand
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.rules import rule_choices
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.rules.saying import meaning, vocabulary_of

FIELD = "say-rule"


class SpokenRule(Payload):
    """A rule in plain words."""

    text: str = Field(max_length=LONGEST, examples=["Nobody works more than 5 days in a row"])


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood.

    Attributes:
        text: What was said; empty before anything was.
        kind: The kind of the rule.
        meaning: What it means.
        href: The form with all of it filled in.
    """

    text: str = ""
    kind: str = ""
    meaning: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Unheard:
    """What was not: the text before the word, the word, and the text after it."""

    problem: str = ""
    before: str = ""
    word: str = ""
    after: str = ""


class SayState(rx.State):
    """The field at the top of the list of rules. Nothing is saved from here."""

    heard: Heard = Heard()
    unheard: Unheard = Unheard()

    @guarded(Permission.MANAGE_RULES)
    async def begin(self, _signed_in: SignedIn) -> None:
        """Forget what was said before."""
        self.heard, self.unheard = Heard(), Unheard()

    @guarded(Permission.MANAGE_RULES, SpokenRule)
    async def say(self, signed_in: SignedIn, data: SpokenRule) -> rx.event.EventSpec | None:
        """Understand a rule, or point at the word that is not understood."""
        site, _ = await chosen_site(self, signed_in.actor, Permission.MANAGE_RULES)
        async with read_session() as session:
            choices = await rule_choices(session, signed_in.actor, site.id)
        text = data.text
        try:
            said = understand(text, vocabulary_of(choices))
        except NotUnderstood as refusal:
            start, end = refusal.start, refusal.end
            self.heard = Heard()
            self.unheard = Unheard(refusal.message, text[:start], text[start:end], text[end:])
            return _select(text, start, end)
        query = urlencode({"site": site.id, "say": text})
        self.unheard = Unheard()
        self.heard = Heard(
            text,
            TITLES[said.rule_type],
            meaning(said, choices, site.id),
            f"{routes.RULES}/{said.rule_type}?{query}",
        )
        return None


def _select(text: str, start: int, end: int) -> rx.event.EventSpec:
    """Put the cursor on the word; browsers count in units of UTF-16."""
    first, last = (len(text[:place].encode("utf-16-le")) // 2 for place in (start, end))
    field = json.dumps(FIELD)
    return rx.call_script(
        f"(() => {{ const field = document.getElementById({field}); field?.focus(); "
        f"field?.setSelectionRange({first}, {last}); }})()"
    )
