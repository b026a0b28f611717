"""Requests between colleagues, brought as far as a test needs them."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import text

from schedule_app.models import Employee, ScheduleAssignment, Shift, SwapRequest
from schedule_app.services.swap_requests import (
    accept_request,
    approve_request,
    decline_request,
    offer_shift,
    propose_swap,
    reject_request,
    withdraw_request,
)
from tests.db.services.scene import (
    Scene,
    actor_of,
    assignment_on,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    writing,
)
from tests.support.builders import build_employee

EARLY: dict[str, Any] = {"day": 1, "start": time(6), "end": time(14), "title": "Early"}
LATE: dict[str, Any] = {"day": 3, "start": time(14), "end": time(22), "title": "Late"}


@dataclass(slots=True)
class Between:
    """A published week in which Bob has an early shift and Carol a late one two days later; Dora has none."""

    scene: Scene
    dora: Employee
    early: Shift
    late: Shift
    bobs: ScheduleAssignment
    carols: ScheduleAssignment

    async def offer(self, *to: Employee, note: str | None = None) -> int:
        """Bob offers his shift."""
        people = [each.id for each in to] or None
        return await offer_shift(actor_of(self.scene.bob), self.bobs.id, to=people, note=note)

    async def swap(self, note: str | None = None) -> int:
        """Bob asks Carol to swap."""
        return await propose_swap(actor_of(self.scene.bob), self.bobs.id, self.carols.id, note=note)

    async def holders(self) -> dict[str, list[tuple[str, str]]]:
        """Who works which shift, with the state of their assignment, others left out."""
        found = await rows(
            "SELECT shifts.title, employees.name, held.status FROM schedule_assignments AS held"
            " JOIN shifts ON shifts.id = held.shift_id JOIN employees ON employees.id = held.employee_id"
            " WHERE held.in_force AND held.status IN ('assigned', 'pending', 'confirmed', 'completed')"
            "   AND shifts.site_id = :site ORDER BY shifts.title, employees.name",
            site=self.scene.site.id,
        )
        return {
            title: [(name, status) for other, name, status in found if other == title] for title in ("Early", "Late")
        }

    async def is_untouched(self) -> bool:
        """Whether everybody still has what they had."""
        return await self.holders() == {"Early": [("Bob Worker", "pending")], "Late": [("Carol Worker", "pending")]}


async def make_between(**site_columns: Any) -> Between:
    """Write it."""
    scene = await make_scene(**site_columns)
    async with writing() as session:
        dora = await build_employee(session, scene.site, name="Dora Worker")
    held = {0: [scene.bob], 1: [scene.carol]}
    _, [early, late] = await make_week(scene, EARLY, LATE, held=held, status="published")
    return Between(
        scene, dora, early, late, await assignment_on(early, scene.bob), await assignment_on(late, scene.carol)
    )


async def bring_to(between: Between, status: str) -> int:
    """A swap of Bob's with Carol, in some status."""
    scene = between.scene
    request_id = await between.swap()
    if status in ("accepted", "approved", "rejected"):
        await accept_request(actor_of(scene.carol), request_id)
    match status:
        case "approved":
            await approve_request(actor_of(scene.manager), request_id)
        case "rejected":
            await reject_request(actor_of(scene.manager), request_id)
        case "declined":
            await decline_request(actor_of(scene.carol), request_id)
        case "withdrawn":
            await withdraw_request(actor_of(scene.bob), request_id)
        case "expired" | "void":
            await execute("UPDATE swap_requests SET status = :status WHERE id = :id", status=status, id=request_id)
    assert await status_of(request_id) == status
    return request_id


async def status_of(request_id: int) -> str:
    """Where a request stands."""
    return (await fetch(SwapRequest, request_id)).status


async def behind_triggers(*statements: str, **values: Any) -> None:
    """Change what is frozen once it is published, in one transaction."""
    async with writing() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await session.execute(text(statement), values)


async def move_shift(shift: Shift, starts_at: datetime, ends_at: datetime) -> None:
    """Put a published shift, and whoever is on it, at another time."""
    await behind_triggers(
        "UPDATE shifts SET starts_at = :start, ends_at = :end WHERE id = :id",
        "UPDATE schedule_assignments SET starts_at = :start, ends_at = :end WHERE shift_id = :id",
        start=starts_at,
        end=ends_at,
        id=shift.id,
    )


async def pass_cutoff(between: Between) -> None:
    """Let it be too near the start of Bob's shift."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    await move_shift(between.early, soon, soon + timedelta(hours=8))
