"""Notices about single shifts that somebody has."""

from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.notices.words import (
    Category,
    Moment,
    NamedShift,
    Priority,
    Reader,
    Wording,
    listed,
    said,
    with_note,
)


@dataclass(frozen=True, slots=True)
class AssignmentAdded:
    """To an employee: a shift was added for them to a published week."""

    type: ClassVar[str] = "assignment_added"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str
    confirm_by: Moment | str | None = None

    def wording(self, reader: Reader) -> Wording:
        """Say which shift, and until when to confirm."""
        shift = said(self.shift, reader)
        if not self.confirm_by:
            return Wording("You have a new shift", f"{shift}.")
        return Wording("You have a new shift", f"{shift}. Please confirm by {said(self.confirm_by, reader)}.")


@dataclass(frozen=True, slots=True)
class AssignmentRemoved:
    """To an employee: a shift of a published week is no longer theirs."""

    type: ClassVar[str] = "assignment_removed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str

    def wording(self, reader: Reader) -> Wording:
        """Say which shift."""
        return Wording("A shift is no longer yours", f"You do not work {said(self.shift, reader)} any more.")


@dataclass(frozen=True, slots=True)
class AssignmentConfirmed:
    """To the managers: an employee confirmed a shift."""

    type: ClassVar[str] = "assignment_confirmed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.LOW

    employee_name: str
    shift: NamedShift | str
    note: str = ""

    def wording(self, reader: Reader) -> Wording:
        """Say who, which shift, and their note."""
        return Wording(f"{self.employee_name} confirmed a shift", with_note(said(self.shift, reader), self.note))


@dataclass(frozen=True, slots=True)
class AssignmentsConfirmed:
    """To the managers: an employee confirmed several shifts of a week at once."""

    type: ClassVar[str] = "assignments_confirmed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.LOW

    employee_name: str
    shifts: tuple[NamedShift | str, ...]

    def wording(self, reader: Reader) -> Wording:
        """Say who, and which shifts."""
        return Wording(f"{self.employee_name} confirmed {len(self.shifts)} shifts", f"{listed(self.shifts, reader)}.")


@dataclass(frozen=True, slots=True)
class AssignmentDeclined:
    """To the managers: an employee declined a shift, so somebody else is needed."""

    type: ClassVar[str] = "assignment_declined"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shift: NamedShift | str
    note: str = ""

    def wording(self, reader: Reader) -> Wording:
        """Say who, which shift, and their note."""
        return Wording(f"{self.employee_name} declined a shift", with_note(said(self.shift, reader), self.note))


@dataclass(frozen=True, slots=True)
class AssignmentObjected:
    """To those who plan: an employee has something against a shift, which stays theirs until it is changed."""

    type: ClassVar[str] = "assignment_objected"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    employee_name: str
    shift: NamedShift | str
    reason: str

    def wording(self, reader: Reader) -> Wording:
        """Say who, which shift, and why."""
        title = f"{self.employee_name} objects to a shift"
        return Wording(title, f"{said(self.shift, reader)}. Reason: {self.reason}")


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """To the managers: somebody left, and published shifts of theirs are open now."""

    type: ClassVar[str] = "person_left"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shifts: tuple[NamedShift | str, ...]
    shift_count: int

    def wording(self, reader: Reader) -> Wording:
        """Say who, and which shifts need somebody else; the first few of many."""
        shifts = listed(self.shifts, reader, self.shift_count)
        return Wording(f"{self.employee_name} does not work here any more", f"Now without them: {shifts}.")
