"""What everything is weighed with, beside the table of the work rules in `domain/weights`.

Strict rules are not weighed: they hold. The rest costs, and the plan with the lowest sum wins:

| What | Costs |
|---|---|
| a person missing on a shift | the demand's `under_weight`, `missing` if nothing else is said |
| a person too many | the demand's `over_weight`; not done at all if nothing is said |
| a soft rule broken, for each unit beyond it | as `domain/weights` says for its type and priority |
| a wish not met | the wish's own weight |
| a shift taken from somebody in a repair | `moved_draft`, `moved_published`, `moved_confirmed` |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.weights import WEIGHTS, penalty, weights_of


@dataclass(frozen=True, slots=True)
class Weights:
    """The table's figures.

    Attributes:
        by_rule: By type of rule, as a site has tuned them.
    """

    missing: int = 1000
    by_rule: Mapping[str, int] = field(default_factory=lambda: weights_of({}))
    moved_draft: int = 1
    moved_published: int = 60
    moved_confirmed: int = 120

    def __post_init__(self) -> None:
        if self.by_rule.keys() != WEIGHTS.keys():
            raise ValueError("Every type of rule needs a weight, and nothing else has one.")
        if min(self.missing, self.moved_draft, self.moved_published, self.moved_confirmed, *self.by_rule.values()) < 0:
            raise ValueError("A weight is not below 0.")

    def of(self, rule: RuleFacts[Any]) -> int:
        """What each unit against a soft rule costs."""
        return penalty(self.by_rule, rule.rule_type, rule.priority)
