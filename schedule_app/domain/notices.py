"""What people are told: one payload dataclass per notification type, and its words.

Words are plain text on one line each. Names, notes and reasons appear as they were typed; nothing here is markup.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, ClassVar, Final, TypeAlias, TypeVar, cast, get_args, get_origin, get_type_hints

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.time import Interval, moment_label, shift_label
from schedule_app.domain.time_off import time_off_label

Stored = TypeVar("Stored")


class Category(StrEnum):
    """The inbox filter a notification falls under."""

    SCHEDULE = "schedule"
    ASSIGNMENT = "assignment"
    APPROVAL = "approval"
    SYSTEM = "system"


class Priority(StrEnum):
    """How loudly it is told."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Wording:
    """A notification in words; the title alone says what happened."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class NamedShift:
    """A shift that a notice names, put into words only when it is read.

    Attributes:
        starts_at: The instant, in ISO form; so is `ends_at`.
        is_gone: Whether it is the reader's no longer.
    """

    starts_at: str
    ends_at: str
    zone: str
    title: str | None = None
    is_gone: bool = False

    @classmethod
    def of(cls, span: Interval, zone: str, title: str | None = None, *, is_gone: bool = False) -> "NamedShift":
        """A shift at a site."""
        return cls(span.starts_at.isoformat(), span.ends_at.isoformat(), zone, title, is_gone)

    def words(self, *, clock_24h: bool) -> str:
        """The day, the times and the title."""
        with _readable():
            span = Interval(datetime.fromisoformat(self.starts_at), datetime.fromisoformat(self.ends_at))
        label = shift_label(span, self.zone, self.title, clock_24h=clock_24h)
        return f"{label}, no longer yours" if self.is_gone else label


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant that a notice names, in ISO form, put into words only when it is read."""

    at: str
    zone: str

    @classmethod
    def of(cls, at: datetime, zone: str) -> "Moment":
        """An instant at a site."""
        return cls(at.isoformat(), zone)

    def words(self, *, clock_24h: bool) -> str:
        """The day and the time."""
        with _readable():
            at = datetime.fromisoformat(self.at)
        return moment_label(at, self.zone, clock_24h=clock_24h)


@dataclass(frozen=True, slots=True)
class NamedTimeOff:
    """Time off that a notice names, put into words only when it is read; instants in ISO form."""

    starts_at: str
    ends_at: str
    zone: str

    @classmethod
    def of(cls, span: Interval, zone: str) -> "NamedTimeOff":
        """Time off at a site."""
        return cls(span.starts_at.isoformat(), span.ends_at.isoformat(), zone)

    def words(self, *, clock_24h: bool) -> str:
        """The day or the days, and the times where it is not all of them."""
        with _readable():
            span = Interval(datetime.fromisoformat(self.starts_at), datetime.fromisoformat(self.ends_at))
        return time_off_label(span, self.zone, clock_24h=clock_24h)


@dataclass(frozen=True, slots=True)
class ShiftsPublished:
    """To an employee: a week was published; counts compare with the version published before."""

    type: ClassVar[str] = "shifts_published"
    category: ClassVar[Category] = Category.SCHEDULE
    priority: ClassVar[Priority] = Priority.HIGH

    week_label: str
    added: int
    removed: int
    changed: int
    shifts: tuple[NamedShift | str, ...] = ()
    confirm_by: Moment | str | None = None

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say what is new, the first shifts, and until when to confirm."""
        counts = [
            f"{count} {word}"
            for count, word in ((self.added, "new"), (self.removed, "removed"), (self.changed, "changed"))
            if count
        ]
        sentences = [f"Your shifts: {', '.join(counts)}." if counts else "Your shifts are unchanged."]
        if self.shifts:
            sentences.append(f"{_listed(self.shifts, clock_24h)}.")
        if self.confirm_by:
            sentences.append(f"Please confirm by {_said(self.confirm_by, clock_24h)}.")
        return Wording(f"Your shifts for {self.week_label} are published", " ".join(sentences))


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
        confirm = f" Please confirm by {_said(self.confirm_by, clock_24h)}." if self.confirm_by else ""
        return Wording("You have a new shift", f"{_said(self.shift, clock_24h)}.{confirm}")


@dataclass(frozen=True, slots=True)
class AssignmentRemoved:
    """To an employee: a shift of a published week is no longer theirs."""

    type: ClassVar[str] = "assignment_removed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which shift."""
        return Wording("A shift is no longer yours", f"You do not work {_said(self.shift, clock_24h)} any more.")


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
        return Wording(f"{self.employee_name} confirmed a shift", _with_note(_said(self.shift, clock_24h), self.note))


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
        return Wording(f"{self.employee_name} declined a shift", _with_note(_said(self.shift, clock_24h), self.note))


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
        return Wording(title, f"{_said(self.shift, clock_24h)}. Reason: {self.reason}")


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
        shifts = _listed(self.shifts, clock_24h)
        more = self.shift_count - len(self.shifts)
        rest = f" and {more} more" if more > 0 else ""
        return Wording(f"{self.employee_name} does not work here any more", f"Now without them: {shifts}{rest}.")


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
            sentences.append(f"No longer yours: {_listed(self.shifts, clock_24h)}{rest}.")
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
        shifts = f"Not available any more for {_listed(self.shifts, clock_24h)}{rest}."
        return Wording(title, f"It holds {self.since}. {shifts}")


@dataclass(frozen=True, slots=True)
class ScheduleSubmitted:
    """To those who may approve: a week waits for approval."""

    type: ClassVar[str] = "schedule_submitted"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    site_name: str
    week_label: str
    actor_name: str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which week, and who submitted it."""
        title = f"{self.site_name}, {self.week_label}: waiting for approval"
        return Wording(title, f"{self.actor_name} submitted this week for approval.")


@dataclass(frozen=True, slots=True)
class ScheduleApproved:
    """To the submitter: the week was approved."""

    type: ClassVar[str] = "schedule_approved"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.NORMAL

    site_name: str
    week_label: str
    actor_name: str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which week, and who approved it."""
        title = f"{self.site_name}, {self.week_label}: approved"
        return Wording(title, f"{self.actor_name} approved this week. It can be published now.")


@dataclass(frozen=True, slots=True)
class ScheduleRejected:
    """To the submitter: the week is a draft again."""

    type: ClassVar[str] = "schedule_rejected"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    site_name: str
    week_label: str
    actor_name: str
    reason: str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which week, who rejected it and why."""
        title = f"{self.site_name}, {self.week_label}: rejected"
        return Wording(title, f"{self.actor_name} sent this week back to draft. Reason: {self.reason}")


@dataclass(frozen=True, slots=True)
class SchedulePublished:
    """To the submitter and the managers: the week is in force."""

    type: ClassVar[str] = "schedule_published"
    category: ClassVar[Category] = Category.SCHEDULE
    priority: ClassVar[Priority] = Priority.NORMAL

    site_name: str
    week_label: str
    actor_name: str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which week, and who published it."""
        title = f"{self.site_name}, {self.week_label}: published"
        return Wording(title, f"{self.actor_name} published this week.")


@dataclass(frozen=True, slots=True)
class ShiftClaimed:
    """To the planners: an employee took an open shift, and it is theirs."""

    type: ClassVar[str] = "shift_claimed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    employee_name: str
    shift: NamedShift | str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, and which shift."""
        return Wording(f"{self.employee_name} took an open shift", f"{_said(self.shift, clock_24h)}.")


@dataclass(frozen=True, slots=True)
class ClaimWaiting:
    """To the planners: an employee asks for an open shift, and somebody has to decide."""

    type: ClassVar[str] = "claim_waiting"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shift: NamedShift | str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, and which shift."""
        return Wording(f"{self.employee_name} asks for an open shift", f"{_said(self.shift, clock_24h)}.")


@dataclass(frozen=True, slots=True)
class ClaimWithdrawn:
    """To the planners: an employee does not ask for an open shift any more."""

    type: ClassVar[str] = "claim_withdrawn"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.LOW

    employee_name: str
    shift: NamedShift | str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, and which shift."""
        title = f"{self.employee_name} does not ask for an open shift any more"
        return Wording(title, f"{_said(self.shift, clock_24h)}.")


@dataclass(frozen=True, slots=True)
class ClaimAccepted:
    """To an employee: the open shift they asked for is theirs."""

    type: ClassVar[str] = "claim_accepted"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str
    note: str = ""

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which shift, and what the planner wrote."""
        return Wording("The shift you asked for is yours", _with_note(_said(self.shift, clock_24h), self.note))


@dataclass(frozen=True, slots=True)
class ClaimRejected:
    """To an employee: they do not get the open shift they asked for."""

    type: ClassVar[str] = "claim_rejected"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift: NamedShift | str
    note: str = ""

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which shift, and what the planner wrote."""
        return Wording("You do not get the shift you asked for", _with_note(_said(self.shift, clock_24h), self.note))


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

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which shift, and why."""
        why = {"begun": "It has begun.", "replaced": "The week was published anew without it."}
        said = why.get(self.why, "Somebody else has the last place.")
        return Wording("The shift you asked for is not open any more", f"{_said(self.shift, clock_24h)}. {said}")


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

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, which shift, their note, and who could take it."""
        sentences = [f"{_said(self.shift, clock_24h)}."]
        if self.replacements:
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

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which shift."""
        return Wording("Can you take a shift?", f"{_said(self.shift, clock_24h)}. Who says yes first has it.")


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

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say which shift, and how many were asked."""
        asked = {0: "Nobody could be asked", 1: "1 person was asked"}.get(
            self.people, f"{self.people} people were asked"
        )
        return Wording("A shift is still open", f"{_said(self.shift, clock_24h)}. {asked}; nobody took it.")


@dataclass(frozen=True, slots=True)
class SwapAsked:
    """To an employee: a colleague would like them to have a shift; `wanted` is what they would give for it."""

    type: ClassVar[str] = "swap_asked"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    proposer_name: str
    shift: NamedShift | str
    wanted: NamedShift | str | None = None
    note: str = ""

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, which shift, what for, and their note."""
        shift = _said(self.shift, clock_24h)
        if self.wanted is None:
            return Wording(f"{self.proposer_name} offers you a shift", _with_note(shift, self.note))
        exchange = f"You would work {shift} instead of {_said(self.wanted, clock_24h)}"
        return Wording(f"{self.proposer_name} would like to swap a shift with you", _with_note(exchange, self.note))


@dataclass(frozen=True, slots=True)
class SwapAccepted:
    """To whoever asked: a colleague has said yes, and a planner has to decide."""

    type: ClassVar[str] = "swap_accepted"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    colleague_name: str
    shift: NamedShift | str
    wanted: NamedShift | str | None = None

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, which shift, and that it is not settled."""
        shift = _said(self.shift, clock_24h)
        rest = "It stays yours until a manager has approved."
        if self.wanted is None:
            return Wording(f"{self.colleague_name} would take your shift", f"{shift}. {rest}")
        given = _said(self.wanted, clock_24h)
        return Wording(f"{self.colleague_name} agrees to swap with you", f"{shift}, for {given}. {rest}")


@dataclass(frozen=True, slots=True)
class SwapWaiting:
    """To those who may decide: two people have agreed that a shift changes hands."""

    type: ClassVar[str] = "swap_waiting"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    proposer_name: str
    colleague_name: str
    shift: NamedShift | str
    wanted: NamedShift | str | None = None

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, and which shifts."""
        shift = _said(self.shift, clock_24h)
        if self.wanted is None:
            title = f"{self.colleague_name} would take a shift of {self.proposer_name}"
            return Wording(title, f"{shift}. It waits for your decision.")
        title = f"{self.proposer_name} and {self.colleague_name} would like to swap shifts"
        return Wording(title, f"{shift}, for {_said(self.wanted, clock_24h)}. It waits for your decision.")


@dataclass(frozen=True, slots=True)
class SwapDecided:
    """To both: the shifts have changed hands, or a planner refused."""

    type: ClassVar[str] = "swap_decided"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    is_approved: bool
    colleague_name: str
    gives: NamedShift | str | None = None
    gets: NamedShift | str | None = None
    note: str = ""

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say what the reader works now, or that nothing has changed."""
        gives, gets = [_said(each, clock_24h) if each else "" for each in (self.gives, self.gets)]
        if not self.is_approved:
            what = " for ".join(each for each in (gives, gets) if each)
            title = f"Your agreement with {self.colleague_name} was not approved"
            return Wording(title, _with_note(f"Everything stays as it was: {what}", self.note))
        if gives and gets:
            words = f"You work {gets} instead of {gives}"
            return Wording(f"You and {self.colleague_name} have swapped", _with_note(words, self.note))
        if gets:
            return Wording(f"A shift of {self.colleague_name} is yours now", _with_note(gets, self.note))
        return Wording(f"{self.colleague_name} has your shift now", _with_note(gives, self.note))


@dataclass(frozen=True, slots=True)
class SwapEnded:
    """To whoever asked or was asked: nothing comes of it, or somebody else was quicker.

    Attributes:
        how: "declined", "withdrawn", "expired", "void" or "taken".
        is_own: Whether the reader had asked.
    """

    type: ClassVar[str] = "swap_ended"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    how: str
    proposer_name: str
    shift: NamedShift | str
    wanted: NamedShift | str | None = None
    is_own: bool = False

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say what has ended and how, and what that means for the reader's shifts."""
        what = "offer" if self.wanted is None else "swap"
        whose = f"Your {what}" if self.is_own else f"The {what} of {self.proposer_name}"
        endings = {
            "declined": f"{whose} was declined",
            "withdrawn": f"{whose} was withdrawn",
            "expired": f"{whose} has run out of time",
            "taken": f"{whose} was taken by a colleague",
        }
        title = endings.get(self.how, f"{whose} is not possible any more")
        shift = _said(self.shift, clock_24h)
        shifts = shift if self.wanted is None else f"{shift}, for {_said(self.wanted, clock_24h)}"
        if self.how == "void":
            return Wording(title, f"{shifts}. A shift or a rule has changed since. Please look at your shifts.")
        return Wording(title, f"{shifts}. {'It stays yours.' if self.is_own else 'Your shifts stay as they are.'}")


Notice: TypeAlias = (
    ShiftsPublished
    | AssignmentAdded
    | AssignmentRemoved
    | AssignmentConfirmed
    | AssignmentDeclined
    | AssignmentObjected
    | PersonLeft
    | TimeOffRequested
    | TimeOffDecided
    | TimeOffWithdrawn
    | AvailabilityChanged
    | ScheduleSubmitted
    | ScheduleApproved
    | ScheduleRejected
    | SchedulePublished
    | ShiftClaimed
    | ClaimWaiting
    | ClaimWithdrawn
    | ClaimAccepted
    | ClaimRejected
    | ClaimLost
    | CalledOut
    | ShiftOffered
    | OffersEnded
    | SwapAsked
    | SwapAccepted
    | SwapWaiting
    | SwapDecided
    | SwapEnded
)

# What was named in words, in payloads that are still read.
_RENAMED: Final = {"shift_label": "shift", "shift_labels": "shifts", "confirm_by_label": "confirm_by"}

NOTICES: dict[str, type[Notice]] = {notice.type: notice for notice in get_args(Notice)}


def word(notice: Notice, *, clock_24h: bool) -> Wording:
    """Put a notice into words, each part on a single line; times as the clock of the reader's site shows them."""
    wording = notice.wording(clock_24h=clock_24h)
    return Wording(_one_line(wording.title), _one_line(wording.body))


def payload(notice: Notice) -> dict[str, Any]:
    """The notice as plain data, ready for JSON; `parse` reads it back."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(notice).items()}


def parse(type: str, payload: Mapping[str, Any]) -> Notice:
    """Read a stored notification.

    Fields with a default may be missing, so that payloads written before a field existed can still be read.

    Raises:
        InvalidInput: Unknown type, or a field that is missing, unknown or of the wrong kind.
    """
    notice = NOTICES.get(type)
    if notice is None:
        raise InvalidInput(f"There is no notification type {type!r}.", "type")
    return _read(notice, type, {_RENAMED.get(name, name): value for name, value in payload.items()})


def _read(kind: type[Stored], type: str, stored: Mapping[str, Any]) -> Stored:
    hints = get_type_hints(kind)
    known = fields(cast("Any", kind))
    values: dict[str, Any] = {}
    for field in known:
        if field.name in stored:
            values[field.name] = _value(field.name, hints[field.name], stored[field.name], type)
        elif field.default is MISSING:
            raise InvalidInput(f"The notification {type!r} lacks {field.name!r}.", field.name)
    unknown = sorted(map(str, set(stored) - {field.name for field in known}))
    if unknown:
        raise InvalidInput(f"The notification {type!r} has no {unknown[0]!r}.", unknown[0])
    return kind(**values)


def _value(name: str, hint: Any, value: Any, type_name: str) -> Any:  # noqa: ANN401 - JSON in, checked value out
    if get_origin(hint) is tuple:
        if isinstance(value, list | tuple):
            return tuple(_value(name, get_args(hint)[0], each, type_name) for each in cast("list[Any]", value))
    else:
        allowed = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        if type(value) in allowed or (value is None and NoneType in allowed):
            return value
        for each in (NamedShift, NamedTimeOff, Moment):
            if isinstance(value, dict) and each in allowed:
                return _read(each, type_name, cast("dict[str, Any]", value))
    raise InvalidInput(f"The notification field {name!r} has the wrong kind of value.", name)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise InvalidInput("The notification names a time that cannot be read.") from error


def _said(thing: NamedShift | Moment | str, clock_24h: bool) -> str:
    return thing if isinstance(thing, str) else thing.words(clock_24h=clock_24h)


def _listed(shifts: Iterable[NamedShift | str], clock_24h: bool) -> str:
    return "; ".join(_said(each, clock_24h) for each in shifts)


def _with_note(shift: str, note: str) -> str:
    return f"{shift}. Note: {note}" if note.strip() else f"{shift}."


def _one_line(text: str) -> str:
    return " ".join(text.split())
