"""The page behind an invitation: what it answers to whom, and what it never tells."""

import html

import httpx
import pytest
from structlog.testing import capture_logs

from schedule_app.services.invitations import invite, revoke_invitation
from schedule_app.services.sign_in import FAILURES_PER_ADDRESS
from tests.db.services.scene import Scene, execute, rows
from tests.web.conftest import Browsers, sign_in

NEW = "a password of my own"
OVER = "This link is not good, or not any more. Please ask your manager for a new one."


@pytest.fixture
async def link(scene: Scene) -> str:
    return "/invitation/" + (await invite(scene.actor("manager"), scene.bob.id)).token


async def send(browser: httpx.AsyncClient, link: str, password: str = NEW, again: str | None = None) -> httpx.Response:
    return await browser.post(link, data={"password": password, "again": password if again is None else again})


async def test_the_form_names_the_person_and_is_never_kept(scene: Scene, browsers: Browsers, link: str):
    answer = await browsers().get(link)

    assert answer.status_code == 200
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "same-origin")
    assert scene.bob.email in answer.text
    assert 'autocomplete="new-password"' in answer.text
    assert '<form method="post">' in answer.text


async def test_setting_a_password_signs_in(scene: Scene, browsers: Browsers, link: str):
    browser = browsers()
    with capture_logs() as logs:
        answer = await send(browser, link)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert (await browser.get("/session")).status_code == 204
    assert (await sign_in(browsers(), scene.bob.email, NEW)).status_code == 303
    assert NEW not in str(logs)
    assert link.rpartition("/")[2] not in str(logs)


async def test_a_link_serves_once(browsers: Browsers, link: str):
    await send(browsers(), link)
    for answer in (await browsers().get(link), await send(browsers(), link, "some other password")):
        assert answer.status_code == 404
        assert OVER in html.unescape(answer.text)
        assert "set-cookie" not in answer.headers


async def test_used_revoked_expired_and_forged_are_answered_alike(scene: Scene, browsers: Browsers, link: str):
    pages = {(await browsers().get("/invitation/" + "A" * 43)).text}
    await revoke_invitation(scene.actor("manager"), scene.bob.id)
    pages.add((await browsers().get(link)).text)
    late = "/invitation/" + (await invite(scene.actor("manager"), scene.bob.id)).token
    await execute("UPDATE invitations SET created_at = now() - interval '8 days', expires_at = now()")
    pages.add((await browsers().get(late)).text)
    pages.add((await send(browsers(), late)).text)
    assert len(pages) == 1
    assert scene.bob.name not in pages.pop()


async def test_a_password_that_does_not_do_is_refused_beside_its_field(browsers: Browsers, link: str):
    for password, again, words in (
        ("short", "short", "at least 10 characters"),
        (NEW, NEW + "!", "not the same"),
        ("password123", "password123", "others would try"),
    ):
        answer = await send(browsers(), link, password, again)
        assert answer.status_code == 422
        assert words in html.unescape(answer.text)
        assert 'aria-invalid="true"' in answer.text
        assert f'value="{password}"' not in answer.text
    assert (await send(browsers(), link)).status_code == 303


async def test_another_person_s_session_ends_where_the_link_is_used(scene: Scene, browsers: Browsers, link: str):
    browser = browsers()
    await sign_in(browser, scene.carol.email)
    assert scene.carol.name not in (await browser.get(link)).text
    await send(browser, link)

    alive = await rows("SELECT employee_id FROM auth_sessions WHERE revoked_at IS NULL")
    assert [employee_id for [employee_id] in alive] == [scene.bob.id]
    assert (await sign_in(browsers(), scene.carol.email)).status_code == 303


async def test_a_form_of_another_site_is_refused(scene: Scene, browsers: Browsers, link: str):
    for origin in ("https://evil.example", None, "null"):
        assert (await send(browsers(origin=origin), link)).status_code == 403
    cross = browsers()
    cross.headers["sec-fetch-site"] = "cross-site"
    assert (await send(cross, link)).status_code == 403
    assert (await send(browsers(), link)).status_code == 303


async def test_what_is_no_form_is_refused(browsers: Browsers, link: str):
    browser = browsers()
    assert (await browser.post(link, content=b"x" * 20_000)).status_code == 413
    assert (await browser.post(link, content=b"\xff\xfe\0")).status_code == 422
    assert (await browser.post(link)).status_code == 422
    for path in ("/invitation/%00", "/invitation/" + "x" * 5000):
        assert (await browser.get(path)).status_code == 404, path


async def test_guessing_is_slowed_down(browsers: Browsers, link: str):
    for number in range(FAILURES_PER_ADDRESS):
        assert (await send(browsers(), f"/invitation/guess-{number}")).status_code == 404
    answer = await send(browsers(), link)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "300")
    assert (await send(browsers("192.0.2.7"), link)).status_code == 303


async def test_a_name_full_of_markup_does_nothing(scene: Scene, browsers: Browsers, link: str):
    await execute("UPDATE employees SET name = '<img src=x onerror=alert(1)> $email' WHERE id = :id", id=scene.bob.id)
    page = (await browsers().get(link)).text
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt; $email" in page
