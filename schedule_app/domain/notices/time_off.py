"""Notices about when people can work."""

from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.notices.words import Category, NamedShift, NamedTimeOff, Priority, Wording, listed


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

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, when and why, and how many planned shifts it touches."""
        touched = {0: "It touches no planned shift", 1: "It touches 1 planned shift"}
        shifts = touched.get(self.shift_count, f"It touches {self.shift_count} planned shifts")
        body = f"{self.kind.capitalize()}: {self.when.words(clock_24h=clock_24h)}. {shifts}."
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

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say what was decided, by whom, with their note, and which shifts are not the person's any more."""
        sentences = [f"{self.when.words(clock_24h=clock_24h)}, by {self.actor_name}."]
        if self.shifts:
            more = self.shift_count - len(self.shifts)
            rest = f" and {more} more" if more > 0 else ""
            sentences.append(f"No longer yours: {listed(self.shifts, clock_24h)}{rest}.")
        if self.note.strip():
            sentences.append(f"Note: {self.note}")
        return Wording(f"Your time off was {self.outcome}", " ".join(sentences))


@dataclass(frozen=True, slots=True)
class TimeOffWithdrawn:
    """To those who decide: somebody does not want time off that was approved any more."""

    type: ClassVar[str] = "time_off_withdrawn"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.NORMAL

    employee_name: str
    when: NamedTimeOff

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who and when."""
        title = f"{self.employee_name} withdrew approved time off"
        return Wording(title, f"{self.when.words(clock_24h=clock_24h)}. They can be given shifts then.")


@dataclass(frozen=True, slots=True)
class AvailabilityChanged:
    """To those who plan: somebody can work at other times.

    Attributes:
        since: From when or on which dates, in words.
        shifts: Planned shifts they cannot work any more; the first few of `shift_count`.
    """

    type: ClassVar[str] = "availability_changed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    employee_name: str
    since: str
    shifts: tuple[NamedShift, ...] = ()
    shift_count: int = 0

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, from when, and which planned shifts it touches."""
        title = f"{self.employee_name} changed when they can work"
        if not self.shift_count:
            return Wording(title, f"It holds {self.since}. It touches no planned shift.")
        more = self.shift_count - len(self.shifts)
        rest = f" and {more} more" if more > 0 else ""
        shifts = f"Not available any more for {listed(self.shifts, clock_24h)}{rest}."
        return Wording(title, f"It holds {self.since}. {shifts}")
