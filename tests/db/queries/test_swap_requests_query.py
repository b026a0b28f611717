"""With whom one's shifts could change hands, and what everybody sees of that."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.queries.labels import long_day
from schedule_app.queries.swap_choices import offerable, swap_choices
from schedule_app.queries.swap_requests import my_swaps, waiting_swaps
from schedule_app.services.forms import checked
from schedule_app.services.preferences import WishDetails, save_wishes
from schedule_app.services.swap_requests import accept_request, offer_shift, propose_swap, withdraw_request
from tests.db.queries.crowd import make_crowd, publish_quickly
from tests.db.services.scene import WEEK, actor_of, assignment_on, execute, make_scene, make_week, rows, writing
from tests.db.services.swapping import bring_to, make_between, pass_cutoff
from tests.support.builders import build_employee, build_rule
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")


async def test_whoever_is_listed_can_be_asked_and_whoever_is_not_is_refused():
    scene = await make_scene()
    async with writing() as session:
        people = [scene.bob, scene.carol, scene.supervisor, *[await build_employee(session, scene.site) for _ in "123"]]
        await build_rule(session, scene.site)
        apart = [{"first": scene.bob.id, "second": people[3].id}, {"first": scene.carol.id, "second": people[4].id}]
        await build_rule(session, scene.site, rule_type="restriction", constraints={"apart": apart})
        limits = {"max_shifts_per_day": 1}
        await build_rule(session, scene.site, rule_type="workload", constraints=limits, strict=False)
    times = (("06:00", "14:00"), ("12:00", "20:00"), ("22:00", "06:00"))
    columns = [
        {"day": day, "start": time.fromisoformat(start), "end": time.fromisoformat(end)}
        for day in (1, 2, 4)
        for start, end in times
    ]
    holders = {0: [0], 1: [3], 2: [1], 3: [4, 5], 4: [2], 6: [1, 3], 8: [5]}
    held = {index: [people[each] for each in whose] for index, whose in holders.items()}
    await make_week(scene, *columns, held=held, status="published")
    later = {0: [people[5]], 1: [scene.carol]}
    await make_week(scene, *columns[:2], held=later, status="published", week_start=WEEK + timedelta(weeks=1))
    [[mine]] = await rows(
        "SELECT min(id) FROM schedule_assignments WHERE employee_id = :id AND in_force", id=scene.bob.id
    )
    others = await rows(
        "SELECT id, employee_id FROM schedule_assignments WHERE in_force AND employee_id <> :id", id=scene.bob.id
    )

    async with read_session() as session:
        view = await swap_choices(session, scene.bob.id, mine)

    bob = actor_of(scene.bob)
    can_take, can_swap = set(), set()
    for person in [*people[1:], scene.manager, scene.second_manager]:
        try:
            await withdraw_request(bob, await offer_shift(bob, mine, to=[person.id]))
            can_take.add(person.id)
        except ScheduleError:
            pass
    for other in others:
        try:
            await withdraw_request(bob, await propose_swap(bob, mine, other.id))
            can_swap.add(other.id)
        except ScheduleError:
            pass
    assert {each.id for each in view.colleagues} == can_take
    assert {each.id for day in view.days for each in day.shifts} == can_swap
    assert view.found == len(can_swap)
    # Both kinds are there, so that the comparison says something.
    assert 0 < len(can_take) < len(people) + 1
    assert 0 < len(can_swap) < len(others)


async def test_somebody_elses_shift_and_one_that_is_not_published_are_not_there():
    between = await make_between()
    scene = between.scene
    _, [drafted] = await make_week(scene, held={0: [scene.bob]}, week_start=WEEK + timedelta(weeks=1))
    held = await assignment_on(drafted, scene.bob)
    async with read_session() as session:
        for assignment_id in (between.carols.id, held.id, 2**40):
            with pytest.raises(NotFound):
                await swap_choices(session, scene.bob.id, assignment_id)


async def test_what_can_change_hands_says_how_it_stands():
    between = await make_between()
    scene = between.scene

    async def standing() -> list[dict[int, str]]:
        async with read_session() as session:
            return [await offerable(session, each.id) for each in (scene.bob, scene.carol)]

    bobs, carols = between.bobs.id, between.carols.id
    assert await standing() == [{bobs: ""}, {carols: ""}]
    request_id = await between.swap()
    assert await standing() == [{bobs: "Offered to colleagues"}, {carols: "A colleague would like to swap"}]
    await accept_request(actor_of(scene.carol), request_id)
    words = "Waiting for approval to change hands"
    assert await standing() == [{bobs: words}, {carols: words}]
    await withdraw_request(actor_of(scene.bob), request_id)
    await pass_cutoff(between)
    assert await standing() == [{}, {carols: ""}]


async def test_what_ended_long_ago_is_shown_no_more():
    between = await make_between()
    request_id = await bring_to(between, "withdrawn")
    async with read_session() as session:
        assert [each.id for each in (await my_swaps(session, between.scene.bob.id)).past] == [request_id]
    await execute("UPDATE swap_requests SET ended_at = now() - interval '31 days'")
    async with read_session() as session:
        assert (await my_swaps(session, between.scene.bob.id)).past == []


@pytest.mark.parametrize("people", [10, 100])
async def test_lists_cost_the_same_for_any_number_of_people(people: int):
    scene, schedule_id = await make_crowd(people)
    await publish_quickly(schedule_id)
    held = await rows(
        "SELECT held.id, employee_id FROM schedule_assignments AS held JOIN employees ON employees.id = employee_id"
        " WHERE email LIKE 'crowd-%' ORDER BY employee_id, starts_at"
    )
    one = held[0]
    by_id = {row.employee_id: row.id for row in held}
    for person_id, other_id in pairwise(list(by_id)[1 : people // 2]):
        await execute(
            "WITH made AS ("
            " INSERT INTO swap_requests (site_id, kind, proposer_id, assignment_id, shift_id)"
            " SELECT :site, 'offer', employee_id, id, shift_id FROM schedule_assignments WHERE id = :held RETURNING id)"
            " INSERT INTO swap_invitees (request_id, employee_id)"
            " SELECT id, unnest(CAST(:asked AS bigint[])) FROM made",
            site=scene.site.id,
            held=by_id[person_id],
            asked=[other_id, one.employee_id],
        )
    await execute(
        "UPDATE swap_requests SET status = 'accepted', taker_id = asked.employee_id FROM swap_invitees AS asked"
        " WHERE asked.request_id = id AND asked.employee_id <> :one AND id % 2 = 0",
        one=one.employee_id,
    )
    async with read_session() as session:
        found = {}
        for name, read in (
            ("choices", lambda: swap_choices(session, one.employee_id, one.id)),
            ("mine", lambda: my_swaps(session, one.employee_id)),
            ("waiting", lambda: waiting_swaps(session, scene.actor("manager"))),
            ("offerable", lambda: offerable(session, one.employee_id)),
        ):
            with count_statements() as statements:
                await read()
            found[name] = len(statements)
    assert found == {"choices": 3, "mine": 2, "waiting": 2, "offerable": 1}


async def test_shifts_that_change_hands_have_the_time_of_their_place_wherever_the_viewer_is():
    between = await make_between(time_zone="Asia/Kathmandu")
    scene = between.scene
    wishes = checked(WishDetails, {"channels": {}, "time_zone": "America/New_York"})
    await save_wishes(actor_of(scene.carol), wishes, expected_version=0)
    request_id = await between.swap()
    early, late = WEEK + timedelta(days=1), WEEK + timedelta(days=3)

    async with read_session() as session:
        [asked] = (await my_swaps(session, scene.carol.id)).asked
    assert (asked.shift.day, asked.shift.times) == (long_day(early), "06:00–14:00")
    assert asked.shift.starts_at == datetime.combine(early, time(0, 15), UTC).isoformat()
    assert (asked.wanted.day, asked.wanted.times) == (long_day(late), "14:00–22:00")
    until = f"{early:%a} {early.day} {early:%b}, 04:00"
    assert asked.until == until

    await accept_request(actor_of(scene.carol), request_id)
    async with read_session() as session:
        [waiting] = (await waiting_swaps(session, scene.actor("manager"))).swaps
    assert waiting.until == until
    assert f"{long_day(early)}, 06:00–14:00" in waiting.sides[0].gives
