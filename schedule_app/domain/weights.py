"""What breaking a rule that only warns weighs, by type and priority: the one table, and how a site may tune it.

A plan's penalty is the sum of `penalty` over everything that is broken: for each unit the weight of the rule's type,
times what its priority is worth. Rules that block are never weighed: they are kept.

A priority is worth about half as much again as the one below it, so that one rule of priority 10 outweighs several of
middling priority.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.rules.wording import TITLES

HEAVIEST: Final = 100

#: What priorities 1 to 10 are worth.
BY_PRIORITY: Final = (1, 2, 3, 5, 8, 12, 18, 27, 40, 60)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a type of rule weighs.

    Attributes:
        default: Where a site says nothing else; 0 leaves rules of the type out.
        unit: What is counted.
    """

    default: int
    unit: str


#: By type of rule, the heaviest first.
WEIGHTS: Final[Mapping[str, Weight]] = {
    "coverage": Weight(10, "each person missing on a shift, or too many"),
    "qualification": Weight(3, "each shift of somebody without what is needed, and each holder missing"),
    "rest_period": Weight(3, "each rest that is too short"),
    "availability": Weight(2, "each shift at a time somebody cannot, or would rather not, work"),
    "restriction": Weight(2, "each shift of a kind, after a kind, or with or without somebody"),
    "consecutive_days": Weight(1, "each day or weekend too many in a row, or too few"),
    "overtime": Weight(1, "each begun hour of overtime"),
    "workload": Weight(1, "each begun hour, or shift, too much or too little"),
    "fairness": Weight(1, "each begun hour, night, weekend or shift too far apart"),
    "preference": Weight(1, "each shift against a wish"),
    "cost": Weight(1, "each 100 of the site's currency"),
}


def weights_of(tuned: Mapping[str, int]) -> dict[str, int]:
    """The weights of a site by type of rule: its own where it has tuned them, and the defaults."""
    return {rule_type: tuned.get(rule_type, each.default) for rule_type, each in WEIGHTS.items()}


def penalty(weights: Mapping[str, int], rule_type: str, priority: int) -> int:
    """What one unit against a rule weighs."""
    return weights[rule_type] * BY_PRIORITY[priority - 1]


def tuned_from(weights: Mapping[str, int]) -> dict[str, int]:
    """What a site has to keep of its weights: those that differ from the defaults.

    Raises:
        InvalidInput: A weight out of bounds, or of no type of rule; `problems` says which.
    """
    words = f"Please enter a whole number from 0 to {HEAVIEST}."
    problems = {
        name: words if name in WEIGHTS else "There is no such kind of rule."
        for name, weight in weights.items()
        if name not in WEIGHTS or type(weight) is not int or not 0 <= weight <= HEAVIEST
    }
    if problems:
        field, message = next(iter(problems.items()))
        raise InvalidInput(message, field, problems)
    return {name: weight for name, weight in weights.items() if weight != WEIGHTS[name].default}


assert WEIGHTS.keys() == TITLES.keys()  # noqa: S101 - a type without a weight could not be weighed
