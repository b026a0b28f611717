"""What the rules find, said to the person whom it is about."""

import re

import pytest

from schedule_app.domain.check import check_assignment
from schedule_app.domain.oneself import for_oneself
from schedule_app.domain.violation import Violation
from tests.cases.case import Case
from tests.cases.rules import CASES

NAME = "Bob Worker"
#: How a sentence to somebody may go on.
YOU = re.compile(r"(You (would|may|have|are|do|work|already work|hold|prefer|wished|already have)|Your) ")


def said(message: str) -> str:
    [told] = for_oneself([Violation("rest_period", 1, "warn", message, 7, 1)], [], NAME)
    return told.message


@pytest.mark.parametrize(
    ("message", "to_them"),
    [
        ("Bob Worker would have 6 h of rest before this shift.", "You would have 6 h of rest before this shift."),
        ("Bob Worker has time off: Mon 8 Jun 2026.", "You have time off: Mon 8 Jun 2026."),
        ("Bob Worker is not available on Mon.", "You are not available on Mon."),
        ("Bob Worker already works on Mon, which overlaps.", "You already work on Mon, which overlaps."),
        ("Bob Worker's qualification First aid ended.", "Your qualification First aid ended."),
        ("Bob Worker does not hold First aid.", "You do not hold First aid."),
        (
            "Bob Worker would work 50 h; their own maximum is 40 h a week.",
            "You would work 50 h; your own maximum is 40 h a week.",
        ),
        ("Bob Workers would work.", "Bob Workers would work."),
        ("Two people are missing.", "Two people are missing."),
    ],
)
def test_sentences_about_somebody_are_said_to_them(message: str, to_them: str):
    assert said(message) == to_them


def judged(case: Case) -> set[str]:
    """What each case's rule finds of each shift that somebody has, in words for them."""
    found: set[str] = set()
    for person in case.week.people.values():
        shifts = case.week.worked.get(person.id, ())
        for shift in shifts:
            others = [each for each in shifts if each.id != shift.id]
            against = check_assignment([case.rule], person, others, shift)
            found |= {each.message for each in for_oneself(against, [case.rule], person.name)}
    return found


def test_whatever_a_rule_finds_can_be_said_to_the_person():
    found = set[str]().union(*map(judged, CASES))

    assert len(found) > 20
    assert {each for each in found if not YOU.match(each) and not each.startswith("A work rule of your site")} == set()
    assert {each for each in found if NAME in each or "Bob" in each} == set()
