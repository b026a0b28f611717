"""The work rules as limits: one module per rule type, named as in `domain/rules`, each with one function `limits`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from schedule_app.domain.facts import RuleFacts
from schedule_app.optimizer.constraints import (
    availability,
    built_in,
    consecutive_days,
    contract,
    cost,
    coverage,
    fairness,
    overtime,
    preference,
    qualification,
    rest_period,
    restriction,
    workload,
)
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table

Limits: TypeAlias = Callable[[RuleFacts[Any], Table], Iterator[Limit]]

#: Those that look at one cell alone come first: what they close appears in no other limit.
CONSTRAINTS: dict[str, Limits] = {
    "availability": availability.limits,
    "qualification": qualification.limits,
    "preference": preference.limits,
    "restriction": restriction.limits,
    "rest_period": rest_period.limits,
    "workload": workload.limits,
    "overtime": overtime.limits,
    "consecutive_days": consecutive_days.limits,
    "coverage": coverage.limits,
    "fairness": fairness.limits,
    "cost": cost.limits,
}


def all_limits(table: Table) -> list[Limit]:
    """Every limit of a problem but those that close single cells, which the table learns.

    What people decided is not undone here: cells that stay make room for themselves in the strict limits they break.
    """
    fixed = table.fixed
    found: list[Limit] = []

    def keep(limits: Iterable[Limit]) -> None:
        for each in limits:
            if each.weight is None and fixed:
                each = _allowing(each, fixed)
                if not each.can_break():
                    continue
            if each.weight is None and each.high <= 0 and len(each.groups) == 1 and each.coefficients[0] > 0:
                table.close(each.groups[0], each)
            else:
                found.append(each)

    keep(built_in.impossible(table))
    order = list(CONSTRAINTS)
    for rule in sorted(table.problem.rules, key=lambda each: order.index(each.rule_type)):
        keep(CONSTRAINTS[rule.rule_type](rule, table))
    keep(built_in.overlaps(table))
    keep(built_in.never_over(table))
    keep(contract.limits(table))
    keep(built_in.wishes(table))
    return found


def _allowing(limit: Limit, fixed: frozenset[int]) -> Limit:
    if min(limit.coefficients, default=-1) < 0:
        return limit
    counted = zip(limit.groups, limit.coefficients, strict=True)
    taken = sum(coefficient for group, coefficient in counted if not fixed.isdisjoint(group))
    return replace(limit, high=max(limit.high, taken))
