"""Spans of wall time with what they really are, most of them over a change of the clocks."""

import pytest

# Zone, date, wall start and end, true minutes, label. The clock changes lie within the span wherever there is one.
NIGHTS = [
    pytest.param("Europe/Berlin", "2026-03-28", "22:00", "06:00", 420, "22:00–06:00 +1, 7 h", id="berlin-spring"),
    pytest.param("Europe/Berlin", "2026-10-24", "22:00", "06:00", 540, "22:00–06:00 +1, 9 h", id="berlin-autumn"),
    pytest.param("Europe/Berlin", "2026-06-08", "22:00", "06:00", 480, "22:00–06:00 +1", id="berlin-summer"),
    pytest.param("America/New_York", "2026-03-07", "22:00", "06:00", 420, "22:00–06:00 +1, 7 h", id="new-york-spring"),
    pytest.param("America/New_York", "2026-10-31", "22:00", "06:00", 540, "22:00–06:00 +1, 9 h", id="new-york-autumn"),
    pytest.param(
        "Australia/Lord_Howe", "2024-10-05", "22:00", "06:00", 450, "22:00–06:00 +1, 7 h 30 min", id="lord-howe-spring"
    ),
    pytest.param(
        "Australia/Lord_Howe", "2024-04-06", "22:00", "06:00", 510, "22:00–06:00 +1, 8 h 30 min", id="lord-howe-autumn"
    ),
    pytest.param("America/Santiago", "2024-09-07", "22:00", "06:00", 420, "22:00–06:00 +1, 7 h", id="santiago-gap"),
    pytest.param("America/Santiago", "2024-09-08", "00:00", "08:00", 420, "01:00–08:00", id="santiago-starts-in-gap"),
    pytest.param("America/Santiago", "2024-04-06", "22:00", "06:00", 540, "22:00–06:00 +1, 9 h", id="santiago-repeat"),
    pytest.param("Africa/Cairo", "2024-04-25", "22:00", "06:00", 420, "22:00–06:00 +1, 7 h", id="cairo-gap"),
    pytest.param("Africa/Cairo", "2024-04-25", "16:00", "00:00", 480, "16:00–01:00 +1, 8 h", id="cairo-ends-in-gap"),
    pytest.param("Africa/Cairo", "2024-10-31", "22:00", "06:00", 540, "22:00–06:00 +1, 9 h", id="cairo-repeat"),
    pytest.param("Pacific/Apia", "2011-12-29", "22:00", "06:00", 480, "22:00–06:00 +2, 8 h", id="apia-skipped-day"),
    pytest.param("Pacific/Apia", "2011-12-30", "09:00", "17:00", 480, "09:00–17:00", id="apia-on-the-skipped-day"),
    pytest.param("Africa/Casablanca", "2024-03-09", "22:00", "06:00", 540, "22:00–06:00 +1, 9 h", id="casablanca-on"),
    pytest.param("Africa/Casablanca", "2024-04-13", "22:00", "06:00", 420, "22:00–06:00 +1, 7 h", id="casablanca-off"),
    pytest.param("Asia/Kolkata", "2026-06-08", "22:00", "06:00", 480, "22:00–06:00 +1", id="kolkata"),
    pytest.param("Asia/Kathmandu", "2026-06-08", "22:00", "06:00", 480, "22:00–06:00 +1", id="kathmandu"),
    pytest.param("UTC", "2026-06-08", "22:00", "06:00", 480, "22:00–06:00 +1", id="utc"),
]
