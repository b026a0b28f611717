"""What everything is weighed with, on one page. All of it can be set per site.

Strict rules are not weighed: they hold. The rest costs, and the plan with the lowest sum wins:

| What | Costs |
|---|---|
| a person missing on a shift | the demand's `under_weight`, `missing` if nothing else is said |
| a person too many | the demand's `over_weight`; not done at all if nothing is said |
| a soft rule broken, for each time, shift, day or begun hour beyond the limit | `by_priority` of the rule's priority |
| a wish not met | the wish's own weight |
| a shift taken from somebody in a repair | `moved_draft`, `moved_published`, `moved_confirmed` |

A priority is worth about half as much again as the one below it, so that one rule of priority 10 outweighs several of
middling priority, and a missing person outweighs everything a single assignment can break.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """The table's figures.

    Attributes:
        by_priority: For priorities 1 to 10.
    """

    missing: int = 1000
    by_priority: tuple[int, ...] = (1, 2, 3, 5, 8, 12, 18, 27, 40, 60)
    moved_draft: int = 1
    moved_published: int = 60
    moved_confirmed: int = 120

    def __post_init__(self) -> None:
        if len(self.by_priority) != 10:
            raise ValueError("There are ten priorities.")
        if min(self.missing, self.moved_draft, self.moved_published, self.moved_confirmed, *self.by_priority) < 0:
            raise ValueError("A weight is not below 0.")

    def of(self, priority: int) -> int:
        """The weight of a soft rule."""
        return self.by_priority[priority - 1]
