"""The insight page: which weeks it shows, to whom, and how it follows changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schedule_app.domain.time import week_start_of
from schedule_app.ui.insight.state import InsightState
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week
from tests.support.database import Database
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

UNTIL = WEEK + timedelta(days=6)


@pytest.fixture
async def scene(database: Database) -> Scene:
    scene = await make_scene()
    await execute("UPDATE employees SET contracted_minutes = 2400, hourly_rate_cents = 4321")
    await make_week(scene, {"required_staff": 2}, held={0: [scene.bob]}, status="published")
    return scene


def address(scene: Scene, first: object = WEEK, last: object = UNTIL, more: str = "") -> str:
    return f"/insight/{scene.site.id}?from={first}&to={last}{more}"


def card(tab: Tab, part: str) -> dict[str, Any]:
    return next(each for each in tab.shows(InsightState)["cards"] if each["part"] == part)


def parts(tab: Tab) -> list[str]:
    return [each["part"] for each in tab.shows(InsightState)["cards"]]


async def test_the_address_says_which_weeks(scene: Scene):
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene))
        assert card(tab, "coverage")["headline"].startswith("8 h short and 0 h over, in 1 week with a plan.")
        assert card(tab, "hours")["charts"][0]["bars"][-1]["label"] == "Bob Worker"
        assert card(tab, "cost")["headline"] == "€345.68."


async def test_without_days_in_the_address_it_is_this_week_and_three_before(scene: Scene):
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/insight/{scene.site.id}")
        window = tab.shows(InsightState)["window"]
    today = datetime.now(UTC).date()
    # Midnight comes earlier in Berlin.
    starts = {week_start_of(today), week_start_of(today + timedelta(days=1))}
    assert date.fromisoformat(window["first"]) + timedelta(weeks=3) in starts
    assert date.fromisoformat(window["last"]) - timedelta(days=6) in starts
    assert not tab.shows(InsightState).get("has_plan")


async def test_choosing_weeks_names_them_in_the_address(scene: Scene):
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/insight/{scene.site.id}")
        await tab.send(InsightState.choose, {"first": WEEK.isoformat(), "last": UNTIL.isoformat()})
        assert tab.shows(InsightState)["has_plan"]
        assert f"from={WEEK}&to={UNTIL}" in str(tab.events[-1].payload)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (UNTIL, WEEK, "The last day comes before the first one."),
        (WEEK, WEEK + timedelta(days=3650), "That is 522 weeks. Choose at most 26."),
        (date.min, date.max, "Choose days between 2000 and 2099."),
    ],
)
async def test_weeks_that_make_no_sense_change_nothing_and_are_refused_in_words(
    scene: Scene, first: date, last: date, words: str
):
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene))
        before = tab.shows(InsightState)["window"]
        await tab.send(InsightState.choose, {"first": first.isoformat(), "last": last.isoformat()})
        assert tab.shows(InsightState)["problem"] == words
        assert tab.shows(InsightState)["window"] == before
        await tab.send(InsightState.look_at, {"drafts": True})
        assert tab.shows(InsightState)["problem"] == ""

        await tab.open(address(scene, first, last))
        assert tab.shows(InsightState)["problem"] == words
        assert parts(tab) == []


async def test_an_address_with_no_days_in_it_is_refused_in_words(scene: Scene):
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene, "yesterday", "<script>"))
        assert tab.shows(InsightState)["problem"] == "The address names a day that there is not."
        assert tab.alert == ""


async def test_staff_and_other_sites_see_nothing(scene: Scene):
    for who, words in ((scene.bob, "You are not allowed to do this."), (scene.stranger, "This does not exist")):
        async with browser_of(who.id) as tab:
            await tab.open(address(scene))
            assert tab.alert.startswith(words)
            await tab.send(InsightState.toggle, {"part": "hours"})
            await tab.send(InsightState.choose, {"first": WEEK.isoformat(), "last": UNTIL.isoformat()})
            await tab.send(InsightState.refresh)
            assert tab.shows(InsightState).get("cards", []) == []


async def test_supervisors_see_everything_but_the_cost(scene: Scene):
    async with browser_of(scene.supervisor.id) as tab:
        await tab.open(address(scene))
        assert parts(tab) == ["coverage", "hours", "fairness", "violations", "overtime", "answers"]
        before = tab.bytes_received
        await tab.send(InsightState.toggle, {"part": "cost"})
        assert tab.alert == "You are not allowed to do this."
        assert tab.bytes_received - before < 1000
        await tab.send(InsightState.toggle, {"part": "hours"})
        assert card(tab, "hours")["is_open"]
        assert "345.68" not in str(tab._vars)


async def test_the_numbers_open_and_close(scene: Scene):
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene))
        assert card(tab, "cost")["rows"] == []
        await tab.send(InsightState.toggle, {"part": "cost"})
        assert card(tab, "cost")["rows"][0][-1] == "345.68"
        await tab.send(InsightState.toggle, {"part": "cost"})
        assert card(tab, "cost")["rows"] == []


async def test_a_change_is_pushed_and_who_loses_the_permission_loses_the_cost(scene: Scene):
    async with live_pushes(), browser_of(scene.manager.id) as tab, browser_of(scene.second_manager.id) as other:
        for each in (tab, other):
            await each.open(address(scene))
            await each.send(InsightState.toggle, {"part": "cost"})
        await execute("UPDATE employees SET hourly_rate_cents = 1000 WHERE id = :id", id=scene.bob.id)
        await eventually(lambda: "cost" in parts(tab) and card(tab, "cost")["headline"] == "€80.")
        await execute("UPDATE employees SET role = 'supervisor' WHERE id = :id", id=scene.second_manager.id)
        await eventually(lambda: "cost" not in parts(other))
        assert card(tab, "cost")["rows"][0][-1] == "80.00"


async def test_drafts_count_when_asked_for(scene: Scene):
    later = WEEK + timedelta(days=7)
    await make_week(scene, {"required_staff": 3}, week_start=later)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene, later, later))
        assert not tab.shows(InsightState).get("has_plan")
        await tab.send(InsightState.look_at, {"drafts": True})
        assert card(tab, "coverage")["headline"].startswith("24 h short")
        await tab.open(address(scene, later, later, "&drafts=1"))
        assert tab.shows(InsightState)["window"]["drafts"]
