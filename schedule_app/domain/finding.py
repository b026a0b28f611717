"""Finding by a few typed words: names without case and accents, weeks by number, date or saying."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from schedule_app.domain.time import EARLIEST_DAY, LATEST_DAY, week_start_of

_ONE_WEEK: Final = timedelta(days=7)
_SAYINGS: Final = {"today": 0, "this week": 0, "next week": 1, "last week": -1, "previous week": -1}
#: Fewer letters are a name's rather than a week's.
_LEAST_OF_SAYING: Final = 4
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEK_NUMBER: Final = re.compile(r"(?:week|wk|w|kw) ?([0-9]{1,2})(?: ([0-9]{4}))?")
_ISO_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NUMERIC_DATE: Final = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]?([0-9]{4})?")
_DAY_MONTH: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})(?: ([0-9]{4}))?")
_MONTH_DAY: Final = re.compile(r"([a-z]{3,9}) ([0-9]{1,2})(?:st|nd|rd|th)?(?: ([0-9]{4}))?")


def plain(text: str) -> str:
    """Lower case, without accents and surrounding or doubled spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())


def rank(wanted: str, text: str) -> int | None:
    """Say how well a text answers what was typed; both `plain`.

    Returns:
        0 where the text begins with it, 1 where each word of it begins a word of the text, 2 where each word is
        somewhere in the text, 3 where its letters are, in this order; None where not even that.
    """
    if text.startswith(wanted):
        return 0
    words, parts = wanted.split(), text.split()
    if all(any(part.startswith(word) for part in parts) for word in words):
        return 1
    if all(word in text for word in words):
        return 2
    letters = iter(text)
    return 3 if len(wanted) > 2 and all(letter in letters for word in words for letter in word) else None


def find_weeks(wanted: str, today: date, week_starts_on: int) -> list[date]:
    """Find the weeks somebody may mean: "week 48", "48", "3 June", "2026-06-03", "3.6.", "next week".

    Without a year the week nearest to today is meant, and after it the same of the next year.

    Args:
        wanted: what was typed, as it was typed.
        today: where the site is.
        week_starts_on: 0 for Monday to 6 for Sunday.

    Returns:
        First days of the weeks, the likeliest first; none when it means no week.
    """
    words = " ".join(plain(wanted).replace(",", " ").split())
    days = _days_of_saying(words, today) or _days_of_week_number(words, today) or _days_of_date(words, today)
    known = [day for day in days if EARLIEST_DAY <= day <= LATEST_DAY]
    return list(dict.fromkeys(week_start_of(day, week_starts_on) for day in known))


def _days_of_saying(words: str, today: date) -> list[date]:
    if len(words) < _LEAST_OF_SAYING:
        return []
    shifts = dict.fromkeys(shift for saying, shift in _SAYINGS.items() if saying.startswith(words))
    return [today + shift * _ONE_WEEK for shift in shifts]


def _days_of_week_number(words: str, today: date) -> list[date]:
    match = _WEEK_NUMBER.fullmatch(words) or re.fullmatch(r"([0-9]{1,2})()", words)
    if match is None:
        return []
    years = [int(match[2])] if match[2] else [today.year - 1, today.year, today.year + 1]
    # Its Thursday decides which year a week belongs to; so it is in the week, whatever day weeks begin on.
    return _nearest([day for year in years if (day := _iso_day(year, int(match[1])))], today)


def _days_of_date(words: str, today: date) -> list[date]:
    if match := _ISO_DATE.fullmatch(words):
        return _in_years([int(match[1])], int(match[2]), int(match[3]))
    if match := _NUMERIC_DATE.fullmatch(words):
        day, month, year = match.groups()
        return _dates(today, year, int(month), int(day))
    if match := _DAY_MONTH.fullmatch(words):
        day, name, year = match.groups()
    elif match := _MONTH_DAY.fullmatch(words):
        name, day, year = match.groups()
    else:
        return []
    return _dates(today, year, _MONTHS.index(name[:3]) + 1, int(day)) if name[:3] in _MONTHS else []


def _dates(today: date, year: str | None, month: int, day: int) -> list[date]:
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    return _nearest(_in_years(years, month, day), today)


def _nearest(days: list[date], today: date) -> list[date]:
    """The nearest day, and the first after it."""
    if len(days) < 2:
        return days
    nearest = min(days, key=lambda day: abs(day - today))
    return [nearest, *[day for day in days if day > max(nearest, today)][:1]]


def _iso_day(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 4)
    except ValueError:
        return None


def _in_years(years: list[int], month: int, day: int) -> list[date]:
    found = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found
