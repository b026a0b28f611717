"""Three people and a manager ask, answer and reassign in any order: what must hold holds after every step."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import time
from typing import Any, Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from schedule_app.domain.errors import ScheduleError
from schedule_app.domain.swap_request import LIVE, TRANSITIONS, SwapStatus
from schedule_app.services.assignments import (
    assign_employee,
    confirm_assignment,
    decline_assignment,
    unassign_employee,
)
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from schedule_app.services.swap_requests import (
    accept_request,
    approve_request,
    decline_request,
    expire_swaps,
    offer_shift,
    propose_swap,
    reject_request,
    withdraw_request,
)
from schedule_app.services.undo import undo
from tests.db.services.scene import Scene, actor_of, execute, make_scene, make_week, rows, writing
from tests.support.builders import build_rule

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "6"))
STEPS = 40

_HELD = """
    SELECT held.id, held.employee_id FROM schedule_assignments AS held
    JOIN schedules ON schedules.id = held.schedule_id WHERE schedules.site_id = :site AND held.in_force
    ORDER BY held.status IN ('declined', 'cancelled'), held.id
"""
# Those with which something can be done come first.
_REQUESTS = """
    SELECT id, proposer_id, taker_id,
           ARRAY(SELECT employee_id FROM swap_invitees WHERE request_id = request.id) AS asked
    FROM swap_requests AS request WHERE site_id = :site ORDER BY ended_at IS NOT NULL, status = 'open', id DESC
"""
_NEWEST = _REQUESTS.replace("ended_at IS NOT NULL, status = 'open', id DESC", "id DESC")
_IS_ACTIVE = "status IN ('assigned', 'pending', 'confirmed', 'completed')"

#: What may never be, each as the rows that show it.
BROKEN: Final = {
    "whoever asked is responsible while a request is live": f"""
        SELECT request.id FROM swap_requests AS request
        LEFT JOIN schedule_assignments AS held
            ON held.id = request.assignment_id AND held.employee_id = request.proposer_id AND held.in_force
            AND held.{_IS_ACTIVE}
        WHERE request.site_id = :site AND request.status IN ('open', 'accepted') AND held.id IS NULL
    """,
    "so is whose shift is wanted": f"""
        SELECT request.id FROM swap_requests AS request
        JOIN swap_invitees AS asked ON asked.request_id = request.id
        LEFT JOIN schedule_assignments AS held
            ON held.id = request.wanted_id AND held.employee_id = asked.employee_id AND held.in_force
            AND held.{_IS_ACTIVE}
        WHERE request.site_id = :site AND request.kind = 'swap' AND request.status IN ('open', 'accepted')
          AND held.id IS NULL
    """,
    "nobody works twice at a time": f"""
        SELECT one.id FROM schedule_assignments AS one
        JOIN schedules ON schedules.id = one.schedule_id
        JOIN schedule_assignments AS other
            ON other.employee_id = one.employee_id AND other.id > one.id AND other.in_force AND other.{_IS_ACTIVE}
            AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at
        WHERE schedules.site_id = :site AND one.in_force AND one.{_IS_ACTIVE}
    """,
    "an assignment is in one live request at most": """
        SELECT min(request.id) FROM swap_requests AS request, unnest(ARRAY[assignment_id, wanted_id]) AS each (held)
        WHERE request.site_id = :site AND request.status IN ('open', 'accepted') AND held IS NOT NULL
        GROUP BY held HAVING count(*) > 1
    """,
    "who said yes is one of those who were asked": """
        SELECT request.id FROM swap_requests AS request
        LEFT JOIN swap_invitees AS asked
            ON asked.request_id = request.id AND asked.employee_id = request.taker_id
            AND (asked.answer = 'accepted' OR asked.answer = 'declined' AND request.status = 'withdrawn')
        WHERE request.site_id = :site AND request.taker_id IS NOT NULL AND asked.request_id IS NULL
    """,
    "what is declined was declined by all": """
        SELECT request.id FROM swap_requests AS request
        WHERE request.site_id = :site AND request.status = 'declined' AND EXISTS (
            SELECT FROM swap_invitees AS asked WHERE asked.request_id = request.id AND asked.answer <> 'declined')
    """,
    "what has ended says when, and whoever asked was told unless they ended it": """
        SELECT request.id FROM swap_requests AS request
        WHERE request.site_id = :site AND (
            (request.ended_at IS NULL) <> (request.status IN ('open', 'accepted'))
            OR (request.status IN ('approved', 'rejected', 'declined', 'expired', 'void') AND 1 <> (
                SELECT count(*) FROM notifications
                WHERE related_type = 'swap_request' AND related_id = request.id AND recipient_id = request.proposer_id
                  AND type IN ('swap_decided', 'swap_ended'))))
    """,
    "who agreed was told how it ended": """
        SELECT request.id FROM swap_requests AS request
        WHERE request.site_id = :site AND request.taker_id IS NOT NULL
          AND request.status IN ('approved', 'rejected', 'withdrawn', 'expired', 'void')
          AND 1 <> (SELECT count(*) FROM notifications
                    WHERE related_type = 'swap_request' AND related_id = request.id
                      AND recipient_id = CASE WHEN EXISTS (
                          SELECT FROM swap_invitees AS asked WHERE asked.request_id = request.id
                            AND asked.employee_id = request.taker_id AND asked.answer = 'declined')
                          THEN request.proposer_id ELSE request.taker_id END
                      AND type IN ('swap_decided', 'swap_ended'))
    """,
}
_STATEMENT = " UNION ALL ".join(
    f"SELECT '{name}', array_agg(broken) FROM ({query}) AS each (broken)" for name, query in BROKEN.items()
)
#: What a refusal that ends a request may change; another changes nothing at all.
_FINGERPRINT = """
    SELECT md5(string_agg(row, '' ORDER BY row)) FROM (
        SELECT to_jsonb(held)::text FROM schedule_assignments AS held
            JOIN schedules ON schedules.id = schedule_id WHERE site_id = :site
        UNION ALL SELECT to_jsonb(request)::text FROM swap_requests AS request WHERE site_id = :site
        UNION ALL SELECT to_jsonb(told)::text FROM notifications AS told
            JOIN employees ON employees.id = recipient_id WHERE site_id = :site
    ) AS each (row)
"""
_STATUSES = "SELECT id, status FROM swap_requests WHERE site_id = :site"

number = st.integers(0, 60)
#: What is done, some of it oftener.
OFTEN = (
    *("offer", "propose", "accept", "agree") * 3,
    *("decline", "withdraw", "approve", "reject", "take_away", "give", "confirm", "say_no", "undo"),
    *("publish_anew", "close_the_time"),
)
TIMES = ((time(6), time(14)), (time(8), time(16)), (time(14), time(22)))


class SwapMachine(RuleBasedStateMachine):
    """A published week with shifts that meet, and a rule that warns."""

    runner: asyncio.Runner

    @initialize(needs_approval=st.booleans())
    def open_site(self, needs_approval: bool) -> None:
        """Three people with two or three shifts each."""
        self.scene: Scene = self.runner.run(make_scene(swaps_need_approval=needs_approval))
        self.people = [self.scene.bob, self.scene.carol, self.scene.supervisor]
        self.statuses: dict[int, str] = {}
        self.runner.run(self._write())

    async def _write(self) -> None:
        columns = [
            {"day": day, "start": start, "end": end, "title": f"{day} {start}"}
            for day in range(5)
            for start, end in TIMES[day % 2 :]
        ]
        held = {index: [self.people[index % 3]] for index in range(10)}
        await make_week(self.scene, *columns, held=held, status="published")
        async with writing() as session:
            limits = {"weekly_minutes": 1500}
            await build_rule(session, self.scene.site, rule_type="overtime", constraints=limits, strict=False)

    def _do(self, verb: Callable[[], Awaitable[Any]]) -> None:
        self.runner.run(self._attempt(verb))

    async def _attempt(self, verb: Callable[[], Awaitable[Any]]) -> None:
        before, statuses = await self._fingerprint(), await self._statuses()
        try:
            await verb()
        except ScheduleError as refused:
            assert refused.message.endswith((".", "?"))
            after = await self._statuses()
            ended = {each for each in after if after[each] != statuses[each]}
            assert {after[each] for each in ended} <= {"void", "expired"}
            assert ended or await self._fingerprint() == before

    async def _fingerprint(self) -> str:
        [[fingerprint]] = await rows(_FINGERPRINT, site=self.scene.site.id)
        return fingerprint

    async def _statuses(self) -> dict[int, str]:
        return dict(tuple(each) for each in await rows(_STATUSES, site=self.scene.site.id))

    def _pick(self, statement: str, one: int) -> Any:
        found = self.runner.run(rows(statement, site=self.scene.site.id))
        return found[one % len(found)] if found else None

    def _person(self, employee_id: int) -> Any:
        return actor_of(next(each for each in self.people if each.id == employee_id))

    @rule(step=st.sampled_from(OFTEN), one=number, two=number)
    def act(self, step: str, one: int, two: int) -> None:
        """One rule for all: Hypothesis would leave out some of many, and then little comes about."""
        getattr(self, f"_{step}")(one, two)

    def _offer(self, one: int, two: int) -> None:
        held = self._pick(_HELD, one)
        to = None if two % 3 == 0 else [each.id for each in self.people if each.id != held.employee_id][: two % 3]
        self._do(lambda: offer_shift(self._person(held.employee_id), held.id, to=to))

    def _propose(self, one: int, two: int) -> None:
        held, wanted = self._pick(_HELD, one), self._pick(_HELD, one + 1 + two)
        self._do(lambda: propose_swap(self._person(held.employee_id), held.id, wanted.id))

    def _accept(self, one: int, two: int) -> None:
        if request := self._pick(_REQUESTS, one // 8):
            self._do(lambda: accept_request(self._asked(request, two), request.id))

    def _agree(self, one: int, two: int) -> None:
        """All the way, which single steps seldom go."""
        (self._propose if two % 2 else self._offer)(one, two)
        if request := self._pick(_NEWEST, 0):
            self._do(lambda: accept_request(self._asked(request, 1), request.id))
            note = "They agreed on it" if one % 2 else None
            self._do(lambda: approve_request(self.scene.actor("manager"), request.id, note=note))

    def _asked(self, request: Any, who: int) -> Any:
        """Most often one of those who were asked."""
        known = [each.id for each in self.people if each.id in request.asked]
        return actor_of(self.people[who % 3]) if who % 7 == 0 or not known else self._person(known[who % len(known)])

    def _decline(self, one: int, two: int) -> None:
        if request := self._pick(_REQUESTS, one // 16):
            self._do(lambda: decline_request(self._asked(request, two), request.id))

    def _withdraw(self, one: int, two: int) -> None:
        if request := self._pick(_REQUESTS, one // 16):
            who = request.taker_id if two % 2 and request.taker_id else request.proposer_id
            self._do(lambda: withdraw_request(self._person(who), request.id))

    def _approve(self, one: int, two: int) -> None:
        if request := self._pick(_REQUESTS, one // 16):
            note = "They agreed on it" if two % 2 else None
            self._do(lambda: approve_request(self.scene.actor("manager"), request.id, note=note))

    def _reject(self, one: int, _two: int) -> None:
        if request := self._pick(_REQUESTS, one // 16):
            self._do(lambda: reject_request(self.scene.actor("manager"), request.id))

    def _take_away(self, one: int, _two: int) -> None:
        held = self._pick(_HELD, one)
        self._do(lambda: unassign_employee(self.scene.actor("manager"), held.id))

    def _give(self, one: int, two: int) -> None:
        shift = self._pick(
            "SELECT shifts.id FROM shifts JOIN schedules ON schedules.id = schedule_id"
            " WHERE shifts.site_id = :site AND in_force ORDER BY shifts.id",
            one,
        )
        manager, person = self.scene.actor("manager"), self.people[two % 3].id
        self._do(lambda: assign_employee(manager, shift.id, person, override_reason="Nobody else can"))

    def _confirm(self, one: int, _two: int) -> None:
        held = self._pick(_HELD, one)
        self._do(lambda: confirm_assignment(self._person(held.employee_id), held.id))

    def _say_no(self, one: int, _two: int) -> None:
        held = self._pick(_HELD, one)
        self._do(lambda: decline_assignment(self._person(held.employee_id), held.id))

    def _undo(self, _one: int, _two: int) -> None:
        self._do(lambda: undo(self.scene.actor("manager"), self.scene.site.id))

    def _publish_anew(self, _one: int, _two: int) -> None:
        self._do(self._publish)

    async def _publish(self) -> None:
        manager = self.scene.actor("manager")
        [[published]] = await rows(
            "SELECT id FROM schedules WHERE site_id = :site AND status = 'published'", site=self.scene.site.id
        )
        draft = await revise_schedule(manager, published)
        try:
            for version, step in enumerate((submit_schedule, approve_schedule, publish_schedule), start=1):
                await step(manager, draft, expected_version=version)
        except ScheduleError:
            # What may not be published stays in work, and would be in the way of the next.
            await execute("DELETE FROM schedules WHERE id = :id", id=draft)

    def _close_the_time(self, _one: int, _two: int) -> None:
        """Everything comes too late."""

        async def late() -> None:
            # The week is farther away than the longest time that a site can set.
            closing = "UPDATE sites SET swap_cutoff_minutes = :minutes WHERE id = :site"
            await execute("ALTER TABLE sites DROP CONSTRAINT IF EXISTS ck_sites_swap_cutoff")
            await execute(closing, minutes=60 * 24 * 60, site=self.scene.site.id)
            await expire_swaps()
            await execute(closing, minutes=120, site=self.scene.site.id)

        self._do(late)

    @invariant()
    def nothing_is_broken(self) -> None:
        found = self.runner.run(rows(_STATEMENT, site=self.scene.site.id))
        assert {name: ids for name, ids in found if ids} == {}

    @invariant()
    def statuses_only_go_where_they_may(self) -> None:
        now = self.runner.run(self._statuses())
        for request_id, status in now.items():
            before = self.statuses.get(request_id, SwapStatus.OPEN)
            if status != before and (before, status) not in TRANSITIONS:
                # Where nobody has to approve, one answer is two steps.
                assert (before, status) == (SwapStatus.OPEN, SwapStatus.APPROVED)
            assert before in LIVE or status == before
        self.statuses = now


def test_whatever_colleagues_and_managers_do_a_shift_has_one_who_is_responsible(runner: asyncio.Runner):
    class Machine(SwapMachine):
        pass

    Machine.runner = runner
    limits = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Machine, settings=limits)
