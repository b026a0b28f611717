"""Dates, weeks and people in short words."""

from datetime import date

import pytest

from schedule_app.queries.account import device
from schedule_app.queries.labels import (
    dated_days_label,
    days_label,
    initials,
    long_day,
    money_label,
    month_label,
    short_day,
    week_label,
)


def test_days():
    assert short_day(date(2026, 11, 23)) == "Mon 23"
    assert long_day(date(2026, 11, 23)) == "Monday 23 November"


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), "Mon 23 Nov"),
        (date(2026, 6, 3), date(2026, 6, 9), "3–9 Jun"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 Nov – 6 Dec"),
    ],
)
def test_days_label(first: date, last: date, label: str):
    assert days_label(first, last) == label


@pytest.mark.parametrize(
    ("week_start", "label"),
    [
        (date(2026, 11, 23), "23–29 Nov 2026"),
        (date(2026, 11, 30), "30 Nov – 6 Dec 2026"),
        (date(2026, 12, 28), "28 Dec 2026 – 3 Jan 2027"),
    ],
)
def test_week_label(week_start: date, label: str):
    assert week_label(week_start) == label


def test_months_and_days_in_a_row():
    assert month_label(date(2026, 11, 23)) == "November 2026"
    assert dated_days_label(date(2026, 11, 9), date(2026, 11, 22)) == "9–22 Nov 2026"
    assert dated_days_label(date(2025, 11, 9), date(2026, 11, 22)) == "9 Nov 2025 – 22 Nov 2026"


@pytest.mark.parametrize(
    ("cents", "currency", "label"),
    [
        (473_600, "EUR", "€4,736"),
        (123_450, "GBP", "£1,234.50"),
        (0, "USD", "US$0"),
        (12_000, "CHF", "CHF\u00a0120"),
        (5, "XOF", "F\u202fCFA\u00a00.05"),
    ],
)
def test_money(cents: int, currency: str, label: str):
    assert money_label(cents, currency) == label


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Bob Worker", "BW"), ("bob", "B"), ("Ana María de la Cruz", "AC"), ("  Li  Na ", "LN"), ("ßen Ali", "SSA")],
)
def test_initials(name: str, letters: str):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1 Version/17.5 Safari/605.1", "Safari on macOS"),
        ("curl/8.0 <script>", "A browser on an unknown device"),
        ("", "A browser on an unknown device"),
    ],
)
def test_device(user_agent: str, words: str):
    assert device(user_agent) == words
