"""Notices about what comes near, and what time or a change elsewhere has brought about, without anybody's doing."""

from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.notices.words import Category, Moment, NamedDay, NamedShift, Priority, Reader, Wording, said


@dataclass(frozen=True, slots=True)
class ShiftAhead:
    """To an employee, on the day before: a shift of theirs."""

    type: ClassVar[str] = "shift_ahead"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    shift: NamedShift
    place: str

    def wording(self, reader: Reader) -> Wording:
        """Say which shift, and where; read on any later day it is still right."""
        return Wording("Reminder of your next shift", f"{said(self.shift, reader)}, {self.place}.")


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """To an employee: a shift of theirs waits for an answer, and the time for it runs out."""

    type: ClassVar[str] = "answer_due"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift
    confirm_by: Moment

    def wording(self, reader: Reader) -> Wording:
        """Say which shift, until when, and what happens then."""
        until = said(self.confirm_by, reader)
        body = f"{said(self.shift, reader)}. Please answer by {until}; after that it is open to others."
        return Wording("A shift waits for your answer", body)


@dataclass(frozen=True, slots=True)
class AnswerMissed:
    """To an employee: they have not answered in time, and the shift is theirs no longer."""

    type: ClassVar[str] = "answer_missed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift

    def wording(self, reader: Reader) -> Wording:
        """Say which shift, and what they can still do."""
        body = (
            f"You do not work {said(self.shift, reader)}: there was no answer in time."
            " As long as nobody else has it, you can take it under Open shifts."
        )
        return Wording("A shift is no longer yours", body)


@dataclass(frozen=True, slots=True)
class PlaceReopened:
    """To the planners: somebody has not answered in time, so somebody else is needed."""

    type: ClassVar[str] = "place_reopened"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shift: NamedShift

    def wording(self, reader: Reader) -> Wording:
        """Say who, and which shift is open now."""
        return Wording(
            f"{self.employee_name} did not answer in time", f"{said(self.shift, reader)} is open to others now."
        )


@dataclass(frozen=True, slots=True)
class QualificationEnds:
    """To a person: a qualification of theirs runs out."""

    type: ClassVar[str] = "qualification_ends"
    category: ClassVar[Category] = Category.SYSTEM
    priority: ClassVar[Priority] = Priority.NORMAL

    qualification: str
    expires_on: NamedDay

    def wording(self, reader: Reader) -> Wording:
        """Say which one, and when."""
        body = f"It holds until {said(self.expires_on, reader)}. Shifts that need it cannot be yours after that."
        return Wording(f"Your qualification {self.qualification} runs out", body)


@dataclass(frozen=True, slots=True)
class TheirQualificationEnds:
    """To the planners: a qualification of somebody's runs out."""

    type: ClassVar[str] = "their_qualification_ends"
    category: ClassVar[Category] = Category.SYSTEM
    priority: ClassVar[Priority] = Priority.NORMAL

    employee_name: str
    qualification: str
    expires_on: NamedDay

    def wording(self, reader: Reader) -> Wording:
        """Say whose, which one, and when."""
        title = f"{self.employee_name}'s qualification {self.qualification} runs out"
        body = f"It holds until {said(self.expires_on, reader)}. After that they cannot be given shifts that need it."
        return Wording(title, body)


@dataclass(frozen=True, slots=True)
class ShiftInDoubt:
    """To the planners: something changed since a week was published, and somebody should not have a shift of it now.

    Attributes:
        reasons: What stands in the way, a sentence each, as the rules say it.
    """

    type: ClassVar[str] = "shift_in_doubt"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shift: NamedShift
    reasons: tuple[str, ...]

    def wording(self, reader: Reader) -> Wording:
        """Say who, which shift, and what is in the way."""
        title = f"{self.employee_name} may need to be replaced"
        return Wording(title, f"{said(self.shift, reader)}. {' '.join(self.reasons)}")
