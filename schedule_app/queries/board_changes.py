"""What differs from another version, as marks on the board's own chips and ghosts of those that are gone."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.comparison import Held, VersionShift
from schedule_app.domain.permissions import Actor
from schedule_app.domain.time import Interval, span_label
from schedule_app.queries.comparisons import Compared
from schedule_app.queries.versions import find_visible_comparison


class ChipMark(TypedDict):
    """What is new about a chip: "added", "moved" or "taken", and in words."""

    kind: str
    text: str


class Ghost(TypedDict):
    """A shift that somebody has no longer, or would have ("proposed"), on a day counted from the first.

    `starts` is in minutes since 1970.
    """

    day: int
    starts: int
    minutes: int
    label: str
    title: str
    text: str
    kind: NotRequired[str]


@dataclass(frozen=True, slots=True)
class BoardChanges:
    """Marks by assignment, ghosts by employee; both ids as text, as they travel to the browser."""

    marks: dict[str, ChipMark] = field(default_factory=dict)
    ghosts: dict[str, list[Ghost]] = field(default_factory=dict)


async def board_changes(session: AsyncSession, actor: Actor, one_id: int | None, other_id: int) -> BoardChanges:
    """Compare the version on the board with another.

    Args:
        session: A session.
        actor: Who looks.
        one_id: The version to compare with; None for an empty week.
        other_id: The version on the board.

    Raises:
        NotFound: No such version, or of a site that is not the actor's.
        NotAllowed: The actor does not plan.
        InvalidInput: They are not of the same site's same week.
    """
    compared = await find_visible_comparison(session, actor, one_id, other_id)
    found, names = compared.differences, compared.names
    marks: dict[str, ChipMark] = {}
    ghosts: defaultdict[str, list[Ghost]] = defaultdict(list)

    def mark(held: Held, kind: str, text: str) -> None:
        marks[str(compared.assignments[held])] = {"kind": kind, "text": text}

    for held in found.added:
        mark(held, "added", "comes back" if held in compared.come_back else "added")
    for lineage_id, before_id, after_id in found.replaced:
        mark(Held(lineage_id, after_id), "added", f"added, was {names[before_id]}")
        ghosts[str(before_id)].append(_ghost(compared, lineage_id, f"removed, now {names[after_id]}"))
    for held in found.moved:
        mark(held, "moved", f"other time, was {_times(compared, compared.before.shifts[held.lineage_id])}")
    for lineage_id, employee_id in found.removed:
        ghosts[str(employee_id)].append(_ghost(compared, lineage_id, "removed"))
    return BoardChanges(marks, dict(ghosts))


def ghost_of(span: Interval, day: int, label: str, title: str, text: str) -> Ghost:
    """A shift of that time and day as a ghost; `text` says what it means."""
    starts = int(span.starts_at.timestamp()) // 60
    return {"day": day, "starts": starts, "minutes": span.minutes, "label": label, "title": title, "text": text}


def _ghost(compared: Compared, lineage_id: str, text: str) -> Ghost:
    shift = compared.before.shifts[lineage_id]
    day = (shift.local_date - compared.other.week_start).days
    return ghost_of(shift.span, day, _times(compared, shift), shift.title or shift.kind.capitalize(), text)


def _times(compared: Compared, shift: VersionShift) -> str:
    return span_label(shift.span, shift.zone, clock_24h=compared.other.clock_24h)
