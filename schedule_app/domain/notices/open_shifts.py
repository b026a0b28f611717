"""Notices about shifts that nobody has yet."""

from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.notices.words import Category, NamedShift, Priority, Reader, Wording, said, with_note


@dataclass(frozen=True, slots=True)
class ShiftClaimed:
    """To the planners: an employee took an open shift, and it is theirs."""

    type: ClassVar[str] = "shift_claimed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    employee_name: str
    shift: NamedShift | str

    def wording(self, reader: Reader) -> Wording:
        """Say who, and which shift."""
        return Wording(f"{self.employee_name} took an open shift", f"{said(self.shift, reader)}.")


@dataclass(frozen=True, slots=True)
class ClaimWaiting:
    """To the planners: an employee asks for an open shift, and somebody has to decide."""

    type: ClassVar[str] = "claim_waiting"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shift: NamedShift | str

    def wording(self, reader: Reader) -> Wording:
        """Say who, and which shift."""
        return Wording(f"{self.employee_name} asks for an open shift", f"{said(self.shift, reader)}.")


@dataclass(frozen=True, slots=True)
class ClaimWithdrawn:
    """To the planners: an employee does not ask for an open shift any more."""

    type: ClassVar[str] = "claim_withdrawn"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.LOW

    employee_name: str
    shift: NamedShift | str

    def wording(self, reader: Reader) -> Wording:
        """Say who, and which shift."""
        title = f"{self.employee_name} does not ask for an open shift any more"
        return Wording(title, f"{said(self.shift, reader)}.")


@dataclass(frozen=True, slots=True)
class ClaimAccepted:
    """To an employee: the open shift they asked for is theirs."""

    type: ClassVar[str] = "claim_accepted"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str
    note: str = ""

    def wording(self, reader: Reader) -> Wording:
        """Say which shift, and what the planner wrote."""
        return Wording("The shift you asked for is yours", with_note(said(self.shift, reader), self.note))


@dataclass(frozen=True, slots=True)
class ClaimRejected:
    """To an employee: they do not get the open shift they asked for."""

    type: ClassVar[str] = "claim_rejected"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str
    note: str = ""

    def wording(self, reader: Reader) -> Wording:
        """Say which shift, and what the planner wrote."""
        return Wording("You do not get the shift you asked for", with_note(said(self.shift, reader), self.note))


@dataclass(frozen=True, slots=True)
class ClaimLost:
    """To an employee: the shift they asked for is not open any more.

    Attributes:
        why: "taken", "begun" or "replaced".
    """

    type: ClassVar[str] = "claim_lost"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    shift: NamedShift | str
    why: str = "taken"

    def wording(self, reader: Reader) -> Wording:
        """Say which shift, and why."""
        why = {"begun": "It has begun.", "replaced": "The week was published anew without it."}
        reason = why.get(self.why, "Somebody else has the last place.")
        return Wording("The shift you asked for is not open any more", f"{said(self.shift, reader)}. {reason}")


@dataclass(frozen=True, slots=True)
class CalledOut:
    """To the planners: somebody cannot come to a shift, and who should be asked first instead."""

    type: ClassVar[str] = "called_out"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.URGENT

    employee_name: str
    shift: NamedShift | str
    note: str = ""
    replacements: tuple[str, ...] = ()
    is_offered: bool = False
    problem: str = ""

    def wording(self, reader: Reader) -> Wording:
        """Say who, which shift, their note, and who could take it, or why nobody knows that."""
        sentences = [f"{said(self.shift, reader)}."]
        if self.problem:
            sentences.append(f"Nobody could be ranked to take it. {self.problem}")
        elif self.replacements:
            sentences.append(f"Could take it: {', '.join(self.replacements)}.")
        else:
            sentences.append("Nobody can take it without breaking a rule.")
        if self.is_offered:
            sentences.append("It is being offered to them.")
        if self.note.strip():
            sentences.append(f"Note: {self.note}")
        return Wording(f"{self.employee_name} cannot come", " ".join(sentences))


@dataclass(frozen=True, slots=True)
class ShiftOffered:
    """To an employee: an open shift is offered to them."""

    type: ClassVar[str] = "shift_offered"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str

    def wording(self, reader: Reader) -> Wording:
        """Say which shift."""
        return Wording("Can you take a shift?", f"{said(self.shift, reader)}. Who says yes first has it.")


@dataclass(frozen=True, slots=True)
class OffersEnded:
    """To the planners: an open shift was offered to everybody who could take it, and is still open.

    Attributes:
        people: How many were asked.
    """

    type: ClassVar[str] = "offers_ended"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str
    people: int

    def wording(self, reader: Reader) -> Wording:
        """Say which shift, and how many were asked."""
        asked = {0: "Nobody could be asked; nobody took it.", 1: "1 person was asked; nobody took it."}.get(
            self.people, f"{self.people} people were asked; nobody took it."
        )
        return Wording("A shift is still open", f"{said(self.shift, reader)}. {asked}")
