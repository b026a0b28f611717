"""Rules in plain words: a sentence such as "nobody more than 5 days in a row" becomes a typed rule, or is refused.

Nothing is guessed. A sentence is understood when the whole of it is one of the phrases of `phrases`, in one sense only;
otherwise it is said which word was not understood. What `rules.wording` writes for a rule is understood as that rule.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, TypeAlias

from schedule_app.domain.rules import LIMITS, ONLY_WARN, describe, is_for_one
from schedule_app.domain.rules.limit import BadLimit
from schedule_app.domain.saying.building import Clash, limits_from
from schedule_app.domain.saying.pattern import Found, Progress, follow
from schedule_app.domain.saying.phrases import AFTER, OF_ANY, PATTERNS, PHRASES
from schedule_app.domain.saying.words import Ambiguous, Reader, Vocabulary, Word, cut

__all__ = ["LONGEST", "NotUnderstood", "Said", "Vocabulary", "understand"]

#: Longer texts are not looked at.
LONGEST: Final = 500
_MOST_WORDS: Final = 120
_OF_RULE: Final = ("employee", "department", "effective_from", "effective_until", "strict", "priority")


@dataclass(frozen=True, slots=True)
class Said:
    """A rule as it was understood; `names` are those of the people in its limits."""

    rule_type: str
    limits: Any
    department_id: int | None = None
    employee_id: int | None = None
    strict: bool = True
    priority: int = 5
    effective_from: date | None = None
    effective_until: date | None = None
    names: Mapping[int, str] = field(default_factory=dict, hash=False)


class NotUnderstood(ValueError):
    """A text that is no rule; `start` and `end` are the place in it that is to blame."""

    def __init__(self, message: str, start: int = 0, end: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


def understand(text: str, vocabulary: Vocabulary) -> Said:
    """Read a rule.

    Args:
        text: One or more sentences about one rule.
        vocabulary: The names that can be in it.

    Raises:
        NotUnderstood: It is not understood, or in more than one way.
    """
    words = cut(text[: LONGEST + 1])
    if not words:
        raise NotUnderstood("Please say a rule, such as “Nobody works more than 5 days in a row”.")
    if len(text) > LONGEST or len(words) > _MOST_WORDS:
        raise NotUnderstood("That is too long for one rule.", words[-1].start, words[-1].end)
    progress = Progress()
    try:
        readings = list(_readings(Reader(words, vocabulary), 0, progress))
    except Ambiguous as found:
        raise NotUnderstood(str(found), words[found.place].start, words[found.end - 1].end) from None
    if not readings:
        raise _lost(words, progress)
    return _only_one(text, [_rule(words, reading, vocabulary) for reading in _senses(words, readings)])


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as it was read: of a type, or empty when it can be said of any."""

    rule_type: str
    found: Found
    at: int


_Sentences: TypeAlias = tuple[_Sentence, ...]


def _readings(reader: Reader, at: int, progress: Progress) -> "Iterator[_Sentences]":
    """Every way to read the sentences from a place on."""
    while reader.word(at) == ".":
        at += 1
    if at >= len(reader.words):
        yield ()
        return
    for sentence, end in _one_sentence(reader, at, progress):
        for more in _readings(reader, end, progress):
            yield (sentence, *more)


def _one_sentence(reader: Reader, at: int, progress: Progress) -> Iterator[tuple[_Sentence, int]]:
    seen: set[tuple[str, Found, int]] = set()
    phrases = [(kind, f"{each} {AFTER}") for kind, several in PHRASES.items() for each in several]
    for kind, pattern in [*phrases, *(("", each) for each in OF_ANY)]:
        for found, end in follow(PATTERNS.compiled(pattern), reader, at, progress):
            if reader.word(end) not in ("", "."):
                progress.stuck(end, ".")
            elif (kind, found, end) not in seen:
                seen.add((kind, found, end))
                yield _Sentence(kind, found, at), end


def _senses(words: Sequence[Word], readings: Sequence[_Sentences]) -> list[tuple[str, _Sentences]]:
    """The readings that are about one type of rule each."""
    senses: list[tuple[str, _Sentences]] = []
    for reading in readings:
        kinds = {each.rule_type for each in reading if each.rule_type}
        if len(kinds) == 1:
            senses.append((kinds.pop(), reading))
    if senses:
        return senses
    typed = [each for each in readings[0] if each.rule_type]
    if not typed:
        raise NotUnderstood("That does not say what the rule is.", words[0].start, words[-1].end)
    other = next(each for each in typed if each.rule_type != typed[0].rule_type)
    word = words[other.at]
    raise NotUnderstood("Two rules begin here and before. Please say them one at a time.", word.start, word.end)


def _rule(words: Sequence[Word], sense: tuple[str, _Sentences], vocabulary: Vocabulary) -> Said | NotUnderstood:
    """The rule of one reading, or why it is none."""
    rule_type, sentences = sense
    whole = words[0].start, words[-1].end
    found = tuple(each for sentence in sentences for each in sentence.found)
    try:
        of_rule, of_limits = _gathered(found)
        limits = limits_from(rule_type, of_limits)
    except Clash as clash:
        return NotUnderstood(str(clash), *_place(words, found, {clash.field}))
    except BadLimit as bad:
        return NotUnderstood(" ".join(bad.problems.values()), *_place(words, found, set(bad.problems)))
    first, last = of_rule.get("effective_from"), of_rule.get("effective_until")
    if first and last and last < first:
        return NotUnderstood("The last day comes before the first.", *whole)
    if "employee" in of_rule and "department" in of_rule:
        return NotUnderstood("A rule is for a department or for a person, not both.", *whole)
    if "employee" in of_rule and not is_for_one(limits):
        return NotUnderstood("This is told of everybody together: it is for the site or a department.", *whole)
    priority = of_rule.get("priority", 5)
    if not 1 <= priority <= 10:
        return NotUnderstood("A weight is from 1 to 10.", *whole)
    return Said(
        rule_type,
        limits,
        of_rule.get("department"),
        of_rule.get("employee"),
        of_rule.get("strict", True) and rule_type not in ONLY_WARN,
        priority,
        first,
        last,
        vocabulary.people,
    )


def _place(words: Sequence[Word], found: Found, fields: Collection[str]) -> tuple[int, int]:
    """Where the last of some fields was read; the whole text where none of them was."""
    places = [at for name, _, at in found if any(field.startswith(name.lstrip("_")) for field in fields)]
    if not places:
        return words[0].start, words[-1].end
    return words[places[-1]].start, words[places[-1]].end


def _gathered(found: Found) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """What was read, apart: of the rule, each once; and of its limits."""
    of_rule: dict[str, Any] = {}
    of_limits: dict[str, list[Any]] = {}
    for name, value, _ in found:
        if name == "_on":
            of_rule |= {"effective_from": value, "effective_until": value}
        elif name not in _OF_RULE:
            of_limits.setdefault(name, []).append(value)
        elif of_rule.setdefault(name, value) != value:
            raise Clash("It is said for whom, when or how hard in two ways.", name)
    return of_rule, of_limits


def _only_one(text: str, rules: Sequence[Said | NotUnderstood]) -> Said:
    understood: list[Said] = []
    for each in rules:
        if isinstance(each, Said) and each not in understood:
            understood.append(each)
    match understood:
        case [one]:
            return replace(one, names=_named(one))
        case []:
            raise next(each for each in rules if isinstance(each, NotUnderstood))
    senses = " Or: ".join(describe(each.rule_type, each.limits, each.names) for each in understood[:2])
    raise NotUnderstood(f"That can mean two things. {senses} Please say which.", 0, len(text))


def _named(said: Said) -> dict[int, str]:
    pairs = (*getattr(said.limits, "apart", ()), *getattr(said.limits, "together", ()))
    return {number: said.names[number] for pair in pairs for number in (pair.first, pair.second)}


def _lost(words: Sequence[Word], progress: Progress) -> NotUnderstood:
    if progress.furthest >= len(words):
        last = words[-1]
        return NotUnderstood(f"Something is missing after “{last.typed}”.", last.start, last.end)
    word = words[progress.furthest]
    if progress.furthest == 0 or words[progress.furthest - 1].plain == ".":
        words_for_it = "It is nobody's name here, and no rule begins with it."
        return NotUnderstood(f"“{word.typed}” is not understood here. {words_for_it}", word.start, word.end)
    return NotUnderstood(f"“{word.typed}” is not understood here.{_hint(progress)}", word.start, word.end)


def _hint(progress: Progress) -> str:
    for readers, words in _HINTS:
        if progress.expected & readers:
            return f" {words}"
    return ""


_HINTS: Final = (
    ({"quals"}, "It is no qualification that anybody here holds or a shift asks for."),
    ({"date"}, "A date has a day, a month and a year, as 24 December 2026."),
    ({"kinds", "kind"}, "A kind of shift is morning, evening or night, or its type."),
    ({"length"}, "Please say how many, or how long, as 11 hours."),
    ({"n"}, "Please say a number."),
)

assert set(PHRASES) == set(LIMITS)  # noqa: S101 - a type without phrases would never be understood
