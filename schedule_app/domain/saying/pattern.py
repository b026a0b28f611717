"""Patterns of phrases, written as people say them, and how a text is held against one.

A pattern is made of words, `(this|or that)`, `[what may be left out]`, `<named part>` and `{slot:field}`: a slot is
read by the method of `Reader` of that name, and what it reads is kept under the field.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, TypeAlias

from schedule_app.domain.saying.words import Reader

_PIECE: Final = re.compile(r"\{[a-z]+:[a-z_]+\}|<[a-z_]+>|[\[\]()|]|[^\s\[\]()|{}<>]+")

#: What was read: field, value, and place; in order.
Found: TypeAlias = tuple[tuple[str, Any, int], ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A word."""

    word: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Something to be read, and the field it is kept under."""

    reader: str
    field: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some sequences."""

    options: "tuple[Steps, ...]"


Steps: TypeAlias = tuple["Literal | Slot | Choice", ...]


@dataclass(slots=True)
class Progress:
    """How far into a text any pattern has come."""

    furthest: int = 0
    expected: set[str] = field(default_factory=set)

    def stuck(self, at: int, wanted: str) -> None:
        """Note that something else would have had to stand at a place."""
        if at > self.furthest:
            self.furthest, self.expected = at, set()
        if at == self.furthest:
            self.expected.add(wanted)


class Patterns:
    """Patterns that share named parts."""

    def __init__(self, parts: Mapping[str, str]) -> None:
        self._parts = parts
        self.compiled = cache(self._compiled)

    def _compiled(self, pattern: str) -> Steps:
        pieces = [*_PIECE.findall(pattern), ")"]
        options, end = self._options(pieces, 0)
        if end != len(pieces) - 1:
            raise ValueError(f"Unbalanced pattern: {pattern}")
        return options[0] if len(options) == 1 else (Choice(options),)

    def _sequence(self, pieces: Sequence[str], at: int) -> tuple[Steps, int]:
        steps: list[Literal | Slot | Choice] = []
        while at < len(pieces) and pieces[at] not in (")", "]", "|"):
            piece = pieces[at]
            if piece in ("(", "["):
                options, at = self._options(pieces, at + 1)
                steps.append(Choice((*options, ()) if piece == "[" else options))
            elif piece.startswith("<"):
                steps.append(Choice((self.compiled(self._parts[piece[1:-1]]),)))
            elif piece.startswith("{"):
                reader, _, name = piece[1:-1].partition(":")
                steps.append(Slot(reader, name))
            else:
                steps.append(Literal(piece))
            at += 1
        return tuple(steps), at

    def _options(self, pieces: Sequence[str], at: int) -> tuple[tuple[Steps, ...], int]:
        options: list[Steps] = []
        while True:
            steps, at = self._sequence(pieces, at)
            options.append(steps)
            if pieces[at] != "|":
                return tuple(options), at
            at += 1

    def words(self, pattern: str) -> frozenset[str]:
        """Every word a pattern may have."""
        return frozenset(_literals(self.compiled(pattern)))


def follow(steps: Steps, reader: Reader, at: int, progress: Progress) -> Iterator[tuple[Found, int]]:
    """Every way in which a text, from a place on, begins as the steps say; what was read, and the place behind it."""
    if not steps:
        yield (), at
        return
    first, rest = steps[0], steps[1:]
    for found, end in _step(first, reader, at, progress):
        for more, last in follow(rest, reader, end, progress):
            yield (*found, *more), last


def _step(step: Literal | Slot | Choice, reader: Reader, at: int, progress: Progress) -> Iterator[tuple[Found, int]]:
    match step:
        case Literal():
            if reader.word(at) == step.word:
                yield (), at + 1
            else:
                progress.stuck(at, step.word)
        case Slot():
            progress.stuck(reader.begin(step.reader, at), step.reader)
            for value, end in getattr(reader, step.reader)(at):
                # What is kept without being read belongs to the word before.
                yield ((step.field, value, at if end > at else max(at - 1, 0)),), end
        case Choice():
            for option in step.options:
                yield from follow(option, reader, at, progress)


def _literals(steps: Steps) -> Iterator[str]:
    for step in steps:
        match step:
            case Literal():
                yield step.word
            case Choice():
                for option in step.options:
                    yield from _literals(option)
