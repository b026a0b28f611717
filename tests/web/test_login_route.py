"""The sign-in form: what it answers, what it never tells, and where it leads."""

import html
import re
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message
from structlog.testing import capture_logs

from schedule_app.services.passwords import hash_password
from schedule_app.services.sign_in import FAILURES_PER_ADDRESS, FAILURES_PER_PERSON
from schedule_app.settings import get_settings
from tests.db.services.scene import Scene, execute, rows
from tests.web.conftest import ORIGIN, PASSWORD, Browsers, make_app, sign_in

WRONG = "The e-mail address or the password is not right."


async def test_the_form_is_there_and_is_never_kept(browsers: Browsers):
    answer = await browsers().get("/login?next=/inbox")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert '<form method="post" action="/login">' in answer.text
    assert 'name="next" value="/inbox"' in answer.text
    assert 'autocomplete="username"' in answer.text
    assert 'autocomplete="current-password"' in answer.text


async def test_the_right_password_leads_on(scene: Scene, browsers: Browsers):
    browser = browsers()
    answer = await sign_in(browser, scene.bob.email, next="/inbox?unread=1")

    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox?unread=1")
    assert (await browser.get("/me")).text == "reached /me"
    assert (await browser.get("/session")).status_code == 204


async def test_who_is_signed_in_sees_no_form(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)

    answer = await browser.get("/login?next=/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")


async def test_wrong_unknown_and_disabled_are_answered_alike(scene: Scene, browsers: Browsers):
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)
    tried = [(scene.bob.email, "wrong"), ("nobody@example.com", PASSWORD), (scene.carol.email, PASSWORD)]

    answers = [await sign_in(browsers(), email, password) for email, password in tried]

    assert {answer.status_code for answer in answers} == {401}
    assert all("set-cookie" not in answer.headers for answer in answers)
    pages = {answer.text.replace(email, "…") for answer, (email, _) in zip(answers, tried, strict=True)}
    assert len(pages) == 1
    assert WRONG in pages.pop()
    assert len({frozenset(answer.headers.keys()) for answer in answers}) == 1


async def test_what_was_typed_comes_back_inert_and_without_the_password(browsers: Browsers):
    typed = "\"><script>alert('1')</script>@example.com"
    answer = await sign_in(browsers(), typed, "a-secret", next='/me"><b>')

    assert "<script>alert" not in answer.text
    assert html.escape(typed) in answer.text
    assert "<b>" not in answer.text
    assert "a-secret" not in answer.text


async def test_a_template_is_no_place_for_names_of_its_own(browsers: Browsers):
    answer = await sign_in(browsers(), "$next ${email} $$", "x")

    assert answer.status_code == 401
    assert "$next ${email} $$" in html.unescape(answer.text)


async def test_one_person_is_throttled(scene: Scene, browsers: Browsers):
    for number in range(FAILURES_PER_PERSON):
        assert (await sign_in(browsers(f"192.0.2.{number}"), scene.bob.email, "wrong")).status_code == 401

    answer = await sign_in(browsers("192.0.2.200"), scene.bob.email)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "300"
    assert "Too many attempts" in answer.text
    assert "set-cookie" not in answer.headers
    assert (await sign_in(browsers("192.0.2.200"), scene.carol.email)).status_code == 303


async def test_one_address_is_throttled_whatever_it_says_it_is(scene: Scene, browsers: Browsers):
    for number in range(FAILURES_PER_ADDRESS):
        browser = browsers("192.0.2.9")
        browser.headers["x-forwarded-for"] = f"198.51.100.{number}"
        browser.headers["forwarded"] = f"for=198.51.100.{number}"
        assert (await sign_in(browser, f"guess{number}@example.com")).status_code == 401

    answer = await sign_in(browsers("192.0.2.9"), scene.bob.email)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "300")


async def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(
    scene: Scene, browsers: Browsers, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRUSTED_PROXY", "true")
    get_settings.cache_clear()
    for number in range(FAILURES_PER_ADDRESS):
        browser = browsers("10.0.0.1")
        # A client may begin the list with anything; the proxy appends.
        browser.headers["x-forwarded-for"] = f"198.51.100.{number}, 203.0.113.5"
        assert (await sign_in(browser, f"guess{number}@example.com")).status_code == 401

    throttled, other = browsers("10.0.0.1"), browsers("10.0.0.1")
    throttled.headers["x-forwarded-for"] = "203.0.113.5"
    other.headers["x-forwarded-for"] = "203.0.113.5, 203.0.113.6"
    assert (await sign_in(throttled, scene.bob.email)).status_code == 429
    assert (await sign_in(other, scene.bob.email)).status_code == 303
    assert await rows("SELECT ip FROM auth_sessions") == [("203.0.113.6",)]


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "HTTPS://localhost:8000@evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "/%0d%0aset-cookie:a=b\r\nset-cookie: c=d",
    "me",
    "?next=//evil.example",
    "/login",
    "/logout",
    "",
]


async def test_nothing_leads_off_this_site_or_in_circles(scene: Scene, browsers: Browsers):
    for target in ELSEWHERE:
        browser = browsers()
        answer = await sign_in(browser, scene.bob.email, next=target)
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), target

        answer = await browser.get("/login", params={"next": target})
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), target


FOREIGN = [
    None,
    "null",
    "https://evil.example",
    f"{ORIGIN}.evil.example",
    f"{ORIGIN}/",
    "https://localhost:8000",
    "http://localhost",
    "http://LOCALHOST:8000",
]


@pytest.mark.parametrize("path", ["/login", "/logout"])
async def test_forms_of_other_sites_are_refused(scene: Scene, browsers: Browsers, path: str):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    browser.headers.pop("origin")
    for origin in FOREIGN:
        headers = {"origin": origin} if origin else {}
        form = {"email": scene.carol.email, "password": PASSWORD}
        answer = await browser.post(path, data=form, headers=headers)

        assert answer.status_code == 403, origin
        assert "set-cookie" not in answer.headers
    assert (await browser.get("/session")).status_code == 204
    assert await rows("SELECT employee_id FROM auth_sessions") == [(scene.bob.id,)]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_what_the_browser_calls_cross_site_is_refused(scene: Scene, browsers: Browsers, site: str):
    answer = await browsers().post(
        "/login", data={"email": scene.bob.email, "password": PASSWORD}, headers={"sec-fetch-site": site}
    )
    assert answer.status_code == 403


async def test_signing_out_ends_the_session_and_takes_the_cookie(scene: Scene, browsers: Browsers):
    browser, other = browsers(), browsers()
    await sign_in(browser, scene.bob.email)
    other.cookies.update(browser.cookies)

    answer = await browser.post("/logout")

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert 'schedule_session=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert await rows("SELECT count(*) FROM auth_sessions WHERE revoked_at IS NULL") == [(0,)]


async def test_asking_for_the_sign_out_page_signs_nobody_out(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
        await browser.request(method, "/logout")

    assert (await browser.get("/session")).status_code == 204


async def test_signing_out_without_a_session_is_no_error(browsers: Browsers):
    browser = browsers()
    assert (await browser.post("/logout")).status_code == 303
    browser.cookies.set("schedule_session", "never-was")
    assert (await browser.post("/logout")).status_code == 303


async def test_a_cookie_from_before_is_replaced_and_not_adopted(scene: Scene, browsers: Browsers):
    browser = browsers()
    browser.cookies.set("schedule_session", "planted-token", domain="localhost.local")
    answer = await sign_in(browser, scene.bob.email)

    token = re.match(r"schedule_session=([^;]+);", answer.headers["set-cookie"])
    assert token
    assert token[1] != "planted-token"
    assert len(token[1]) >= 43


BODIES = {
    "nothing": b"",
    "no form": b'{"email": "a@example.com", "password": "x"}',
    "no words": b"\xff\xfe\x00\x01" * 50,
    "bad escapes": b"email=%zz%ff%00&password=%",
    "lists": b"email=a&email=b&password=c&password=d",
    "NUL": b"email=a%00b@example.com&password=%00",
    "surrogates": b"email=%ed%a0%80@example.com&password=%ed%a0%80",
    "long names": b"email=" + b"x" * 9000 + b"&password=y",
    "long passwords": b"email=a@example.com&password=" + b"x" * 10_000,
    "emoji": "email=🔑@example.com&password=🔑".encode(),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_a_form_of_nonsense_is_a_wrong_password(browsers: Browsers, body: bytes):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    with capture_logs() as logs:
        answer = await browsers().post("/login", content=body, headers=headers)

    assert answer.status_code == 401
    assert WRONG in answer.text
    assert [log["event"] for log in logs] == ["sign-in refused"]
    assert [log.keys() for log in logs] == [{"event", "ip", "log_level"}]


@pytest.mark.parametrize(
    "body",
    [b"email=" + b"x" * 17_000, b"&".join(b"f%d=1" % number for number in range(9))],
    ids=["too long", "too many fields"],
)
async def test_a_form_that_is_not_ours_is_not_read(browsers: Browsers, body: bytes):
    answer = await browsers().post("/login", content=body)

    assert answer.status_code == 413
    assert await rows("SELECT count(*) FROM login_attempts") == [(0,)]


async def test_a_form_that_never_ends_is_not_waited_for(browsers: Browsers):
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 4096
            yield b"x" * 4096

    answer = await browsers().post("/login", content=endless())

    assert answer.status_code == 413
    assert read <= 64 * 1024


async def test_a_browser_that_leaves_in_the_middle_of_the_form_is_no_accident(scene: Scene):
    messages = [
        {"type": "http.request", "body": b"email=", "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/login",
        "query_string": b"",
        "headers": [(b"origin", ORIGIN.encode())],
    }
    sent = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await make_app()(scope, receive, send)
    assert sent[0]["status"] == 400
    assert await rows("SELECT count(*) FROM login_attempts") == [(0,)]


@pytest.mark.parametrize("password", ["x" * 73, "x" * 1024, "🔑" * 64, "Ünï cödé " * 20])
async def test_long_and_unusual_passwords_work(scene: Scene, browsers: Browsers, password: str):
    await execute("UPDATE employees SET password_hash = :hash", hash=await hash_password(password))

    assert (await sign_in(browsers(), scene.bob.email, password)).status_code == 303
    assert (await sign_in(browsers(), scene.bob.email, password[:-1])).status_code == 401
