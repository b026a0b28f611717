"""Words full of markup are words: kept and shown as they were typed, or refused in words. They do nothing."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from schedule_app.ui.answering.state import AnswerState
from schedule_app.ui.board.assignment_state import AssignmentState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.inbox.state import InboxState
from tests.architecture.probing import ask, fingerprint
from tests.db.services.scene import Scene, assignment_on, fetch, make_scene, make_week, rows
from tests.support.database import Database
from tests.support.reflex_events import browser_of

GOOD = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE employees; --",
    "=HYPERLINK(1)",
    "{{7*7}} ${7*7} %s %(x)s {0}",
    "two\nlines",
    "\u202egnirts",
    "🦄" * 100,
    "javascript:alert(1)",
]
BAD = ["null\0byte", "bell\x07", "\x1b[31mred", "x" * 501, "\ud800"]


@pytest.fixture
async def scene(shared_database: Database) -> Scene:
    return await make_scene()


@pytest.mark.parametrize("words", GOOD, ids=range(len(GOOD)))
async def test_good_words_arrive_as_they_were_typed(scene: Scene, words: str):
    week, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    held = await assignment_on(shift, scene.bob)
    with capture_logs() as logs:
        async with browser_of(scene.bob.id) as phone:
            await phone.open("/me")
            await phone.send(AnswerState.decline, {"assignment_id": held.id, "note": words})
            assert phone.alert == ""
        async with browser_of(scene.manager.id) as desk:
            await desk.open(f"/schedule/{scene.site.id}/{week.week_start}")
            await desk.send(AssignmentState.open, {"assignment_id": held.id})
            shown = desk.shows(AssignmentState)["detail"]["note"]
            await desk.open("/inbox")
            # A message is one line.
            assert " ".join(words.split()) in desk.shows(InboxState)["items"][0]["body"]

    assert shown == words
    assert logs == []


@pytest.mark.parametrize("words", BAD, ids=range(len(BAD)))
async def test_bad_words_are_refused_in_words(scene: Scene, words: str):
    week, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    pending, _ = await make_week(scene, week_start=week.week_start + timedelta(weeks=1), status="pending")
    held = await assignment_on(shift, scene.bob)
    async with browser_of(scene.bob.id) as phone, browser_of(scene.manager.id) as desk:
        await phone.open("/me")
        await desk.open(f"/schedule/{scene.site.id}/{pending.week_start}")
        before = await fingerprint()
        with capture_logs() as logs:
            answers = [
                await ask(phone, "AnswerState.confirm", payload={"assignment_id": held.id, "note": words}),
                await ask(phone, "AnswerState.decline", payload={"assignment_id": held.id, "note": words}),
                await ask(desk, "BoardState.reject", payload={"reason": words}),
            ]

    assert await fingerprint() == before
    assert all(answer.alert for answer in answers)
    assert not any(words in answer.alert for answer in answers)
    assert logs == []


async def test_words_travel_from_the_reason_to_the_audit(scene: Scene):
    pending, _ = await make_week(scene, status="pending")
    async with browser_of(scene.manager.id) as desk:
        await desk.open(f"/schedule/{scene.site.id}/{pending.week_start}")
        await desk.send(BoardState.reject, {"reason": "  <b>Not</b> yet; 'DROP'  "})

    assert (await fetch(type(pending), pending.id)).rejected_reason == "<b>Not</b> yet; 'DROP'"
    [[reason]] = await rows(
        "SELECT reason FROM audit_entries WHERE action LIKE 'reject%' AND entity_id = :id", id=pending.id
    )
    assert reason == "<b>Not</b> yet; 'DROP'"
