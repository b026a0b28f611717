"""Why a proposal is as it is: its account, and everybody's case on one shift."""

import json
from dataclasses import dataclass
from datetime import date, time

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Employee, Schedule, Shift, Site
from schedule_app.optimizer import codec
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.reasons import reasons
from schedule_app.optimizer.solution import Given, Missing, Solution
from schedule_app.optimizer.solve import solve
from schedule_app.queries.run_reasons import PersonLine, ReasonsView
from schedule_app.services.solve_runs import claim_run, end_run, note_better, note_reasons
from schedule_app.ui.board.fill_state import FillState
from schedule_app.ui.board.why_state import WhyState
from tests.support.builders import (
    build_assignment,
    build_employee,
    build_rule,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.reflex_events import Tab, browser_of

START = date(2027, 3, 15)
REST = "At least 11 h between two shifts."


@dataclass(frozen=True)
class Week:
    """A draft: Bob has the late shift, and the early one of the next day needs the two others."""

    site: Site
    late: Shift
    early: Shift
    manager: Employee
    bob: Employee
    carol: Employee

    @property
    def address(self) -> str:
        return f"/schedule/{self.site.id}/{START}"


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager", name="John Manager", qualifications=[])
    bob, carol = [await build_employee(session, site, name=name) for name in ("Bob Worker", "Carol Cook")]
    await build_rule(session, site, rule_type="rest_period", constraints={"min_minutes": 660}, strict=True)
    schedule = await build_schedule(session, site, week_start=START)
    late = await build_shift(session, schedule, start=time(15), end=time(23), title="Late")
    early = await build_shift(session, schedule, day=1, start=time(6), end=time(14), title="Early", required_staff=3)
    await build_assignment(session, late, bob, pinned=True)
    await session.commit()
    return Week(site, late, early, manager, bob, carol)


async def search(tab: Tab) -> None:
    """Ask for the week to be filled, and search as the process would."""
    await tab.send(FillState.begin)
    await tab.send(FillState.start)
    claimed = await claim_run()
    assert claimed is not None
    problem = codec.loads(Problem, claimed.problem)
    answer = solve(problem, seconds=5, workers=1)
    await note_better(claimed.run_id, answer, sum(each.shift.required_staff for each in problem.demands))
    await end_run(claimed.run_id)
    await tab.send(FillState.refresh)
    assert not tab.state(FillState).run.has_reasons
    await note_reasons(claimed.run_id, answer, reasons(problem, answer, seconds=30))
    await tab.send(FillState.refresh)


async def test_the_account_tells_the_score_the_empty_places_and_what_would_fill_them(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await search(tab)
        assert tab.state(FillState).run.has_reasons

        await tab.send(WhyState.begin)

        state = tab.state(WhyState)
        assert state.is_open
        assert [line.name for line in state.view.score] == ["People missing", "Altogether"]
        assert state.view.score[0].before == state.view.score[1].before
        [empty] = state.view.empty
        assert (empty.title, empty.missing) == ("Tue 16 Mar, 06:00–14:00 (Early)", "1 person missing")
        [bob] = empty.people
        assert (bob.name, bob.kind) == ("Bob Worker", "blocked")
        assert bob.words in empty.summary
        assert bob.words in state.view.clash
        assert state.view.relaxations == [f"{bob.words} Without it 1 more place."]
        assert state.shifts == [
            ("", "Choose a shift"),
            (str(week.late.id), "Mon 15 Mar, 15:00–23:00 (Late)"),
            (str(week.early.id), "Tue 16 Mar, 06:00–14:00 (Early)"),
        ]


async def test_everybody_has_a_case_on_the_shift_that_is_asked_about(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await search(tab)
        await tab.send(WhyState.begin)

        await tab.send(WhyState.ask, {"shift": str(week.late.id)})

        people = tab.state(WhyState).people
        assert people[0] == PersonLine(
            "Bob Worker", "chosen", "Had it before the search, which was to leave it with them."
        )
        assert people[1:] == []
        await tab.send(WhyState.ask, {"shift": str(week.early.id)})
        words = {each.name: each.words for each in tab.state(WhyState).people}
        assert words["Carol Cook"] == "Breaks nothing. Nobody else could, with the rest of the plan as it is."
        assert "rest" in words["Bob Worker"]
        await tab.send(WhyState.ask, {"shift": ""})
        assert tab.state(WhyState).people == []
        await tab.send(WhyState.ask, {"shift": "999999"})
        assert tab.alert


async def test_on_a_full_shift_the_others_are_held_against_who_was_chosen(week: Week, session: AsyncSession):
    schedule = await session.get_one(Schedule, week.early.schedule_id)
    single = await build_shift(session, schedule, day=4, start=time(8), end=time(12), title="Single")
    await build_rule(
        session,
        week.site,
        employee_id=week.bob.id,
        rule_type="preference",
        constraints={"unwanted_weekdays": [4]},
        strict=False,
    )
    await session.commit()
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await search(tab)
        await tab.send(WhyState.begin)

        await tab.send(WhyState.ask, {"shift": str(single.id)})

        chosen, *others = tab.state(WhyState).people
        assert chosen.words.startswith("Breaks nothing. Next best: ")
        assert chosen.words.endswith(", no dearer.")
        words = {each.name: each.words for each in others}
        assert words["Bob Worker"].startswith(f"Instead of {chosen.name}: ")
        assert words["Bob Worker"].endswith(" dearer.")
        assert {each.kind for each in others} == {"could"}


async def test_answers_are_of_the_proposal_the_dialog_shows(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await search(tab)
        await tab.send(WhyState.begin)
        await tab.send(FillState.discard, {"run_id": tab.state(FillState).run.id})
        await search(tab)

        await tab.send(WhyState.ask, {"shift": str(week.early.id)})

        assert tab.state(WhyState).people == []
        assert tab.alert


async def test_a_closed_dialog_keeps_nothing(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await search(tab)
        await tab.send(WhyState.begin)
        await tab.send(WhyState.show, {"is_open": False})

        assert (tab.state(WhyState).view, tab.state(WhyState).shifts) == (ReasonsView(), [])


async def test_a_place_that_a_longer_search_would_have_filled_is_not_called_too_dear(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(FillState.begin)
        await tab.send(FillState.start)
        claimed = await claim_run()
        assert claimed is not None
        problem = codec.loads(Problem, claimed.problem)
        # As a search leaves it that was stopped before it gave anybody anything.
        places = sum(each.shift.required_staff for each in problem.demands)
        standing = tuple(Given(each.employee_id, each.shift_id) for each in problem.standing)
        answer = Solution("feasible", standing, (Missing(week.early.id, 3),), 3000)
        await note_better(claimed.run_id, answer, places)
        await end_run(claimed.run_id)
        await note_reasons(claimed.run_id, answer, reasons(problem, answer, seconds=30))
        await tab.send(FillState.refresh)

        await tab.send(WhyState.begin)

        [empty] = tab.state(WhyState).view.empty
        assert empty.summary.startswith("2 could: a longer search may fill it. 1 person: ")
        assert {each.words for each in empty.people if each.kind == "could"} == {"Allowed; the plan would be no worse."}


async def test_employees_are_told_nothing_of_it(week: Week):
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await search(tab)
    async with browser_of(week.carol.id) as tab:
        await tab.open(week.address)
        await tab.send(WhyState.begin)

        assert not tab.state(WhyState).is_open
        assert json.dumps(tab.shows(WhyState)).count("Bob") == 0
