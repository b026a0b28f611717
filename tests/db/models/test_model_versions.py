"""Versions count every change, whoever makes it, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Employee, Site
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_department,
    build_employee,
    build_rule,
    build_schedule,
    build_shift,
    build_site,
)

EDITS = {
    "sites": "name = 'Other'",
    "departments": "name = 'Other'",
    "employees": "name = 'Other'",
    "schedules": "title = 'Other'",
    "shifts": "title = 'Other'",
    "schedule_assignments": "pinned = true",
    "rules": "name = 'Other'",
}


async def build_one_of_each(session: AsyncSession) -> None:
    site = await build_site(session)
    await build_department(session, site)
    schedule, bob = await build_schedule(session, site), await build_employee(session, site)
    await build_assignment(session, await build_shift(session, schedule), bob)
    await build_rule(session, site)
    await session.commit()


@pytest.mark.parametrize(("table", "edit"), EDITS.items())
async def test_edit_in_plain_sql_makes_a_newer_version(session: AsyncSession, table: str, edit: str):
    await build_one_of_each(session)

    await session.execute(text(f"UPDATE {table} SET {edit}"))
    await session.commit()
    version, is_later = (await session.execute(text(f"SELECT version, updated_at > created_at FROM {table}"))).one()
    assert (version, is_later) == (2, True)


@pytest.mark.parametrize("table", EDITS)
async def test_edit_that_changes_nothing_makes_no_newer_version(session: AsyncSession, table: str):
    await build_one_of_each(session)

    await session.execute(text(f"UPDATE {table} SET id = id"))
    version, is_later = (await session.execute(text(f"SELECT version, updated_at > created_at FROM {table}"))).one()
    assert (version, is_later) == (1, False)


@pytest.mark.parametrize("edit", ["version = 99", "version = 99, name = 'Other'"])
async def test_version_cannot_be_set(session: AsyncSession, edit: str):
    await build_site(session, name="First")

    await session.execute(text(f"UPDATE sites SET {edit}"))
    assert await session.scalar(text("SELECT version FROM sites")) == (2 if "name" in edit else 1)


async def test_version_comes_back_with_the_write(session: AsyncSession):
    site = await build_site(session)
    await session.commit()
    site.name = "Other"
    await session.flush()

    assert site.version == 2
    assert site.updated_at - site.created_at > timedelta(0)


async def test_publishing_counts_for_the_schedule_and_not_for_its_assignments(session: AsyncSession):
    site = await build_site(session)
    schedule = await build_schedule(session, site)
    shift = await build_shift(session, schedule)
    assignment = await build_assignment(session, shift, await build_employee(session, site))

    await advance_schedule(session, schedule, "published")
    await session.refresh(assignment)
    assert (schedule.version, assignment.version, assignment.in_force) == (4, 1, True)


async def test_editing_a_shift_leaves_its_schedule_alone(session: AsyncSession):
    schedule = await build_schedule(session, await build_site(session))
    shift = await build_shift(session, schedule)
    shift.title = "Opening"
    await session.flush()
    await session.refresh(schedule)

    assert (shift.version, schedule.version) == (2, 1)


async def test_rows_know_who_made_and_changed_them(session: AsyncSession):
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager")
    rule = await build_rule(session, site, created_by_id=manager.id)
    rule.updated_by_id = manager.id
    await session.flush()
    session.expunge_all()

    assert (await session.get_one(Employee, manager.id)).created_by_id is None
    assert (await session.get_one(Site, site.id)).version == 1
    assert (rule.created_by_id, rule.updated_by_id, rule.version) == (manager.id, manager.id, 2)
