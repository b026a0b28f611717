"""Notices about whole weeks."""

from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.notices.words import (
    Category,
    Moment,
    NamedShift,
    NamedWeek,
    Priority,
    Reader,
    Wording,
    listed,
    said,
)


@dataclass(frozen=True, slots=True)
class ShiftsPublished:
    """To an employee: a week was published; counts compare with the version published before."""

    type: ClassVar[str] = "shifts_published"
    category: ClassVar[Category] = Category.SCHEDULE
    priority: ClassVar[Priority] = Priority.HIGH

    week: NamedWeek | str
    added: int
    removed: int
    changed: int
    shifts: tuple[NamedShift | str, ...] = ()
    confirm_by: Moment | str | None = None

    def wording(self, reader: Reader) -> Wording:
        """Say what is new, the first shifts, and until when to confirm."""
        counts = [
            words
            for count, words in (
                (self.added, f"{self.added} new"),
                (self.removed, f"{self.removed} removed"),
                (self.changed, f"{self.changed} changed"),
            )
            if count
        ]
        sentences = [f"Your shifts: {', '.join(counts)}." if counts else "Your shifts are unchanged."]
        if self.shifts:
            sentences.append(f"{listed(self.shifts, reader)}.")
        if self.confirm_by:
            sentences.append(f"Please confirm by {said(self.confirm_by, reader)}.")
        return Wording(f"Your shifts for {said(self.week, reader)} are published", " ".join(sentences))


@dataclass(frozen=True, slots=True)
class ScheduleSubmitted:
    """To those who may approve: a week waits for approval."""

    type: ClassVar[str] = "schedule_submitted"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    site_name: str
    week: NamedWeek | str
    actor_name: str

    def wording(self, reader: Reader) -> Wording:
        """Say which week, and who submitted it."""
        title = f"{self.site_name}, {said(self.week, reader)}: waiting for approval"
        return Wording(title, f"{self.actor_name} submitted this week for approval.")


@dataclass(frozen=True, slots=True)
class ScheduleApproved:
    """To the submitter: the week was approved."""

    type: ClassVar[str] = "schedule_approved"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.NORMAL

    site_name: str
    week: NamedWeek | str
    actor_name: str

    def wording(self, reader: Reader) -> Wording:
        """Say which week, and who approved it."""
        title = f"{self.site_name}, {said(self.week, reader)}: approved"
        return Wording(title, f"{self.actor_name} approved this week. It can be published now.")


@dataclass(frozen=True, slots=True)
class ScheduleRejected:
    """To the submitter: the week is a draft again."""

    type: ClassVar[str] = "schedule_rejected"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    site_name: str
    week: NamedWeek | str
    actor_name: str
    reason: str

    def wording(self, reader: Reader) -> Wording:
        """Say which week, who rejected it and why."""
        title = f"{self.site_name}, {said(self.week, reader)}: rejected"
        return Wording(title, f"{self.actor_name} sent this week back to draft. Reason: {self.reason}")


@dataclass(frozen=True, slots=True)
class SchedulePublished:
    """To the submitter and the managers: the week is in force."""

    type: ClassVar[str] = "schedule_published"
    category: ClassVar[Category] = Category.SCHEDULE
    priority: ClassVar[Priority] = Priority.NORMAL

    site_name: str
    week: NamedWeek | str
    actor_name: str

    def wording(self, reader: Reader) -> Wording:
        """Say which week, and who published it."""
        title = f"{self.site_name}, {said(self.week, reader)}: published"
        return Wording(title, f"{self.actor_name} published this week.")
