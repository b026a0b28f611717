"""How people wish to be told: what they chose, what their site says and locks, and who comes too late."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from schedule_app.db.engine import read_session, unit_of_work
from schedule_app.domain.delivery import Channel, Preferences, Setting
from schedule_app.domain.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from schedule_app.domain.notices import AssignmentAdded, Category, Moment, NamedShift
from schedule_app.models import Employee
from schedule_app.queries.inbox import inbox
from schedule_app.queries.me import my_week
from schedule_app.queries.preferences import own_wishes, preferences_of
from schedule_app.services.forms import checked
from schedule_app.services.notifications import notify
from schedule_app.services.preferences import DefaultDetails, WishDetails, save_site_defaults, save_wishes
from tests.db.services.scene import Scene, actor_of, audited, execute, make_scene, make_week, rows, writing
from tests.support.builders import build_employee
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")

EMAIL, PUSH, SMS = Channel.EMAIL, Channel.PUSH, Channel.SMS
SHIFTS = Category.ASSIGNMENT


def wishes(**columns: Any) -> WishDetails:
    """What somebody entered."""
    return checked(WishDetails, {"channels": {}, **columns})


async def preferences(person: Employee) -> Preferences:
    """How the person is told."""
    async with read_session() as session:
        return (await preferences_of(session, [person.id]))[person.id]


async def site_says(scene: Scene, settings: dict[str, dict[str, str]], *, version: int | None = None) -> None:
    """The manager says what holds at the site."""
    [[stored]] = await rows("SELECT version FROM sites WHERE id = :id", id=scene.site.id)
    details = checked(DefaultDetails, {"settings": settings})
    await save_site_defaults(scene.actor("manager"), scene.site.id, details, expected_version=version or stored)


async def test_who_chose_nothing_is_told_as_the_site_says_at_once_and_by_its_clocks():
    scene = await make_scene()

    assert await preferences(scene.bob) == Preferences(
        dict.fromkeys(Category, frozenset({EMAIL, PUSH})), zone=scene.site.time_zone
    )


async def test_what_somebody_chose_is_kept_and_recorded():
    scene = await make_scene()
    entered = wishes(
        channels={"assignment": {"email": False, "sms": True}, "system": {"push": False}},
        quiet_from=time(22),
        quiet_until=time(6, 30),
        digest_at=time(18),
        time_zone="America/New_York",
    )

    await save_wishes(actor_of(scene.bob), entered, expected_version=0)

    found = await preferences(scene.bob)
    assert (found.channels[SHIFTS], found.channels[Category.SYSTEM]) == ({PUSH, SMS}, {EMAIL})
    assert (found.quiet, found.digest_at, found.zone) == ((time(22), time(6, 30)), time(18), "America/New_York")
    assert await preferences(scene.carol) == await preferences(scene.supervisor)
    [entry] = await audited("notification_preferences", scene.bob.id)
    assert (entry.action, entry.after["quiet_from"]) == ("edit", "22:00:00")

    await save_wishes(actor_of(scene.bob), wishes(), expected_version=1)
    found = await preferences(scene.bob)
    assert (found.quiet, found.digest_at, found.zone) == (None, None, scene.site.time_zone)


async def test_where_somebody_follows_the_site_its_later_changes_hold_for_them():
    scene = await make_scene()
    chosen = {"assignment": {"email": True, "sms": True}}
    await save_wishes(actor_of(scene.bob), wishes(channels=chosen), expected_version=0)

    await site_says(scene, {"assignment": {"email": "off", "push": "off"}})

    # SMS was their own choice, e-mail was not.
    assert (await preferences(scene.bob)).channels[SHIFTS] == {SMS}
    assert (await preferences(scene.carol)).channels[SHIFTS] == frozenset()


async def test_what_is_locked_cannot_be_switched_off_and_what_was_chosen_before_comes_back_with_its_end():
    scene = await make_scene()
    off = {"assignment": {"email": False}}
    await save_wishes(actor_of(scene.bob), wishes(channels=off), expected_version=0)
    await site_says(scene, {"assignment": {"email": "locked"}})
    assert EMAIL in (await preferences(scene.bob)).channels[SHIFTS]

    await save_wishes(actor_of(scene.bob), wishes(channels=off), expected_version=1)
    assert EMAIL in (await preferences(scene.bob)).channels[SHIFTS]

    await site_says(scene, {"assignment": {"email": "on"}})
    assert EMAIL not in (await preferences(scene.bob)).channels[SHIFTS]


async def test_whoever_comes_too_late_is_shown_both_versions_and_nothing_is_lost():
    scene = await make_scene()
    await save_wishes(actor_of(scene.bob), wishes(digest_at=time(18)), expected_version=0)

    with pytest.raises(StaleVersion) as stale:
        late = wishes(channels={"assignment": {"email": False, "push": True}}, time_zone="Asia/Tokyo")
        await save_wishes(actor_of(scene.bob), late, expected_version=0)

    assert stale.value.version == 1
    assert [(each.label, each.entered, each.stored) for each in stale.value.differences] == [
        ("Shifts, E-mail", "no", "yes"),
        ("Once a day at", "none", "18:00"),
        ("Time zone", "Asia/Tokyo", scene.site.time_zone),
    ]
    assert (await preferences(scene.bob)).digest_at == time(18)

    await site_says(scene, {"system": {"email": "off"}})
    with pytest.raises(StaleVersion) as stale:
        await site_says(scene, {"system": {"email": "locked"}}, version=1)
    assert [(each.label, each.entered, each.stored) for each in stale.value.differences] == [
        ("About the program, E-mail", "always on", "off")
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quiet_from": time(22)}, "quiet_until"),
        ({"quiet_until": time(22)}, "quiet_from"),
        ({"quiet_from": time(22), "quiet_until": time(22)}, "quiet_until"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"channels": {"gossip": {"email": True}}}, "channels"),
        ({"channels": {"system": {"pigeon": True}}}, "channels"),
    ],
)
async def test_what_makes_no_sense_is_refused_beside_its_field(wrong: dict[str, Any], field: str):
    scene = await make_scene()

    with pytest.raises(InvalidInput) as refused:
        await save_wishes(actor_of(scene.bob), wishes(**wrong), expected_version=0)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("channels", '{"gossip": {"email": true}}'),
        ("channels", '{"system": {"pigeon": true}}'),
        ("channels", '{"system": {"email": "yes"}}'),
        ("quiet_from", "22:00"),
    ],
)
async def test_the_database_refuses_wishes_that_make_no_sense(column: str, value: str):
    scene = await make_scene()

    with pytest.raises(IntegrityError):
        await execute(
            f"INSERT INTO notification_preferences (employee_id, {column}) VALUES (:id, '{value}')",
            id=scene.bob.id,
        )


@pytest.mark.parametrize(
    "value", ['{"gossip": {"email": "on"}}', '{"system": {"in_app": "off"}}', '{"system": {"email": "maybe"}}']
)
async def test_the_database_refuses_what_a_site_cannot_say(value: str):
    scene = await make_scene()

    with pytest.raises(IntegrityError):
        await execute(f"UPDATE sites SET notification_defaults = '{value}' WHERE id = :id", id=scene.site.id)


async def test_only_those_who_manage_a_site_say_what_holds_there():
    scene = await make_scene()
    details = checked(DefaultDetails, {"settings": {"system": {"email": Setting.LOCKED}}})

    for role, error in (("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(error):
            await save_site_defaults(scene.actor(role), scene.site.id, details, expected_version=1)
    await save_site_defaults(scene.actor("admin"), scene.site.id, details, expected_version=1)
    with pytest.raises(NotFound):
        await save_site_defaults(scene.actor("admin"), 2**40, details, expected_version=1)


async def test_hundreds_of_people_are_read_in_one_statement():
    scene = await make_scene()
    async with writing() as session:
        people = [await build_employee(session, scene.site) for _ in range(300)]

    with count_statements() as statements:
        async with read_session() as session:
            found = await preferences_of(session, [person.id for person in people])

    assert len(found) == 300
    assert len([each for each in statements if "SELECT" in each]) == 1


async def test_the_inbox_tells_times_where_the_person_is():
    scene = await make_scene(time_zone="Europe/Berlin")
    await save_wishes(actor_of(scene.bob), wishes(time_zone="America/New_York"), expected_version=0)
    shift = NamedShift("2030-06-10T05:00:00+00:00", "2030-06-10T13:00:00+00:00", "Europe/Berlin")
    async with unit_of_work() as session:
        notice = AssignmentAdded(shift, Moment("2030-06-07T15:00:00+00:00", "Europe/Berlin"))
        await notify(session, [scene.bob.id, scene.carol.id], notice)

    async with read_session() as session:
        [there] = (await inbox(session, scene.bob.id)).items
        [here] = (await inbox(session, scene.carol.id)).items
        assert (await own_wishes(session, scene.bob.id)).time_zone == "America/New_York"
    assert here.body == "Mon 10 Jun, 07:00–15:00. Please confirm by Fri 7 Jun, 17:00."
    assert there.body == ("Mon 10 Jun, 07:00–15:00, Berlin time. Please confirm by Fri 7 Jun, 11:00, New York time.")
    assert there.when == here.when
    assert there.when_label != here.when_label


async def test_each_has_their_own_clock_or_that_of_their_site_in_messages_and_on_their_pages():
    scene = await make_scene(time_zone="Europe/Berlin", clock_24h=False)
    day = {"day": 0, "start": time(7), "end": time(15)}
    await make_week(scene, day, held={0: [scene.bob, scene.carol]}, status="published")
    await save_wishes(actor_of(scene.bob), wishes(clock_24h=True), expected_version=0)
    shift = NamedShift("2030-06-10T05:00:00+00:00", "2030-06-10T13:00:00+00:00", "Europe/Berlin")
    async with unit_of_work() as session:
        await notify(session, [scene.bob.id, scene.carol.id], AssignmentAdded(shift))

    async def told_and_shown(person: Employee) -> tuple[str, str]:
        async with read_session() as session:
            [told] = (await inbox(session, person.id)).items
            mine = await my_week(session, person.id, now=datetime.now(UTC))
        [week] = [week for week in mine.weeks if week.shifts]
        return told.body, week.shifts[0].label

    assert await told_and_shown(scene.bob) == ("Mon 10 Jun, 07:00–15:00.", "07:00–15:00")
    twelve = "7:00\u00a0AM–3:00\u00a0PM"
    assert await told_and_shown(scene.carol) == ("Mon 10 Jun, 7:00 AM–3:00 PM.", twelve)
    assert ((await preferences(scene.bob)).clock_24h, (await preferences(scene.carol)).clock_24h) == (True, False)

    with pytest.raises(StaleVersion) as stale:
        await save_wishes(actor_of(scene.bob), wishes(), expected_version=0)
    assert [(each.label, each.entered, each.stored) for each in stale.value.differences] == [
        ("Clock", "12 hours", "24 hours")
    ]
    await save_wishes(actor_of(scene.bob), wishes(), expected_version=1)
    assert (await told_and_shown(scene.bob))[1] == twelve
