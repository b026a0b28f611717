"""Two who reach for the same shift at the same moment: one outcome, and everybody hears of that one.

`python -m bench.swap_races [accept] [withdraw] [reassign] [confirm] [--runs 1000]` runs the races named, or all of
them, on a server of its own and prints one line of JSON for each.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bench.world import database
from schedule_app.db.engine import dispose
from schedule_app.domain.errors import IllegalTransition, ScheduleError, StaleVersion
from schedule_app.services.assignments import confirm_assignment, unassign_employee
from schedule_app.services.moves import move_assignment
from schedule_app.services.swap_requests import accept_request, approve_request, withdraw_request
from tests.db.services.scene import actor_of, told
from tests.db.services.swapping import Between, bring_to, make_between, status_of


@dataclass(slots=True)
class Outcome:
    """How often each side won, and what was found that may not be."""

    won: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Note what is not as it has to be."""
        if found != wanted:
            self.wrong.append(f"{what}: {found!r} and not {wanted!r}")


async def at_once(*contenders: Awaitable[Any]) -> list[Any]:
    """Let both begin within two milliseconds of each other; returns what each returned or raised."""

    async def begin(contender: Awaitable[Any]) -> Any:
        # Otherwise the first would win nearly always. Needs no secrecy.
        await asyncio.sleep(random.uniform(0, 0.002))
        return await contender

    return await asyncio.gather(*(begin(each) for each in contenders), return_exceptions=True)


async def accept(outcome: Outcome) -> None:
    """Two colleagues say yes to the same offer."""
    between = await make_between()
    scene = between.scene
    takers = [scene.carol, between.dora]
    request_id = await between.offer(*takers)
    found = await at_once(*(accept_request(actor_of(each), request_id) for each in takers))

    winners = [each for each, said in zip(takers, found, strict=True) if said == "accepted"]
    outcome.expect("who won", len(winners), 1)
    outcome.expect("who lost", sum(isinstance(each, IllegalTransition) for each in found), 1)
    for person in takers:
        heard = ["swap_asked"] if person in winners else ["swap_asked", "swap_ended"]
        outcome.expect(person.name, await told(person), heard)
    outcome.expect("Bob", await told(scene.bob), ["swap_accepted"])
    outcome.expect("the manager", await told(scene.manager), ["swap_waiting"])
    outcome.expect("the shifts", await between.is_untouched(), True)
    outcome.won[winners[0].name if winners else "nobody"] += 1


async def withdraw(outcome: Outcome) -> None:
    """A manager approves what is being withdrawn."""
    between = await make_between()
    scene = between.scene
    request_id = await bring_to(between, "accepted")
    found = await at_once(
        approve_request(actor_of(scene.manager), request_id), withdraw_request(actor_of(scene.bob), request_id)
    )

    is_approved = found[0] is None
    outcome.expect("who won", found.count(None), 1)
    outcome.expect("who lost", sum(isinstance(each, IllegalTransition) for each in found), 1)
    outcome.expect("status", await status_of(request_id), "approved" if is_approved else "withdrawn")
    outcome.expect("the shifts", await between.is_untouched(), not is_approved)
    outcome.expect("Carol", (await told(scene.carol))[1:], ["swap_decided" if is_approved else "swap_ended"])
    outcome.expect("Bob", (await told(scene.bob))[1:], ["swap_decided"] if is_approved else [])
    outcome.won["approve" if is_approved else "withdraw"] += 1


async def reassign(outcome: Outcome) -> None:
    """A colleague says yes, which settles it, while a manager takes the shift away."""
    between = await make_between(swaps_need_approval=False)
    scene = between.scene
    request_id = await between.swap()
    found = await at_once(
        accept_request(actor_of(scene.carol), request_id), unassign_employee(scene.actor("manager"), between.bobs.id)
    )

    is_swapped = found[0] == "approved"
    outcome.expect("who lost", sum(isinstance(each, ScheduleError) for each in found), 1)
    outcome.expect("status", await status_of(request_id), "approved" if is_swapped else "void")
    swapped = {"Early": [("Carol Worker", "confirmed")], "Late": [("Bob Worker", "confirmed")]}
    taken = {"Early": [], "Late": [("Carol Worker", "pending")]}
    outcome.expect("the shifts", await between.holders(), swapped if is_swapped else taken)
    outcome.expect("Carol", (await told(scene.carol))[1:], ["swap_decided" if is_swapped else "swap_ended"])
    bobs = ["swap_decided"] if is_swapped else ["assignment_removed", "swap_ended"]
    outcome.expect("Bob", sorted(await told(scene.bob)), bobs)
    outcome.won["accept" if is_swapped else "reassign"] += 1


async def confirm(outcome: Outcome) -> None:
    """Somebody confirms the shift that a manager gives to somebody else."""
    between = await make_between()
    scene = between.scene
    found = await at_once(confirm_assignment(actor_of(scene.bob), between.bobs.id), _move(between))

    is_confirmed = found[0] is None
    outcome.expect(
        "who lost",
        [type(each) for each in found if isinstance(each, ScheduleError)],
        [StaleVersion if is_confirmed else IllegalTransition],
    )
    early = [("Bob Worker", "confirmed")] if is_confirmed else [("Dora Worker", "pending")]
    outcome.expect("the shift", (await between.holders())["Early"], early)
    outcome.expect("Bob", await told(scene.bob), [] if is_confirmed else ["assignment_removed"])
    outcome.expect("Dora", await told(between.dora), [] if is_confirmed else ["assignment_added"])
    outcome.expect("the manager", await told(scene.manager), ["assignment_confirmed"] if is_confirmed else [])
    outcome.won["confirm" if is_confirmed else "reassign"] += 1


async def _move(between: Between) -> None:
    await move_assignment(
        between.scene.actor("manager"),
        between.bobs.id,
        to_employee_id=between.dora.id,
        to_shift_id=between.early.id,
        expected_version=between.bobs.version,
    )


RACES: dict[str, Callable[[Outcome], Awaitable[None]]] = {
    "accept": accept,
    "withdraw": withdraw,
    "reassign": reassign,
    "confirm": confirm,
}


async def run(race: str, runs: int, at_a_time: int = 4) -> Outcome:
    """Run a race so many times, a few of them side by side."""
    outcome, left = Outcome(), iter(range(runs))

    async def lane() -> None:
        for _ in left:
            await RACES[race](outcome)

    await asyncio.gather(*(lane() for _ in range(at_a_time)))
    return outcome


async def _main(races: list[str], runs: int) -> bool:
    is_right = True
    for race in races:
        begun = time.monotonic()
        outcome = await run(race, runs)
        result = {"race": race, "runs": runs, "won": dict(outcome.won), "wrong": outcome.wrong[:5]}
        print(json.dumps({**result, "seconds": round(time.monotonic() - begun, 1)}), flush=True)
        is_right = is_right and not outcome.wrong
    await dispose()
    return is_right


def main() -> int:
    """Run the races named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("races", nargs="*", choices=[*RACES, []], default=[])
    parser.add_argument("--runs", type=int, default=1000)
    asked = parser.parse_args()
    with database(os.environ):
        return 0 if asyncio.run(_main(asked.races or list(RACES), asked.runs)) else 1


if __name__ == "__main__":
    sys.exit(main())
