"""Every way a request can be refused, each with words for the person who made it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.violation import Violation


class ScheduleError(Exception):
    """A request that cannot be carried out.

    Attributes:
        code: A stable name for programs.
        message: A sentence a manager understands.
    """

    code: ClassVar[str] = "schedule_error"
    default_message: ClassVar[str] = "This could not be done."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.default_message
        super().__init__(self.message)


class NotFound(ScheduleError):
    """Missing, or belonging to somebody else: the two look the same on purpose."""

    code = "not_found"
    default_message = "This does not exist, or you may not see it."


class NotAllowed(ScheduleError):
    """The actor's role or scope does not permit it."""

    code = "not_allowed"
    default_message = "You are not allowed to do this."


class NotSignedIn(ScheduleError):
    """No valid session."""

    code = "not_signed_in"
    default_message = "Please sign in."


class InvalidInput(ScheduleError):
    """A value that cannot be accepted.

    Attributes:
        field: The form field it was entered in, when there is one; the first of several.
        problems: What is wrong, by form field.
    """

    code = "invalid_input"
    default_message = "Please check what you entered."

    def __init__(
        self, message: str | None = None, field: str | None = None, problems: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.field = field
        self.problems = dict(problems or ({field: self.message} if field else {}))


class _RuleError(ScheduleError):
    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__(" ".join(dict.fromkeys(violation.message for violation in self.violations)))


class RuleBroken(_RuleError):
    """At least one blocking rule refuses; `violations` lists all that was found."""

    code = "rule_broken"
    default_message = "A rule does not allow this."


class NeedsOverride(_RuleError):
    """Only warnings were found; the same request with an override reason may pass."""

    code = "needs_override"
    default_message = "This needs a reason, because it goes against a rule."


class DoubleBooking(ScheduleError):
    """The database refused two overlapping shifts for one employee."""

    code = "double_booking"
    default_message = "This person already works at that time."


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that was entered, and the one that is stored now; both in words."""

    label: str
    entered: str
    stored: str


class StaleVersion(ScheduleError):
    """Somebody else saved a newer version first.

    Attributes:
        version: The newer version; None where the refusal does not tell.
        differences: Where the refused version differs from the newer one.
    """

    code = "stale_version"
    default_message = "Somebody else changed this in the meantime. Please look at the newest version."

    def __init__(
        self, message: str | None = None, version: int | None = None, differences: Iterable[Difference] = ()
    ) -> None:
        super().__init__(message)
        self.version = version
        self.differences = tuple(differences)


class IllegalTransition(ScheduleError):
    """A status change the state machine does not have."""

    code = "illegal_transition"
    default_message = "This step is not possible in the present status."


class DeadlinePassed(ScheduleError):
    """The answer came after its deadline."""

    code = "deadline_passed"
    default_message = "The deadline for this has passed."


class AlreadyAssigned(ScheduleError):
    """The employee already has this very shift."""

    code = "already_assigned"
    default_message = "This person already has this shift."


class PlaceTaken(ScheduleError):
    """The last open place of a shift went to somebody else."""

    code = "place_taken"
    default_message = "Somebody else took the last place."


class Throttled(ScheduleError):
    """Too many attempts; `retry_after_seconds` says how long to wait."""

    code = "throttled"

    def __init__(self, retry_after_seconds: int) -> None:
        unit = "second" if retry_after_seconds == 1 else "seconds"
        super().__init__(f"Too many attempts. Please try again in {retry_after_seconds} {unit}.")
        self.retry_after_seconds = retry_after_seconds


class Conflict(ScheduleError):
    """Two changes met and this one lost, even after retries."""

    code = "conflict"
    default_message = "This clashed with another change at the same moment. Please try again."


class Unavailable(ScheduleError):
    """The database cannot be reached, or has just hung up."""

    code = "unavailable"
    default_message = "The database cannot be reached at the moment. Please try again shortly."
