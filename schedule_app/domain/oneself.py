"""What stands in somebody's way, in words for themselves: "you", and not from whom they are kept apart."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.restriction import pairs_apart
from schedule_app.domain.violation import Violation

_PRIVATE: Final = "A work rule of your site speaks against this shift."

#: The verbs that sentences about a person have next to the name, where "you" has another form.
_FORMS: Final[Mapping[str, str]] = {
    "already has": "already have",
    "already works": "already work",
    "does": "do",
    "has": "have",
    "holds": "hold",
    "is": "are",
    "prefers": "prefer",
    "works": "work",
}
_VERB: Final = re.compile(rf"^({'|'.join(_FORMS)})\b")


def for_oneself(violations: Iterable[Violation], rules: Iterable[RuleFacts[Any]], name: str) -> tuple[Violation, ...]:
    """The violations as the person may read them: who is kept apart from whom is for planners alone.

    Args:
        violations: What was found of this person.
        rules: Those that were asked.
        name: What the person is called in the messages.
    """
    private = {rule.id for rule in rules if pairs_apart([rule])}
    return tuple(
        replace(each, message=_PRIVATE if each.rule_id in private else _to_you(each.message, name))
        for each in violations
    )


def _to_you(message: str, name: str) -> str:
    """A message that begins with the person, said to them."""
    if message.startswith(f"{name}'s "):
        return "Your " + message.removeprefix(f"{name}'s ")
    if not message.startswith(f"{name} "):
        return message
    rest = _VERB.sub(lambda verb: _FORMS[verb[0]], message.removeprefix(f"{name} "))
    return "You " + rest.replace("their contract", "your contract").replace("their own", "your own")
