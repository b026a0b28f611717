"""Saying when one can work: what makes sense, against whose newer version, and which shifts it touches."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NotFound, RuleBroken, StaleVersion
from schedule_app.models import Employee
from schedule_app.queries.availability import own_availability
from schedule_app.queries.people import get_person
from schedule_app.services.assignments import assign_employee
from schedule_app.services.availability import save_availability
from schedule_app.services.availability_details import AvailabilityDetails, as_text, stored_details
from schedule_app.services.forms import checked
from schedule_app.services.people import edit_person
from schedule_app.services.person_details import details_of
from tests.db.services.scene import (
    WEEK,
    Scene,
    actor_of,
    assignment_on,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    night,
    rows,
    told,
    writing,
)
from tests.support.builders import build_rule

pytestmark = pytest.mark.usefixtures("database")

TODAY = datetime.now(UTC).date()
OFF = {"available": False}
OPEN = {"available": True}


def slots(*times: str, preference: str = "available") -> dict[str, Any]:
    found = [dict(zip(("start", "end"), each.split("-"), strict=True)) | {"preference": preference} for each in times]
    return {"available": True, "time_slots": found}


def both(frame: str, inner: str, preference: str) -> dict[str, Any]:
    within = slots(inner, preference=preference)["time_slots"]
    return {"available": True, "time_slots": [*slots(frame)["time_slots"], *within]}


def said(**values: Any) -> AvailabilityDetails:
    return checked(AvailabilityDetails, values)


async def seen_by(person: Employee) -> str:
    async with read_session() as session:
        row = await own_availability(session, person.id)
    return as_text(stored_details(row, row.today))


async def save(scene: Scene, **values: Any) -> None:
    await save_availability(scene.actor("employee"), said(**values), seen=await seen_by(scene.bob))


async def test_what_is_said_is_kept_told_and_recorded():
    scene = await make_scene()
    late = {"title": "Late", "day": 1}
    await make_week(scene, {**late, "department_id": scene.department.id}, held={0: [scene.bob]}, status="published")
    later = [{"starts_on": (WEEK + timedelta(days=7)).isoformat(), "days": {"monday": OFF}}]

    await save(scene, week={"tuesday": OFF}, later=later, exceptions={(WEEK + timedelta(days=2)).isoformat(): OFF})

    bob = await fetch(Employee, scene.bob.id)
    assert bob.availability == {"tuesday": {"available": False, "time_slots": []}}
    assert [each["starts_on"] for each in bob.later_availability] == [later[0]["starts_on"]]
    assert list(bob.availability_exceptions) == [(WEEK + timedelta(days=2)).isoformat()]
    for person in (scene.manager, scene.second_manager, scene.supervisor):
        assert await told(person) == ["availability_changed"]
    for person in (scene.bob, scene.carol, scene.stranger):
        assert await told(person) == []
    [[payload, url]] = await rows(
        "SELECT payload, action_url FROM notifications WHERE recipient_id = :id", id=scene.manager.id
    )
    assert (payload["shift_count"], payload["shifts"][0]["title"]) == (1, "Late")
    assert (len(payload["begins"]), payload["date_count"]) == (2, 1)
    assert url == f"/schedule/{scene.site.id}/{WEEK}"
    [entry] = await audited("employee", scene.bob.id)
    assert (entry.action, entry.actor_id) == ("edit", scene.bob.id)
    assert set(entry.after) == {"availability", "later_availability", "availability_exceptions"}


async def test_shifts_stay_and_only_what_is_newly_outside_is_told():
    scene = await make_scene()
    shifts = [{"day": 0}, {"day": 1, "title": "Late"}, {**night(2), "title": "Night"}, {"day": 4}]
    _, [_, late, _, _] = await make_week(
        scene, *shifts, held={index: [scene.bob] for index in range(4)}, status="published"
    )
    await execute(
        'UPDATE employees SET availability = \'{"monday": {"available": false}}\' WHERE id = :id', id=scene.bob.id
    )

    await save(scene, week={"monday": OFF, "tuesday": OFF, "thursday": slots("08:00-20:00")})

    [[payload]] = await rows("SELECT payload FROM notifications WHERE recipient_id = :id", id=scene.manager.id)
    assert [each["title"] for each in payload["shifts"]] == ["Late", "Night"]
    assert (await assignment_on(late, scene.bob)).status == "pending"


async def test_saving_what_is_there_already_tells_nobody():
    scene = await make_scene()
    await save(scene, week={"monday": OPEN})
    assert await told(scene.manager) == []
    assert await audited("employee", scene.bob.id) == []


async def test_over_a_newer_version_it_says_what_differs():
    scene = await make_scene()
    seen = await seen_by(scene.bob)
    details = details_of(await fetch(Employee, scene.bob.id)).model_copy(
        update={"availability": said(week={"friday": OFF}).week}
    )
    await edit_person(scene.actor("manager"), scene.bob.id, details, expected_version=1)

    with pytest.raises(StaleVersion, match="John Manager") as refused:
        await save_availability(scene.actor("employee"), said(week={"monday": OFF}), seen=seen)

    [difference] = refused.value.differences
    assert (difference.label, difference.entered, difference.stored) == ("Your week", "Monday off", "Friday off")
    assert (await fetch(Employee, scene.bob.id)).availability.keys() == {"friday"}


async def test_a_change_of_something_else_is_in_nobody_s_way():
    scene = await make_scene()
    seen = await seen_by(scene.bob)
    await execute("UPDATE employees SET phone = '1' WHERE id = :id", id=scene.bob.id)
    await save_availability(scene.actor("employee"), said(week={"monday": OFF}), seen=seen)


async def test_what_is_over_is_dropped_and_what_has_begun_holds():
    scene = await make_scene()
    yesterday, tomorrow = TODAY - timedelta(days=2), TODAY + timedelta(days=2)
    later = [{"starts_on": day.isoformat(), "days": {"sunday": OFF}} for day in (yesterday, tomorrow)]

    await save(scene, later=later, exceptions={yesterday.isoformat(): OFF, tomorrow.isoformat(): OFF})

    bob = await fetch(Employee, scene.bob.id)
    assert bob.availability.keys() == {"sunday"}
    assert [each["starts_on"] for each in bob.later_availability] == [tomorrow.isoformat()]
    assert list(bob.availability_exceptions) == [tomorrow.isoformat()]


async def test_a_manager_sees_and_changes_the_week_that_holds():
    scene = await make_scene()
    begun = [{"starts_on": "2026-01-01", "days": {"sunday": OFF}}, {"starts_on": "2099-01-01", "days": {}}]
    async with writing() as session:
        bob = await session.get_one(Employee, scene.bob.id)
        bob.later_availability, bob.availability_exceptions = begun, {"2098-12-24": OFF}

    async with read_session() as session:
        view = await get_person(session, scene.actor("manager"), scene.bob.id)
    assert view.availability == {"sunday": OFF}
    assert view.availability_note == (
        "As they say themselves, another week holds from Thu 1 Jan 2099 and something else holds on 1 single date."
    )
    details = details_of(await fetch(Employee, scene.bob.id), TODAY).model_copy(update={"phone": "1"})
    await edit_person(scene.actor("manager"), scene.bob.id, details, expected_version=view.version)
    bob = await fetch(Employee, scene.bob.id)
    assert bob.availability == {"sunday": {"available": False, "time_slots": []}}
    assert [each["starts_on"] for each in bob.later_availability] == ["2099-01-01"]
    assert bob.availability_exceptions.keys() == {"2098-12-24"}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"week": {"monday": slots("09:00-17:00", "16:00-20:00")}}, "Monday: 09:00–17:00 and 16:00–20:00 overlap."),
    ({"week": {"monday": both("09:00-17:00", "16:00-20:00", "disliked")}}, "within a time marked “Can work”"),
    ({"week": {"monday": slots("22:00-06:00", "23:00-23:30")}}, "Monday: 22:00–06:00 and 23:00–23:30 overlap."),
    ({"week": {"monday": slots("08:00-08:00", "10:00-11:00")}}, "overlap"),
    (
        {"week": {"monday": slots("22:00-06:00"), "tuesday": slots("05:00-08:00", preference="disliked")}},
        "Monday: 22:00–06:00 reaches into Tuesday, where 05:00–08:00 says something else.",
    ),
    (
        {"week": {"sunday": slots("22:00-06:00"), "monday": slots("05:00-08:00", preference="unavailable")}},
        "Sunday: 22:00–06:00 reaches into Monday",
    ),
    ({"later": [{"starts_on": "2027-01-01", "days": {"monday": slots("09:00-17:00", "16:00-20:00")}}]}, "overlap"),
    ({"later": [{"starts_on": "2027-01-01", "days": {}}] * 2}, "same day"),
    ({"later": [{"starts_on": f"2027-01-{day:02}", "days": {}} for day in range(1, 14)]}, "At most 12"),
    ({"exceptions": {"2027-01-01": slots("09:00-17:00", "16:00-20:00")}}, "Fri 1 Jan 2027: 09:00–17:00 and"),
    (
        {
            "exceptions": {
                "2027-01-01": slots("22:00-06:00"),
                "2027-01-02": slots("05:00-08:00", preference="unavailable"),
            }
        },
        "Fri 1 Jan 2027: 22:00–06:00 reaches into Sat 2 Jan 2027",
    ),
    ({"exceptions": {(date(2027, 1, 1) + timedelta(days=day)).isoformat(): OFF for day in range(101)}}, "At most 100"),
    ({"exceptions": {"2027-02-30": OFF}}, "could not be read"),
    ({"week": {"monday": {"available": False, "time_slots": [{"start": "09:00", "end": "10:00"}]}}}, "day off"),
    ({"week": {"someday": OFF}}, "from the list"),
]


@pytest.mark.parametrize(("values", "words"), BAD)
def test_what_makes_no_sense_is_refused_in_words(values: dict[str, Any], words: str):
    with pytest.raises(InvalidInput) as refused:
        said(**values)
    assert words in refused.value.message


@pytest.mark.parametrize(
    "week",
    [
        {"monday": slots("09:00-12:00", "12:00-17:00")},
        {"monday": slots("22:00-06:00"), "tuesday": slots("05:00-08:00")},
        {"monday": slots("22:00-06:00"), "tuesday": slots("06:00-08:00", preference="unavailable")},
        {"monday": slots("22:00-06:00"), "tuesday": OFF},
        {"monday": both("08:00-18:00", "16:00-18:00", "disliked")},
        {"monday": both("08:00-18:00", "12:00-13:00", "unavailable")},
        {"monday": both("09:00-17:00", "09:00-17:00", "preferred")},
        {"monday": slots("22:00-06:00"), "tuesday": slots("02:00-04:00", preference="disliked")},
        {"sunday": slots("22:00-00:00"), "monday": slots("00:00-08:00", preference="disliked")},
    ],
)
def test_times_that_touch_or_say_the_same_are_fine(week: dict[str, Any]):
    assert said(week=week).week.keys() == week.keys()


@pytest.mark.parametrize(
    "values",
    [
        {"later": [{"starts_on": "2099-01-01", "days": {}}]},
        {"exceptions": {"9999-12-30": OFF}},
    ],
)
async def test_what_lies_too_far_ahead_is_refused(values: dict[str, Any]):
    scene = await make_scene()
    with pytest.raises(InvalidInput, match="days ahead"):
        await save(scene, **values)


async def test_who_has_left_says_nothing():
    scene = await make_scene()
    seen = await seen_by(scene.bob)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)
    with pytest.raises(NotFound):
        await save_availability(scene.actor("employee"), said(), seen=seen)


async def test_the_rules_know_the_date():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, rule_type="availability", constraints={})
    _, [monday, tuesday, _] = await make_week(scene, {"day": 0}, {"day": 1}, {"day": 2})
    exception = {(WEEK + timedelta(days=1)).isoformat(): slots("09:00-17:00")}
    await save(
        scene, later=[{"starts_on": WEEK.isoformat(), "days": {"monday": OFF, "tuesday": OFF}}], exceptions=exception
    )

    with pytest.raises(RuleBroken, match="is not available on"):
        await assign_employee(actor_of(scene.manager), monday.id, scene.bob.id)
    await assign_employee(actor_of(scene.manager), tuesday.id, scene.bob.id)
