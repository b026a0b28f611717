"""The law of live pages: after every change, a page left open shows what the same page shows freshly loaded."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import time, timedelta

from playwright.async_api import Page

from schedule_app.services.assignments import confirm_assignment, decline_assignment, unassign_employee
from schedule_app.services.notifications import mark_all_read, mark_read, mark_unread
from schedule_app.services.schedules import (
    approve_schedule,
    create_schedule,
    discard_draft,
    publish_schedule,
    reject_schedule,
    revise_schedule,
    submit_schedule,
)
from schedule_app.services.selection import Target, assign_selected, delete_selected, move_selected, unassign_selected
from schedule_app.services.shifts import ShiftDetails, create_shift, delete_shift, edit_shift
from tests.e2e.screens import PHONE, Screens, loaded
from tests.e2e.world import (
    LATE,
    NEXT_WEEK,
    World,
    assign,
    build_draft,
    build_world,
    execute,
    fetch,
    publish,
    version_of,
)

#: Everything a page says, in words and in attributes, without what belongs to the tab alone.
READ_PAGE = """() => {
    const own = new Set(["id", "for", "style", "tabindex", "aria-describedby", "aria-labelledby", "aria-controls"]);
    const lines = [];
    const read = (element) => {
        if (element.matches("[role=status], [role=alert], input[name=key]")) return;
        const attributes = [...element.attributes].filter((each) => !own.has(each.name));
        const words = [...element.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : ""));
        const value = "value" in element ? ` = ${element.value}` : "";
        const named = attributes.map((each) => ` ${each.name}="${each.value}"`).sort().join("");
        lines.push(`${element.tagName.toLowerCase()}${named}${value}: ${words.join("").trim()}`);
        [...element.children].forEach(read);
    };
    read(document.querySelector(".app"));
    return lines;
}"""
SHIFTS = (
    {"title": "Morning", "day": 0, "required_staff": 2},
    {"title": "Late", "day": 1, "start": LATE[0], "end": LATE[1]},
    {"title": "Weekend", "day": 5},
)
SECONDS_TO_CONVERGE = 5.0
BOARDS = frozenset({"board", "two weeks"})
PLANNING = BOARDS | {"coverage"}
MANAGERS = PLANNING | {"inbox"}
ANNS = frozenset({"Ann's board", "Ann's shifts", "Ann's inbox"})


@dataclass(slots=True)
class Scene:
    """What the changes are made to."""

    world: World
    earlier: int
    schedule: int = 0
    draft: int = 0
    morning: int = 0
    late: int = 0
    replacement: int = 0
    course: int = 0


def _course(scene: Scene) -> ShiftDetails:
    return ShiftDetails(scene.world.week + timedelta(days=3), time(9), time(17), title="Course", shift_type="training")


Change = Callable[[Scene], Awaitable[object]]


async def test_law_open_page_shows_what_a_fresh_one_shows(screens: Screens) -> None:
    world = await build_world(staff=["Ann Archer", "Ben Brook"])
    world.week = NEXT_WEEK - timedelta(days=7)
    earlier = await build_draft(world, SHIFTS)
    world.week = NEXT_WEEK
    ann = world.staff[0]
    views = {
        "board": await screens.open(world.manager, world.board),
        "two weeks": await screens.open(world.manager, f"{world.board}?view=two-weeks"),
        "coverage": await screens.open(world.manager, world.coverage),
        "inbox": await screens.open(world.manager, "/inbox"),
        "Ann's board": await screens.open(ann, world.board, PHONE),
        "Ann's shifts": await screens.open(ann, "/me", PHONE),
        "Ann's inbox": await screens.open(ann, "/inbox", PHONE),
    }
    fresh = {name: await page.context.new_page() for name, page in views.items()}
    for name, page in fresh.items():
        await page.goto(views[name].url)
    scene = Scene(world, earlier)
    before = await _read(views)
    for name, change, concerned in CHANGES:
        await change(scene)
        after = await _expect_law(name, views, fresh)
        assert {view for view in views if after[view] != before[view]} == concerned, name
        before = after


async def _create(scene: Scene) -> None:
    world = scene.world
    actor = world.manager.actor
    scene.schedule = await create_schedule(actor, world.site_id, world.week, copy_shifts_from=scene.earlier)
    find = "SELECT array_agg(id ORDER BY starts_at) FROM shifts WHERE schedule_id = :id"
    world.shifts = await fetch(find, id=scene.schedule)


async def _create_shift(scene: Scene) -> None:
    scene.course = await create_shift(scene.world.manager.actor, scene.schedule, _course(scene))


async def _edit_shift(scene: Scene) -> None:
    details = replace(_course(scene), local_end=time(18), title="Long course")
    await edit_shift(scene.world.manager.actor, scene.course, details, expected_version=1)


async def _delete_shift(scene: Scene) -> None:
    await delete_shift(scene.world.manager.actor, scene.course, expected_version=2)


async def _delete_several(scene: Scene) -> None:
    await delete_selected(scene.world.manager.actor, {scene.course: 1})


async def _assign(scene: Scene) -> None:
    scene.morning = await assign(scene.world, 0, scene.world.staff[0])


async def _unassign(scene: Scene) -> None:
    await unassign_employee(scene.world.manager.actor, scene.morning)


async def _fill(scene: Scene) -> None:
    ann, ben = scene.world.staff
    scene.morning = await assign(scene.world, 0, ann)
    scene.late = await assign(scene.world, 1, ann)
    await assign(scene.world, 2, ben)


async def _assign_several(scene: Scene) -> None:
    world = scene.world
    await assign_selected(world.manager.actor, dict.fromkeys(world.shifts, 1), world.staff[1].id)


async def _move_several(scene: Scene) -> None:
    target = Target(employee_id=scene.world.staff[0].id)
    await move_selected(scene.world.manager.actor, await _several(scene), target)


async def _unassign_several(scene: Scene) -> None:
    await unassign_selected(scene.world.manager.actor, await _several(scene))


async def _several(scene: Scene) -> dict[int, int]:
    find = "SELECT json_object_agg(id, version) FROM schedule_assignments WHERE schedule_id = :id"
    return {int(row): version for row, version in (await fetch(find, id=scene.schedule)).items()}


async def _submit(scene: Scene) -> None:
    version = await version_of(scene.schedule)
    await submit_schedule(scene.world.supervisor.actor, scene.schedule, expected_version=version)


async def _reject(scene: Scene) -> None:
    version = await version_of(scene.schedule)
    await reject_schedule(scene.world.manager.actor, scene.schedule, expected_version=version, reason="Too thin")


async def _approve(scene: Scene) -> None:
    await approve_schedule(scene.world.manager.actor, scene.schedule, expected_version=await version_of(scene.schedule))


async def _publish(scene: Scene) -> None:
    await publish_schedule(scene.world.manager.actor, scene.schedule, expected_version=await version_of(scene.schedule))


async def _confirm(scene: Scene) -> None:
    await confirm_assignment(scene.world.staff[0].actor, scene.morning, note="Fine")


async def _decline(scene: Scene) -> None:
    await decline_assignment(scene.world.staff[0].actor, scene.late, note="Not that day")


async def _add_colleague(scene: Scene) -> None:
    scene.replacement = await assign(scene.world, 0, scene.world.staff[1])


async def _cancel_colleague(scene: Scene) -> None:
    await unassign_employee(scene.world.manager.actor, scene.replacement)


async def _mark_read(scene: Scene) -> None:
    ann = scene.world.staff[0]
    await mark_read(ann.actor, [await fetch("SELECT max(id) FROM notifications WHERE recipient_id = :id", id=ann.id)])


async def _mark_unread(scene: Scene) -> None:
    ann = scene.world.staff[0]
    await mark_unread(ann.actor, [await fetch("SELECT max(id) FROM notifications WHERE recipient_id = :id", id=ann.id)])


async def _mark_all_read(scene: Scene) -> None:
    await mark_all_read(scene.world.manager.actor)


async def _revise(scene: Scene) -> None:
    scene.draft = await revise_schedule(scene.world.manager.actor, scene.schedule)


async def _discard(scene: Scene) -> None:
    await discard_draft(scene.world.manager.actor, scene.draft, expected_version=await version_of(scene.draft))


async def _publish_revision(scene: Scene) -> None:
    scene.draft = await revise_schedule(scene.world.manager.actor, scene.schedule)
    find = "SELECT min(id) FROM shifts WHERE schedule_id = :id"
    earlier = ShiftDetails(scene.world.week, time(6), time(14), title="Morning", required_staff=2)
    shift_id = await fetch(find, id=scene.draft)
    await edit_shift(scene.world.manager.actor, shift_id, earlier, expected_version=1)
    await publish(scene.world, scene.draft)


async def _rename_person(scene: Scene) -> None:
    await execute("UPDATE employees SET name = 'Anna Archer' WHERE id = :id", id=scene.world.staff[0].id)


async def _rename_site(scene: Scene) -> None:
    await execute("UPDATE sites SET name = 'Another name' WHERE id = :id", id=scene.world.site_id)


async def _add_department(scene: Scene) -> None:
    await execute("INSERT INTO departments (site_id, name) VALUES (:site, 'Bar')", site=scene.world.site_id)


async def _hire(scene: Scene) -> None:
    await execute(
        "INSERT INTO employees (site_id, name, email, role) VALUES (:site, 'Cem Demir', :email, 'employee')",
        site=scene.world.site_id,
        email=f"cem{scene.world.site_id}@example.com",
    )


async def _dismiss(scene: Scene) -> None:
    await execute(
        "UPDATE employees SET is_active = false WHERE name = 'Cem Demir' AND site_id = :id", id=scene.world.site_id
    )


#: Every command and some changes at a SQL prompt, in an order in which they are possible, and the pages they concern.
CHANGES: tuple[tuple[str, Change, frozenset[str]], ...] = (
    ("create", _create, PLANNING),
    ("create a shift", _create_shift, PLANNING),
    ("edit a shift", _edit_shift, PLANNING),
    ("delete a shift", _delete_shift, PLANNING),
    ("create another shift", _create_shift, PLANNING),
    ("delete what is selected", _delete_several, PLANNING),
    ("assign", _assign, PLANNING),
    ("unassign", _unassign, PLANNING),
    ("assign what is selected", _assign_several, PLANNING),
    ("move what is selected", _move_several, BOARDS),
    ("unassign what is selected", _unassign_several, PLANNING),
    ("assign three", _fill, PLANNING),
    ("submit", _submit, MANAGERS),
    ("reject", _reject, PLANNING),
    ("submit again", _submit, MANAGERS),
    ("approve", _approve, PLANNING),
    ("publish", _publish, PLANNING | ANNS),
    ("confirm", _confirm, MANAGERS | {"Ann's board", "Ann's shifts"}),
    ("decline", _decline, MANAGERS | {"Ann's board", "Ann's shifts"}),
    ("assign in a published week", _add_colleague, PLANNING | {"Ann's board", "Ann's shifts"}),
    ("unassign in a published week", _cancel_colleague, PLANNING | {"Ann's board", "Ann's shifts"}),
    # Whether she has seen it stands with the week.
    ("mark read", _mark_read, ANNS | {"board"}),
    ("mark unread", _mark_unread, ANNS),
    ("mark all read", _mark_all_read, MANAGERS),
    ("revise", _revise, PLANNING),
    ("discard", _discard, PLANNING),
    ("publish a revision", _publish_revision, PLANNING | ANNS),
    ("add a department by SQL", _add_department, frozenset({"coverage"})),
    ("rename a person by SQL", _rename_person, ANNS | BOARDS),
    ("rename the site by SQL", _rename_site, PLANNING | {"Ann's board", "Ann's shifts"}),
    ("hire by SQL", _hire, BOARDS | {"Ann's board"}),
    ("dismiss by SQL", _dismiss, BOARDS | {"Ann's board"}),
)


async def _expect_law(name: str, views: dict[str, Page], fresh: dict[str, Page]) -> dict[str, list[str]]:
    """Load every page anew and compare; returns what they all show."""

    async def load(view: str) -> None:
        # A tab that has forgotten its name is a new one to the server.
        await fresh[view].evaluate("sessionStorage.clear()")
        await fresh[view].goto(views[view].url)
        await loaded(fresh[view])

    await asyncio.gather(*(load(view) for view in views))
    wanted = await _read(fresh)
    deadline = asyncio.get_running_loop().time() + SECONDS_TO_CONVERGE
    shown = await _read(views)
    while shown != wanted and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.05)
        # What stands beside the page's own content may come to the fresh one a moment later.
        shown, wanted = await _read(views), await _read(fresh)
    for view in views:
        assert shown[view] == wanted[view], f"After “{name}”, the open page “{view}” differs from a fresh one."
    return shown


async def _read(pages: dict[str, Page]) -> dict[str, list[str]]:
    texts = await asyncio.gather(*(page.evaluate(READ_PAGE) for page in pages.values()))
    return dict(zip(pages, texts, strict=True))
