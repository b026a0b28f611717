"""What the whole app answers over HTTP, Reflex's own addresses included."""

import re

import httpx
import pytest

from tests.db.services.scene import rows
from tests.protocol.conftest import PASSWORD, World
from tests.support.sockets import get, post

#: What Reflex, its plugins and other frameworks serve, or would.
BEHIND = [
    "/",
    "/me",
    "/inbox",
    "/account",
    "/schedule/1/2026-11-23",
    "/coverage/1/2026-11-23",
    "/404",
    "/ping",
    "/_health",
    "/_upload",
    "/_upload/../../etc/passwd",
    "/_all_routes",
    "/auth-codespace",
    "/docs",
    "/openapi.json",
    "/sitemap.xml",
    "/index.html",
    "/me/index.html",
    "/.env",
    "/..%2f..%2f..%2fetc/passwd",
    "/assets%2f..%2fme",
    "/%2e%2e/rxconfig.py",
]


async def test_nothing_but_the_sign_in_page_is_for_everybody(world: World):
    for path in BEHIND:
        assert (await get(world.app, path)).status_code == 401, path
        answer = await get(world.app, path, accept="text/html")
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/login?next="), path


async def test_the_files_of_the_sign_in_page_lead_nowhere_else(world: World):
    for path in ("/assets/..%2fme/", "/assets/../me/", "/assets/%2e%2e/%2e%2e/rxconfig.py", "/fonts/..%2f..%2f.env"):
        async with httpx.AsyncClient() as client:
            answer = await client.get(httpx.URL(world.app.origin, raw_path=path.encode()))
        assert answer.status_code == 401, path
    for path in ("/assets/", "/assets", "/fonts/", "/assets/none.js", "/assets//etc/passwd"):
        assert (await get(world.app, path)).status_code in {401, 404}, path


async def test_the_pages_scripts_come_without_their_sources(world: World):
    page = await get(world.app, "/me/", cookie=await world.browser(world.scene.bob), accept="text/html")
    scripts = re.findall(r'"(/assets/[^"]+\.js)"', page.text)

    assert scripts
    for script in scripts:
        assert (await get(world.app, f"{script}.map")).status_code == 404
        answer = await get(world.app, script)
        assert answer.status_code == 200
        assert "sourceMappingURL" not in answer.text
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/login", "/me", "/ping", "/assets/none.js", "/app.css", "/_event/", "/nowhere"])
async def test_every_answer_is_hardened(world: World, path: str):
    cookie = await world.browser(world.scene.bob)
    for method in ("GET", "HEAD", "POST", "OPTIONS", "DELETE", "PROPFIND"):
        async with httpx.AsyncClient(base_url=world.app.origin) as client:
            answer = await client.request(method, path, headers={"cookie": cookie})

        assert answer.status_code < 500, method
        assert answer.headers["x-content-type-options"] == "nosniff", method
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], method
        assert answer.headers["cache-control"], method
        assert "server" not in answer.headers, method
        assert "x-powered-by" not in answer.headers, method


async def test_no_other_origin_is_told_anything(world: World):
    cookie = await world.browser(world.scene.bob)
    for origin in ("https://evil.example", "null", f"{world.app.origin}.evil.example"):
        for path in ("/session", "/ping", "/me"):
            answer = await get(world.app, path, cookie=cookie, origin=origin)
            assert answer.headers.get("access-control-allow-origin") is None, (path, origin)


async def test_a_client_does_not_say_where_it_comes_from(world: World):
    async with httpx.AsyncClient(base_url=world.app.origin) as client:
        headers = {
            "origin": world.app.origin,
            "x-forwarded-for": "203.0.113.77, 203.0.113.78",
            "x-real-ip": "203.0.113.77",
            "forwarded": "for=203.0.113.77",
            "x-forwarded-proto": "https",
            "x-forwarded-host": "evil.example",
        }
        form = {"email": world.scene.bob.email, "password": PASSWORD}
        answer = await client.post("/login", data=form, headers=headers)
    world.told_nobody.add(answer.headers["set-cookie"].partition(";")[0].partition("=")[2])

    assert answer.headers["location"] == "/"
    [[ip]] = await rows("SELECT ip FROM auth_sessions ORDER BY id DESC LIMIT 1")
    assert ip == "127.0.0.1"


async def test_a_page_error_shows_nothing_of_the_inside(world: World):
    answer = await post(world.app, "/login", email="a" * 17_000)

    assert answer.status_code == 413
    assert answer.text == "That is not what the sign-in form sends."
