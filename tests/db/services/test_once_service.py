"""A phone that hears no answer sends the same again; it is done once."""

import asyncio
from uuid import uuid4

import pytest

from schedule_app.domain.errors import IllegalTransition, InvalidInput
from schedule_app.models import ScheduleAssignment
from schedule_app.services.assignments import confirm_assignment, decline_assignment
from tests.db.services.scene import (
    Scene,
    assignment_on,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    told,
)

pytestmark = pytest.mark.usefixtures("database")

KEY = uuid4()


async def asked(scene: Scene) -> ScheduleAssignment:
    """A shift of Bob's that waits for his answer."""
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    return await assignment_on(shift, scene.bob)


async def test_twenty_sendings_of_one_intent_have_one_effect():
    scene = await make_scene()
    held = await asked(scene)
    bob = scene.actor("bob")

    await asyncio.gather(*(decline_assignment(bob, held.id, note="ill", key=KEY) for _ in range(20)))

    assert (await fetch(ScheduleAssignment, held.id)).version == held.version + 1
    assert [entry.action for entry in await audited("assignment", held.id)] == ["decline"]
    assert await told(scene.manager) == ["assignment_declined"]


async def test_one_that_arrives_late_does_not_take_back_what_was_answered_since():
    scene = await make_scene()
    held = await asked(scene)
    bob = scene.actor("bob")
    await confirm_assignment(bob, held.id, key=KEY)
    await decline_assignment(bob, held.id, key=uuid4())
    await execute("UPDATE schedule_assignments SET status = 'pending' WHERE id = :id", id=held.id)

    await confirm_assignment(bob, held.id, key=KEY)

    assert (await fetch(ScheduleAssignment, held.id)).status == "pending"


async def test_a_key_stands_for_one_thing():
    scene = await make_scene()
    held = await asked(scene)
    bob = scene.actor("bob")
    await confirm_assignment(bob, held.id, note="Gladly", key=KEY)

    with pytest.raises(InvalidInput, match="sent before with something else"):
        await decline_assignment(bob, held.id, note="Gladly", key=KEY)

    assert (await fetch(ScheduleAssignment, held.id)).status == "confirmed"


async def test_a_note_that_comes_after_the_answer_is_not_lost_in_silence():
    scene = await make_scene()
    held = await asked(scene)
    bob = scene.actor("bob")
    await confirm_assignment(bob, held.id, key=KEY)

    for key in (KEY, uuid4()):
        with pytest.raises(IllegalTransition, match="confirmed this already; the note was not added"):
            await confirm_assignment(bob, held.id, note="A bit late", key=key)

    assert (await fetch(ScheduleAssignment, held.id)).response_note is None
    assert await told(scene.manager) == ["assignment_confirmed"]


async def test_a_note_that_was_left_out_the_second_time_was_heard_the_first_time():
    scene = await make_scene()
    held = await asked(scene)
    bob = scene.actor("bob")
    for note in ("Gladly", None, " Gladly "):
        await confirm_assignment(bob, held.id, note=note, key=KEY)

    assert (await fetch(ScheduleAssignment, held.id)).response_note == "Gladly"
    assert await told(scene.manager) == ["assignment_confirmed"]


async def test_somebody_elses_key_is_another_key():
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob, scene.carol]}, status="published")
    for person in ("bob", "carol"):
        held = await assignment_on(shift, getattr(scene, person))
        await confirm_assignment(scene.actor(person), held.id, key=KEY)
        assert (await fetch(ScheduleAssignment, held.id)).status == "confirmed"


async def test_a_refused_intent_may_be_sent_again_and_old_keys_are_forgotten():
    scene = await make_scene()
    held = await asked(scene)
    bob = scene.actor("bob")
    await execute("UPDATE schedule_assignments SET status = 'declined' WHERE id = :id", id=held.id)
    with pytest.raises(Exception, match="cannot become confirmed"):
        await confirm_assignment(bob, held.id, key=KEY)
    await execute("UPDATE schedule_assignments SET status = 'pending' WHERE id = :id", id=held.id)
    await confirm_assignment(bob, held.id, key=KEY)
    assert (await fetch(ScheduleAssignment, held.id)).status == "confirmed"

    await execute("UPDATE command_keys SET created_at = now() - interval '25 hours'")
    await decline_assignment(bob, held.id, key=uuid4())

    assert await rows("SELECT 1 FROM command_keys WHERE key = :key", key=KEY) == []
