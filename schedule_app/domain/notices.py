"""What people are told: one payload dataclass per notification type, and its words.

Words are plain text on one line each. Names, notes and reasons appear as they were typed; nothing here is markup.
"""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, ClassVar, TypeAlias, cast, get_args, get_origin, get_type_hints

from schedule_app.domain.errors import InvalidInput


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
class ShiftsPublished:
    """To an employee: a week was published; counts compare with the version published before."""

    type: ClassVar[str] = "shifts_published"
    category: ClassVar[Category] = Category.SCHEDULE
    priority: ClassVar[Priority] = Priority.HIGH

    week_label: str
    added: int
    removed: int
    changed: int
    shift_labels: tuple[str, ...] = ()
    confirm_by_label: str | None = None

    def wording(self) -> Wording:
        """Say what is new, the first shifts, and until when to confirm."""
        counts = [
            f"{count} {word}"
            for count, word in ((self.added, "new"), (self.removed, "removed"), (self.changed, "changed"))
            if count
        ]
        sentences = [f"Your shifts: {', '.join(counts)}." if counts else "Your shifts are unchanged."]
        if self.shift_labels:
            sentences.append(f"{'; '.join(self.shift_labels)}.")
        if self.confirm_by_label:
            sentences.append(f"Please confirm by {self.confirm_by_label}.")
        return Wording(f"Your shifts for {self.week_label} are published", " ".join(sentences))


@dataclass(frozen=True, slots=True)
class AssignmentAdded:
    """To an employee: a shift was added for them to a published week."""

    type: ClassVar[str] = "assignment_added"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift_label: str
    confirm_by_label: str | None = None

    def wording(self) -> Wording:
        """Say which shift, and until when to confirm."""
        confirm = f" Please confirm by {self.confirm_by_label}." if self.confirm_by_label else ""
        return Wording("You have a new shift", f"{self.shift_label}.{confirm}")


@dataclass(frozen=True, slots=True)
class AssignmentRemoved:
    """To an employee: a shift of a published week is no longer theirs."""

    type: ClassVar[str] = "assignment_removed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    shift_label: str

    def wording(self) -> Wording:
        """Say which shift."""
        return Wording("A shift is no longer yours", f"You do not work {self.shift_label} any more.")


@dataclass(frozen=True, slots=True)
class AssignmentConfirmed:
    """To the managers: an employee confirmed a shift."""

    type: ClassVar[str] = "assignment_confirmed"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.LOW

    employee_name: str
    shift_label: str
    note: str = ""

    def wording(self) -> Wording:
        """Say who, which shift, and their note."""
        return Wording(f"{self.employee_name} confirmed a shift", _with_note(self.shift_label, self.note))


@dataclass(frozen=True, slots=True)
class AssignmentDeclined:
    """To the managers: an employee declined a shift, so somebody else is needed."""

    type: ClassVar[str] = "assignment_declined"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shift_label: str
    note: str = ""

    def wording(self) -> Wording:
        """Say who, which shift, and their note."""
        return Wording(f"{self.employee_name} declined a shift", _with_note(self.shift_label, self.note))


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """To the managers: somebody left, and published shifts of theirs are open now."""

    type: ClassVar[str] = "person_left"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    shift_labels: tuple[str, ...]
    shift_count: int

    def wording(self) -> Wording:
        """Say who, and which shifts need somebody else; the first few of many."""
        shifts = "; ".join(self.shift_labels)
        more = self.shift_count - len(self.shift_labels)
        rest = f" and {more} more" if more > 0 else ""
        return Wording(f"{self.employee_name} does not work here any more", f"Now without them: {shifts}{rest}.")


@dataclass(frozen=True, slots=True)
class ScheduleSubmitted:
    """To those who may approve: a week waits for approval."""

    type: ClassVar[str] = "schedule_submitted"
    category: ClassVar[Category] = Category.APPROVAL
    priority: ClassVar[Priority] = Priority.HIGH

    site_name: str
    week_label: str
    actor_name: str

    def wording(self) -> Wording:
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

    def wording(self) -> Wording:
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

    def wording(self) -> Wording:
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

    def wording(self) -> Wording:
        """Say which week, and who published it."""
        title = f"{self.site_name}, {self.week_label}: published"
        return Wording(title, f"{self.actor_name} published this week.")


Notice: TypeAlias = (
    ShiftsPublished
    | AssignmentAdded
    | AssignmentRemoved
    | AssignmentConfirmed
    | AssignmentDeclined
    | PersonLeft
    | ScheduleSubmitted
    | ScheduleApproved
    | ScheduleRejected
    | SchedulePublished
)

NOTICES: dict[str, type[Notice]] = {notice.type: notice for notice in get_args(Notice)}


def word(notice: Notice) -> Wording:
    """Put a notice into words, each part on a single line."""
    wording = notice.wording()
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
    hints = get_type_hints(notice)
    values: dict[str, Any] = {}
    for field in fields(notice):
        if field.name in payload:
            values[field.name] = _value(field.name, hints[field.name], payload[field.name])
        elif field.default is MISSING:
            raise InvalidInput(f"The notification {type!r} lacks {field.name!r}.", field.name)
    unknown = sorted(map(str, set(payload) - {field.name for field in fields(notice)}))
    if unknown:
        raise InvalidInput(f"The notification {type!r} has no {unknown[0]!r}.", unknown[0])
    return notice(**values)


def _value(name: str, hint: Any, value: Any) -> Any:  # noqa: ANN401 - JSON in, checked value out
    if get_origin(hint) is tuple:
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in cast("list[Any]", value)):
            return tuple(cast("list[str]", value))
    else:
        allowed = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        if type(value) in allowed or (value is None and NoneType in allowed):
            return value
    raise InvalidInput(f"The notification field {name!r} has the wrong kind of value.", name)


def _with_note(shift_label: str, note: str) -> str:
    return f"{shift_label}. Note: {note}" if note.strip() else f"{shift_label}."


def _one_line(text: str) -> str:
    return " ".join(text.split())
