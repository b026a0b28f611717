"""The page of a person's own shifts, as the server sends it."""

from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest
from starlette.applications import Starlette

from schedule_app import frontend
from schedule_app.db.engine import dispose
from schedule_app.settings import get_settings
from schedule_app.ui.me.first_look import SLOT, next_card
from schedule_app.web.gate import Gate
from schedule_app.web.me import me_routes
from tests.db.services.scene import WEEK, Scene, make_week
from tests.web.conftest import ORIGIN, Browsers, sign_in


@pytest.fixture
async def bobs(scene: Scene, browsers: Browsers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """Bob's browser, at a page of which no more has been built than the place for his next shift."""
    monkeypatch.setattr(frontend, "page", lambda name: f'<a href="/{name}/#content">Skip</a>{SLOT}<p>Loading</p>')
    signing_in = browsers()
    await sign_in(signing_in, scene.bob.email)
    pages = partial(Gate, knows_event=lambda _name, _arguments: True)(Starlette(routes=me_routes(SLOT, next_card)))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(pages), base_url=ORIGIN, cookies=signing_in.cookies
    ) as browser:
        yield browser


async def test_the_next_shift_is_written_into_the_page_and_the_page_is_nowhere_kept(
    scene: Scene, bobs: httpx.AsyncClient
):
    await make_week(scene, {"title": "Till <1>"}, held={0: [scene.bob]}, week_start=WEEK, status="published")
    for path in ("/me", "/me/"):
        answer = await bobs.get(path)

        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        before, _, after = answer.text.partition("Till &lt;1&gt;")
        assert "Skip</a><section" in before
        assert after.endswith("</section><p>Loading</p>")


async def test_links_within_the_page_stay_at_the_address_it_was_asked_for_at(bobs: httpx.AsyncClient):
    for path in ("/me", "/me/"):
        assert f'<a href="{path}#content">' in (await bobs.get(path)).text, path


async def test_whoever_has_no_shift_gets_the_page_as_it_was_built(scene: Scene, bobs: httpx.AsyncClient):
    await make_week(scene, held={0: [scene.carol]}, status="published")
    await make_week(scene, held={0: [scene.bob]}, week_start=WEEK.replace(year=WEEK.year + 1))

    answer = await bobs.get("/me")
    assert answer.text.endswith("Skip</a><p>Loading</p>")
    assert answer.headers["cache-control"] == "no-store"


async def test_without_its_database_the_page_comes_without_the_shift(
    scene: Scene, bobs: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    await make_week(scene, held={0: [scene.bob]}, status="published")
    # Who it is has just been found out, and is known for a moment yet; for longer than a slow machine takes.
    monkeypatch.setattr("schedule_app.live.principals.MAX_AGE_SECONDS", 60)
    assert "Next shift" in (await bobs.get("/me")).text
    await dispose()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@localhost:1/none")
    get_settings.cache_clear()

    answer = await bobs.get("/me")
    assert answer.status_code == 200
    assert answer.text.endswith("Skip</a><p>Loading</p>")
    assert answer.headers["cache-control"] == "no-store"
    await dispose()
