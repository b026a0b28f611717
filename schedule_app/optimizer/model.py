"""Limits and demand as a CP-SAT model, of the whole problem or of a part of it with the rest as it stands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import cast

from ortools.sat.python import cp_model

from schedule_app.optimizer.limits import Group, Limit
from schedule_app.optimizer.objective import cover_cost, staffing
from schedule_app.optimizer.table import Table

Literal = cp_model.IntVar


class Model:
    """One Boolean for each free cell; everything else is a constant and folded away before the solver sees it.

    Attributes:
        proto: The CP-SAT model.
        worked: The variable of each free cell.
        constant: What every plan costs beside the model's objective; whole only when all limits are given.
    """

    def __init__(
        self, table: Table, limits: Iterable[Limit], free: Iterable[int], standing: Collection[int] = frozenset()
    ) -> None:
        """Build it.

        Args:
            table: The problem's table.
            limits: Those to hold; any that touch no free cell are passed over.
            free: Cells to decide on, none of them closed.
            standing: Cells worked among the others.
        """
        self.proto = cp_model.CpModel()
        self.worked: dict[int, Literal] = {cell: self.proto.new_bool_var("") for cell in free}
        self._table = table
        self._standing = standing
        self._any_of: dict[Group, Literal] = {}
        self._exclusive: dict[tuple[int, ...], bool] = {}
        self._costs: list[tuple[int, cp_model.LinearExprT]] = []
        self.constant = 0
        for limit in limits:
            self._post(limit)
        self._post_demand()
        self.proto.minimize(
            cp_model.LinearExpr.weighted_sum([term for _, term in self._costs], [weight for weight, _ in self._costs])
        )

    def hint(self, cells: Collection[int]) -> None:
        """Start from a plan."""
        for cell, literal in self.worked.items():
            self.proto.add_hint(literal, int(cell in cells))

    def _post(self, limit: Limit) -> None:
        high, terms = limit.high, []
        for group, coefficient in zip(limit.groups, limit.coefficients, strict=True):
            free = tuple(cell for cell in group if cell in self.worked)
            if any(cell in self._standing for cell in group if cell not in self.worked):
                high -= coefficient
            elif free:
                terms.append((free, coefficient))
        if not terms:
            self.constant += (limit.weight or 0) * max(0, -(high // limit.unit))
        elif limit.weight is not None:
            self._weigh(limit, terms, high)
        elif sum(max(0, coefficient) for _, coefficient in terms) > high:
            self._hold([(self._literal(group), coefficient) for group, coefficient in terms], high)

    def _weigh(self, limit: Limit, terms: list[tuple[Group, int]], high: int) -> None:
        weight = limit.weight or 0
        most = sum(max(0, coefficient) for _, coefficient in terms)
        if most <= high:
            return
        if len(terms) == 1 and limit.unit == 1 and abs(terms[0][1]) == 1 and most - high == 1:
            literal = self._literal(terms[0][0])
            self._costs.append((weight, literal if terms[0][1] == 1 else ~literal))
            return
        excess = self.proto.new_int_var(0, -((high - most) // limit.unit), "")
        total = _sum([(self._literal(group), coefficient) for group, coefficient in terms])
        self.proto.add(total - limit.unit * excess <= high)
        self._costs.append((weight, excess))

    def _hold(self, terms: list[tuple[Literal, int]], high: int) -> None:
        """Post a strict limit in the form that the solver propagates best."""
        ups = [literal for literal, coefficient in terms if coefficient == 1]
        downs = [literal for literal, coefficient in terms if coefficient == -1]
        if len(ups) + len(downs) < len(terms):
            self.proto.add(_sum(terms) <= high)
        elif high == len(ups) - 1:
            self.proto.add_bool_or([*(~literal for literal in ups), *downs])
        elif not downs and high == 1:
            self.proto.add_at_most_one(ups)
        else:
            self.proto.add(_sum(terms) <= high)

    def _literal(self, group: Group) -> Literal:
        """True exactly when any cell of a group is worked."""
        if len(group) == 1:
            return self.worked[group[0]]
        if group not in self._any_of:
            cells = [self.worked[cell] for cell in group]
            literal = self._any_of[group] = self.proto.new_bool_var("")
            if self._is_exclusive(group):
                self.proto.add_exactly_one([~literal, *cells])
            else:
                self.proto.add_max_equality(literal, cells)
        return self._any_of[group]

    def _is_exclusive(self, group: Group) -> bool:
        """Tell whether one person has all the cells and can work only one of them."""
        people = {self._table.places(cell)[0] for cell in group}
        shifts = tuple(self._table.places(cell)[1] for cell in group)
        if len(people) > 1:
            return False
        if shifts not in self._exclusive:
            spans = [self._table.shifts[shift].span for shift in shifts]
            latest_start, first_end = max(each.starts_at for each in spans), min(each.ends_at for each in spans)
            self._exclusive[shifts] = latest_start < first_end
        return self._exclusive[shifts]

    def _post_demand(self) -> None:
        staffed = staffing(self._table, (cell for cell in self._standing if cell not in self.worked))
        by_shift: defaultdict[int, list[Literal]] = defaultdict(list)
        for cell, literal in self.worked.items():
            by_shift[self._table.places(cell)[1]].append(literal)
        for shift, demand in enumerate(self._table.problem.demands):
            literals = by_shift[shift]
            if not literals:
                self.constant += sum(cover_cost(demand, staffed[shift]))
                continue
            needed = demand.shift.required_staff - staffed[shift]
            under = self.proto.new_int_var(0, max(0, needed), "")
            over = self.proto.new_int_var(0, max(0, len(literals) - needed), "")
            self.proto.add(cp_model.LinearExpr.sum(literals) + under - over == needed)
            self._costs += [(demand.under_weight, under), (demand.over_weight or 0, over)]


def free_cells(table: Table) -> list[int]:
    """Every cell that is open and not settled already."""
    return [cell for cell in table.all_cells if cell not in table.closed and cell not in table.fixed]


def _sum(terms: Sequence[tuple[Literal, int]]) -> cp_model.LinearExpr:
    # Of at least one term, so never a bare number.
    return cast(
        "cp_model.LinearExpr",
        cp_model.LinearExpr.weighted_sum([literal for literal, _ in terms], [each for _, each in terms]),
    )
