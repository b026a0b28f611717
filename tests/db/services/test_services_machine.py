"""A site where anything may be done in any order: what must hold holds after every step."""

import asyncio
import os
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import ScheduleError
from schedule_app.domain.permissions import Actor
from schedule_app.queries.board import BoardView, week_board
from schedule_app.queries.undo import undo_view
from tests.db.services import commands
from tests.db.services.commands import WEEKS, CommandType, NothingThereError, make_trial
from tests.db.services.invariants import BROKEN, broken
from tests.db.services.scene import rows

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "6"))
STEPS = 40

_VERSIONED = ("schedules", "shifts", "schedule_assignments")
# What a refused command must leave alone, and whether it does; people's messages and the log too.
_FINGERPRINT = """
    SELECT md5(string_agg(row, '' ORDER BY row)) FROM (
        SELECT to_jsonb(schedules)::text FROM schedules WHERE site_id = :site
        UNION ALL SELECT to_jsonb(shifts)::text FROM shifts WHERE site_id = :site
        UNION ALL SELECT to_jsonb(held)::text FROM schedule_assignments AS held
            JOIN schedules ON schedules.id = schedule_id WHERE site_id = :site
        UNION ALL SELECT to_jsonb(found)::text FROM rule_violations AS found
            JOIN schedules ON schedules.id = schedule_id WHERE site_id = :site
        UNION ALL SELECT to_jsonb(told)::text FROM notifications AS told
            JOIN employees ON employees.id = recipient_id WHERE site_id = :site
    ) AS each (row)
"""
_LOG = """
    SELECT count(DISTINCT command_id), count(DISTINCT command_id) FILTER (WHERE changes IS NOT NULL), count(*)
    FROM audit_entries WHERE site_id = :site
"""
_VERSIONS = """
    SELECT 'schedules' AS kind, id, version FROM schedules WHERE site_id = :site
    UNION ALL SELECT 'shifts', id, version FROM shifts WHERE site_id = :site
    UNION ALL SELECT 'assignments', held.id, held.version FROM schedule_assignments AS held
        JOIN schedules ON schedules.id = schedule_id WHERE site_id = :site
"""
_PUBLISHED = """
    SELECT schedules.id, md5(string_agg(to_jsonb(shifts)::text, '' ORDER BY shifts.id))
    FROM schedules LEFT JOIN shifts ON shifts.schedule_id = schedules.id
    WHERE schedules.site_id = :site AND status IN ('published', 'archived')
    GROUP BY schedules.id
"""
_STAFFED = """
    SELECT shifts.id, count(held.id) FILTER (WHERE held.status = ANY(:active))
    FROM shifts LEFT JOIN schedule_assignments AS held ON held.shift_id = shifts.id
    WHERE shifts.schedule_id = :schedule
    GROUP BY shifts.id
"""
_MINUTES = """
    SELECT employee_id, CAST(sum(extract(epoch FROM ends_at - starts_at)) / 60 AS integer)
    FROM schedule_assignments WHERE schedule_id = :schedule AND status = ANY(:active) GROUP BY employee_id
"""
_ACTIVE = ["assigned", "pending", "confirmed", "completed"]

small = st.integers(0, 60)
managers = st.sampled_from(["manager", "manager", "second_manager"])


class SiteMachine(RuleBasedStateMachine):
    """Two managers, three people, two weeks; each rule is one command on whatever there is."""

    runner: asyncio.Runner

    @initialize()
    def open_site(self) -> None:
        """A site with a draft in which there are shifts."""
        self.trial = self.runner.run(make_trial())
        self.versions: dict[tuple[str, int], int] = {}
        self.published: dict[int, str] = {}
        self.boards: dict[date, BoardView] = {}
        self.undoable = {"manager": 0, "second_manager": 0}
        self.redoable = {"manager": 0, "second_manager": 0}
        self.attempt("manager", commands.begin_week, 0, 0)
        for number in (0, 1, 2, 5):
            self.attempt("manager", commands.add_shift, 0, number)

    @rule(one=small)
    def carry_out(self, one: int) -> None:
        """Take a draft all the way, which single steps seldom do."""
        for command in (commands.submit, commands.approve, commands.publish):
            self.attempt("manager", command, one, 0)

    def attempt(self, role: str, command: CommandType, one: int, two: int) -> None:
        """Do something, or be refused in words with nothing changed; the log says so either way."""
        self.runner.run(self._attempt(role, command, one, two))

    async def _attempt(self, role: str, command: CommandType, one: int, two: int) -> None:
        before, log = await self._state()
        actor: Actor = self.trial.scene.actor(role)
        try:
            await command(self.trial, actor, one, two)
        except NothingThereError:
            return
        except ScheduleError as refused:
            assert refused.message.endswith((".", "?"))
            assert await self._state() == (before, log)
            return
        after, new_log = await self._state()
        is_silent = command in (commands.read, commands.deactivate)
        # Passing a step over changes nothing but what comes next.
        is_told = command is commands.pass_over or after != before
        assert new_log[0] - log[0] == (1 if is_told and not is_silent else 0)
        self._count(role, command, new_log[1] - log[1])

    def _count(self, role: str, command: CommandType, edits: int) -> None:
        """What can be undone and redone now, as an editor would have it."""
        if command is commands.take_back:
            self.undoable[role] -= 1
            self.redoable[role] += 1
        elif command is commands.do_again:
            self.undoable[role] += 1
            self.redoable[role] -= 1
        elif edits:
            self.undoable[role] += 1
            self.redoable[role] = 0

    async def _state(self) -> tuple[str, tuple[int, int, int]]:
        [[fingerprint]] = await rows(_FINGERPRINT, site=self.trial.site_id)
        [log] = await rows(_LOG, site=self.trial.site_id)
        return fingerprint, tuple(log)

    @invariant()
    def every_constraint_holds(self) -> None:
        assert self.runner.run(broken(self.trial)) == {}

    @invariant()
    def version_counters_never_fall(self) -> None:
        now = {(kind, row): version for kind, row, version in self._rows(_VERSIONS)}
        fallen = {key: version for key, version in now.items() if version < self.versions.get(key, 0)}
        assert fallen == {}
        self.versions |= now

    @invariant()
    def shifts_of_published_versions_never_change(self) -> None:
        now = dict(self._rows(_PUBLISHED))
        assert {each: now.get(each) for each in self.published} == self.published
        self.published = now

    @invariant()
    def board_shows_what_is_in_the_database(self) -> None:
        self.runner.run(self._compare_boards())

    @invariant()
    def undo_and_redo_are_offered_as_long_as_there_are_steps(self) -> None:
        for role in self.undoable:
            view = self.runner.run(self._view(role))
            assert (bool(view.undo), bool(view.redo)) == (self.undoable[role] > 0, self.redoable[role] > 0)

    async def _view(self, role: str) -> Any:
        async with read_session() as session:
            return await undo_view(session, self.trial.scene.actor(role), self.trial.site_id)

    async def _compare_boards(self) -> None:
        sees: Any = {"cost": True, "drafts": True, "version": "working", "today": WEEKS[0]}
        async with read_session() as session:
            for week in WEEKS:
                board = await week_board(session, self.trial.site_id, week, **sees)
                renewed = await week_board(session, self.trial.site_id, week, **sees, before=self.boards.get(week))
                assert renewed == board
                self.boards[week] = renewed
                if board.schedule is None:
                    continue
                values = {"schedule": board.schedule.id, "active": _ACTIVE}
                staffed = dict((await session.execute(text(_STAFFED), values)).all())
                minutes = dict((await session.execute(text(_MINUTES), values)).all())
                assert {shift["id"]: shift["staffed"] for day in board.shifts for shift in day} == staffed
                assert {row["id"]: row["minutes"] for row in board.rows if row["minutes"]} == minutes
                assert [day["staffed"] for day in board.days] == [
                    sum(min(shift["staffed"], shift["needed"]) for shift in day) for day in board.shifts
                ]

    def _rows(self, statement: str) -> list[Any]:
        return self.runner.run(rows(statement, site=self.trial.site_id))


_RULES: tuple[CommandType, ...] = (
    commands.assign,
    commands.unassign,
    commands.move,
    commands.swap,
    commands.unassign_several,
    commands.assign_several,
    commands.move_several,
    commands.remove_several,
    commands.copy_several,
    commands.add_shift,
    commands.change_shift,
    commands.duplicate_shift,
    commands.remove_shift,
    commands.begin_week,
    commands.copy_week,
    commands.revise,
    commands.submit,
    commands.approve,
    commands.reject,
    commands.publish,
    commands.discard,
    commands.confirm,
    commands.decline,
    commands.take_back,
    commands.do_again,
    commands.pass_over,
    commands.read,
    commands.deactivate,
)


def _rule(command: CommandType) -> Any:
    def step(self: SiteMachine, role: str, one: int, two: int) -> None:
        self.attempt(role, command, one, two)

    step.__name__ = command.__name__
    return rule(role=managers, one=small, two=small)(step)


for _command in _RULES:
    setattr(SiteMachine, _command.__name__, _rule(_command))


def test_whatever_is_done_at_a_site_what_must_hold_holds(runner: asyncio.Runner):
    class Machine(SiteMachine):
        pass

    Machine.runner = runner
    limits = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        # A run takes seconds, and making a failing one shorter takes hundreds of them.
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Machine, settings=limits)


def test_there_are_rules_and_invariants_enough():
    machine = SiteMachine.setup_state()
    assert len(machine.rules) >= 15
    assert len(BROKEN) + len(machine.invariants) >= 12
