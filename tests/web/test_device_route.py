"""What a service worker is told of its browser, and whose messages a browser that several people use shows."""

from collections.abc import Iterator

import httpx
import pytest

from schedule_app.channels.vapid import public_key
from tests.db.jobs.post import configured
from tests.db.services.scene import Scene, rows
from tests.support.push_service import Browser
from tests.web.conftest import PASSWORD, Browsers, sign_in

SECRET = "only-for-tests-only-for-tests"
SHARED, OTHER = Browser("shared").device, Browser("other").device


@pytest.fixture
def _push_is_on(scene: Scene) -> Iterator[None]:
    with configured(VAPID_CONTACT="admin@example.com", SECRET_KEY=SECRET):
        yield


pytestmark = pytest.mark.usefixtures("_push_is_on")


async def switch_on(browser: httpx.AsyncClient, device: object = SHARED, **more: str) -> httpx.Response:
    """Tell of a browser all that its push service said."""
    values = {name: getattr(device, name) for name in ("endpoint", "p256dh", "auth")}
    return await browser.post("/device", data={**values, **more})


async def is_shown_for(browser: httpx.AsyncClient) -> tuple[int, bool]:
    """Who is signed in, and whether the shared browser shows their messages."""
    answer = (await browser.post("/device", data={"endpoint": SHARED.endpoint})).json()
    return answer["person"], answer["is_theirs"]


async def held() -> list[tuple[int, str]]:
    return [tuple(row) for row in await rows("SELECT employee_id, endpoint FROM push_subscriptions ORDER BY id")]


async def test_a_browser_is_shown_what_its_person_is_told_until_they_sign_out(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    assert (await switch_on(browser)).json() == {
        "person": scene.bob.id,
        "is_theirs": True,
        "key": public_key(SECRET.encode()),
    }
    assert await is_shown_for(browser) == (scene.bob.id, True)

    await browser.post("/logout")

    assert await held() == []
    assert (await switch_on(browser)).status_code == 401
    assert await held() == []


async def test_somebody_else_who_signs_in_there_ends_it(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    await switch_on(browser)

    await sign_in(browser, scene.carol.email)

    assert await held() == []
    assert await is_shown_for(browser) == (scene.carol.id, False)


async def test_whose_session_was_forgotten_by_the_browser_is_found_out_by_its_endpoint(
    scene: Scene, browsers: Browsers
):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    await switch_on(browser)
    browser.cookies.clear()
    await sign_in(browser, scene.carol.email)
    assert await held() == [(scene.bob.id, SHARED.endpoint)]

    assert await is_shown_for(browser) == (scene.carol.id, False)
    assert await held() == []


async def test_the_same_person_who_signs_in_again_there_keeps_it(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    await switch_on(browser)

    await sign_in(browser, scene.bob.email, PASSWORD)

    assert await is_shown_for(browser) == (scene.bob.id, True)
    await browser.post("/logout")
    assert await held() == []


async def test_a_new_endpoint_takes_the_place_of_the_former(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    await switch_on(browser)

    assert (await switch_on(browser, OTHER, former=SHARED.endpoint)).status_code == 200
    assert await held() == [(scene.bob.id, OTHER.endpoint)]


async def test_what_is_no_push_service_is_refused(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)

    refused = await browser.post("/device", data={"endpoint": "https://127.0.0.1/x", "p256dh": "x", "auth": "y"})
    assert refused.status_code == 400
    assert (await browser.post("/device", data={"endpoint": "x" * 20_000})).status_code == 413
    assert await is_shown_for(browser) == (scene.bob.id, False)


async def test_other_sites_and_strangers_are_told_nothing(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.bob.email)
    await switch_on(browser)

    assert (await browsers().post("/device", data={"endpoint": SHARED.endpoint})).status_code == 401
    browser.headers["origin"] = "https://evil.example"
    assert (await browser.post("/device", data={"endpoint": SHARED.endpoint})).status_code == 403
    assert await held() == [(scene.bob.id, SHARED.endpoint)]
