"""Whoever runs the program makes the first admin."""

import pytest

from schedule_app.domain.errors import NotFound
from schedule_app.models import Employee
from schedule_app.services.admins import make_admin
from tests.db.services.scene import audited, execute, fetch, make_scene

pytestmark = pytest.mark.usefixtures("database")


async def test_a_manager_becomes_an_admin_once_and_it_is_on_record():
    scene = await make_scene()

    for _ in range(2):
        assert await make_admin(f" {scene.manager.email.upper()} ") == scene.manager.name

    assert (await fetch(Employee, scene.manager.id)).role == "admin"
    [entry] = await audited("employee", scene.manager.id)
    assert (entry.actor_id, entry.before, entry.after) == (None, {"role": "manager"}, {"role": "admin"})


async def test_whoever_does_not_work_here_is_not_made_one():
    scene = await make_scene()
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)

    for email in (scene.bob.email, "nobody@example.com", ""):
        with pytest.raises(NotFound, match="Nobody who works here"):
            await make_admin(email)

    assert (await fetch(Employee, scene.bob.id)).role == "employee"
