"""Dates, weeks and people in the short words that screens and notices share."""

from datetime import date
from typing import Final

from schedule_app.domain.time import dated_days_label as dated_days_label
from schedule_app.domain.time import minutes_label
from schedule_app.domain.time import week_label as week_label

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
#: The currencies that British English writes with a symbol, as browsers do, which write the board's sums themselves.
_SYMBOLS: Final = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "JP¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "PHP": "₱",
    "TWD": "NT$",
    "USD": "US$",
    "VND": "₫",
    "XAF": "FCFA",
    "XCD": "EC$",
    "XOF": "F\u202fCFA",
    "XPF": "CFPF",
}


def short_day(day: date) -> str:
    """Write a date as "Mon 23"."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day}"


def long_day(day: date) -> str:
    """Write a date as "Monday 23 November"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def days_label(first: date, last: date) -> str:
    """Some days of a year: "Mon 23 Nov", "3–9 Jun", "30 Nov – 6 Dec"."""
    end = f"{last.day} {MONTHS[last.month - 1][:3]}"
    if first == last:
        return f"{WEEKDAYS[first.weekday()][:3]} {end}"
    if first.month == last.month:
        return f"{first.day}–{end}"
    return f"{first.day} {MONTHS[first.month - 1][:3]} – {end}"


def month_label(day: date) -> str:
    """A month: "November 2026"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def hours_label(minutes: int) -> str:
    """Minutes as "7 h 30 min"; none as "0 h"."""
    return minutes_label(minutes) if minutes else "0 h"


def money_label(cents: int, currency: str) -> str:
    """An amount not below zero: "€1,234.50", "CHF 120". The `money` of assets/board/text.jsx writes the same."""
    symbol = _SYMBOLS.get(currency, currency)
    amount = f"{cents / 100:,.2f}".removesuffix(".00")
    return f"{symbol}\u00a0{amount}" if symbol[-1].isalpha() else f"{symbol}{amount}"
