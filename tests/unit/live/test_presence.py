"""Who is on a board, as one process knows it from its own tabs and from what the others say."""

import json

import pytest

from schedule_app.live import presence as module
from schedule_app.live.presence import Presence, Visitor

WEEK, OTHER_WEEK = "presence:1:2026-11-23", "presence:1:2026-11-30"
JOAN, MONA = Visitor(1, "Joan Manager"), Visitor(2, "Mona Manager")


def test_everybody_is_seen_once_by_all_but_themselves_and_by_nobody_on_another_week():
    presence = Presence()
    presence.enter("a", WEEK, JOAN)
    presence.enter("b", WEEK, Visitor(1, "Joan Manager", "12:3"))
    presence.enter("c", WEEK, MONA)
    presence.enter("d", OTHER_WEEK, Visitor(3, "Sam Supervisor"))

    assert presence.visitors(WEEK, but=2) == [Visitor(1, "Joan Manager", "12:3")]
    assert presence.visitors(WEEK, but=1) == [MONA]
    assert presence.visitors(OTHER_WEEK, but=1) == [Visitor(3, "Sam Supervisor")]


def test_two_processes_see_each_other_s_people():
    here, there = Presence(), Presence()
    here.enter("a", WEEK, JOAN)
    there.enter("b", WEEK, MONA)

    assert there.hear(here.telling(WEEK)) == WEEK
    assert there.hear(here.telling(WEEK)) is None
    assert here.hear(here.telling(WEEK)) is None
    assert there.visitors(WEEK, but=2) == [JOAN]
    here.leave("a")
    assert there.hear(here.telling(WEEK)) == WEEK
    assert there.visitors(WEEK, but=2) == []


def test_a_tab_that_has_gone_and_a_process_that_is_silent_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    here, there = Presence(), Presence()
    here.enter("a", WEEK, JOAN)
    there.enter("b", WEEK, MONA)
    there.hear(here.telling(WEEK))

    assert there.forget({"b"}) == set()
    assert there.visitors(WEEK, but=9) == [JOAN, MONA]
    now = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + module.FORGOTTEN_AFTER_SECONDS + 1)
    assert there.forget(set()) == {WEEK}
    assert there.visitors(WEEK, but=9) == []


async def test_a_million_moves_are_told_as_one():
    presence = Presence()
    for number in range(10_000):
        presence.enter("a", WEEK, Visitor(1, "Joan Manager", f"{number}:1"))
    assert await presence.changed() == {WEEK}
    assert [person["c"] for person in json.loads(presence.telling(WEEK))["people"]] == ["9999:1"]


def test_a_crowd_fits_into_one_notification():
    presence = Presence()
    for number in range(1, 400):
        presence.enter(str(number), WEEK, Visitor(number, "Ü" * 60, "open:7"))
    assert len(presence.telling(WEEK).encode()) < 8000
    assert Presence().hear(presence.telling(WEEK)) == WEEK


@pytest.mark.parametrize("payload", ["", "{}", "[]", "null", '{"process": "x", "week": "w", "people": [{"i": "no"}]}'])
def test_what_cannot_be_read_changes_nothing(payload: str):
    assert Presence().hear(payload) is None
