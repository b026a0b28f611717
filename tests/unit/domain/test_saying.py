"""Rules in plain words: understood as what they are, or refused with the word that is to blame."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules import LIMITS, ONLY_WARN, RULE_TYPES, describe, is_for_one
from schedule_app.domain.rules.kinds import DAY_PARTS
from schedule_app.domain.rules.limit import BadLimit, Kind, Limit, limits_of
from schedule_app.domain.rules.wording import sentence
from schedule_app.domain.saying import LONGEST, NotUnderstood, Vocabulary, understand
from tests.cases.sayings import DAVID, KITCHEN, REFUSED, UNDERSTOOD, VOCABULARY

ALL_UNDERSTOOD = [(kind, *each) for kind, several in UNDERSTOOD.items() for each in several]


@pytest.mark.parametrize(("rule_type", "text", "meaning", "rest"), ALL_UNDERSTOOD, ids=lambda each: str(each)[:60])
def test_what_people_say_is_the_rule_it_is(rule_type: str, text: str, meaning: str, rest: dict[str, Any]):
    said = understand(text, VOCABULARY)

    assert (said.rule_type, describe(said.rule_type, said.limits, said.names)) == (rule_type, meaning)
    days = {name: date.fromisoformat(day) for name, day in rest.items() if name.startswith("effective")}
    strict = rest.get("strict", rule_type not in ONLY_WARN)
    assert (said.employee_id, said.department_id) == (rest.get("employee_id"), rest.get("department_id"))
    assert (said.effective_from, said.effective_until) == (days.get("effective_from"), days.get("effective_until"))
    assert said.strict is strict


def test_every_type_is_said_in_several_ways():
    assert set(UNDERSTOOD) == set(RULE_TYPES)
    assert all(len(several) >= 3 for several in UNDERSTOOD.values())
    assert len(ALL_UNDERSTOOD) >= 60
    assert len(REFUSED) >= 40


@pytest.mark.parametrize(("text", "blamed", "told"), REFUSED, ids=[each[0][:60] or "nothing" for each in REFUSED])
def test_what_is_not_understood_is_refused_and_the_word_named(text: str, blamed: str, told: str):
    with pytest.raises(NotUnderstood) as refused:
        understand(text, VOCABULARY)

    assert told in refused.value.message
    assert text[refused.value.start : refused.value.end] == (text if blamed == "*" else blamed)


@pytest.mark.parametrize("text", ["BOB NEVER WORKS MONDAYS.", "bob  never works: mondays", "Bób never works Mondays"])
def test_case_accents_and_commas_do_not_matter(text: str):
    assert understand(text, VOCABULARY) == understand("Bob never works Mondays", VOCABULARY)


def test_a_whole_name_tells_two_people_of_one_name_apart():
    assert understand("David Night never works nights", VOCABULARY).employee_id == DAVID
    twins = replace(VOCABULARY, people={1: "Bob Worker", 2: "Bob Worker"})
    with pytest.raises(NotUnderstood, match="More than one person is called “Bob Worker”"):
        understand("Bob Worker never works nights", twins)


def test_a_name_is_a_name_even_where_it_is_a_word_of_the_language_too():
    named = Vocabulary(people={1: "May Day", 2: "Will"}, departments={3: "Night"}, shift_types=("general",))

    assert understand("May never works nights", named).employee_id == 1
    assert understand("Will works at most 3 shifts a week", named).employee_id == 2
    assert understand("Nobody in Night works mornings", named).department_id == 3


def test_long_texts_are_not_looked_at():
    with pytest.raises(NotUnderstood, match="too long"):
        understand("Nobody works " * 60, VOCABULARY)
    with pytest.raises(NotUnderstood, match="too long"):
        understand("a" * (LONGEST + 1), VOCABULARY)


@given(st.text(max_size=LONGEST))
def test_no_text_is_more_than_refused(text: str):
    try:
        understand(text, VOCABULARY)
    except NotUnderstood as refused:
        assert 0 <= refused.start <= refused.end <= len(text)
        assert refused.message


KINDS = st.lists(st.sampled_from([*VOCABULARY.shift_types, *DAY_PARTS]), max_size=3, unique=True).map(tuple)
DAYS = st.lists(st.integers(0, 6), max_size=7, unique=True).map(lambda days: tuple(sorted(days)))
NAMES = st.lists(st.sampled_from(VOCABULARY.qualifications), max_size=3, unique=True).map(tuple)
PEOPLE = st.sampled_from([*VOCABULARY.people])


def values_of(each: Limit) -> st.SearchStrategy[Any]:
    """Whatever a limit may be."""
    match each.kind:
        case Kind.FLAG:
            return st.booleans()
        case Kind.MINUTES | Kind.COUNT:
            given_values = st.integers(each.low, min(each.high, 100_000))
            return st.none() | given_values if each.is_optional else given_values
        case Kind.SHIFT_TYPES:
            return KINDS
        case Kind.SHIFT_TYPE:
            return st.sampled_from([*VOCABULARY.shift_types, *DAY_PARTS])
        case Kind.QUALIFICATIONS:
            return NAMES
        case Kind.WEEKDAYS:
            return DAYS
        case Kind.PERSON:
            return PEOPLE
        case Kind.LINES if each.line:
            return st.lists(made(each.line), max_size=2, unique=True).map(tuple)
    raise AssertionError(each.kind)


@st.composite
def made(draw: st.DrawFn, limits: type) -> Any:
    """Limits of a type, as far as they can be accepted."""
    drawn = {name: draw(values_of(each)) for name, each in limits_of(limits).items()}
    values = {name: value for name, value in drawn.items() if value is not None}
    try:
        return limits(**values)
    except BadLimit as bad:
        # What does not fit together is left out where it can be.
        needed = {name: value for name, value in values.items() if name not in bad.problems}
        try:
            return limits(**needed)
        except (BadLimit, TypeError):
            reject()


@st.composite
def rules(draw: st.DrawFn, rule_type: str) -> RuleFacts[Any]:
    """A rule of a type, for whom and when and how hard as may be."""
    limits = draw(made(LIMITS[rule_type]))
    scope = draw(st.sampled_from(["site", "department", "person"] if is_for_one(limits) else ["site", "department"]))
    strict = draw(st.booleans()) and rule_type not in ONLY_WARN
    first = draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)))
    last = draw(st.none() | st.dates(date(2027, 1, 2), date(2028, 1, 1)))
    return RuleFacts(
        1,
        rule_type,
        limits,
        strict,
        5 if strict else draw(st.integers(1, 10)),
        1,
        KITCHEN if scope == "department" else None,
        draw(PEOPLE) if scope == "person" else None,
        first,
        last,
        VOCABULARY.people,
    )


@pytest.mark.parametrize("rule_type", RULE_TYPES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_is_written_of_a_rule_is_understood_as_the_rule(rule_type: str, data: st.DataObject):
    rule = data.draw(rules(rule_type))
    who = VOCABULARY.people.get(rule.employee_id or 0) or VOCABULARY.departments.get(rule.department_id or 0, "")
    written = sentence(rule, who)
    if len(written) > LONGEST:
        return
    said = understand(written, VOCABULARY)

    assert said.rule_type == rule_type
    assert describe(rule_type, said.limits, said.names) == describe(rule_type, rule.limits, rule.names)
    assert (said.employee_id, said.department_id) == (rule.employee_id, rule.department_id)
    assert (said.strict, said.priority) == (rule.strict, rule.priority)
    assert (said.effective_from, said.effective_until) == (rule.effective_from, rule.effective_until)
