"""The next shift as the server writes it into the page."""

from schedule_app.queries.me import MyShift
from schedule_app.ui.me.first_look import next_card

HOSTILE = '<img src=x onerror="alert(1)">'


def test_words_of_people_stay_words() -> None:
    shift = MyShift(
        id=1,
        version=1,
        day_label="Monday 30 November",
        label="07:00–15:00",
        begins="07:00",
        starts_at="2026-11-30T06:00:00+00:00",
        title=HOSTILE,
        place=HOSTILE,
        department=HOSTILE,
        status="pending",
        confirm_by="",
        deadline_text="",
        can_confirm=True,
        can_decline=True,
        note=HOSTILE,
        colleagues=[HOSTILE],
    )

    card = next_card(shift)

    assert "<img" not in card
    assert card.count("&lt;img") == 4
