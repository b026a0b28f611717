"""Whatever people and planners do with requests for a shift, in any order: one outcome, and each is told that one."""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from schedule_app.domain.claim import ClaimStatus
from schedule_app.domain.errors import AlreadyAssigned, Conflict, IllegalTransition, PlaceTaken, ScheduleError
from schedule_app.models import Employee
from schedule_app.services.assignments import assign_employee, unassign_employee
from schedule_app.services.claims import approve_claim, claim_shift, reject_claim, withdraw_claim
from schedule_app.services.settling import settle_claims
from tests.db.services.scene import actor_of, make_scene, make_week, rows, writing
from tests.support.builders import build_employee

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "6"))
PLACES = 2
WHO = st.integers(0, 3)
#: What a person is told of each outcome of a request of theirs.
TOLD = {
    ClaimStatus.WAITING: "",
    ClaimStatus.ACCEPTED: "claim_accepted",
    ClaimStatus.REJECTED: "claim_rejected",
    ClaimStatus.WITHDRAWN: "",
    ClaimStatus.LOST: "claim_lost",
}


class ClaimsMachine(RuleBasedStateMachine):
    """Four people and a shift with two places; `claims` is what each has asked, `on` who has it."""

    runner: asyncio.Runner

    @initialize()
    def begin(self) -> None:
        self.claims: dict[int, ClaimStatus] = {}
        self.latest: dict[int, int] = {}
        self.on: set[int] = set()
        self.by_hand = Counter[int]()
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        self.scene = await make_scene(claims_need_approval=True)
        async with writing() as session:
            made = [await build_employee(session, self.scene.site, name=f"Person {number}") for number in range(2)]
        self.people: list[Employee] = [self.scene.bob, self.scene.carol, *made]
        _, [self.shift] = await make_week(self.scene, {"required_staff": PLACES}, status="published")

    @rule(who=WHO)
    def ask(self, who: int) -> None:
        expected: type[ScheduleError] | None = None
        if who in self.on:
            expected = AlreadyAssigned
        elif self._is_waiting(who):
            expected = Conflict
        elif len(self.on) >= PLACES:
            expected = PlaceTaken
        claimed: list[int] = []

        async def step() -> None:
            claimed.append((await claim_shift(actor_of(self.people[who]), self.shift.id)).claim_id or 0)

        self._try(step, expected)
        if expected is None:
            self.latest[who], self.claims[claimed[0]] = claimed[0], ClaimStatus.WAITING

    @rule(who=WHO)
    def withdraw(self, who: int) -> None:
        self._decide(who, ClaimStatus.WITHDRAWN, lambda claim: withdraw_claim(actor_of(self.people[who]), claim))

    @rule(who=WHO)
    def reject(self, who: int) -> None:
        self._decide(who, ClaimStatus.REJECTED, lambda claim: reject_claim(self.scene.actor("manager"), claim))

    @rule(who=WHO)
    def approve(self, who: int) -> None:
        expected: type[ScheduleError] | None = None
        if self._is_waiting(who):
            expected = AlreadyAssigned if who in self.on else PlaceTaken if len(self.on) >= PLACES else None
        is_given = self._decide(
            who, ClaimStatus.ACCEPTED, lambda claim: approve_claim(self.scene.actor("manager"), claim), expected
        )
        if is_given:
            self.on.add(who)
            if len(self.on) == PLACES:
                self._lose(but=who)

    @rule(who=WHO)
    def assign_on_the_board(self, who: int) -> None:
        expected = AlreadyAssigned if who in self.on else None
        self._try(lambda: assign_employee(self.scene.actor("manager"), self.shift.id, self.people[who].id), expected)
        if expected is None:
            self.on.add(who)

    @rule(who=WHO)
    def take_off(self, who: int) -> None:
        async def step() -> None:
            [[held]] = await rows(
                "SELECT id FROM schedule_assignments WHERE shift_id = :shift AND employee_id = :id",
                shift=self.shift.id,
                id=self.people[who].id,
            )
            await unassign_employee(self.scene.actor("manager"), held)

        if who in self.on:
            self._try(step, None)
            self.on.discard(who)

    @rule()
    def settle(self) -> None:
        self.runner.run(settle_claims())
        for who in range(len(self.people)):
            if self._is_waiting(who) and who in self.on:
                self.claims[self.latest[who]] = ClaimStatus.ACCEPTED
                self.by_hand[who] += 1
        if len(self.on) >= PLACES:
            self._lose()

    @invariant()
    def everybody_is_told_the_one_outcome(self) -> None:
        self.runner.run(self._compare())

    async def _compare(self) -> None:
        stored = await rows("SELECT id, employee_id, status FROM claims WHERE shift_id = :id", id=self.shift.id)
        assert {claim: status for claim, _, status in stored} == {
            claim: status.value for claim, status in self.claims.items()
        }
        holding = await rows(
            "SELECT employee_id FROM schedule_assignments WHERE shift_id = :id AND status <> 'cancelled'",
            id=self.shift.id,
        )
        assert {each for [each] in holding} == {self.people[who].id for who in self.on}
        for who, person in enumerate(self.people):
            expected = Counter(TOLD[ClaimStatus(status)] for _, owner, status in stored if owner == person.id)
            # Who was put on it on the board was told that, and not of the request too.
            expected["claim_accepted"] -= self.by_hand[who]
            found = await rows("SELECT type FROM notifications WHERE recipient_id = :id", id=person.id)
            told = Counter(kind for [kind] in found if kind.startswith("claim_"))
            assert +told == Counter({kind: count for kind, count in expected.items() if kind and count})

    def _decide(
        self,
        who: int,
        status: ClaimStatus,
        verb: Callable[[int], Awaitable[object]],
        expected: type[ScheduleError] | None = None,
    ) -> bool:
        """Decide the newest request of somebody; whether it was."""
        if who not in self.latest:
            return False
        claim = self.latest[who]
        expected = expected if self._is_waiting(who) else IllegalTransition
        self._try(lambda: verb(claim), expected)
        if expected is None:
            self.claims[claim] = status
        return expected is None

    def _try(self, verb: Callable[[], Awaitable[object]], expected: type[ScheduleError] | None) -> None:
        async def attempt() -> type[ScheduleError] | None:
            try:
                await verb()
            except ScheduleError as refused:
                return type(refused)
            return None

        assert self.runner.run(attempt()) == expected

    def _is_waiting(self, who: int) -> bool:
        return self.claims.get(self.latest.get(who, 0)) == ClaimStatus.WAITING

    def _lose(self, but: int | None = None) -> None:
        for who in self.latest:
            if who != but and self._is_waiting(who):
                self.claims[self.latest[who]] = ClaimStatus.LOST


def test_requests_in_any_order(runner: asyncio.Runner):
    ClaimsMachine.runner = runner
    run_state_machine_as_test(
        ClaimsMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
