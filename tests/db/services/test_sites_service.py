"""Sites made and changed, and what becomes of what is there."""

from datetime import timedelta
from typing import Any

import pytest

from schedule_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, ScheduleError, StaleVersion
from schedule_app.models import Shift, Site
from schedule_app.services.forms import checked
from schedule_app.services.schedules import create_schedule
from schedule_app.services.shifts import ShiftDetails, create_shift
from schedule_app.services.sites import SiteDetails, create_site, edit_site, zone_names
from tests.db.services.scene import WEEK, Scene, audited, fetch, make_scene, make_week
from tests.support.database import Database


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


def site(**values: Any) -> SiteDetails:
    return checked(SiteDetails, {"name": "Depot", "time_zone": "Europe/Berlin"} | values)


async def test_a_site_is_kept_as_entered(scene: Scene):
    swaps = {"swap_cutoff_minutes": 0, "swaps_need_approval": False}
    answers = {"four_eyes": True, "confirm_within_minutes": 90}
    details = site(week_starts_on=6, clock_24h=False, currency="usd", **answers, **swaps)
    site_id = await create_site(scene.actor("admin"), details)

    kept = await fetch(Site, site_id)
    assert (kept.name, kept.week_starts_on, kept.clock_24h, kept.currency) == ("Depot", 6, False, "USD")
    assert (kept.four_eyes, kept.confirm_within_minutes) == (True, 90)
    assert (kept.swap_cutoff_minutes, kept.swaps_need_approval) == (0, False)
    assert [each.action for each in await audited("site", site_id)] == ["create"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "give a name"),
        ("name", "a\u2066b", "direction"),
        ("time_zone", "Mars/Olympus", "from the list"),
        ("time_zone", "../etc/passwd", "from the list"),
        ("week_starts_on", 7, "at most 6"),
        ("week_starts_on", -1, "at least 0"),
        ("currency", "XXXX", "three letters"),
        ("currency", "QQQ", "three letters"),
        ("confirm_within_minutes", 0, "at least 1"),
        ("confirm_within_minutes", 10**9, "at most 43200"),
        ("swap_cutoff_minutes", -1, "at least 0"),
        ("swap_cutoff_minutes", 20161, "at most 20160"),
        ("clock_24h", "perhaps", "could not be read"),
    ],
)
def test_values_that_cannot_be_are_refused_beside_their_field(field: str, value: Any, words: str):
    with pytest.raises(InvalidInput) as refused:
        site(**{field: value})
    assert words in refused.value.problems[field]


def test_the_zones_to_choose_from_are_zones():
    assert {"Europe/Berlin", "America/New_York", "Asia/Kathmandu"} <= set(zone_names())


async def test_shifts_keep_their_zone_and_new_ones_take_the_new(scene: Scene):
    schedule, [old] = await make_week(scene)
    await edit_site(scene.actor("manager"), scene.site.id, site(time_zone="America/New_York"), expected_version=1)
    new = await create_shift(scene.actor("manager"), schedule.id, ShiftDetails(WEEK, old.local_start, old.local_end))

    kept, made = await fetch(Shift, old.id), await fetch(Shift, new)
    assert (kept.time_zone, kept.starts_at) == ("Europe/Berlin", old.starts_at)
    assert (made.time_zone, made.starts_at - old.starts_at) == ("America/New_York", timedelta(hours=6))


async def test_the_week_starts_on_the_same_day_as_long_as_there_are_weeks(scene: Scene):
    manager = scene.actor("manager")
    await edit_site(manager, scene.site.id, site(week_starts_on=6), expected_version=1)
    await create_schedule(manager, scene.site.id, WEEK)
    with pytest.raises(Conflict, match="There is 1 week that starts on Sunday"):
        await edit_site(manager, scene.site.id, site(week_starts_on=0), expected_version=2)
    await edit_site(manager, scene.site.id, site(week_starts_on=6, name="Other"), expected_version=2)


async def test_of_two_who_save_the_later_sees_both_versions(scene: Scene):
    manager = scene.actor("manager")
    await edit_site(manager, scene.site.id, site(clock_24h=False), expected_version=1)
    with pytest.raises(StaleVersion) as refused:
        await edit_site(manager, scene.site.id, site(four_eyes=True), expected_version=1)
    assert refused.value.version == 2
    assert [(each.label, each.entered, each.stored) for each in refused.value.differences] == [
        ("Clock", "24 hours", "12 hours, AM and PM"),
        ("Four eyes", "yes", "no"),
    ]


@pytest.mark.parametrize(
    ("who", "refusal"), [("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)]
)
async def test_others_change_no_site(scene: Scene, who: str, refusal: type[ScheduleError]):
    with pytest.raises(refusal):
        await edit_site(scene.actor(who), scene.site.id, site(), expected_version=1)
    with pytest.raises(NotAllowed):
        await create_site(scene.actor(who), site())


async def test_only_admins_open_sites(scene: Scene):
    with pytest.raises(NotAllowed):
        await create_site(scene.actor("manager"), site())
    with pytest.raises(NotFound):
        await edit_site(scene.actor("admin"), 2**40, site(), expected_version=1)
