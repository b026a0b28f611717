"""Notices about single shifts that somebody has."""

from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.notices.words import Category, Moment, NamedShift, Priority, Wording, listed, said, with_note


@dataclass(frozen=True, slots=True)
class AssignmentAdded:
    """To an employee: a shift was added for them to a published week."""

    type: ClassVar[str] = "assignment_added"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str
    confirm_by: Moment | str | None = None

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which shift, and until when to confirm."""
        confirm = f" Please confirm by {said(self.confirm_by, clock_24h)}." if self.confirm_by else ""
        return Wording("You have a new shift", f"{said(self.shift, clock_24h)}.{confirm}")


@dataclass(frozen=True, slots=True)
class AssignmentRemoved:
    """To an employee: a shift of a published week is no longer theirs."""

    type: ClassVar[str] = "assignment_removed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which shift."""
        return Wording("A shift is no longer yours", f"You do not work {said(self.shift, clock_24h)} any more.")


@dataclass(frozen=True, slots=True)
class AssignmentConfirmed:
    """To the managers: an employee confirmed a shift."""

    type: ClassVar[str] = "assignment_confirmed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.LOW

    employee_name: str
    shift: NamedShift | str
    note: str = ""

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, which shift, and their note."""
        return Wording(f"{self.employee_name} confirmed a shift", with_note(said(self.shift, clock_24h), self.note))


@dataclass(frozen=True, slots=True)
class AssignmentsConfirmed:
    """To the managers: an employee confirmed several shifts of a week at once."""

    type: ClassVar[str] = "assignments_confirmed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.LOW

    employee_name: str
    shifts: tuple[NamedShift | str, ...]

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, and which shifts."""
        return Wording(
            f"{self.employee_name} confirmed {len(self.shifts)} shifts", f"{listed(self.shifts, clock_24h)}."
        )


@dataclass(frozen=True, slots=True)
class AssignmentDeclined:
    """To the managers: an employee declined a shift, so somebody else is needed."""

    type: ClassVar[str] = "assignment_declined"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shift: NamedShift | str
    note: str = ""

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, which shift, and their note."""
        return Wording(f"{self.employee_name} declined a shift", with_note(said(self.shift, clock_24h), self.note))


@dataclass(frozen=True, slots=True)
class AssignmentObjected:
    """To those who plan: an employee has something against a shift, which stays theirs until it is changed."""

    type: ClassVar[str] = "assignment_objected"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    employee_name: str
    shift: NamedShift | str
    reason: str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, which shift, and why."""
        title = f"{self.employee_name} objects to a shift"
        return Wording(title, f"{said(self.shift, clock_24h)}. Reason: {self.reason}")


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """To the managers: somebody left, and published shifts of theirs are open now."""

    type: ClassVar[str] = "person_left"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shifts: tuple[NamedShift | str, ...]
    shift_count: int

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, and which shifts need somebody else; the first few of many."""
        shifts = listed(self.shifts, clock_24h)
        more = self.shift_count - len(self.shifts)
        rest = f" and {more} more" if more > 0 else ""
        return Wording(f"{self.employee_name} does not work here any more", f"Now without them: {shifts}{rest}.")
