import json
from datetime import date
from typing import Any

import pytest

from schedule_app.domain.facts import LaterAvailability, Preference, Qualification
from schedule_app.domain.rules.restriction import RestrictionLimits, Succession
from schedule_app.optimizer import codec
from schedule_app.optimizer.problem import Contract, Demand, Person, Problem, ProblemError, Standing, Wish
from schedule_app.optimizer.solution import Given, Missing, Solution
from tests.unit.domain.domain_builders import CLOSED, employee, open_at, rule, shift, slot

PROBLEM = Problem(
    people=(
        Person(
            employee(
                qualifications=(Qualification("First aid", date(2027, 1, 1)),),
                availability={0: open_at(slot("08:00-16:00", Preference.DISLIKED))},
                time_off=(shift().span,),
                later_availability=(LaterAvailability(date(2026, 7, 1), {6: CLOSED}),),
                exceptions={date(2026, 6, 9): CLOSED, date(2026, 6, 8): open_at()},
            ),
            Contract({"night": 2}, 0, 2400),
            around=(shift(id=9),),
            absences=(shift().span,),
        ),
    ),
    demands=(Demand(shift(), 100),),
    rules=(rule("restriction", RestrictionLimits((), (Succession("night", "early", 660),))),),
    wishes=(Wish(7, 1, True, 4),),
    standing=(Standing(7, 1, True, 3),),
)


def test_problem_and_solution_come_back_as_they_were():
    solution = Solution("feasible", (Given(7, 1),), (Missing(1, 2),), 12, 10, {"missing": 12}, 0.5, "plain", 3)

    assert codec.loads(Problem, codec.dumps(PROBLEM)) == PROBLEM
    assert codec.loads(Solution, codec.dumps(solution)) == solution
    assert codec.dumps(PROBLEM) == codec.dumps(codec.loads(Problem, codec.dumps(PROBLEM)))


@pytest.mark.parametrize(
    ("at", "value", "path", "reason"),
    [
        (["people"], {}, "people", "Here a list is expected."),
        (["seed"], "x", "seed", "Here a whole number is expected."),
        (["seed"], True, "seed", "Here a whole number is expected."),
        (["sead"], 1, "sead", "Nothing of this name is known here."),
        (["people", 0, "facts", "id"], None, "people[0].facts.id", "Here a whole number is expected."),
        (["people", 0, "facts", "availability", "x"], {}, "people[0].facts.availability", "A name is no number."),
        (["people", 0, "facts", "exceptions", "x"], {}, "people[0].facts.exceptions", "A name is no date."),
        (["demands", 0, "shift", "local_date"], "8 June", "demands[0].shift.local_date", "Here a date,"),
        (["demands", 0, "shift", "span", "starts_at"], "2026-06-08T07:00", "demands[0].shift.span", "a time zone"),
        (["rules", 0, "rule_type"], "magic", "rules[0].rule_type", "There is no rule of type 'magic'."),
        (["rules", 0, "limits", "forbidden_successions", 0, "within_minutes"], -1, "within_minutes", "Please"),
        (["version"], 999, "version", "made by another"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(at: list[Any], value: object, path: str, reason: str):
    plain = json.loads(codec.dumps(PROBLEM))
    place = plain
    for step in at[:-1]:
        place = place[step]
    place[at[-1]] = value

    with pytest.raises(ProblemError) as refused:
        codec.loads(Problem, json.dumps(plain))

    assert path in refused.value.path
    assert reason in refused.value.reason


def test_missing_part_and_broken_text_are_named():
    with pytest.raises(ProblemError, match=r"demands\[0\].under_weight: This is missing."):
        plain = json.loads(codec.dumps(PROBLEM))
        del plain["demands"][0]["under_weight"]
        codec.loads(Problem, json.dumps(plain))
    with pytest.raises(ProblemError, match="line 2: This is no JSON"):
        codec.loads(Problem, '{\n "people": [,\n}')
    with pytest.raises(ProblemError, match="nested too deeply"):
        codec.loads(Problem, "[" * 100_000)
