"""What a broken rule looks like to everyone who reads it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken by giving one employee one shift.

    Attributes:
        rule_type: The rule's type, or "overlap" and "inactive" for the checks that need no rule.
        rule_id: The rule that was broken; None for a built-in check.
        severity: "block" refuses the assignment, "warn" may be overridden with a reason.
        message: One sentence a manager understands.
        employee_id: Who would break the rule.
        shift_id: The shift that was judged.
    """

    rule_type: str
    rule_id: int | None
    severity: Severity
    message: str
    employee_id: int
    shift_id: int | None
