"""A rule in plain words, between the page and the domain."""

from dataclasses import replace

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.wording import sentence
from schedule_app.domain.saying import Said, Vocabulary
from schedule_app.queries.rules import RuleChoices
from schedule_app.ui.manage.rules.form import Common

_MOST_OF_NAME = 200


def vocabulary_of(choices: RuleChoices) -> Vocabulary:
    """The names that a rule of the site can have in it."""
    return Vocabulary(
        people=dict(choices.people),
        departments=dict(choices.departments),
        qualifications=choices.qualifications,
        shift_types=choices.shift_types,
    )


def meaning(said: Said, choices: RuleChoices, site_id: int) -> str:
    """What was understood, as the list of rules would have it."""
    who = dict(choices.people).get(said.employee_id or 0) or dict(choices.departments).get(said.department_id or 0, "")
    rule = RuleFacts(
        id=0,
        rule_type=said.rule_type,
        limits=said.limits,
        strict=said.strict,
        priority=said.priority,
        site_id=site_id,
        department_id=said.department_id,
        employee_id=said.employee_id,
        effective_from=said.effective_from,
        effective_until=said.effective_until,
        names=said.names,
    )
    return sentence(rule, who)


def common_said(said: Said, text: str) -> Common:
    """What every rule has, as it was said; the words themselves are its name."""
    scope = f"department:{said.department_id}" if said.department_id else ""
    common = Common(
        name=" ".join(text.split())[:_MOST_OF_NAME],
        scope=f"person:{said.employee_id}" if said.employee_id else scope,
        priority=str(said.priority),
        strict="true" if said.strict else "false",
        is_active=True,
    )
    first, last = said.effective_from, said.effective_until
    return replace(
        common,
        effective_from=first.isoformat() if first else "",
        effective_until=last.isoformat() if last else "",
    )
