"""Every rule in small plans: one table, read by the tests of the domain and by those of anything that plans.

A `Case` is plain data: one strict rule, a week's shifts, who has which of them, what people work around the week, and
what is broken. It says the same to everybody who keeps the rules:

- `domain.check.check_plan([case.rule], [case.week])` finds exactly `case.broken`, each as (employee id, shift id). A
  limit that several shifts break together is told of each of them; what is of no person, or of no single shift, has
  None there.
- A planner that keeps the rule strictly can make the plan (`case.held` fixed, `case.around` given) if and only if
  `case.broken` is empty. Wishes only ever warn: there it pays for each.

Each limit has a plan that keeps it, one that just keeps it, and one that breaks it; where they matter a shift over
midnight, a clock change, and shifts on both sides of the week's edge. The week begins on `case.week_start`; shifts of
it have ids from 1, those around it from 101. Everybody is qualified and available unless the case says otherwise, and
no two shifts of a person overlap.
"""

from tests.cases.case import Case
from tests.cases.hours import AVAILABILITY, CONSECUTIVE_DAYS, OVERTIME, REST_PERIOD, WORKLOAD
from tests.cases.kinds import PREFERENCE, QUALIFICATION, RESTRICTION
from tests.cases.weeks import COST, COVERAGE, FAIRNESS

CASES: tuple[Case, ...] = (
    *AVAILABILITY,
    *WORKLOAD,
    *QUALIFICATION,
    *PREFERENCE,
    *RESTRICTION,
    *OVERTIME,
    *CONSECUTIVE_DAYS,
    *REST_PERIOD,
    *FAIRNESS,
    *COVERAGE,
    *COST,
)
