"""Finding by a few typed words."""

from datetime import date

import pytest

from schedule_app.domain.finding import find_weeks, plain, rank

MONDAY, SUNDAY = 0, 6
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("wanted", "text", "expected"),
    [
        ("bob", "bob worker", 0),
        ("bob w", "bob worker", 0),
        ("wor", "bob worker", 1),
        ("wor bo", "bob worker", 1),
        ("rker", "bob worker", 2),
        ("bwkr", "bob worker", 3),
        ("rbw", "bob worker", None),
        ("bw", "bob worker", None),
        ("x", "bob worker", None),
        ("k", "bob worker", 2),
        ("z", "bozz", 2),
    ],
)
def test_how_well_a_text_answers(wanted: str, text: str, expected: int | None):
    assert rank(wanted, text) == expected


def test_case_accents_and_spaces_do_not_matter():
    assert plain("  ÉLODIE   Müller-Åström ") == "elodie muller-astrom"
    assert plain("Straße") == "strasse"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("week 48", [date(2026, 11, 23), date(2027, 11, 29)]),
        ("Week 2", [date(2027, 1, 11)]),
        ("wk 2 2026", [date(2026, 1, 5)]),
        ("w53 2026", [date(2026, 12, 28)]),
        ("48", [date(2026, 11, 23), date(2027, 11, 29)]),
        ("3 June", [date(2026, 6, 1), date(2027, 5, 31)]),
        ("3rd jun 2025", [date(2025, 6, 2)]),
        ("June 3, 2025", [date(2025, 6, 2)]),
        ("2026-12-31", [date(2026, 12, 28)]),
        ("31.12.", [date(2026, 12, 28), date(2027, 12, 27)]),
        ("31/12/2026", [date(2026, 12, 28)]),
        ("next week", [date(2026, 11, 30)]),
        ("NEXT WE", [date(2026, 11, 30)]),
        ("today", [date(2026, 11, 23)]),
        ("last week", [date(2026, 11, 16)]),
        ("29 february 2024", [date(2024, 2, 26)]),
    ],
)
def test_weeks_by_number_date_and_saying(wanted: str, expected: list[date]):
    assert find_weeks(wanted, TODAY, MONDAY) == expected


@pytest.mark.parametrize(
    "wanted",
    [
        *("", " ", "nex", "week", "week 0", "week 54", "week 53 2025", "30 february", "32 june", "3 jug", "99.99."),
        *("٣ june", "0000-01-01", "2026-13-01", "week 48 week", "3" * 99, "5 " * 40),
    ],
)
def test_what_means_no_week_finds_none(wanted: str):
    assert find_weeks(wanted, TODAY, MONDAY) == []


def test_weeks_begin_where_the_site_says():
    assert find_weeks("week 48", TODAY, SUNDAY)[0] == date(2026, 11, 22)
    assert find_weeks("22 november", TODAY, SUNDAY)[0] == date(2026, 11, 22)
    assert find_weeks("22 november", TODAY, MONDAY)[0] == date(2026, 11, 16)


def test_the_ends_of_the_calendar_are_no_accident():
    assert find_weeks("9999-12-31", TODAY, MONDAY) == []
    assert find_weeks("0001-01-01", TODAY, SUNDAY) == []
