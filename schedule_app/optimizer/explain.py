"""Why a plan is as it is, told from the limits it was made with: nothing here is guessed after the event."""

from collections.abc import Iterable
from dataclasses import dataclass

from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.ledger import Ledger, Price
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.objective import score
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.solution import Given
from schedule_app.optimizer.table import Table


@dataclass(frozen=True, slots=True)
class Cause:
    """A rule that stands against something.

    Attributes:
        name: Its type, or that of a check that needs no rule.
        rule_id: None for a check that needs none.
    """

    name: str
    rule_id: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What it would mean to give somebody a shift, beside all else in the plan.

    Attributes:
        blocked_by: The strict rules it would break; none when it is allowed.
        cost: By how much the score would rise; below 0 when the plan would get better.
        by_rule: The same by the type of rule, demand included.
    """

    employee_id: int
    blocked_by: tuple[Cause, ...]
    cost: int
    by_rule: dict[str, int]

    @property
    def is_allowed(self) -> bool:
        """Tell whether no strict rule is broken."""
        return not self.blocked_by


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody has a shift.

    Attributes:
        own: What giving it to them does.
        others: What giving it to each of the others instead would do.
    """

    own: Verdict
    others: tuple[Verdict, ...]

    @property
    def next_best(self) -> Verdict | None:
        """The cheapest of those who could have it instead; None when nobody could, the rest of the plan as it is."""
        allowed = (each for each in self.others if each.is_allowed)
        return min(allowed, key=lambda each: (each.cost, each.employee_id), default=None)

    @property
    def saved(self) -> int | None:
        """How much more the next best would have cost."""
        return None if self.next_best is None else self.next_best.cost - self.own.cost


class Explanation:
    """A plan ready to be asked about; made once, each answer takes some milliseconds."""

    def __init__(self, problem: Problem, given: Iterable[Given]) -> None:
        self._table = Table(problem)
        self._limits = all_limits(self._table)
        self._ledger = Ledger(self._table, self._limits, self._cells(given))

    def parts(self, given: Iterable[Given]) -> dict[str, int]:
        """The parts by name of what another plan for the same problem costs."""
        return score(self._table, self._limits, self._cells(given)).by_rule

    def why_not(self, employee_id: int, shift_id: int) -> Verdict:
        """What giving this person this shift would break and cost; of a shift they have, what it does at present."""
        cell = self._table.cell_of(employee_id, shift_id)
        if cell not in self._ledger.cells:
            return _verdict(employee_id, self._ledger.price(cell))
        self._ledger.take(cell)
        try:
            return _verdict(employee_id, self._ledger.price(cell))
        finally:
            self._ledger.give(cell)

    def why(self, employee_id: int, shift_id: int) -> Reason:
        """Why this person has this shift, against everybody else who could have it instead."""
        cell = self._table.cell_of(employee_id, shift_id)
        if cell not in self._ledger.cells:
            raise ValueError(f"Person {employee_id} does not have shift {shift_id}.")
        self._ledger.take(cell)
        try:
            own = _verdict(employee_id, self._ledger.price(cell))
            others = tuple(each for each in self._others(shift_id) if each.employee_id != employee_id)
        finally:
            self._ledger.give(cell)
        return Reason(own, others)

    def why_nobody(self, shift_id: int) -> list[Verdict]:
        """For everybody who does not have a shift what stands against it, the cheapest of the allowed first."""
        return sorted(self._others(shift_id), key=lambda each: (not each.is_allowed, each.cost, each.employee_id))

    def _cells(self, given: Iterable[Given]) -> set[int]:
        return {self._table.cell_of(each.employee_id, each.shift_id) for each in given}

    def _others(self, shift_id: int) -> list[Verdict]:
        cells = ((each.facts.id, self._table.cell_of(each.facts.id, shift_id)) for each in self._table.people)
        return [_verdict(number, self._ledger.price(cell)) for number, cell in cells if cell not in self._ledger.cells]


def _verdict(employee_id: int, price: Price) -> Verdict:
    return Verdict(employee_id, tuple(dict.fromkeys(_cause(each) for each in price.broken)), price.cost, price.parts)


def _cause(limit: Limit) -> Cause:
    return Cause(limit.name, limit.rule_id)
