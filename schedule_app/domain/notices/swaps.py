"""Notices about what colleagues ask of each other."""

from dataclasses import dataclass
from typing import ClassVar, Final

from schedule_app.domain.notices.words import Category, NamedShift, Priority, Reader, Wording, said, with_note


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

    def wording(self, reader: Reader) -> Wording:
        """Say who, which shift, what for, and their note."""
        shift = said(self.shift, reader)
        if self.wanted is None:
            return Wording(f"{self.proposer_name} offers you a shift", with_note(shift, self.note))
        exchange = f"You would work {shift} instead of {said(self.wanted, reader)}"
        return Wording(f"{self.proposer_name} would like to swap a shift with you", with_note(exchange, self.note))


@dataclass(frozen=True, slots=True)
class SwapAccepted:
    """To whoever asked: a colleague has said yes, and a planner has to decide."""

    type: ClassVar[str] = "swap_accepted"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    colleague_name: str
    shift: NamedShift | str
    wanted: NamedShift | str | None = None

    def wording(self, reader: Reader) -> Wording:
        """Say who, which shift, and that it is not settled."""
        shift = said(self.shift, reader)
        rest = "It stays yours until a manager has approved."
        if self.wanted is None:
            return Wording(f"{self.colleague_name} would take your shift", f"{shift}. {rest}")
        given = said(self.wanted, reader)
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

    def wording(self, reader: Reader) -> Wording:
        """Say who, and which shifts."""
        shift = said(self.shift, reader)
        if self.wanted is None:
            title = f"{self.colleague_name} would take a shift of {self.proposer_name}"
            return Wording(title, f"{shift}. It waits for your decision.")
        title = f"{self.proposer_name} and {self.colleague_name} would like to swap shifts"
        return Wording(title, f"{shift}, for {said(self.wanted, reader)}. It waits for your decision.")


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

    def wording(self, reader: Reader) -> Wording:
        """Say what the reader works now, or that nothing has changed."""
        gives, gets = [said(each, reader) if each else "" for each in (self.gives, self.gets)]
        if not self.is_approved:
            what = f"{gives} for {gets}" if gives and gets else gives or gets
            title = f"Your agreement with {self.colleague_name} was not approved"
            return Wording(title, with_note(f"Everything stays as it was: {what}", self.note))
        if gives and gets:
            words = f"You work {gets} instead of {gives}"
            return Wording(f"You and {self.colleague_name} have swapped", with_note(words, self.note))
        if gets:
            return Wording(f"A shift of {self.colleague_name} is yours now", with_note(gets, self.note))
        return Wording(f"{self.colleague_name} has your shift now", with_note(gives, self.note))


@dataclass(frozen=True, slots=True)
class SwapEnded:
    """To whoever asked or was asked: nothing comes of it, or somebody else was quicker.

    Attributes:
        how: "declined", "withdrawn", "taken back", "expired", "void" or "taken".
        is_own: Whether the reader had asked.
        taker_name: Who had said yes; "" while nobody has.
    """

    type: ClassVar[str] = "swap_ended"
    category: ClassVar[Category] = Category.ASSIGNMENT
    priority: ClassVar[Priority] = Priority.NORMAL

    how: str
    proposer_name: str
    shift: NamedShift | str
    wanted: NamedShift | str | None = None
    is_own: bool = False
    taker_name: str = ""

    def wording(self, reader: Reader) -> Wording:
        """Say what has ended and how, and what that means for the reader's shifts."""
        title = _ENDINGS.get(self.how, _ENDINGS["void"])[self.wanted is not None][self.is_own]
        shift = said(self.shift, reader)
        shifts = shift if self.wanted is None else f"{shift}, for {said(self.wanted, reader)}"
        if self.how == "void":
            body = f"{shifts}. A shift or a rule has changed since. Please look at your shifts."
        elif self.is_own:
            again = " You can ask somebody again." if self.how == "taken back" else ""
            body = f"{shifts}. It stays yours.{again}"
        else:
            body = f"{shifts}. Your shifts stay as they are."
        return Wording(title.format(proposer=self.proposer_name, taker=self.taker_name or "A colleague"), body)


# Of an offer and of a swap: what is said to those who were asked, and to whoever asked.
_ENDINGS: Final = {
    "declined": (
        ("The offer of {proposer} was declined", "Your offer was declined"),
        ("The swap of {proposer} was declined", "Your swap was declined"),
    ),
    "withdrawn": (
        ("The offer of {proposer} was withdrawn", "Your offer was withdrawn"),
        ("The swap of {proposer} was withdrawn", "Your swap was withdrawn"),
    ),
    "taken back": (
        ("{taker} does not take the shift of {proposer} after all", "{taker} does not take your shift after all"),
        ("{taker} does not swap with {proposer} after all", "{taker} does not swap with you after all"),
    ),
    "expired": (
        ("The offer of {proposer} has run out of time", "Your offer has run out of time"),
        ("The swap of {proposer} has run out of time", "Your swap has run out of time"),
    ),
    "taken": (
        ("The offer of {proposer} was taken by a colleague", "Your offer was taken by a colleague"),
        ("The swap of {proposer} was taken by a colleague", "Your swap was taken by a colleague"),
    ),
    "void": (
        ("The offer of {proposer} is not possible any more", "Your offer is not possible any more"),
        ("The swap of {proposer} is not possible any more", "Your swap is not possible any more"),
    ),
}
