"""Notes and reasons as people type them."""

import pytest

from schedule_app.domain.errors import InvalidInput
from schedule_app.services.text import clean_note, clean_reason


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, None),
        ("", None),
        (" \n\t ", None),
        ("  See you  ", "See you"),
        ("one\r\ntwo\nthree", "one\ntwo\nthree"),
        ("a\tb", "a\tb"),
        ("<img src=x onerror=alert(1)> 'quoted' =1+1", "<img src=x onerror=alert(1)> 'quoted' =1+1"),
        ("Grüße 👍 ‏שלום", "Grüße 👍 ‏שלום"),
        ("x" * 500, "x" * 500),
        (" " * 300 + "x" * 500 + " " * 300, "x" * 500),
    ],
)
def test_notes_are_trimmed_and_otherwise_kept(typed: str | None, kept: str | None):
    assert clean_note(typed) == kept


@pytest.mark.parametrize("typed", ["x" * 501, "a\x00b", "a\x07b", "a\x1b[31m", "a\x7fb", "a\x85b", "a\ud800b"])
def test_notes_that_cannot_be_kept_are_refused(typed: str):
    with pytest.raises(InvalidInput) as refused:
        clean_note(typed, "comment")

    assert refused.value.field == "comment"


@pytest.mark.parametrize("typed", [None, "", "  ", "no", " no ", "x" * 501])
def test_a_reason_has_to_be_given(typed: str | None):
    with pytest.raises(InvalidInput):
        clean_reason(typed)


def test_a_short_reason_is_enough():
    assert clean_reason(" ill ") == "ill"
