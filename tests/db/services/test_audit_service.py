"""The audit log as services write it."""

import asyncio

import pytest

from schedule_app.db.engine import unit_of_work
from schedule_app.services.audit import record
from tests.db.services.scene import audited, make_scene, rows

pytestmark = pytest.mark.usefixtures("database")


async def test_record_keeps_who_what_and_why():
    scene = await make_scene()

    async with unit_of_work() as session:
        await record(
            session,
            scene.actor("manager"),
            "rename",
            "site",
            5,
            site_id=scene.site.id,
            before={"name": "Dépôt"},
            after={"name": 'Depot "2"', "tags": [1, None]},
            reason="<i>Merged</i>",
        )
        await record(session, None, "tidy", "site", 5, site_id=None)

    named, anonymous = await audited("site", 5)
    assert tuple(named) == (
        "rename",
        scene.manager.id,
        {"name": "Dépôt"},
        {"name": 'Depot "2"', "tags": [1, None]},
        "<i>Merged</i>",
        scene.site.id,
    )
    assert tuple(anonymous) == ("tidy", None, None, None, None, None)


async def test_entries_written_at_once_make_one_chain():
    scene = await make_scene()

    async def write(number: int) -> None:
        async with unit_of_work() as session:
            await record(session, scene.actor("manager"), "count", "site", number, site_id=scene.site.id)

    await asyncio.gather(*(write(number) for number in range(20)))

    [[links]] = await rows(
        "SELECT count(*) FROM audit_entries AS next"
        " JOIN audit_entries AS previous ON next.previous_hash = previous.hash"
    )
    assert links == 19
