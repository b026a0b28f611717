"""What every answer carries, and the flags of the cookie."""

import pytest

from schedule_app.settings import get_settings
from tests.db.services.scene import Scene
from tests.web.conftest import Browsers, sign_in

PATHS = ["/login", "/session", "/healthz", "/readyz", "/metrics", "/me", "/assets/app-1a2b.js", "/app.css", "/_event/"]
METHODS = ["GET", "HEAD", "POST", "OPTIONS", "TRACE"]


@pytest.mark.parametrize("method", METHODS)
async def test_every_answer_is_hardened(browsers: Browsers, method: str):
    browser = browsers()
    for path in PATHS:
        headers = (await browser.request(method, path)).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        policy = policy_of(headers["content-security-policy"])
        assert policy["default-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
        assert policy["base-uri"] == policy["form-action"] == "'self'"
        assert policy["connect-src"] == "'self' ws://localhost:8000 ws://127.0.0.1:8000"
        assert "strict-transport-security" not in headers
        assert "server" not in headers


def policy_of(header: str) -> dict[str, str]:
    """A Content-Security-Policy by its directives."""
    return {name: values for name, _, values in (part.strip().partition(" ") for part in header.split(";"))}


async def test_redirects_and_refusals_are_hardened_too(browsers: Browsers):
    browser = browsers()
    for answer in (
        await browser.get("/me", headers={"accept": "text/html"}),
        await browser.post("/login", data={"email": "a@example.com", "password": "b"}),
        await browser.post("/login", headers={"origin": "https://evil.example"}),
        await browser.post("/logout"),
    ):
        assert answer.headers["x-frame-options"] == "DENY"
        assert "content-security-policy" in answer.headers


async def test_only_files_whose_names_change_are_kept(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    kept = {
        "/assets/app-1a2b.js": "public, max-age=31536000, immutable",
        "/app.css": "no-cache",
        "/me": "no-cache",
        "/login": "no-cache",
        "/session": "no-store",
    }
    for path, wanted in kept.items():
        assert (await browser.get(path)).headers["cache-control"] == wanted, path
    assert (await browser.get("/assets/../me")).headers["cache-control"] == "no-cache"


async def test_over_http_the_cookie_is_for_this_site_and_no_script(scene: Scene, browsers: Browsers):
    cookie = (await sign_in(browsers(), scene.bob.email)).headers["set-cookie"]

    name, *flags = cookie.split("; ")
    assert name.startswith("schedule_session=")
    assert sorted(flags) == ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=lax"]


async def test_over_https_the_cookie_is_bound_to_the_host(
    scene: Scene, browsers: Browsers, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PUBLIC_URL", "https://shifts.example.com")
    get_settings.cache_clear()
    browser = browsers(origin="https://shifts.example.com")
    browser.base_url = "https://shifts.example.com"

    answer = await sign_in(browser, scene.bob.email)

    name, *flags = answer.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-session=")
    assert sorted(flags) == ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=lax", "Secure"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "wss://shifts.example.com" in answer.headers["content-security-policy"]
    assert (await browser.get("/session")).status_code == 204
    gone = (await browser.post("/logout")).headers["set-cookie"]
    assert gone.startswith('__Host-session=""')
    assert "Secure" in gone


async def test_cookies_of_other_programs_on_the_same_host_do_no_harm(scene: Scene, browsers: Browsers):
    browser = browsers()
    cookie = (await sign_in(browser, scene.bob.email)).headers["set-cookie"].partition(";")[0]
    for header in (
        f'{cookie}; other={{"a": 1}}',
        f'other={{"a": [1, 2]}}; =; ;; {cookie}',
        f"flag; a=b=c; ü=1; {cookie}",
        f'quoted="x; {cookie}',
    ):
        answer = await browsers().get("/session", headers={b"cookie": header.encode("latin-1")})
        assert answer.status_code == 204, header


async def test_a_token_counts_in_its_cookie_only(scene: Scene, browsers: Browsers):
    cookie = (await sign_in(browsers(), scene.bob.email)).headers["set-cookie"].partition(";")[0]
    token = cookie.partition("=")[2]
    wrong = [
        {"cookie": f"__Host-session={token}"},
        {"cookie": f"session_hash={token}"},
        {"cookie": f"SCHEDULE_SESSION={token}"},
        {"authorization": f"Bearer {token}"},
    ]
    for headers in wrong:
        assert (await browsers().get("/session", headers=headers)).status_code == 401
    assert (await browsers().get(f"/session?schedule_session={token}")).status_code == 401
