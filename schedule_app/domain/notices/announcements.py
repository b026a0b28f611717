"""Notices that people write themselves."""

from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.notices.words import Category, NamedShift, Priority, Reader, Wording, said


@dataclass(frozen=True, slots=True)
class Announced:
    """To the people of a site, a department or a shift: what a planner wrote to them.

    Attributes:
        loudness: The priority that the planner chose.
        site_name: Where.
        department_name: Of which department, where it goes to that one alone.
        shift: To those who work this, where it goes to them alone.
        withdrawn_by: Who took it back, if somebody did; the text is gone then.
    """

    type: ClassVar[str] = "announced"
    category: ClassVar[Category] = Category.ANNOUNCEMENT

    author_name: str
    subject: str
    text: str
    loudness: str
    site_name: str
    department_name: str = ""
    shift: NamedShift | None = None
    withdrawn_by: str = ""

    @property
    def priority(self) -> Priority:
        """As loud as the planner wanted it."""
        return Priority(self.loudness)

    def wording(self, reader: Reader) -> Wording:
        """Say who wrote to whom, and what; or that it was taken back."""
        if self.withdrawn_by:
            return Wording("An announcement was taken back", f"{self.withdrawn_by} took back “{self.subject}”.")
        if self.shift:
            whom = f"{self.author_name} to those who work {said(self.shift, reader)}:"
        elif self.department_name:
            whom = f"{self.author_name} to everybody in {self.department_name}:"
        else:
            whom = f"{self.author_name} to everybody at {self.site_name}:"
        return Wording(self.subject, f"{whom} {self.text}", f"{whom}\n{self.text}" if "\n" in self.text else "")
