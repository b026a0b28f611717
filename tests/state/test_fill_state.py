"""Filling the week: the dialog, the panel that follows a search, and the plan as marks on the board."""

import json
from dataclasses import dataclass
from datetime import date, time

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.permissions import Actor, Role
from schedule_app.models import Employee, Schedule, Shift, Site
from schedule_app.queries.proposals import ProposalsView, compare_proposals
from schedule_app.services.solve_runs import claim_run, discard_run
from schedule_app.ui.board import proposals_state
from schedule_app.ui.board.bulk_state import BulkState
from schedule_app.ui.board.fill_state import FillState
from schedule_app.ui.board.proposals_state import ProposalsState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.undo_state import UndoState
from tests.db.services.scene import execute, rows
from tests.support.builders import (
    build_assignment,
    build_employee,
    build_rule,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.reflex_events import Tab, browser_of, push

START = date(2027, 3, 15)


@dataclass(frozen=True)
class Week:
    """A draft with two shifts, Bob on the first."""

    site: Site
    schedule: Schedule
    early: Shift
    late: Shift
    manager: Employee
    bob: Employee
    carol: Employee

    @property
    def address(self) -> str:
        return f"/schedule/{self.site.id}/{START}"


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager", name="John Manager")
    bob, carol = [await build_employee(session, site, name=name) for name in ("Bob Worker", "Carol Worker")]
    schedule = await build_schedule(session, site, week_start=START)
    early = await build_shift(session, schedule, start=time(6), end=time(14), title="Early")
    late = await build_shift(session, schedule, day=2, start=time(16), end=time(22), title="Late")
    await build_assignment(session, early, bob)
    await session.commit()
    return Week(site, schedule, early, late, manager, bob, carol)


async def propose(*pairs: tuple[int, int], missing: int = 0) -> None:
    """What a process that searches would have found."""
    claimed = await claim_run()
    assert claimed is not None
    result = {"score": 1000, "bound": 900, "places": 2, "missing": missing, "status": "feasible"}
    await execute(
        "UPDATE solve_runs SET plan = CAST(:plan AS jsonb), result = CAST(:result AS jsonb),"
        " progress = '[[0.5, 3000, 900, 1], [1.5, 1000, 900, 2]]', status = 'proposed', ended_at = now()"
        " WHERE id = :id",
        plan=json.dumps([list(pair) for pair in pairs]),
        result=json.dumps(result),
        id=claimed.run_id,
    )


async def start(tab: Tab) -> None:
    await tab.send(FillState.begin)
    await tab.send(FillState.start)


async def propose_two(tab: Tab, week: Week) -> None:
    """A plan with Carol on the late shift, then one with Bob there too."""
    for late in (week.carol, week.bob):
        await start(tab)
        await propose((week.early.id, week.bob.id), (week.late.id, late.id))
    await tab.send(FillState.refresh)


def seen(tab: Tab) -> dict[str, int]:
    """The run above the board."""
    return {"run_id": tab.state(FillState).run.id}


async def test_a_search_is_begun_in_the_dialog_and_followed_above_the_board(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(FillState.begin)
        assert tab.state(FillState).is_open
        assert tab.state(FillState).departments[0] == ("all", "The whole week")
        await tab.send(FillState.choose, {"seconds": "10"})

        await tab.send(FillState.start)

        assert not tab.state(FillState).is_open
        assert (tab.state(FillState).run.status, tab.state(FillState).run.title) == ("queued", "Waiting to search …")
        await claim_run()
        await tab.send(FillState.refresh)
        assert tab.state(FillState).run.title == "Searching … 0 of 10 s"


async def test_a_selection_is_filled_alone_and_the_week_again_afterwards(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(BulkState.begin, {"action": "fill", "ids": [week.late.id]})
        assert tab.state(FillState).selected == "1 shift, Wed 17 Mar"

        await tab.send(FillState.start)
        assert [(await rows("SELECT request FROM solve_runs"))[0][0]["shift_ids"]] == [[week.late.id]]
        await propose((week.late.id, week.carol.id))
        await tab.send(FillState.refresh)
        assert tab.state(FillState).run.asked == "1 selected shift"

        await tab.send(FillState.begin)
        assert tab.state(FillState).selected == ""


async def test_a_second_search_is_refused_in_the_dialog(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await start(tab)

        assert tab.state(FillState).is_open
        assert tab.state(FillState).problem == "This week is being filled already. Stop that search first."


async def test_a_proposal_stands_on_the_board_as_what_it_would_be(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await propose((week.early.id, week.bob.id), (week.late.id, week.carol.id))
        await tab.send(FillState.refresh)
        state = tab.state(FillState)

        assert (state.run.title, state.run.covered, state.run.score, state.run.gap) == (
            "Proposal: 1 place filled",
            "2 of 2",
            "1,000",
            "at most 10.0 %",
        )
        assert state.run.curve.startswith("M ")
        [ghost] = state.changes.ghosts[str(week.carol.id)]
        assert (ghost["day"], ghost["title"], ghost.get("kind")) == (2, "Late", "proposed")
        assert state.changes.marks == {}
        assert tab.state(BoardState).shifts[2][0]["staffed"] == 0


async def test_who_would_be_taken_off_is_marked(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await propose((week.early.id, week.carol.id), missing=1)
        await tab.send(FillState.refresh)
        state = tab.state(FillState)

        assert state.run.title == "Proposal: 1 place filled, 1 taken off"
        [mark] = state.changes.marks.values()
        assert mark["kind"] == "taken"


async def test_keeping_fills_the_board_and_can_be_undone(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await propose((week.early.id, week.bob.id), (week.late.id, week.carol.id))
        await tab.send(FillState.refresh)

        await tab.send(FillState.keep, seen(tab))

        assert tab.state(FillState).run.id == 0
        assert tab.state(UndoState).told["text"] == "1 place filled."
        assert tab.state(UndoState).view.undo
        await tab.send(BoardState.refresh)
        assert tab.state(BoardState).staffed == {str(week.late.id): 1}


async def test_a_discarded_proposal_leaves_the_board_as_it_is(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await propose((week.early.id, week.bob.id), (week.late.id, week.carol.id))
        await tab.send(FillState.refresh)

        await tab.send(FillState.discard, seen(tab))

        assert (tab.state(FillState).run.id, tab.state(FillState).changes.ghosts) == (0, {})
        assert tab.state(BoardState).shifts[2][0]["staffed"] == 0


async def test_a_scenario_is_asked_for_and_said_above_its_plan(week: Week, session: AsyncSession):
    await build_rule(session, week.site, rule_type="fairness", constraints={"max_nights_apart": 2}, strict=False)
    await session.commit()
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(FillState.begin)
        assert [(each.title, each.value) for each in tab.state(FillState).weights] == [("Fairness", "1")]
        await tab.send(FillState.choose, {"demand": "110"})
        await tab.send(FillState.weigh, {"rule_type": "fairness", "weight": "much"})
        await tab.send(FillState.start)
        assert tab.state(FillState).problem == "Fairness: please enter a whole number from 0 to 100 as its weight."
        await tab.send(FillState.weigh, {"rule_type": "fairness", "weight": "101"})
        await tab.send(FillState.start)
        assert tab.state(FillState).problem == "Fairness: please enter a whole number from 0 to 100 as its weight."
        await tab.send(FillState.weigh, {"rule_type": "fairness", "weight": "8"})

        await tab.send(FillState.start)

        assert tab.state(FillState).run.asked == "110 % of the people needed, fairness weighs 8"


async def test_proposals_stand_side_by_side_and_one_of_them_is_looked_at(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await propose_two(tab, week)
        state = tab.state(FillState)
        assert [each.name for each in state.runs] == ["Proposal 1", "Proposal 2"]
        assert list(state.changes.ghosts) == [str(week.bob.id)]

        await tab.send(FillState.look, {"run_id": state.runs[0].id})

        assert list(tab.state(FillState).changes.ghosts) == [str(week.carol.id)]
        await start(tab)
        assert [each.name for each in tab.state(FillState).runs] == ["Proposal 1", "Proposal 2", "Search"]
        assert tab.state(FillState).run.status == "queued"


async def test_a_proposal_is_kept_or_thrown_away_from_the_comparison(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await propose_two(tab, week)
        first, second = [each.id for each in tab.state(FillState).runs]
        await tab.send(ProposalsState.begin)
        assert [each.id for each in tab.state(ProposalsState).view.columns] == [0, first, second]

        await tab.send(ProposalsState.discard, {"run_id": second})

        assert [each.id for each in tab.state(ProposalsState).view.columns] == [0, first]
        assert tab.state(FillState).run.id == first
        await tab.send(ProposalsState.keep, {"run_id": first})
        assert not tab.state(ProposalsState).is_open
        assert (tab.state(FillState).run.id, tab.state(UndoState).told["text"]) == (0, "1 place filled.")


async def test_the_plan_that_was_seen_is_kept_though_another_is_on_the_board_by_now(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await propose((week.early.id, week.bob.id), (week.late.id, week.carol.id))
        await tab.send(FillState.refresh)
        before = seen(tab)
        await start(tab)
        await propose((week.early.id, week.bob.id), (week.late.id, week.bob.id))
        await tab.send(FillState.refresh)
        assert seen(tab) != before

        await tab.send(FillState.keep, before)

        held = await rows("SELECT employee_id FROM schedule_assignments WHERE shift_id = :id", id=week.late.id)
        assert [row[0] for row in held] == [week.carol.id]


async def test_a_proposal_that_is_out_of_date_says_so_beside_the_others(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await propose((week.early.id, week.bob.id), (week.late.id, week.carol.id))
        await tab.send(FillState.refresh)
        await tab.send(ProposalsState.begin)
        await execute("UPDATE shifts SET required_staff = 3 WHERE id = :id", id=week.late.id)

        await tab.send(ProposalsState.keep, seen(tab))

        assert tab.state(ProposalsState).is_open
        assert "The week has changed since the search began" in tab.state(ProposalsState).problem


async def test_the_comparison_follows_what_happens_meanwhile(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await propose((week.early.id, week.bob.id), (week.late.id, week.carol.id))
        await tab.send(FillState.refresh)
        await tab.send(ProposalsState.begin)
        await discard_run(Actor(week.manager.id, Role.MANAGER, week.site.id, None), tab.state(FillState).run.id)

        await push({f"solve:{week.schedule.id}"})

        assert [each.name for each in tab.state(ProposalsState).view.columns] == ["Now"]
        await tab.send(ProposalsState.show, {"is_open": False})
        assert tab.state(ProposalsState).view.columns == []


async def test_the_comparison_is_not_reckoned_again_while_a_search_goes_on(week: Week, monkeypatch: pytest.MonkeyPatch):
    reckoned: list[int] = []

    async def counting(session: AsyncSession, actor: Actor, schedule_id: int) -> ProposalsView:
        reckoned.append(schedule_id)
        return await compare_proposals(session, actor, schedule_id)

    monkeypatch.setattr(proposals_state, "compare_proposals", counting)
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await propose((week.early.id, week.bob.id), (week.late.id, week.carol.id))
        await tab.send(ProposalsState.begin)
        await start(tab)

        for _ in range(3):
            await push({f"solve:{week.schedule.id}"})

        assert len(reckoned) == 1
        await execute("UPDATE shifts SET required_staff = 2 WHERE id = :id", id=week.late.id)
        await push({f"week:{week.site.id}:{START}"})
        filled = tab.state(ProposalsState).view.lines[0]
        assert [cell.text for cell in filled.cells] == ["1 of 3", "2 of 3"]


async def test_a_lost_search_says_so_until_it_is_closed(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
        await claim_run()
        await execute("UPDATE solve_runs SET status = 'failed', message = 'It was ended from outside.'")
        await tab.send(FillState.refresh)
        run = tab.state(FillState).run
        assert (run.status, run.title, run.message) == (
            "failed",
            "The search ended without a plan",
            "It was ended from outside.",
        )

        await tab.send(FillState.discard, seen(tab))

        assert tab.state(FillState).run.id == 0


async def test_employees_hear_nothing_of_it(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await start(tab)
    await propose((week.early.id, week.bob.id), (week.late.id, week.carol.id))

    async with browser_of(week.bob.id) as tab:
        await tab.open(week.address)
        assert tab.state(FillState).run.id == 0
        assert tab.state(FillState).changes.ghosts == {}
