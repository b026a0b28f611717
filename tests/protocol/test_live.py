"""A change reaches every page it concerns, whoever made it."""

from schedule_app.services.assignments import confirm_assignment, unassign_employee
from tests.db.services.scene import actor_of, assignment_on, execute, make_scene, make_week
from tests.protocol.conftest import World
from tests.support.sockets import Page, open_page, post

WITHIN = 5.0


def statuses(board: Page, employee_id: int) -> list[str]:
    """The status of each shift in a person's row, patches included."""
    state = board.shows("BoardState")
    rows = {str(row["id"]): row for row in state["rows"]} | (state.get("patch") or {})
    return [chip["status"] for cell in rows[str(employee_id)]["cells"] for chip in cell]


async def test_two_people_see_what_a_service_and_a_sql_prompt_change(world: World):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    held = await assignment_on(shift, scene.bob)
    board_path = f"/schedule/{scene.site.id}/{shift.local_date}"
    async with (
        open_page(world.app, await world.browser(scene.manager), board_path) as board,
        open_page(world.app, await world.browser(scene.bob), "/me") as phone,
    ):
        assert statuses(board, scene.bob.id) == ["pending"]
        assert len(phone.shows("MeState")["waiting"]) == 1

        await confirm_assignment(actor_of(scene.bob), held.id)
        await board.until(lambda: statuses(board, scene.bob.id) == ["confirmed"], WITHIN)
        await phone.until(lambda: phone.shows("MeState")["waiting"] == [], WITHIN)

        await execute("UPDATE schedule_assignments SET status = 'declined' WHERE id = :id", id=held.id)
        await board.until(lambda: statuses(board, scene.bob.id) == ["declined"], WITHIN)
        await phone.until(lambda: "declined" in str(phone.shows("MeState")["weeks"]), WITHIN)

        await unassign_employee(actor_of(scene.manager), held.id)
        await board.until(lambda: statuses(board, scene.bob.id) == [], WITHIN)
        await phone.until(lambda: phone.shows("MeState")["weeks"] == [], WITHIN)


async def test_an_event_of_one_page_is_on_the_other(world: World):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    held = await assignment_on(shift, scene.bob)
    board_path = f"/schedule/{scene.site.id}/{shift.local_date}"
    async with (
        open_page(world.app, await world.browser(scene.manager), board_path) as board,
        open_page(world.app, await world.browser(scene.bob), "/me") as phone,
    ):
        before = board.shows("ShellState")["unread"]
        await phone.send("AnswerState.confirm", {"assignment_id": held.id, "note": ""})

        await board.until(lambda: statuses(board, scene.bob.id) == ["confirmed"], WITHIN)
        await board.until(lambda: board.shows("ShellState")["unread"] == before + 1, WITHIN)


async def test_what_changes_without_a_pause_is_shown_all_the_while(world: World):
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    changes = 0
    async with open_page(
        world.app, await world.browser(scene.manager), f"/schedule/{scene.site.id}/{shift.local_date}"
    ) as board:
        seen = len(board.received)
        while len(board.received) < seen + 3 and changes < 1000:
            changes += 1
            await execute("UPDATE employees SET name = :name WHERE id = :id", name=f"Bob {changes}", id=scene.bob.id)
        assert len(board.received) >= seen + 3

        await board.until(lambda: f"Bob {changes}" in str(board.shows("BoardState")), WITHIN)


async def test_nothing_is_sent_to_whom_it_does_not_concern(world: World):
    scene, elsewhere = await make_scene(), await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    held = await assignment_on(shift, scene.bob)
    board_path = f"/schedule/{elsewhere.site.id}/{shift.local_date}"
    async with (
        open_page(world.app, await world.browser(scene.bob), "/me") as phone,
        open_page(world.app, await world.browser(elsewhere.manager), board_path) as board,
        open_page(world.app, await world.browser(scene.carol), "/inbox") as inbox,
    ):
        seen = len(board.received), len(inbox.received)
        await execute("UPDATE schedule_assignments SET status = 'declined' WHERE id = :id", id=held.id)
        await phone.until(lambda: "declined" in str(phone.shows("MeState")["weeks"]), WITHIN)
        # Whatever was on its way has come by the time that they answer something else.
        for page in (board, inbox):
            await page.send("InboxState.narrow", {"category": "system"})
            await page.until(lambda page=page: page.shows("InboxState")["category"] == "system")

        assert (len(board.received), len(inbox.received)) == (seen[0] + 1, seen[1] + 1)


async def test_the_account_page_hears_of_signing_in_and_out_elsewhere(world: World):
    scene = await make_scene()
    async with open_page(world.app, await world.browser(scene.bob), "/account") as page:
        assert len(page.shows("AccountState")["sessions"]) == 1

        other = await world.browser(scene.bob)
        await page.until(lambda: len(page.shows("AccountState")["sessions"]) == 2)
        await post(world.app, "/logout", other)
        await page.until(lambda: len(page.shows("AccountState")["sessions"]) == 1)
