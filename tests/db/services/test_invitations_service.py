"""Links with which people set their own password: once, in time, and nobody else's."""

import asyncio
from typing import Any

import pytest

from schedule_app.domain.errors import IllegalTransition, InvalidInput, NotAllowed, NotFound, ScheduleError, Throttled
from schedule_app.models import Employee
from schedule_app.services import passwords
from schedule_app.services.invitations import accept_invitation, invite, revoke_invitation
from schedule_app.services.passwords import check_new_password, verify_password
from schedule_app.services.sign_in import FAILURES_PER_ADDRESS, NewSession, hash_token, sign_in
from schedule_app.settings import get_settings
from tests.db.services.scene import Scene, audited, execute, fetch, make_scene, rows, writing
from tests.support.builders import build_employee
from tests.support.database import Database

PASSWORD = "correct horse battery"


@pytest.fixture
async def scene(database: Database, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(passwords, "COST", 4)
    monkeypatch.setenv("SECRET_KEY", "only-for-tests-only-for-tests")
    get_settings.cache_clear()
    return await make_scene()


async def accept(token: str, password: str = PASSWORD, again: str | None = None, **options: Any) -> NewSession:
    again = password if again is None else again
    return await accept_invitation(token, password, again, **{"ip": "192.0.2.1", "user_agent": "Test"} | options)


async def test_the_invited_set_a_password_and_are_signed_in(scene: Scene):
    made = await invite(scene.actor("manager"), scene.bob.id)
    opened = await accept(made.token)

    assert opened.employee_id == scene.bob.id
    assert await verify_password(PASSWORD, (await fetch(Employee, scene.bob.id)).password_hash)
    assert (await sign_in(scene.bob.email, PASSWORD, ip="192.0.2.1", user_agent="")).employee_id == scene.bob.id
    assert [(each.action, each.actor_id) for each in await audited("employee", scene.bob.id)] == [
        ("invite", scene.manager.id),
        ("set_password", scene.bob.id),
    ]


async def test_the_link_itself_is_not_kept(scene: Scene):
    made = await invite(scene.actor("manager"), scene.bob.id)
    [[token_hash]] = await rows("SELECT token_hash FROM invitations")
    assert token_hash == hash_token(made.token)
    assert len(made.token) >= 43
    assert made.token not in str(await rows("SELECT * FROM audit_entries"))


async def used(scene: Scene, token: str) -> None:
    await accept(token)


async def expired(scene: Scene, token: str) -> None:
    await execute("UPDATE invitations SET created_at = now() - interval '8 days', expires_at = now()")


async def revoked(scene: Scene, token: str) -> None:
    await revoke_invitation(scene.actor("manager"), scene.bob.id)


async def replaced(scene: Scene, token: str) -> None:
    await invite(scene.actor("manager"), scene.bob.id)


async def left(scene: Scene, token: str) -> None:
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)


async def deleted(scene: Scene, token: str) -> None:
    await execute("UPDATE employees SET deleted_at = now() WHERE id = :id", id=scene.bob.id)


@pytest.mark.parametrize("end", [used, expired, revoked, replaced, left, deleted])
async def test_a_link_that_is_over_is_over(scene: Scene, end: Any):
    made = await invite(scene.actor("manager"), scene.bob.id)
    await end(scene, made.token)
    before = (await fetch(Employee, scene.bob.id)).password_hash
    with pytest.raises(NotFound, match="not good, or not any more"):
        await accept(made.token, "another good password")
    assert (await fetch(Employee, scene.bob.id)).password_hash == before


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "../../etc", "null\0", "\ud800", "🦄" * 5000])
async def test_a_link_that_never_was_is_none(scene: Scene, token: str):
    await invite(scene.actor("manager"), scene.bob.id)
    with pytest.raises(NotFound, match="not good, or not any more"):
        await accept(token)


async def test_of_two_who_use_a_link_at_once_one_does(scene: Scene):
    made = await invite(scene.actor("manager"), scene.bob.id)
    outcomes = await asyncio.gather(*(accept(made.token) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["NewSession", *["NotFound"] * 3]


async def test_a_password_that_does_not_do_leaves_the_link_good(scene: Scene):
    made = await invite(scene.actor("manager"), scene.bob.id)
    for password, again, field in (("short", "short", "password"), (PASSWORD, "other one", "again")):
        with pytest.raises(InvalidInput) as refused:
            await accept(made.token, password, again)
        assert refused.value.field == field
    assert await accept(made.token)


@pytest.mark.parametrize(
    "password", ["", "nine char", "bob@example.com", "BOB@example.com", "Password123", "aaaaaaaaaaaa", "x" * 1025]
)
def test_passwords_others_would_try_are_refused(password: str):
    with pytest.raises(InvalidInput):
        check_new_password(password, "bob@example.com")


@pytest.mark.parametrize("password", ["ten chars!", "🦄🦄🐎🐎 good ones", " spaces matter "])
def test_other_passwords_will_do(password: str):
    check_new_password(password, "bob@example.com")


async def test_a_new_password_ends_every_other_session(scene: Scene):
    first = await accept((await invite(scene.actor("manager"), scene.bob.id)).token)
    carols = await accept((await invite(scene.actor("manager"), scene.carol.id)).token)
    again = await accept((await invite(scene.actor("manager"), scene.bob.id)).token, replaces=carols.token)

    alive = await rows("SELECT token_hash FROM auth_sessions WHERE revoked_at IS NULL")
    assert [token_hash for [token_hash] in alive] == [hash_token(again.token)]
    assert first.token != again.token


async def test_guessing_is_slowed_down(scene: Scene):
    for number in range(FAILURES_PER_ADDRESS):
        with pytest.raises(NotFound):
            await accept(f"guess {number}")
    made = await invite(scene.actor("manager"), scene.bob.id)
    with pytest.raises(Throttled):
        await accept(made.token)
    assert await accept(made.token, ip="192.0.2.77")


async def test_who_has_left_is_not_invited(scene: Scene):
    await left(scene, "")
    with pytest.raises(IllegalTransition):
        await invite(scene.actor("manager"), scene.bob.id)


async def test_a_link_that_is_not_open_cannot_be_revoked(scene: Scene):
    with pytest.raises(NotFound, match="no open link"):
        await revoke_invitation(scene.actor("manager"), scene.bob.id)


@pytest.mark.parametrize(
    ("who", "refusal"), [("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)]
)
async def test_others_invite_nobody(scene: Scene, who: str, refusal: type[ScheduleError]):
    for verb in (invite, revoke_invitation):
        with pytest.raises(refusal):
            await verb(scene.actor(who), scene.carol.id)
    with pytest.raises(NotFound):
        await invite(scene.actor("admin"), 2**40)


async def test_a_manager_makes_no_link_to_an_admin(scene: Scene):
    async with writing() as session:
        boss = await build_employee(session, scene.site, role="admin")
    with pytest.raises(NotAllowed, match="Only admins"):
        await invite(scene.actor("manager"), boss.id)
