"""Notices about when people can work."""

from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.notices.words import (
    Category,
    NamedDay,
    NamedShift,
    NamedTimeOff,
    Priority,
    Reader,
    Wording,
    listed,
    said,
)


@dataclass(frozen=True, slots=True)
class TimeOffRequested:
    """To those who decide: somebody asks for time off."""

    type: ClassVar[str] = "time_off_requested"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    when: NamedTimeOff
    kind: str
    shift_count: int

    def wording(self, reader: Reader) -> Wording:
        """Say who, when and why, and how many planned shifts it touches."""
        touched = {0: "It touches no planned shift.", 1: "It touches 1 planned shift."}
        shifts = touched.get(self.shift_count, f"It touches {self.shift_count} planned shifts.")
        when = said(self.when, reader)
        kinds = {
            "vacation": f"Vacation: {when}.",
            "sick": f"Sick: {when}.",
            "unpaid": f"Unpaid: {when}.",
            "other": f"Other: {when}.",
        }
        body = f"{kinds.get(self.kind, f'{when}.')} {shifts}"
        return Wording(f"{self.employee_name} asks for time off", body)


@dataclass(frozen=True, slots=True)
class TimeOffDecided:
    """To the person: what became of their request, and of their shifts.

    Attributes:
        outcome: "approved", "rejected", or "taken back" after it was approved.
        shifts: Those they were taken off; the first few of `shift_count`.
    """

    type: ClassVar[str] = "time_off_decided"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    outcome: str
    when: NamedTimeOff
    actor_name: str
    note: str = ""
    shifts: tuple[NamedShift, ...] = ()
    shift_count: int = 0

    def wording(self, reader: Reader) -> Wording:
        """Say what was decided, by whom, with their note, and which shifts are not the person's any more."""
        sentences = [f"{said(self.when, reader)}, by {self.actor_name}."]
        if self.shifts:
            sentences.append(f"No longer yours: {listed(self.shifts, reader, self.shift_count)}.")
        if self.note.strip():
            sentences.append(f"Note: {self.note}")
        titles = {
            "approved": "Your time off was approved",
            "rejected": "Your time off was rejected",
            "taken back": "Your time off was taken back",
        }
        return Wording(titles.get(self.outcome, "Your time off was decided"), " ".join(sentences))


@dataclass(frozen=True, slots=True)
class TimeOffRequestWithdrawn:
    """To those who decide: somebody does not ask for time off any more."""

    type: ClassVar[str] = "time_off_request_withdrawn"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.LOW

    employee_name: str
    when: NamedTimeOff

    def wording(self, reader: Reader) -> Wording:
        """Say who and when."""
        return Wording(f"{self.employee_name} does not ask for time off any more", f"{said(self.when, reader)}.")


@dataclass(frozen=True, slots=True)
class TimeOffWithdrawn:
    """To those who decide: somebody does not want time off that was approved any more."""

    type: ClassVar[str] = "time_off_withdrawn"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.NORMAL

    employee_name: str
    when: NamedTimeOff

    def wording(self, reader: Reader) -> Wording:
        """Say who and when."""
        title = f"{self.employee_name} withdrew approved time off"
        return Wording(title, f"{said(self.when, reader)}. They can be given shifts then.")


@dataclass(frozen=True, slots=True)
class AvailabilityChanged:
    """To those who plan: somebody can work at other times.

    Attributes:
        since: From when or on which dates, in words, as old payloads have it.
        shifts: Planned shifts they cannot work any more; the first few of `shift_count`.
        begins: The days from which another week holds.
        dates: Single dates on which something else does; the first few of `date_count`.
    """

    type: ClassVar[str] = "availability_changed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    employee_name: str
    since: str = ""
    shifts: tuple[NamedShift, ...] = ()
    shift_count: int = 0
    begins: tuple[NamedDay, ...] = ()
    dates: tuple[NamedDay, ...] = ()
    date_count: int = 0

    def wording(self, reader: Reader) -> Wording:
        """Say who, from when, and which planned shifts it touches."""
        sentences = [f"It holds {self.since}."] if self.since else []
        if self.begins:
            sentences.append(f"Another week from {listed(self.begins, reader)}.")
        if self.dates:
            sentences.append(f"Something else on {listed(self.dates, reader, self.date_count)}.")
        if self.shift_count:
            sentences.append(f"Not available any more for {listed(self.shifts, reader, self.shift_count)}.")
        else:
            sentences.append("It touches no planned shift.")
        return Wording(f"{self.employee_name} changed when they can work", " ".join(sentences))
