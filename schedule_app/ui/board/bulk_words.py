"""What the dialog about a selection says and offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypedDict

from schedule_app.queries.selection import Selection
from schedule_app.services.bulk_plan import Concern
from schedule_app.services.selection import Done
from schedule_app.ui.board.state import BoardState

Action: TypeAlias = Literal["unassign", "assign", "move", "delete", "copy", "fill"]

#: The choice that names nobody in particular.
EVERYBODY: Final = "0"
#: More lines than anybody reads through.
_MOST_LINES: Final = 100

_TITLES: Final = {
    "unassign": "Unassign {}",
    "assign": "Assign {}",
    "move": "Move or copy {}",
    "delete": "Delete {}",
    "copy": "Copy {}",
}
_DONE: Final = {
    "unassign": "Unassigned",
    "assign": "Assigned",
    "move": "Moved",
    "delete": "Deleted",
    "copy": "Copied",
}


class Touched(TypedDict):
    """Something that is touched."""

    key: str
    label: str
    name: str
    status: str


class Reasoned(TypedDict):
    """Somebody on a shift, and what the rules say."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        title: "Unassign 12 shifts, Kitchen, 3–9 Jun".
        scope: "12 shifts, Kitchen, 3–9 Jun".
        text: Who is told, and who is disturbed.
        lines: What is touched, those first who have confirmed.
        left_out: How many more there are.
    """

    action: Action = "unassign"
    title: str = ""
    scope: str = ""
    text: str = ""
    lines: tuple[Touched, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would come of it; `is_ready` once everything is chosen that has to be."""

    is_ready: bool = False
    text: str = ""
    refused: tuple[Reasoned, ...] = ()
    warned: tuple[Reasoned, ...] = ()


def asked(action: Action, selection: Selection) -> Asked:
    """What is asked about a selection."""
    confirmed = [each for each in selection.lines if each.status == "confirmed"]
    others = [each for each in selection.lines if each.status != "confirmed"]
    lines = [
        Touched(key=str(each.id), label=each.label, name=each.name or _people(each.people), status=each.status)
        for each in [*confirmed, *others][:_MOST_LINES]
    ]
    return Asked(
        action=action,
        title=_TITLES[action].format(selection.scope),
        scope=selection.scope,
        text=_text(action, selection, len(confirmed)),
        lines=tuple(lines),
        left_out=max(len(selection.lines) - _MOST_LINES, 0),
    )


def foreseen(verb: str, done: Done) -> Foreseen:
    """What would come of it, in words."""
    ends = {"assign": "would be assigned", "move": "would be moved", "copy": "would be copied"}
    parts = [f"{count(done.count, 'shift')} {ends[verb]}"]
    if done.refused:
        parts.append(
            f"{len(done.refused)} would stay as they are" if len(done.refused) > 1 else "1 would stay as it is"
        )
    return Foreseen(
        is_ready=done.count > 0,
        text="; ".join(parts) + ".",
        refused=_reasoned(done.refused),
        warned=_reasoned(done.warned),
    )


def done_words(what: Asked, number: int, mode: str) -> str:
    """What was done: "Unassigned 12 shifts, Kitchen, 3–9 Jun"."""
    verb = "Copied" if what.action == "move" and mode == "copy" else _DONE[what.action]
    _, _, where = what.scope.partition(", ")
    return ", ".join([f"{verb} {count(number, 'shift')}", *([where] if where else [])])


def people_choices(board: BoardState, action: Action) -> list[tuple[str, str]]:
    """Who may be chosen, everybody on the board; nobody where nobody is asked for."""
    if action not in ("assign", "move"):
        return []
    rows = {str(row["id"]): row for row in board.rows} | board.patch
    names = sorted((row["name"], key) for key, row in rows.items() if row)
    nobody = "Choose a person" if action == "assign" else "Everybody keeps theirs"
    return [(EVERYBODY, nobody), *((key, name) for name, key in names)]


def day_choices(board: BoardState, action: Action) -> list[tuple[str, str]]:
    """The days that assignments can go to."""
    if action != "move":
        return []
    return [("", "The same day"), *((day["date"], day["long"]) for day in board.days)]


def count(number: int, one: str) -> str:
    """A number of things, as "1 shift" or "2 shifts"."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _people(number: int) -> str:
    return "1 person on it" if number == 1 else f"{number} people on it" if number else "Nobody on it"


def _text(action: Action, selection: Selection, confirmed: int) -> str:
    if action == "copy":
        return "Without the people on them, into drafts. The first day goes to the day you choose, the others follow."
    if action == "delete":
        people = sum(each.people for each in selection.lines)
        on_them = f" {count(people, 'place')} on them {'is' if people == 1 else 'are'} filled." if people else ""
        return f"Whoever is on them goes with them.{on_them}"
    if not selection.is_published:
        return "Nobody is told anything before the week is published."
    told = "Whoever loses or gains a shift is told at once."
    if not confirmed or action == "assign":
        return told
    return f"{told} {confirmed} of these {'is' if confirmed == 1 else 'are'} confirmed already and would be disturbed."


def _reasoned(concerns: Sequence[Concern]) -> tuple[Reasoned, ...]:
    return tuple(
        Reasoned(key=str(number), label=each.label, text=each.text)
        for number, each in enumerate(concerns[:_MOST_LINES])
    )
