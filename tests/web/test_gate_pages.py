"""Which paths answer whom."""

import pytest

from schedule_app.db.engine import dispose
from schedule_app.settings import get_settings
from tests.db.services.scene import Scene, execute, rows
from tests.web.conftest import Browsers, sign_in

GUARDED = [
    "/",
    "/me",
    "/inbox",
    "/schedule/1/2026-11-23",
    "/ping",
    "/_health",
    "/index.html",
    "/login/",
    "//login",
    "/LOGIN",
]
OPEN = ["/login", "/healthz", "/app.css", "/favicon.svg", "/sw.js", "/assets/x.js", "/fonts/inter.woff2"]


async def test_pages_ask_for_a_sign_in(browsers: Browsers):
    for path in GUARDED:
        answer = await browsers().get(path, headers={"accept": "text/html,*/*"})
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/login?next="), path

        for method in ("GET", "POST", "PUT", "DELETE"):
            assert (await browsers().request(method, path)).status_code == 401, path


async def test_what_the_sign_in_page_needs_is_open(browsers: Browsers):
    for path in OPEN:
        assert (await browsers().get(path)).status_code == 200, path


async def test_a_signed_in_browser_passes(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)

    assert (await browser.get("/me")).text == "reached /me"
    await execute("UPDATE auth_sessions SET revoked_at = now()")
    assert (await browser.post("/logout")).status_code == 303


async def test_the_address_asked_for_comes_back_after_the_sign_in(browsers: Browsers):
    path = "/schedule/1/2026-11-23?version=published&q=a b"
    answer = await browsers().get(path, headers={"accept": "text/html"})

    back = "/login?next=/schedule/1/2026-11-23%3Fversion%3Dpublished%26q%3Da%2520b"
    assert answer.headers["location"] == back


async def test_an_address_too_long_for_a_page_is_cut_at_the_question(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)

    for path, cut in (
        ("/schedule/1/2026-11-23", "/schedule/1/2026-11-23"),
        ("//elsewhere.example/é", "/elsewhere.example/%C3%A9"),
    ):
        answer = await browser.get(f"http://localhost{path}?q={'x' * 5000}", headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["location"]) == (303, cut)
    assert (await browser.get(f"/me?q={'x' * 3900}")).text == "reached /me"


async def test_a_path_cannot_smuggle_anything_into_the_redirect(browsers: Browsers):
    answer = await browsers().get("/a%0d%0aset-cookie:%20x=y", headers={"accept": "text/html"})

    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers
    assert "\n" not in answer.headers["location"]


async def test_the_sockets_address_is_for_sockets_only(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    for path in ("/_event", "/_event/?EIO=4&transport=polling", "/_event/x", "/_eventual"):
        for method in ("GET", "POST", "OPTIONS"):
            answer = await browser.request(method, path)
            assert (answer.status_code, answer.text) == (400, "Sockets only."), path


async def test_session_tells_a_page_whether_it_is_signed_in(scene: Scene, browsers: Browsers):
    browser = browsers()
    assert (await browser.get("/session")).status_code == 401
    await sign_in(browser, scene.bob.email)

    answer = await browser.get("/session")
    assert (answer.status_code, answer.content) == (204, b"")


async def test_health_is_told_without_a_word_too_much(browsers: Browsers):
    assert (await browsers().get("/healthz")).json() == {"status": "ok"}
    assert (await browsers().get("/readyz")).json() == {"status": "ok", "workers": 0, "queue_lag_seconds": 0}


async def test_readiness_is_withdrawn_while_the_database_is_away(browsers: Browsers, monkeypatch: pytest.MonkeyPatch):
    browser = browsers()
    await dispose()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:hunter2@localhost:1/none")
    get_settings.cache_clear()

    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database unreachable"})
    assert (await browser.get("/healthz")).status_code == 200
    assert "hunter2" not in answer.text
    await dispose()


async def test_metrics_are_for_who_knows_their_token(browsers: Browsers, monkeypatch: pytest.MonkeyPatch):
    browser = browsers()
    assert (await browser.get("/metrics")).status_code == 404
    assert (await browser.get("/metrics", headers={"authorization": "Bearer "})).status_code == 404

    monkeypatch.setenv("METRICS_TOKEN", "a-token-for-prometheus")
    get_settings.cache_clear()
    for given in ("", "Bearer", "Bearer wrong", "Basic a-token-for-prometheus", "a-token-for-prometheus", "Bearer ünï"):
        answer = await browser.get("/metrics", headers={b"authorization": given.encode("latin-1")})
        assert answer.status_code == 404, given
    answer = await browser.get("/metrics", headers={"authorization": "Bearer a-token-for-prometheus"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "process_cpu_seconds_total" in answer.text


async def test_nothing_of_all_this_leaves_a_trace(browsers: Browsers):
    for path in (*GUARDED, *OPEN, "/session", "/readyz"):
        await browsers().get(path)

    assert await rows("SELECT (SELECT count(*) FROM auth_sessions), (SELECT count(*) FROM login_attempts)") == [(0, 0)]
