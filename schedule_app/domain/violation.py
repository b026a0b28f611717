"""What a broken rule looks like to everyone who reads it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken, by giving one employee one shift or by a week as a whole.

    Attributes:
        rule_type: The rule's type, or "overlap", "inactive" and "time_off" for the checks that need no rule.
        rule_id: The rule that was broken; None for a built-in check.
        severity: "block" refuses the assignment, or has to be put right in the week; "warn" may be overridden with a
            reason.
        message: One sentence a manager understands.
        employee_id: Who would break the rule; None where it is nobody's alone, as a shift with too few people.
        shift_id: The shift that was judged; None where it is a week as a whole.
    """

    rule_type: str
    rule_id: int | None
    severity: Severity
    message: str
    employee_id: int | None
    shift_id: int | None
