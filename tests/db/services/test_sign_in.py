"""Signing in and out: who may, how often one may guess, and how a session ends."""

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import timedelta

import bcrypt
import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, NotSignedIn, Throttled
from schedule_app.queries.actors import actors_of_sessions
from schedule_app.services import passwords
from schedule_app.services.passwords import hash_password
from schedule_app.services.sign_in import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_PERSON,
    hash_token,
    revoke_session,
    sign_in,
    sign_out,
    sign_out_everywhere,
    touch_session,
)
from tests.db.services.scene import Scene, actor_of, audited, execute, make_scene, rows
from tests.support.database import Database

PASSWORD = "correct horse battery staple"
WRONG = "The e-mail address or the password is not right."
ADDRESS = "192.0.2.7"


@pytest.fixture(autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hashes that cost next to nothing; what is compared with what stays the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 4)
        yield


@pytest.fixture
async def scene(database: Database) -> Scene:
    """People who all have the same password."""
    scene = await make_scene()
    await execute("UPDATE employees SET password_hash = :hash", hash=await hash_password(PASSWORD))
    return scene


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The stored hashes that passwords are compared with, as bcrypt sees them."""
    seen: list[bytes] = []
    compare = bcrypt.checkpw

    def checkpw(password: bytes, hashed: bytes) -> bool:
        seen.append(hashed)
        return compare(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", checkpw)
    return seen


async def enter(email: str, password: str = PASSWORD, *, ip: str = ADDRESS, replaces: str | None = None) -> str:
    """Sign in as a browser does, and return the token."""
    return (await sign_in(email, password, ip=ip, user_agent="Test", replaces=replaces)).token


async def is_in(token: str) -> bool:
    """Whether a token opens anything."""
    async with read_session() as session:
        return bool(await actors_of_sessions(session, [hash_token(token)]))


async def test_the_right_password_opens_a_session(scene: Scene):
    token = await enter(scene.bob.email)

    assert await is_in(token)
    [[stored, user_agent, ip, days]] = await rows(
        "SELECT token_hash, user_agent, ip, expires_at - created_at FROM auth_sessions"
    )
    assert stored == hashlib.sha256(token.encode()).digest()
    assert (user_agent, ip, days) == ("Test", ADDRESS, timedelta(days=14))


async def test_tokens_are_long_and_never_the_same(scene: Scene):
    tokens = {await enter(scene.bob.email) for _ in range(5)}

    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)


@pytest.mark.parametrize("typed", ["  {}  ", "{upper}", "{}\n"])
async def test_an_address_is_found_however_it_is_typed(scene: Scene, typed: str):
    assert await is_in(await enter(typed.format(scene.bob.email, upper=scene.bob.email.upper())))


async def test_signing_in_is_audited(scene: Scene):
    await enter(scene.bob.email)

    [[session_id]] = await rows("SELECT id FROM auth_sessions")
    [entry] = await audited("auth_session", session_id)
    assert (entry.action, entry.actor_id, entry.before, entry.after) == ("sign_in", scene.bob.id, None, None)


async def test_wrong_unknown_and_disabled_look_and_cost_the_same(scene: Scene, comparisons: list[bytes]):
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)
    await execute("UPDATE employees SET deleted_at = now() WHERE id = :id", id=scene.manager.id)
    await execute("UPDATE employees SET password_hash = NULL WHERE id = :id", id=scene.supervisor.id)
    attempts = [
        (scene.bob.email, "wrong"),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        ("not an address", PASSWORD),
        (scene.carol.email, PASSWORD),
        (scene.manager.email, PASSWORD),
        (scene.supervisor.email, PASSWORD),
        (scene.bob.email, "x" * 10_000),
    ]
    for email, password in attempts:
        with pytest.raises(NotSignedIn) as refused:
            await enter(email, password, ip=f"192.0.2.{len(comparisons)}")
        assert refused.value.message == WRONG

    assert len(comparisons) == len(attempts)
    assert {compared[:7] for compared in comparisons} == {b"$2b$04$"}


async def test_the_comparison_for_nobody_costs_what_hashes_cost_today(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passwords, "COST", 7)
    assert passwords._nobodys().startswith("$2b$07$")
    assert (await hash_password("x")).startswith("$2b$07$")


async def test_a_hash_of_a_lower_cost_is_made_anew_at_the_next_sign_in(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passwords, "COST", 5)
    await enter(scene.bob.email)

    [[rehashed]] = await rows("SELECT password_hash FROM employees WHERE id = :id", id=scene.bob.id)
    assert rehashed.startswith("$2b$05$")
    [[others]] = await rows("SELECT password_hash FROM employees WHERE id = :id", id=scene.carol.id)
    assert others.startswith("$2b$04$")
    assert await is_in(await enter(scene.bob.email))
    [[kept]] = await rows("SELECT password_hash FROM employees WHERE id = :id", id=scene.bob.id)
    assert kept == rehashed


async def test_guesses_at_one_person_are_counted_from_wherever_they_come(scene: Scene):
    for number in range(FAILURES_PER_PERSON):
        with pytest.raises(NotSignedIn):
            await enter(scene.bob.email, "wrong", ip=f"192.0.2.{number}")

    with pytest.raises(Throttled) as refused:
        await enter(scene.bob.email, PASSWORD, ip="192.0.2.200")
    assert 0 < refused.value.retry_after_seconds <= 300
    assert await is_in(await enter(scene.carol.email, ip="192.0.2.200"))


async def test_guesses_from_one_address_are_counted_whomever_they_are_at(scene: Scene):
    for number in range(FAILURES_PER_ADDRESS):
        with pytest.raises(NotSignedIn):
            await enter(f"guess{number}@example.com", "wrong")

    with pytest.raises(Throttled):
        await enter(scene.bob.email)
    assert await is_in(await enter(scene.bob.email, ip="192.0.2.200"))


async def test_unknown_people_are_throttled_like_known_ones(scene: Scene):
    for number in range(FAILURES_PER_PERSON):
        with pytest.raises(NotSignedIn):
            await enter("nobody@example.com", ip=f"192.0.2.{number}")

    with pytest.raises(Throttled):
        await enter("Nobody@Example.com ", ip="192.0.2.200")


async def test_guesses_made_at_the_same_moment_are_all_counted(scene: Scene, comparisons: list[bytes]):
    results = await asyncio.gather(
        *(enter(scene.bob.email, f"guess {number}", ip=f"192.0.2.{number}") for number in range(40)),
        return_exceptions=True,
    )

    kinds = [type(result) for result in results]
    assert kinds.count(NotSignedIn) <= FAILURES_PER_PERSON
    assert kinds.count(NotSignedIn) + kinds.count(Throttled) == 40
    assert len(comparisons) == kinds.count(NotSignedIn)


async def test_a_throttled_guess_compares_nothing(scene: Scene, comparisons: list[bytes]):
    await execute(
        "INSERT INTO login_attempts (email_hash, ip, succeeded)"
        " SELECT sha256('x'), :ip, false FROM generate_series(1, 10)",
        ip=ADDRESS,
    )
    with pytest.raises(Throttled):
        await enter(scene.bob.email)
    assert comparisons == []


async def test_failures_are_forgotten_in_time_and_successes_are_none(scene: Scene):
    for _ in range(FAILURES_PER_PERSON + 2):
        await enter(scene.bob.email)
    for _ in range(FAILURES_PER_PERSON):
        with pytest.raises(NotSignedIn):
            await enter(scene.bob.email, "wrong")
    with pytest.raises(Throttled):
        await enter(scene.bob.email)

    await execute("UPDATE login_attempts SET at = now() - interval '5 minutes 1 second'")
    assert await is_in(await enter(scene.bob.email))


async def test_the_log_of_attempts_holds_no_address_of_anybody(scene: Scene):
    with pytest.raises(NotSignedIn):
        await enter(scene.bob.email, "a-secret-typed-in-the-wrong-field")

    [[stored]] = await rows("SELECT to_jsonb(login_attempts)::text FROM login_attempts")
    assert scene.bob.email not in stored
    assert "secret" not in stored


async def test_signing_in_again_ends_the_session_the_browser_had(scene: Scene):
    before, elsewhere = await enter(scene.bob.email), await enter(scene.bob.email)
    after = await enter(scene.carol.email, replaces=before)

    assert [await is_in(token) for token in (before, elsewhere, after)] == [False, True, True]


async def test_a_failed_sign_in_leaves_the_session_the_browser_had(scene: Scene):
    before = await enter(scene.bob.email)
    with pytest.raises(NotSignedIn):
        await enter(scene.bob.email, "wrong", replaces=before)

    assert await is_in(before)


async def test_signing_out_ends_this_session_alone(scene: Scene):
    here, there = await enter(scene.bob.email), await enter(scene.bob.email)
    await sign_out(here)

    assert [await is_in(token) for token in (here, there)] == [False, True]
    await sign_out(here)
    await sign_out("never-was-a-token")


async def test_signing_out_everywhere_ends_all_of_ones_own_sessions(scene: Scene):
    own, others = [await enter(scene.bob.email) for _ in range(3)], await enter(scene.carol.email)

    assert await sign_out_everywhere(actor_of(scene.bob)) == 3
    assert [await is_in(token) for token in own] == [False] * 3
    assert await is_in(others)
    [entry] = await audited("employee", scene.bob.id)
    assert (entry.action, entry.after) == ("sign_out_everywhere", {"ended": 3})
    assert await sign_out_everywhere(actor_of(scene.bob)) == 0


async def test_one_of_ones_own_sessions_can_be_ended(scene: Scene):
    here, there = await enter(scene.bob.email), await enter(scene.bob.email)
    [[session_id]] = await rows("SELECT id FROM auth_sessions WHERE token_hash = :hash", hash=hash_token(there))

    await revoke_session(actor_of(scene.bob), session_id)
    assert [await is_in(token) for token in (here, there)] == [True, False]
    assert [entry.action for entry in await audited("auth_session", session_id)] == ["sign_in", "revoke_session"]


async def test_sessions_of_others_and_sessions_that_never_were_look_the_same(scene: Scene):
    token = await enter(scene.carol.email)
    over = await enter(scene.bob.email)
    await sign_out(over)
    found = await rows("SELECT id, employee_id FROM auth_sessions ORDER BY id")
    before = await rows("SELECT count(*) FROM audit_entries")

    said = set()
    for session_id in (*(row.id for row in found), 10**15):
        with pytest.raises(NotFound) as refused:
            await revoke_session(actor_of(scene.bob), session_id)
        said.add(refused.value.message)

    assert len(said) == 1
    assert await is_in(token)
    assert await rows("SELECT count(*) FROM audit_entries") == before


async def test_being_seen_keeps_a_session_alive(scene: Scene):
    token = await enter(scene.bob.email)
    await execute("UPDATE auth_sessions SET last_seen_at = now() - interval '7 hours 59 minutes'")
    async with read_session() as session:
        [signed_in] = (await actors_of_sessions(session, [hash_token(token)])).values()
    assert signed_in.is_touch_due

    await touch_session(signed_in.actor)
    await execute("UPDATE auth_sessions SET last_seen_at = last_seen_at - interval '2 minutes'")
    assert await is_in(token)


@pytest.mark.parametrize(
    "password",
    ["x" * 72, "x" * 73, "x" * 1024, "пароль из кириллицы" * 10, "🔑" * 64, "with\0nul", " spaces ", "e\u0301"],
    ids=["72 bytes", "73 bytes", "1024 bytes", "Cyrillic", "emoji", "NUL", "spaces", "combining"],
)
async def test_every_byte_of_a_password_counts(scene: Scene, password: str):
    await execute(
        "UPDATE employees SET password_hash = :hash WHERE id = :id", hash=await hash_password(password), id=scene.bob.id
    )

    assert await is_in(await enter(scene.bob.email, password))
    for other in (password[:-1], password + "x", password.swapcase() + "?"):
        with pytest.raises(NotSignedIn):
            await enter(scene.bob.email, other)


async def test_a_password_of_absurd_length_is_wrong_whatever_is_stored(scene: Scene):
    for stored in ("", "x" * 1024):
        await execute("UPDATE employees SET password_hash = :hash", hash=await hash_password(stored))
        with pytest.raises(NotSignedIn):
            await enter(scene.bob.email, "x" * 10_000)


async def test_hashes_are_salted_and_peppered(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    first, second = await hash_password(PASSWORD), await hash_password(PASSWORD)
    assert first != second
    assert not bcrypt.checkpw(PASSWORD.encode(), first.encode())

    monkeypatch.setattr(passwords, "secret_key", lambda _settings: b"of another installation")
    assert not await passwords.verify_password(PASSWORD, first)
