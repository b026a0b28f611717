"""The pages about rules: read live, tried before they change anything, and of the actor's site alone."""

import json
from datetime import time
from typing import Any

import pytest

from schedule_app.models import Rule
from schedule_app.ui.manage.rules.list_state import RulesState
from schedule_app.ui.manage.rules.rule_state import RuleState
from schedule_app.ui.manage.rules.say_state import SayState
from schedule_app.ui.manage.rules.trial_state import TrialState
from schedule_app.ui.manage.rules.weights_state import WeightsState
from schedule_app.ui.manage.violations.state import ViolationsState
from tests.db.services.scene import Scene, execute, fetch, make_scene, make_week, rows, writing
from tests.support.builders import build_rule
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("database")

EARLY: dict[str, Any] = {"start": time(6), "end": time(14)}
COMMON = {"name": "Days", "scope": "", "priority": "5", "strict": "true", "effective_from": "", "effective_until": ""}


async def busy_scene() -> tuple[Scene, Rule]:
    """Bob works three days in a row, where two are allowed, and a rest that is short for nobody."""
    scene = await make_scene()
    await make_week(scene, *({**EARLY, "day": day} for day in range(3)), held={day: [scene.bob] for day in range(3)})
    async with writing() as session:
        await build_rule(session, scene.site, name="Rest")
        limits = {"rule_type": "consecutive_days", "constraints": {"max_days": 2}}
        return scene, await build_rule(session, scene.site, name="Two days", strict=False, **limits)


def counts(tab: Tab) -> dict[str, int]:
    """How much breaks each rule of the list, as the browser was told."""
    return {each["name"]: each["now"] for group in tab.shows(RulesState)["groups"] for each in group["rules"]}


async def test_the_list_and_what_is_broken_follow_every_change():
    scene, rule = await busy_scene()
    async with browser_of(scene.manager.id) as tab, browser_of(scene.second_manager.id) as other, live_pushes():
        await tab.open("/manage/rules")
        await other.open("/manage/violations")
        assert counts(tab) == {"Rest": 0, "Two days": 1}
        [item] = other.shows(ViolationsState)["items"]
        assert (item["person"], item["rule"], item["blocks"]) == ("Bob Worker", "Two days", False)
        assert item["href"].endswith(f"#cell-{scene.bob.id}-1")

        await execute("UPDATE rules SET constraints = '{\"max_days\": 3}' WHERE id = :id", id=rule.id)
        await eventually(lambda: counts(tab) == {"Rest": 0, "Two days": 0})
        await eventually(lambda: other.shows(ViolationsState)["items"] == [])
        await execute("UPDATE employees SET max_minutes = 60 WHERE id = :id", id=scene.bob.id)
        await execute(
            "INSERT INTO rules (site_id, rule_type, name) VALUES (:site, 'workload', 'Hours')", site=scene.site.id
        )
        await eventually(lambda: counts(tab).get("Hours") == 1)


async def test_what_is_shown_is_narrowed_and_the_address_says_so():
    scene, rule = await busy_scene()
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/manage/violations?rule={rule.id}")
        assert [item["rule"] for item in tab.shows(ViolationsState)["items"]] == ["Two days"]
        for look in ({"person": str(scene.carol.id)}, {"rule": "overlap"}, {"week": "1999-01-04"}, {"department": "1"}):
            await tab.send(ViolationsState.narrow, look)
            assert (tab.state(ViolationsState).items, tab.state(ViolationsState).found) == ([], 1)
        await tab.send(ViolationsState.narrow, {"person": str(scene.bob.id)})
        assert len(tab.state(ViolationsState).items) == 1


async def test_switching_is_tried_first_and_done_when_confirmed():
    scene, rule = await busy_scene()
    async with browser_of(scene.manager.id) as tab, live_pushes():
        await tab.open("/manage/rules")
        await tab.send(TrialState.switch, {"rule_id": rule.id})
        shown = tab.shows(TrialState)
        assert (shown["is_open"], shown["summary"]) == (True, "1 breach disappears.")
        assert [item["change"] for item in shown["items"]] == ["gone"]
        await tab.send(TrialState.look, {"window": "past"})
        assert tab.shows(TrialState)["summary"] == "Nothing in these weeks is against this rule."
        assert (await fetch(Rule, rule.id)).is_active

        await tab.send(TrialState.confirm)
        assert not (await fetch(Rule, rule.id)).is_active
        assert not tab.state(TrialState).is_open
        await eventually(lambda: counts(tab) == {"Rest": 0, "Two days": 0})


async def test_a_rule_changed_in_between_is_not_switched():
    scene, rule = await busy_scene()
    async with browser_of(scene.manager.id) as tab:
        await tab.open("/manage/rules")
        await tab.send(TrialState.switch, {"rule_id": rule.id})
        await execute("UPDATE rules SET name = 'Other' WHERE id = :id", id=rule.id)
        await tab.send(TrialState.confirm)
        assert "in the meantime" in tab.state(TrialState).problem
        assert (await fetch(Rule, rule.id)).is_active


async def test_a_save_that_comes_too_late_shows_both_versions_to_choose_from():
    scene, rule = await busy_scene()
    mine = json.dumps(COMMON | {"max_days": "1", "is_active": "on"})
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/manage/rules/{rule.id}")
        await execute("UPDATE rules SET constraints = '{\"max_days\": 3}' WHERE id = :id", id=rule.id)
        await tab.send(RuleState.check, {"values": mine})
        await tab.send(TrialState.confirm)
        differences = {each.label: (each.entered, each.stored) for each in tab.state(TrialState).differences}
        assert set(differences) == {"Name", "What it asks for", "When it is broken"}
        assert differences["Name"] == ("Days", "Two days")

        await tab.send(RuleState.show_newest)
        assert [each.value for each in tab.state(RuleState).form] == ["3", "", "", "", ""]
        await tab.send(TrialState.confirm)
        assert (await fetch(Rule, rule.id)).constraints == {"max_days": 1}
        assert not tab.state(TrialState).is_open


async def test_a_new_rule_is_saved_only_when_confirmed():
    scene, _ = await busy_scene()
    filled = json.dumps(COMMON | {"max_days": "1", "is_active": "on", "scope": f"person:{scene.bob.id}"})
    async with browser_of(scene.manager.id) as tab:
        await tab.open("/manage/rules/consecutive_days")
        await tab.send(RuleState.check, {"values": filled})
        assert tab.shows(TrialState)["summary"] == "1 breach appears."
        assert "Applies to Bob Worker alone. Blocks." in tab.shows(TrialState)["sentence"]
        assert await rows("SELECT 1 FROM rules WHERE site_id = :id AND name = 'Days'", id=scene.site.id) == []
        await tab.send(TrialState.confirm)
        assert tab.redirects[-1] == f"/manage/rules?site={scene.site.id}"

    [made] = await rows(
        "SELECT constraints, employee_id, is_active, strict FROM rules WHERE site_id = :id AND name = 'Days'",
        id=scene.site.id,
    )
    assert tuple(made) == ({"max_days": 1}, scene.bob.id, True, True)


async def test_people_and_departments_of_elsewhere_are_refused_at_the_field():
    scene, elsewhere = await make_scene(), await make_scene()
    async with browser_of(scene.manager.id) as tab:
        await tab.open("/manage/rules/consecutive_days")
        for scope in (f"person:{elsewhere.bob.id}", f"department:{elsewhere.department.id}", f"person:{2**40}"):
            filled = json.dumps(COMMON | {"max_days": "1", "scope": scope})
            await tab.send(RuleState.check, {"values": filled})
            assert tab.state(RuleState).errors.scope == "Please choose one from the list."
            assert not tab.state(TrialState).is_open


@pytest.mark.parametrize("who", ["stranger", "supervisor", "bob"])
async def test_rules_of_elsewhere_look_like_none(who: str):
    scene, rule = await busy_scene()
    async with browser_of(getattr(scene, who).id) as tab:
        for page in (f"/manage/rules?site={scene.site.id}", f"/manage/violations?site={scene.site.id}"):
            await tab.open(page)
            assert tab.alert
        await tab.open(f"/manage/rules/{rule.id}")
        await tab.send(TrialState.switch, {"rule_id": rule.id})
        assert tab.shows(RulesState).get("groups", []) == []
        assert tab.shows(ViolationsState).get("items", []) == []
        assert tab.shows(RuleState).get("form", []) == []
        assert not tab.state(TrialState).is_open


async def test_a_rule_that_cannot_be_understood_is_listed_opened_and_corrected():
    scene = await make_scene()
    await make_week(scene, EARLY, held={0: [scene.bob]})
    async with writing() as session:
        rule = await build_rule(session, scene.site, name="Broken", constraints={"min_minutes": "many"})
    async with browser_of(scene.manager.id) as tab:
        await tab.open("/manage/rules")
        assert counts(tab) == {"Broken": 0}
        await tab.open(f"/manage/rules/{rule.id}")
        assert "cannot be understood" in tab.state(RuleState).problem
        await tab.send(RuleState.check, {"values": json.dumps(COMMON | {"min_minutes": "11", "is_active": "on"})})
        await tab.send(TrialState.confirm)
    assert (await fetch(Rule, rule.id)).constraints == {"min_minutes": 660}


async def test_a_rule_that_is_said_opens_as_a_form_and_is_saved_from_there():
    scene, _ = await busy_scene()
    text = f"{scene.bob.name} works at most 2 days in a row"
    async with browser_of(scene.manager.id) as tab:
        await tab.open("/manage/rules")
        await tab.send(SayState.say, {"text": text})
        heard = tab.shows(SayState)["heard"]
        assert heard["meaning"] == f"Nobody works more than 2 days in a row. Applies to {scene.bob.name} alone. Blocks."
        assert await rows("SELECT 1 FROM rules WHERE site_id = :id AND employee_id IS NOT NULL", id=scene.site.id) == []

        await tab.open(heard["href"])
        shown = tab.shows(RuleState)
        assert [each["value"] for each in shown["form"] if each["name"] == "max_days"] == ["2"]
        assert (shown["common"]["scope"], shown["common"]["name"]) == (f"person:{scene.bob.id}", text)


async def test_the_word_that_is_not_understood_is_shown():
    scene, _ = await busy_scene()
    async with browser_of(scene.manager.id) as tab:
        await tab.open("/manage/rules")
        await tab.send(SayState.say, {"text": "Nobody works on Fundays"})
        unheard = tab.shows(SayState)["unheard"]
        assert (unheard["before"], unheard["word"]) == ("Nobody works on ", "Fundays")
        assert "“Fundays” is not understood here." in unheard["problem"]
        assert tab.state(SayState).heard.href == ""


async def test_people_of_elsewhere_are_nobody_in_what_is_said():
    scene, elsewhere = await make_scene(), await make_scene()
    await execute("UPDATE employees SET name = 'Xaver Unknown' WHERE id = :id", id=elsewhere.bob.id)
    async with browser_of(scene.manager.id) as tab:
        await tab.open("/manage/rules")
        await tab.send(SayState.say, {"text": "Xaver Unknown never works Mondays"})
        assert tab.state(SayState).unheard.word == "Xaver"


async def test_an_address_that_says_something_else_opens_an_empty_form():
    scene, _ = await busy_scene()
    async with browser_of(scene.manager.id) as tab:
        for said in ("nonsense", "11 hours of rest between shifts"):
            await tab.open(f"/manage/rules/consecutive_days?site={scene.site.id}&say={said}")
            assert [each["value"] for each in tab.shows(RuleState)["form"] if each["name"] == "max_days"] == [""]


async def test_weights_are_saved_refused_at_their_line_and_reset():
    scene = await make_scene()
    async with browser_of(scene.manager.id) as tab:
        await tab.open("/manage/rules/weights")
        entered = {each["rule_type"]: each["value"] for each in tab.shows(WeightsState)["lines"]}
        await tab.send(WeightsState.save, {"values": json.dumps(entered | {"cost": "1000", "fairness": "many"})})
        errors = {each.rule_type: each.error for each in tab.state(WeightsState).lines if each.error}
        assert errors == dict.fromkeys(("cost", "fairness"), "Please enter a whole number from 0 to 100.")

        await tab.send(WeightsState.save, {"values": json.dumps(entered | {"cost": "9"})})
        assert tab.state(WeightsState).is_saved
        assert [tuple(each) for each in await rows("SELECT weights FROM sites WHERE id = :id", id=scene.site.id)] == [
            ({"cost": 9},)
        ]
        await tab.send(WeightsState.show_defaults)
        assert {each.rule_type: each.value for each in tab.state(WeightsState).lines} == entered


async def test_weights_changed_elsewhere_are_told_and_not_saved_over():
    scene = await make_scene()
    async with browser_of(scene.manager.id) as tab, live_pushes():
        await tab.open("/manage/rules/weights")
        await execute("UPDATE sites SET weights = '{\"cost\": 5}' WHERE id = :id", id=scene.site.id)
        await eventually(lambda: tab.state(WeightsState).is_outdated)
        entered = {each.rule_type: each.value for each in tab.state(WeightsState).lines}
        await tab.send(WeightsState.save, {"values": json.dumps(entered | {"cost": "9"})})
        assert "in the meantime" in tab.state(WeightsState).problem
        await tab.send(WeightsState.show_newest)
        assert [each.value for each in tab.state(WeightsState).lines if each.rule_type == "cost"] == ["5"]
