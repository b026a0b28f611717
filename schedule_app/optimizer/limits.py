"""The one shape every rule takes for the search: a sum over what is worked that stays at or below a figure.

A plan is a table of people against shifts; a *cell* is one place of it, numbered `person * shifts + shift`. A limit
adds up coefficients over *groups* of cells; a group counts when any of its cells is worked, so that "a day with work"
or "a weekend with work" are groups. Because all rules look alike here, searching, scoring, explaining and naming a
clash each need one piece of code and not one per rule.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

Group = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """`sum(coefficient of each group with a worked cell) <= high`, or else it costs.

    Attributes:
        name: The rule's type, or that of a check that needs no rule.
        rule_id: None for a check that needs no rule.
        groups: Cells of which any counts.
        coefficients: What each group adds.
        high: The most the sum may be; what is worked around the problem has been taken off.
        weight: Cost of each begun unit beyond; None when the limit is strict.
        unit: How much of the sum is one unit, as 60 where minutes are paid by the hour.
    """

    name: str
    rule_id: int | None
    groups: tuple[Group, ...]
    coefficients: tuple[int, ...]
    high: int
    weight: int | None = None
    unit: int = 1

    def excess(self, worked: Collection[int]) -> int:
        """How many units the worked cells are beyond the limit."""
        total = sum(
            coefficient
            for group, coefficient in zip(self.groups, self.coefficients, strict=True)
            if any(cell in worked for cell in group)
        )
        return max(0, -((self.high - total) // self.unit))

    @property
    def cells(self) -> Iterable[int]:
        """Every cell it looks at."""
        return (cell for group in self.groups for cell in group)

    def can_break(self) -> bool:
        """Tell whether any plan is beyond it."""
        return sum(coefficient for coefficient in self.coefficients if coefficient > 0) > self.high
