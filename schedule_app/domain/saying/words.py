"""Words as they are typed: cut apart, with their places; and read as numbers, lengths, days, kinds of shift, names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from schedule_app.domain.finding import plain
from schedule_app.domain.rules.kinds import DAY_PARTS

_TOKEN: Final = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\s,;:\"“”()]", re.UNICODE)
_FIGURES: Final = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_NUMBERS: Final = {"a": 1, "an": 1} | {word: number for number, word in enumerate(_FIGURES.split())}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_WORDS: Final = {
    word: number
    for number, day in enumerate(_DAYS)
    for word in (day, f"{day}s", day[:3], day[:4] if day[:3] in ("tue", "thu") else day[:3], f"{day}'s")
}
_DAY_SETS: Final = {"weekend": (5, 6), "weekends": (5, 6), "weekday": tuple(range(5)), "weekdays": tuple(range(5))}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PART_WORDS: Final = {
    "early": "morning",
    "earlies": "morning",
    "late": "evening",
    "lates": "evening",
    "afternoon": "evening",
    "afternoons": "evening",
} | {word: part for part in DAY_PARTS for word in (part, f"{part}s")}
_BEFORE: Final = ("a", "an", "the", "every", "each", "any", "on")
_HOURS: Final = ("h", "hour", "hours", "hrs", "hr")
_MINUTES: Final = ("min", "mins", "minute", "minutes")

#: What was read, and the place of the next word.
Read: TypeAlias = tuple[Any, int]


@dataclass(frozen=True, slots=True)
class Word:
    """A word: as it was typed, as it is compared, and where it stands."""

    typed: str
    plain: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names a rule of a site can have in it: people and departments by id, qualifications, types of shift."""

    people: Mapping[int, str] = field(default_factory=dict)
    departments: Mapping[int, str] = field(default_factory=dict)
    qualifications: Sequence[str] = ()
    shift_types: Sequence[str] = ()


class Ambiguous(ValueError):
    """A name that several have; `place` is that of its first word, `end` of the one after it."""

    def __init__(self, message: str, place: int, end: int) -> None:
        super().__init__(message)
        self.place = place
        self.end = end


def cut(text: str) -> list[Word]:
    """The words of a text; commas, colons, quotes and brackets only keep words apart."""
    return [
        Word(found[0], plain(found[0]).replace("’", "'"), found.start(), found.end()) for found in _TOKEN.finditer(text)
    ]


class Reader:
    """Reads what stands at a place of a text; each method gives every way to read it, the longest first."""

    def __init__(self, words: Sequence[Word], vocabulary: Vocabulary) -> None:
        self.words = words
        self._people = _names(vocabulary.people.items(), with_parts=True)
        self._departments = _names(vocabulary.departments.items())
        self._qualifications = _names((name, name) for name in vocabulary.qualifications)
        self._types = {plain(name): name for name in vocabulary.shift_types}

    def word(self, at: int) -> str:
        """The word at a place as it is compared; empty after the last."""
        return self.words[at].plain if at < len(self.words) else ""

    def begin(self, what: str, at: int) -> int:
        """The place of the word that matters, where an article or the like comes before it."""
        return at + 1 if what in ("kind", "kinds", "days", "liked") and self.word(at) in _BEFORE else at

    def person(self, at: int) -> Iterator[Read]:
        """Somebody, by their whole name, or by the first or last of it where only one is called that."""
        return self._name(at, self._people, "person")

    def department(self, at: int) -> Iterator[Read]:
        """A department."""
        return self._name(at, self._departments, "department")

    def quals(self, at: int) -> Iterator[Read]:
        """Qualifications: (all of these, any of those)."""
        if self.word(at) in ("any", "one", "either"):
            begin = at + 2 if self.word(at + 1) == "of" else at + 1
            for names, end in self._many(begin, lambda place: self._name(place, self._qualifications, ""), ("or",)):
                yield ((), names), end
            return
        for names, end in self._many(at, lambda place: self._name(place, self._qualifications, ""), ("and",)):
            if self.word(end) == "and" and self.word(end + 1) in ("any", "one", "either"):
                for (_, others), last in self.quals(end + 1):
                    yield (names, others), last
            yield (names, ()), end
        for names, end in self._many(at, lambda place: self._name(place, self._qualifications, ""), ("or",)):
            if len(names) > 1:
                yield ((), names), end

    def zero(self, at: int) -> Iterator[Read]:
        """Nothing is read; what is kept is 0."""
        yield 0, at

    def one(self, at: int) -> Iterator[Read]:
        """Nothing is read; what is kept is 1."""
        yield 1, at

    def yes(self, at: int) -> Iterator[Read]:
        """Nothing is read; what is kept is true."""
        yield True, at

    def no(self, at: int) -> Iterator[Read]:
        """Nothing is read; what is kept is false."""
        yield False, at

    def all(self, at: int) -> Iterator[Read]:
        """Nothing is read; what is kept are all days of the week."""
        yield tuple(range(7)), at

    def n(self, at: int) -> Iterator[Read]:
        """A whole number, in figures or as a word."""
        typed = self.word(at)
        if typed.isascii() and typed.isdecimal() and len(typed) < 10:
            yield int(typed), at + 1
        elif typed in _NUMBERS:
            yield _NUMBERS[typed], at + 1

    def hourcount(self, at: int) -> Iterator[Read]:
        """Hours without the word for them, in minutes."""
        for number, end in self.n(at):
            yield number * 60, end

    def money(self, at: int) -> Iterator[Read]:
        """An amount of whole units: "5000" or "5,000"."""
        typed = self.word(at)
        if re.fullmatch(r"\d{1,9}|\d{1,3}(,\d{3}){1,2}", typed, re.ASCII):
            yield int(typed.replace(",", "")), at + 1

    def hour(self, at: int) -> Iterator[Read]:
        """An hour of the day: "18", "18:00"."""
        if found := re.fullmatch(r"(\d{1,2})(:00)?", self.word(at), re.ASCII):
            yield int(found[1]), at + 1

    def length(self, at: int) -> Iterator[Read]:
        """A length, in minutes: "11 hours", "7.5 h", "7:30 hours", "7 h 30 min", "45 minutes"."""
        typed, unit = self.word(at), self.word(at + 1)
        if unit in _MINUTES:
            yield from ((number, at + 2) for number, _ in self.n(at))
        if unit not in _HOURS:
            return
        if found := re.fullmatch(r"(\d{1,5}):([0-5]\d)", typed, re.ASCII):
            yield int(found[1]) * 60 + int(found[2]), at + 2
        elif found := re.fullmatch(r"(\d{1,5})[.,](\d{1,2})", typed, re.ASCII):
            yield int(found[1]) * 60 + round(int(found[2].ljust(2, "0")) * 60 / 100), at + 2
        for number, _ in self.n(at):
            minutes = [(rest, end + 1) for rest, end in self.n(at + 2) if self.word(end) in _MINUTES and rest < 60]
            rest, end = minutes[0] if minutes else (0, at + 2)
            yield number * 60 + rest, end

    def date(self, at: int) -> Iterator[Read]:
        """A date with its year: "2026-12-24", "24 December 2026", "December 24 2026", "Thu 24 Dec 2026"."""
        if self.word(at) in _DAY_WORDS:
            for day, end in self._bare_date(at + 1):
                if day.weekday() == _DAY_WORDS[self.word(at)]:
                    yield day, end
        yield from self._bare_date(at)

    def days(self, at: int) -> Iterator[Read]:
        """Weekdays: "Mondays", "Saturdays and Sundays", "weekends", "every Monday"."""
        for groups, end in self._many(at, self._day, ("and", "or", "nor")):
            yield tuple(sorted({day for group in groups for day in group})), end

    def kinds(self, at: int) -> Iterator[Read]:
        """Kinds of shift: "nights", "evening and night shifts", "a training shift"."""
        for kinds, end in self._many(at, self._kind, ("and", "or", "nor")):
            yield tuple(dict.fromkeys(kinds)), end

    def kind(self, at: int) -> Iterator[Read]:
        """One kind of shift."""
        return self._kind(at)

    def liked(self, at: int) -> Iterator[Read]:
        """Kinds of shift and weekdays together: (kinds, days)."""

        def one(place: int) -> Iterator[Read]:
            for kind, end in self._kind(place):
                yield ((kind,), ()), end
            for days, end in self._day(place):
                yield ((), days), end

        for found, end in self._many(at, one, ("and", "or")):
            kinds = tuple(dict.fromkeys(kind for some, _ in found for kind in some))
            yield (kinds, tuple(sorted({day for _, some in found for day in some}))), end

    def _bare_date(self, at: int) -> Iterator[Read]:
        parts = [self.word(at + offset) for offset in range(5)]
        if parts[0].isdecimal() and parts[1] == parts[3] == "-":
            yield from _date(parts[0], parts[2], parts[4], at + 5)
        if parts[1][:3] in _MONTHS:
            yield from _date(parts[2], _month(parts[1]), parts[0], at + 3)
        if parts[0][:3] in _MONTHS:
            yield from _date(parts[2], _month(parts[0]), parts[1], at + 3)

    def _day(self, at: int) -> Iterator[Read]:
        begin = self.begin("days", at)
        typed = self.word(begin)
        if typed in _DAY_WORDS:
            yield (_DAY_WORDS[typed],), begin + 1
        elif typed in _DAY_SETS:
            yield _DAY_SETS[typed], begin + 1

    def _kind(self, at: int) -> Iterator[Read]:
        begin = self.begin("kind", at)
        typed = self.word(begin)
        kind = self._types.get(typed) or _PART_WORDS.get(typed)
        if kind:
            if self.word(begin + 1) in ("shift", "shifts"):
                yield kind, begin + 2
            yield kind, begin + 1

    def _many(self, at: int, one: Any, joined_by: tuple[str, ...]) -> Iterator[Read]:  # noqa: ANN401 (a method)
        """Several of the same, with commas or one of the words between; the longest list first."""
        for first, end in one(at):
            follows = end + 1 if self.word(end) in joined_by else end
            for rest, last in self._many(follows, one, joined_by):
                yield (first, *rest), last
            yield (first,), end

    def _name(self, at: int, names: Mapping[tuple[str, ...], set[Any]], what: str) -> Iterator[Read]:
        """The longest name that stands there."""
        longest = max((len(name) for name in names), default=0)
        for length in range(min(longest, len(self.words) - at), 0, -1):
            found = names.get(tuple(word.plain for word in self.words[at : at + length]), set())
            if len(found) == 1:
                yield next(iter(found)), at + length
                return
            if found:
                typed = " ".join(word.typed for word in self.words[at : at + length])
                raise Ambiguous(
                    f"More than one {what} is called “{typed}”. Please give the whole name.", at, at + length
                )


def _names(named: Iterable[tuple[Any, str]], *, with_parts: bool = False) -> dict[tuple[str, ...], set[Any]]:
    """Names by their words; with the first and the last word of each, for those which no whole name is."""
    whole: dict[tuple[str, ...], set[Any]] = {}
    parts: dict[tuple[str, ...], set[Any]] = {}
    for key, name in named:
        words = tuple(word.plain for word in cut(name))
        whole.setdefault(words, set()).add(key)
        for part in {words[:1], words[-1:]} if with_parts and len(words) > 1 else ():
            parts.setdefault(part, set()).add(key)
    return {**parts, **whole}


def _month(word: str) -> str:
    return str(_MONTHS.index(word[:3]) + 1)


def _date(year: str, month: str, day: str, end: int) -> Iterator[Read]:
    try:
        yield date(int(year), int(month), int(day)), end
    except ValueError:
        return
