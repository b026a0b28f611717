"""What a search found: who works what, what it costs and why, and how far from the best it can be."""

from dataclasses import dataclass, field

from schedule_app.optimizer.problem import SOLVER_VERSION


@dataclass(frozen=True, slots=True)
class Given:
    """One person on one shift."""

    employee_id: int
    shift_id: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A shift with fewer people than it needs."""

    shift_id: int
    people: int


@dataclass(frozen=True, slots=True)
class Solution:
    """A plan.

    Attributes:
        status: "optimal" when proved best, "feasible" when a plan was found, "infeasible" when proved that there is
            none, "unknown" when the time was too short.
        score: What the plan costs; 0 without a plan.
        by_rule: The score's parts by the type of rule.
        bound: No plan costs less than this.
        engine: Which search found it.
    """

    status: str
    given: tuple[Given, ...] = ()
    missing: tuple[Missing, ...] = ()
    score: int = 0
    bound: int = 0
    by_rule: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    engine: str = ""
    seed: int = 0
    version: int = SOLVER_VERSION

    @property
    def has_plan(self) -> bool:
        """Tell whether there is a plan, be it of nobody on nothing."""
        return self.status in ("optimal", "feasible")

    @property
    def gap(self) -> float:
        """How far above the bound the score is, as a part of the score."""
        return (self.score - self.bound) / self.score if self.score > 0 else 0.0
