"""Every CHECK and UNIQUE constraint refuses what it should, and lets the values at its edge pass."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import AuthSession, Employee, NotificationDelivery, RuleViolation, Site
from tests.support.builders import (
    MONDAY,
    build_assignment,
    build_department,
    build_employee,
    build_notification,
    build_rule,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.refusals import refused

START = datetime(2026, 11, 23, 8, tzinfo=UTC)


async def build(session: AsyncSession, noun: str, columns: dict[str, Any]) -> None:
    """A row of the noun, with whatever it needs around it."""
    if noun == "site":
        await build_site(session, **columns)
        return
    site = await build_site(session)
    match noun:
        case "department":
            await build_department(session, site, **columns)
        case "employee":
            await build_employee(session, site, **columns)
        case "rule":
            await build_rule(session, site, **columns)
        case "schedule":
            await build_schedule(session, site, **columns)
        case "shift":
            await build_shift(session, await build_schedule(session, site), **columns)
        case "assignment":
            shift = await build_shift(session, await build_schedule(session, site))
            await build_assignment(session, shift, await build_employee(session, site), **columns)
        case "notification":
            await build_notification(session, await build_employee(session, site), **columns)
        case _:
            raise AssertionError(noun)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("site", {"name": "   "}, "ck_sites_name"),
    ("site", {"time_zone": ""}, "ck_sites_time_zone"),
    ("site", {"week_starts_on": 7}, "ck_sites_week_starts_on"),
    ("site", {"currency": "eur"}, "ck_sites_currency"),
    ("site", {"confirm_within_minutes": 0}, "ck_sites_confirm_within"),
    ("site", {"swap_cutoff_minutes": -1}, "ck_sites_swap_cutoff"),
    ("site", {"swap_cutoff_minutes": 20161}, "ck_sites_swap_cutoff"),
    ("department", {"name": ""}, "ck_departments_name"),
    ("employee", {"email": "Bob@example.com"}, "ck_employees_email"),
    ("employee", {"email": "bob"}, "ck_employees_email"),
    ("employee", {"email": "bob@localhost"}, "ck_employees_email"),
    ("employee", {"email": "bob@x@example.com"}, "ck_employees_email"),
    ("employee", {"email": "bob <b>@example.com"}, "ck_employees_email"),
    ("employee", {"email": "bob@example.com\n"}, "ck_employees_email"),
    ("employee", {"email": "b" * 250 + "@example.com"}, "ck_employees_email"),
    ("employee", {"name": " B "}, "ck_employees_name"),
    ("employee", {"name": "B" * 201}, "ck_employees_name"),
    ("employee", {"role": "owner"}, "ck_employees_role"),
    ("employee", {"hourly_rate_cents": -1}, "ck_employees_hourly_rate"),
    ("employee", {"contracted_minutes": -1}, "ck_employees_minutes"),
    ("employee", {"max_minutes": 10081}, "ck_employees_minutes"),
    ("employee", {"phone": "1" * 41}, "ck_employees_phone"),
    ("employee", {"qualifications": {}}, "ck_employees_qualifications"),
    ("employee", {"availability": []}, "ck_employees_availability"),
    ("schedule", {"week_end": MONDAY - timedelta(days=1)}, "ck_schedules_week"),
    ("schedule", {"week_end": MONDAY + timedelta(days=7)}, "ck_schedules_week"),
    ("schedule", {"version_number": 0}, "ck_schedules_version_number"),
    ("schedule", {"title": "x" * 201}, "ck_schedules_title"),
    ("schedule", {"rejected_reason": "x" * 2001}, "ck_schedules_rejected_reason"),
    ("shift", {"ends_at": START, "starts_at": START}, "ck_shifts_span"),
    ("shift", {"ends_at": START - timedelta(hours=1), "starts_at": START}, "ck_shifts_span"),
    ("shift", {"ends_at": START + timedelta(hours=26, seconds=1), "starts_at": START}, "ck_shifts_span"),
    ("shift", {"required_staff": 0}, "ck_shifts_required_staff"),
    ("shift", {"required_staff": -3}, "ck_shifts_required_staff"),
    ("shift", {"required_staff": 1001}, "ck_shifts_required_staff"),
    ("shift", {"priority": 0}, "ck_shifts_priority"),
    ("shift", {"priority": 11}, "ck_shifts_priority"),
    ("shift", {"shift_type": "night"}, "ck_shifts_type"),
    ("shift", {"requirements": []}, "ck_shifts_requirements"),
    ("shift", {"requirements": {"qualifications": None}}, "ck_shifts_requirements"),
    ("shift", {"requirements": {"qualifications": "first aid"}}, "ck_shifts_requirements"),
    ("shift", {"requirements": {"qualifications": ["first aid", 5]}}, "ck_shifts_requirements"),
    ("shift", {"time_zone": ""}, "ck_shifts_time_zone"),
    ("shift", {"title": "x" * 201}, "ck_shifts_title"),
    ("shift", {"notes": "x" * 2001}, "ck_shifts_notes"),
    ("shift", {"day": 7}, "ck_shifts_in_week"),
    ("shift", {"day": -1}, "ck_shifts_in_week"),
    ("assignment", {"status": "maybe"}, "ck_schedule_assignments_status"),
    ("assignment", {"source": "magic"}, "ck_schedule_assignments_source"),
    ("assignment", {"response_note": "x" * 2001}, "ck_schedule_assignments_response_note"),
    ("assignment", {"override_reason": "x" * 2001}, "ck_schedule_assignments_override_reason"),
    ("assignment", {"reason": []}, "ck_schedule_assignments_reason"),
    ("rule", {"rule_type": "whim"}, "ck_rules_type"),
    ("rule", {"name": ""}, "ck_rules_name"),
    ("rule", {"constraints": []}, "ck_rules_constraints"),
    ("rule", {"priority": 0}, "ck_rules_priority"),
    ("rule", {"priority": 11}, "ck_rules_priority"),
    ("rule", {"effective_from": date(2026, 2, 2), "effective_until": date(2026, 2, 1)}, "ck_rules_period"),
    ("notification", {"priority": "extreme"}, "ck_notifications_priority"),
    ("notification", {"category": "gossip"}, "ck_notifications_category"),
    ("notification", {"payload": []}, "ck_notifications_payload"),
    ("notification", {"related_type": "shift"}, "ck_notifications_related"),
    ("notification", {"expires_at": START - timedelta(days=9999)}, "ck_notifications_expires_at"),
    ("notification", {"action_url": "https://evil.example"}, "ck_notifications_action_url"),
    ("notification", {"action_url": "//evil.example"}, "ck_notifications_action_url"),
    ("notification", {"action_url": "/\\evil.example"}, "ck_notifications_action_url"),
    ("notification", {"action_url": "/\t/evil.example"}, "ck_notifications_action_url"),
    ("notification", {"action_url": "javascript:alert(1)"}, "ck_notifications_action_url"),
    ("notification", {"action_url": ""}, "ck_notifications_action_url"),
]


@pytest.mark.parametrize(("noun", "columns", "constraint"), REFUSED)
async def test_value_out_of_bounds_is_refused(
    session: AsyncSession, noun: str, columns: dict[str, Any], constraint: str
):
    with refused(constraint):
        await build(session, noun, columns)


@pytest.mark.parametrize(
    ("noun", "columns"),
    [
        ("site", {"week_starts_on": 6, "confirm_within_minutes": 1}),
        ("employee", {"email": "o.brien+night-shift@sub.example-site.org", "name": "Bo"}),
        ("employee", {"name": "李四", "contracted_minutes": 0, "max_minutes": 10080, "hourly_rate_cents": 0}),
        ("schedule", {"week_end": MONDAY}),
        ("shift", {"day": 6, "start": time(22), "end": time(6)}),
        ("shift", {"start": time(8), "end": time(8)}),
        ("shift", {"required_staff": 1000, "priority": 10}),
        ("rule", {"effective_from": MONDAY, "effective_until": MONDAY, "priority": 1}),
        ("rule", {"effective_from": MONDAY}),
        ("notification", {"action_url": "/"}),
        ("notification", {"action_url": "/schedule/1/2026-11-23?shift=5#top"}),
    ],
)
async def test_value_at_the_edge_is_accepted(session: AsyncSession, noun: str, columns: dict[str, Any]):
    await build(session, noun, columns)


async def test_email_is_unique(session: AsyncSession):
    site = await build_site(session)
    await build_employee(session, site, email="bob@example.com")

    with refused("uq_employees_email"):
        await build_employee(session, site, email="bob@example.com")


async def test_department_name_is_unique_at_its_site_only(session: AsyncSession):
    first, second = await build_site(session), await build_site(session)
    await build_department(session, first, name="Kitchen")
    await build_department(session, second, name="Kitchen")

    with refused("uq_departments_name"):
        await build_department(session, first, name="Kitchen")


@pytest.mark.parametrize("noun", ["employee", "shift", "rule"])
async def test_department_of_another_site_is_refused(session: AsyncSession, noun: str):
    foreign = await build_department(session, await build_site(session))
    constraint = {"employee": "fk_employees_department", "shift": "fk_shifts_department", "rule": "fk_rules_department"}

    with refused(constraint[noun]):
        await build(session, noun, {"department_id": foreign.id})


async def test_rule_for_a_department_and_a_person_is_refused(session: AsyncSession):
    site = await build_site(session)
    department, employee = await build_department(session, site), await build_employee(session, site)

    with refused("ck_rules_scope"):
        await build_rule(session, site, department_id=department.id, employee_id=employee.id)


async def test_shift_of_another_site_than_its_schedule_is_refused(session: AsyncSession):
    schedule = await build_schedule(session, await build_site(session))
    other = await build_site(session)

    with refused("fk_shifts_schedule"):
        await build_shift(session, schedule, site_id=other.id)


async def test_lineage_is_unique_in_a_version(session: AsyncSession):
    schedule = await build_schedule(session, await build_site(session))
    shift = await build_shift(session, schedule)

    with refused("uq_shifts_lineage"):
        await build_shift(session, schedule, lineage_id=shift.lineage_id)


async def test_week_has_one_version_in_work_and_one_published(session: AsyncSession):
    site = await build_site(session)
    await build_schedule(session, site, status="published")
    await build_schedule(session, site, version_number=2)
    async with session.begin_nested():
        with refused("uq_schedules_one_in_work"):
            async with session.begin_nested():
                await build_schedule(session, site, version_number=3)
    with refused("uq_schedules_version"):
        await build_schedule(session, site, version_number=2)


async def test_approval_without_an_approver_is_refused(session: AsyncSession):
    schedule = await build_schedule(session, await build_site(session), status="pending")
    schedule.status = "approved"

    with refused("ck_schedules_approved"):
        await session.flush()


async def test_same_person_on_the_same_shift_is_refused_whatever_the_status(session: AsyncSession):
    site = await build_site(session)
    shift, bob = await build_shift(session, await build_schedule(session, site)), await build_employee(session, site)
    await build_assignment(session, shift, bob, status="declined")

    with refused("uq_schedule_assignments_shift_employee"):
        await build_assignment(session, shift, bob)


async def test_notification_has_one_delivery_per_channel(session: AsyncSession):
    notification = await build_notification(session, await build_employee(session, await build_site(session)))
    session.add(NotificationDelivery(notification_id=notification.id, channel="email"))
    session.add(NotificationDelivery(notification_id=notification.id, channel="in_app"))
    await session.flush()

    session.add(NotificationDelivery(notification_id=notification.id, channel="email"))
    with refused("uq_notification_deliveries_channel"):
        await session.flush()


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"channel": "pigeon"}, "ck_notification_deliveries_channel"),
        ({"status": "lost"}, "ck_notification_deliveries_status"),
        ({"attempts": -1}, "ck_notification_deliveries_attempts"),
        ({"status": "failed"}, "ck_notification_deliveries_failed"),
    ],
)
async def test_impossible_delivery_is_refused(session: AsyncSession, columns: dict[str, Any], constraint: str):
    notification = await build_notification(session, await build_employee(session, await build_site(session)))

    session.add(NotificationDelivery(notification_id=notification.id, **columns))
    with refused(constraint):
        await session.flush()


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"token_hash": b"short"}, "ck_auth_sessions_token_hash"),
        ({"user_agent": "x" * 501}, "ck_auth_sessions_user_agent"),
        ({"ip": "x" * 65}, "ck_auth_sessions_ip"),
    ],
)
async def test_impossible_session_is_refused(session: AsyncSession, columns: dict[str, Any], constraint: str):
    bob = await build_employee(session, await build_site(session))

    session.add(AuthSession(**{"employee_id": bob.id, "token_hash": bytes(32), "expires_at": START, **columns}))
    with refused(constraint):
        await session.flush()


async def test_override_needs_reason_and_person(session: AsyncSession):
    site = await build_site(session)
    shift, bob = await build_shift(session, await build_schedule(session, site)), await build_employee(session, site)
    assignment = await build_assignment(session, shift, bob)
    columns: dict[str, Any] = {
        "schedule_id": shift.schedule_id,
        "assignment_id": assignment.id,
        "rule_type": "overtime",
        "severity": "warn",
        "message": "Too much.",
    }
    session.add(RuleViolation(**columns, override_reason="Nobody else", overridden_by_id=bob.id))
    await session.flush()

    session.add(RuleViolation(**columns, override_reason="Nobody else"))
    with refused("ck_rule_violations_override"):
        await session.flush()


async def test_naive_time_never_reaches_the_database(session: AsyncSession):
    site = await build_site(session)
    bob = await build_employee(session, site, deleted_at=datetime(2026, 11, 23, 9, tzinfo=UTC))
    session.expunge_all()
    read = await session.get_one(Employee, bob.id)
    assert read.deleted_at == bob.deleted_at
    assert read.deleted_at is not None
    assert read.deleted_at.utcoffset() == timedelta(0)

    read.deleted_at = datetime(2026, 11, 23, 9)  # noqa: DTZ001
    with pytest.raises(exc.StatementError, match="timezone"):
        await session.flush()


async def test_defaults_of_the_database_come_back_with_the_row(session: AsyncSession):
    session.add(site := Site(name="Depot", time_zone="UTC"))
    await session.flush()

    assert (site.version, site.week_starts_on, site.currency, site.four_eyes) == (1, 0, "EUR", False)
    assert site.created_at == site.updated_at
    assert site.created_at.tzinfo is not None
