"""The text format of the instances."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn


class FormatError(ValueError):
    """A file that cannot be read: which, in which line, and why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")


@dataclass(frozen=True, slots=True)
class ShiftType:
    """A kind of shift, and those that may not be worked on the day after it."""

    minutes: int
    not_after: frozenset[str]


@dataclass(frozen=True, slots=True)
class Staff:
    """What holds for one employee."""

    max_by_type: dict[str, int]
    max_minutes: int
    min_minutes: int
    max_in_row: int
    min_in_row: int
    min_off_in_row: int
    max_weekends: int


@dataclass(slots=True)
class Instance:
    """A whole file.

    Attributes:
        on, off: By employee, day and type the weight of the request.
        cover: By day and type how many, the weight of each missing and of each surplus one.
    """

    days: int = 0
    types: dict[str, ShiftType] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    days_off: set[tuple[str, int]] = field(default_factory=set)
    on: dict[tuple[str, int, str], int] = field(default_factory=dict)
    off: dict[tuple[str, int, str], int] = field(default_factory=dict)
    cover: dict[tuple[int, str], tuple[int, int, int]] = field(default_factory=dict)


def read_instance(path: Path) -> Instance:
    """Read a file.

    Raises:
        FormatError: Something in it does not fit, or a section is missing.
    """
    return _Reader(path).instance


class _Reader:
    def __init__(self, path: Path) -> None:
        self.instance = Instance()
        self._file = path.name
        self._line = 0
        sections: dict[str, tuple[int, Callable[[list[str]], None]]] = {
            "SECTION_HORIZON": (1, self._horizon),
            "SECTION_SHIFTS": (3, self._shift),
            "SECTION_STAFF": (8, self._staff),
            "SECTION_DAYS_OFF": (2, self._days_off),
            "SECTION_SHIFT_ON_REQUESTS": (4, self._on),
            "SECTION_SHIFT_OFF_REQUESTS": (4, self._off),
            "SECTION_COVER": (5, self._cover),
        }
        section = ""
        seen: set[str] = set()
        for text in self._lines(path):
            if text.startswith("SECTION_"):
                section = text
                if section not in sections:
                    self._refuse(f"there is no section {section}.")
                seen.add(section)
                continue
            if not section:
                self._refuse("this stands before the first section.")
            count, read = sections[section]
            values = [value.strip() for value in text.split(",")]
            if len(values) < count or (len(values) > count and read != self._days_off):
                self._refuse(f"{section} has {count} fields in each line, here are {len(values)}.")
            read(values)
        for name in sections:
            if name not in seen:
                self._refuse(f"the section {name} is missing.")
        self._check_successions()

    def _lines(self, path: Path) -> Iterator[str]:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            self._refuse("this is no text file.")
        for self._line, line in enumerate(lines, start=1):
            if (text := line.strip()) and not text.startswith("#"):
                yield text

    def _refuse(self, reason: str) -> NoReturn:
        raise FormatError(self._file, self._line, reason)

    def _number(self, text: str, high: int = 10**7) -> int:
        # Some of the published files say "-0".
        if not re.fullmatch(r"-?[0-9]{1,18}", text) or not 0 <= int(text) <= high:
            self._refuse(f"{text!r} is no whole number from 0 to {high}.")
        return int(text)

    def _day(self, text: str) -> int:
        return self._number(text, self.instance.days - 1)

    def _type(self, text: str) -> str:
        if text not in self.instance.types:
            self._refuse(f"there is no shift type {text!r}.")
        return text

    def _employee(self, text: str) -> str:
        if text not in self.instance.staff:
            self._refuse(f"there is no employee {text!r}.")
        return text

    def _horizon(self, values: list[str]) -> None:
        self.instance.days = self._number(values[0], 3660)
        if not self.instance.days:
            self._refuse("the horizon has at least one day.")

    def _shift(self, values: list[str]) -> None:
        name, minutes, banned = values
        if name in self.instance.types:
            self._refuse(f"shift type {name!r} is given twice.")
        length = self._number(minutes, 1440)
        if not length:
            self._refuse("a shift has at least one minute.")
        self.instance.types[name] = ShiftType(length, frozenset(filter(None, banned.split("|"))))

    def _staff(self, values: list[str]) -> None:
        name, limits, *numbers = values
        if name in self.instance.staff:
            self._refuse(f"employee {name!r} is given twice.")
        caps: dict[str, int] = {}
        for part in filter(None, limits.split("|")):
            kind, sign, most = part.partition("=")
            if not sign:
                self._refuse(f"{part!r} is not of the form type=number.")
            caps[self._type(kind)] = self._number(most)
        self.instance.staff[name] = Staff(caps, *map(self._number, numbers))

    def _days_off(self, values: list[str]) -> None:
        name, *days = values
        self.instance.days_off.update((self._employee(name), self._day(day)) for day in days)

    def _on(self, values: list[str]) -> None:
        self._request(self.instance.on, values)

    def _off(self, values: list[str]) -> None:
        self._request(self.instance.off, values)

    def _request(self, requests: dict[tuple[str, int, str], int], values: list[str]) -> None:
        name, day, kind, weight = values
        key = (self._employee(name), self._day(day), self._type(kind))
        requests[key] = requests.get(key, 0) + self._number(weight)

    def _cover(self, values: list[str]) -> None:
        key = (self._day(values[0]), self._type(values[1]))
        if key in self.instance.cover:
            self._refuse(f"the cover of day {key[0]} and type {key[1]!r} is given twice.")
        needed, under, over = (self._number(value) for value in values[2:])
        self.instance.cover[key] = (needed, under, over)

    def _check_successions(self) -> None:
        for name, kind in self.instance.types.items():
            if unknown := kind.not_after - self.instance.types.keys():
                self._refuse(f"shift type {name!r} names {sorted(unknown)[0]!r}, which is none.")
