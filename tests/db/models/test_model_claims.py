"""Claims, offers and call-outs, as the database keeps them."""

from datetime import date
from itertools import product

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.claim import TRANSITIONS, ClaimStatus
from schedule_app.models import CallOut, Claim, OfferWave, ShiftOffer, Site
from tests.support.builders import build_employee, build_schedule, build_shift, build_site
from tests.support.refusals import refused

ILLEGAL = "SA001"


async def build_claim(session: AsyncSession) -> Claim:
    """Somebody asks for a shift."""
    site = await build_site(session)
    shift = await build_shift(session, await build_schedule(session, site))
    person = await build_employee(session, site)
    claim = Claim(site_id=site.id, shift_id=shift.id, employee_id=person.id)
    session.add(claim)
    await session.flush()
    return claim


async def decide(session: AsyncSession, claim: Claim, status: ClaimStatus) -> None:
    await session.execute(
        text(
            "UPDATE claims SET status = :status, decided_at = CASE WHEN :is_open THEN NULL ELSE now() END"
            " WHERE id = :id"
        ),
        {"status": status.value, "is_open": status == ClaimStatus.WAITING, "id": claim.id},
    )


@pytest.mark.parametrize(("current", "new"), list(product(ClaimStatus, ClaimStatus)))
async def test_claim_status_changes_as_the_domain_allows(session: AsyncSession, current: ClaimStatus, new: ClaimStatus):
    claim = await build_claim(session)
    if current != ClaimStatus.WAITING:
        await decide(session, claim, current)
    if (current, new) in TRANSITIONS or current == new:
        await decide(session, claim, new)
        await session.refresh(claim)
        assert claim.status == new
    else:
        with refused(ILLEGAL):
            await decide(session, claim, new)


async def test_a_claim_begins_as_waiting_and_what_was_decided_is_not_rewritten(session: AsyncSession):
    claim = await build_claim(session)
    await decide(session, claim, ClaimStatus.REJECTED)
    await session.commit()
    with refused(ILLEGAL):
        await session.execute(text("UPDATE claims SET note = 'x'"))
    await session.rollback()
    with refused(ILLEGAL):
        await session.execute(
            text(
                "INSERT INTO claims (site_id, shift_id, employee_id, status, decided_at)"
                " SELECT site_id, shift_id, employee_id, 'accepted', now() FROM claims"
            )
        )


async def test_a_person_asks_for_a_shift_once_at_a_time(session: AsyncSession):
    claim = await build_claim(session)
    values = {"site_id": claim.site_id, "shift_id": claim.shift_id, "employee_id": claim.employee_id}
    await decide(session, claim, ClaimStatus.WITHDRAWN)
    await session.execute(insert(Claim).values(**values))
    with refused("uq_claims_one_waiting"):
        await session.execute(insert(Claim).values(**values))


async def test_a_claim_goes_over_to_the_same_shift_of_another_version_alone(session: AsyncSession):
    claim = await build_claim(session)
    site = await session.get_one(Site, claim.site_id)
    lineage = await session.scalar(text("SELECT lineage_id FROM shifts WHERE id = :id"), {"id": claim.shift_id})
    newer = await build_schedule(session, site, week_start=date(2027, 1, 4))
    same = await build_shift(session, newer, lineage_id=lineage)
    other = await build_shift(session, newer)
    claim.shift_id = same.id
    await session.commit()
    claim.shift_id = other.id
    with refused(ILLEGAL):
        await session.flush()


async def test_all_of_it_goes_with_the_shift(session: AsyncSession):
    claim = await build_claim(session)
    session.add_all(
        [
            CallOut(shift_id=claim.shift_id, employee_id=claim.employee_id),
            OfferWave(shift_id=claim.shift_id, people=2, minutes=15),
            ShiftOffer(shift_id=claim.shift_id, employee_id=claim.employee_id, wave=1),
        ]
    )
    await session.flush()
    await session.execute(text("DELETE FROM shifts"))
    for table in ("claims", "call_outs", "offer_waves", "shift_offers"):
        assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_nobody_is_asked_twice_for_a_shift(session: AsyncSession):
    claim = await build_claim(session)
    values = {"shift_id": claim.shift_id, "employee_id": claim.employee_id}
    await session.execute(insert(ShiftOffer).values(**values, wave=1))
    with refused("uq_shift_offers_shift_employee"):
        await session.execute(insert(ShiftOffer).values(**values, wave=2))
