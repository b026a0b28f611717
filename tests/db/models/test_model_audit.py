"""The audit log is only ever added to, and each site's entries form one chain."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import unit_of_work
from schedule_app.models import AuditEntry, Site
from tests.support.builders import build_employee, build_site
from tests.support.database import Database
from tests.support.refusals import refused

# An entry whose hash is not that of its content, or which does not name the entry before it.
BREAKS = text("""
    SELECT entry.id FROM (
        SELECT chained.*, lag(hash) OVER (PARTITION BY coalesce(site_id, 0) ORDER BY id) AS hash_before
        FROM audit_entries AS chained
    ) AS entry
    JOIN audit_entries AS original ON original.id = entry.id
    WHERE entry.previous_hash IS DISTINCT FROM entry.hash_before OR entry.hash <> audit_entry_hash(original)
    ORDER BY entry.id
""")


async def write(session: AsyncSession, site: Site | None, entity_id: int = 1) -> AuditEntry:
    entry = AuditEntry(
        action="site.renamed",
        entity_type="site",
        entity_id=entity_id,
        site_id=site.id if site else None,
        before={"name": "Öld", "b": 1.50},
        after={"name": "New"},
        reason="It moved",
    )
    session.add(entry)
    await session.flush()
    return entry


async def test_entries_are_chained_per_site(session: AsyncSession):
    first, second = await build_site(session), await build_site(session)
    sites = [first, second, None, first, None, second, first]
    entries = [await write(session, site) for site in sites]
    await session.commit()
    for entry in entries:
        await session.refresh(entry)

    assert [entry.previous_hash for entry in entries] == [
        None,
        None,
        None,
        entries[0].hash,
        entries[2].hash,
        entries[1].hash,
        entries[3].hash,
    ]
    assert all(len(entry.hash) == 32 for entry in entries)
    assert (await session.scalars(BREAKS)).all() == []


async def test_entries_of_one_statement_are_chained_too(session: AsyncSession):
    site = await build_site(session)
    session.add_all(
        AuditEntry(action="a", entity_type="shift", entity_id=number, site_id=site.id) for number in range(20)
    )
    await session.commit()

    assert await session.scalar(text("SELECT count(DISTINCT previous_hash) FROM audit_entries")) == 19
    assert (await session.scalars(BREAKS)).all() == []


async def test_entry_is_dated_and_hashed_by_the_database(session: AsyncSession):
    entry = await write(session, await build_site(session))
    forged = text(
        "INSERT INTO audit_entries (at, action, entity_type, entity_id, previous_hash, hash)"
        " VALUES ('2001-01-01', 'x', 'site', 1, '\\x00', '\\x00') RETURNING at > :then, previous_hash, length(hash)"
    )

    row = (await session.execute(forged, {"then": entry.at})).one()
    assert tuple(row) == (True, None, 32)


@pytest.mark.parametrize(
    "change", ["UPDATE audit_entries SET reason = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"]
)
async def test_log_is_only_added_to(session: AsyncSession, change: str):
    await write(session, await build_site(session))

    with refused("SA003"):
        await session.execute(text(change))


async def test_site_cannot_be_truncated_away_from_under_its_log(session: AsyncSession):
    await write(session, await build_site(session))

    with refused("SA003"):
        await session.execute(text("TRUNCATE sites CASCADE"))


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE audit_entries SET after = '{}' WHERE id = 2",
        "UPDATE audit_entries SET actor_id = (SELECT min(id) FROM employees) WHERE id = 2",
        "UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE id = 2",
        "UPDATE audit_entries SET command_id = NULL WHERE id = 2",
        "UPDATE audit_entries SET command_id = gen_random_uuid() WHERE id = 2",
        "UPDATE audit_entries SET undoes = gen_random_uuid() WHERE id = 2",
        "UPDATE audit_entries SET changes = '[]' WHERE id = 2",
        "DELETE FROM audit_entries WHERE id = 2",
    ],
)
async def test_forgery_behind_the_triggers_shows(session: AsyncSession, forgery: str):
    site = await build_site(session)
    await build_employee(session, site)
    ids = [(await write(session, site)).id for _ in range(3)]
    await session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    await session.execute(text(forgery.replace("id = 2", f"id = {ids[1]}")))

    assert (await session.scalars(BREAKS)).all() != []


async def test_second_follower_of_an_entry_is_refused(session: AsyncSession):
    site = await build_site(session)
    await write(session, site)
    await write(session, site)
    await session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    fork = text(
        "INSERT INTO audit_entries (action, entity_type, entity_id, site_id, previous_hash)"
        " SELECT action, entity_type, entity_id, site_id, previous_hash FROM audit_entries"
    )

    with refused("uq_audit_entries_previous_hash"):
        await session.execute(fork)


async def test_writers_at_the_same_moment_make_one_chain(session: AsyncSession, database: Database):
    sites = [await build_site(session) for _ in range(2)]
    await session.commit()

    async def work(number: int) -> None:
        for _ in range(5):
            async with unit_of_work() as own:
                await write(own, sites[number % 2], number)

    await asyncio.gather(*(work(number) for number in range(8)))
    assert await session.scalar(text("SELECT count(*) FROM audit_entries")) == 40
    assert (await session.scalars(BREAKS)).all() == []
