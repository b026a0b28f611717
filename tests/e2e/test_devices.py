"""This device: switched on from the account page, shows what comes while Shifts is closed, and is removed from there.

Browsers in tests have no push service. Its part is played here, on the page and by the tool that steers the browser;
the service worker, the page and the application are the real ones.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from playwright.async_api import Page, Worker, expect

from schedule_app.channels.vapid import public_key
from schedule_app.services.push_subscriptions import switch_on_device
from tests.e2e.screens import COOKIE, PHONE, Screens, loaded
from tests.e2e.world import Person, build_world, execute, fetch, open_session
from tests.support.app import SECRET_KEY
from tests.support.push_service import Browser

_PUSH_SERVICE = """({ endpoint, p256dh, auth }) => {
  let held = null;
  const subscription = {
    endpoint,
    toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
    unsubscribe: async () => { held = null; return true; },
  };
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    if (applicationServerKey.length !== 65) throw new Error("no key of a server");
    return (held = subscription);
  };
}"""
KEY = public_key(SECRET_KEY.encode())
# As above, for the service worker: which subscription the browser holds, and what a new one is like.
_WORKERS_PUSH_SERVICE = """({ held, next }) => {
  const bytes = (key) => bytesOf(key).buffer;
  const made = ({ endpoint, p256dh, auth, key }) => ({
    endpoint,
    options: { applicationServerKey: key },
    toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
    unsubscribe: async () => { self.held = null; return true; },
  });
  self.held = held && made({ ...held, key: bytes(held.key) });
  PushManager.prototype.getSubscription = async () => self.held;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) =>
    (self.held = made({ ...next, key: applicationServerKey.buffer }));
}"""
_HELD = "() => self.held && self.held.endpoint"
# What the service worker knows of the browser's subscription.
_REMEMBERED = """async () => {
  const kept = await (await caches.open("this-device")).match("/shown-for.json");
  return kept ? (await kept.json()).endpoint : null;
}"""
# Only somebody's click may open a window, and none of a test is one.
_LED_TO = """(path) => {
  const made = [];
  WindowClient.prototype.focus = async () => made.push("focused");
  self.clients.openWindow = async (address) => made.push(address);
  return open(path).then(() => made);
}"""
_SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  for (;;) {
    const shown = await registration.getNotifications();
    if (shown.length > 0) return shown.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""


async def deliver(page: Page, data: str) -> list[Any]:
    """Have the browser's service worker get a message, as from its push service; what is shown then."""
    tool = await page.context.new_cdp_session(page)
    found: dict[str, str] = {}
    tool.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.update(_ids(told)))
    await tool.send("ServiceWorker.enable")
    origin = await page.evaluate("location.origin")
    await page.wait_for_function("navigator.serviceWorker.controller !== null")
    await tool.send(
        "ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": found[f"{origin}/"], "data": data}
    )
    return await page.evaluate(_SHOWN)


def _ids(told: dict[str, Any]) -> dict[str, str]:
    """By what they are for: a window may have been at another address of the app before."""
    return {each["scopeURL"]: each["registrationId"] for each in told["registrations"]}


def subscription(browser: Browser, key: str = "") -> dict[str, str]:
    """What a browser holds that was switched on for a server's key."""
    device = browser.device
    return {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth, "key": key}


async def worker_of(page: Page) -> Worker:
    """The service worker that stands behind a page."""
    await page.evaluate("navigator.serviceWorker.register('/sw.js')")
    await page.wait_for_function("navigator.serviceWorker.controller !== null")
    [worker] = page.context.service_workers
    return worker


async def holding(page: Page, held: dict[str, str] | None, later: Browser | None = None) -> Worker:
    """The service worker of a browser that holds a subscription, and gets another when it asks."""
    worker = await worker_of(page)
    values = {"held": held, "next": subscription(later) if later else None}
    await worker.evaluate(_WORKERS_PUSH_SERVICE, values)
    return worker


async def switch_on(person: Person, browser: Browser) -> None:
    """Have a browser show a person's messages, in the session that they opened last."""
    session = await fetch("SELECT max(id) FROM auth_sessions WHERE employee_id = :id", id=person.id)
    await switch_on_device(replace(person.actor, session_id=session), browser.device)


async def known(person: Person) -> list[str]:
    """Where the server sends a person's messages."""
    return await fetch("SELECT array_agg(endpoint) FROM push_subscriptions WHERE employee_id = :id", id=person.id) or []


async def becomes(wanted: Any, ask: Callable[[], Awaitable[Any]]) -> None:
    """Wait until what is asked for is so."""
    found = await ask()
    for _ in range(200):
        if found == wanted:
            break
        await asyncio.sleep(0.05)
        found = await ask()
    assert found == wanted


async def test_a_browser_that_several_people_use_shows_messages_of_whoever_switched_it_on(screens: Screens) -> None:
    world = await build_world()
    ann, ben = world.staff
    phone = await screens.open(ann, "/account", PHONE)
    worker = await holding(phone, subscription(Browser("shared"), KEY))
    await switch_on(ann, Browser("shared"))

    # Ann has left without signing out, and what the browser knew of her is gone.
    home = await phone.evaluate("location.origin")
    await phone.goto("about:blank")
    await phone.context.clear_cookies()
    await phone.context.add_cookies([{"name": COOKIE, "value": await open_session(ben), "url": home}])
    await phone.goto(f"{home}/account")
    await becomes([], partial(known, ann))
    await becomes(None, partial(worker.evaluate, _HELD))
    assert await known(ben) == []


async def test_what_is_shown_here_ends_with_signing_out(screens: Screens) -> None:
    world = await build_world()
    ann = world.staff[0]
    phone = await screens.open(ann, "/account", PHONE)
    worker = await holding(phone, subscription(Browser("anns"), KEY))
    await switch_on(ann, Browser("anns"))

    await phone.get_by_role("button", name="Sign out", exact=True).tap()
    await expect(phone.get_by_role("heading", name="Sign in to Shifts")).to_be_visible()

    assert await known(ann) == []
    await becomes(None, partial(worker.evaluate, _HELD))


async def test_a_subscription_that_no_message_can_be_sent_to_is_renewed_when_the_app_is_opened(
    screens: Screens,
) -> None:
    world = await build_world()
    ann = world.staff[0]
    former, later, last = Browser("former"), Browser("later"), Browser("last")
    phone = await screens.open(ann, "/account", PHONE)
    await switch_on(ann, former)

    # It was made for another key than the server has now.
    another = public_key(b"another secret of the server")
    worker = await holding(phone, subscription(former, another), later)
    await phone.reload()
    await becomes([later.device.endpoint], partial(known, ann))
    assert await worker.evaluate(_HELD) == later.device.endpoint

    # A push service has refused a message for the key meanwhile, and the server has forgotten the device.
    await execute("DELETE FROM push_subscriptions WHERE employee_id = :id", id=ann.id)
    await holding(phone, subscription(later, another), last)
    await phone.reload()
    await becomes([last.device.endpoint], partial(known, ann))

    # The push service has ended the subscription by itself.
    await holding(phone, None, later)
    await worker.evaluate("() => self.dispatchEvent(new ExtendableEvent('pushsubscriptionchange'))")
    await becomes([later.device.endpoint], partial(known, ann))

    # What was switched off on another device is off.
    await execute("DELETE FROM push_subscriptions WHERE employee_id = :id", id=ann.id)
    await phone.reload()
    await becomes(None, partial(worker.evaluate, _HELD))
    assert await known(ann) == []


async def test_what_is_switched_on_anew_stays_on_when_the_app_is_opened_again(screens: Screens) -> None:
    world = await build_world()
    ann = world.staff[0]
    former, later = Browser("former"), Browser("later")
    phone = await screens.open(ann, "/account", PHONE)
    await phone.context.grant_permissions(["notifications"])
    await switch_on(ann, former)
    await holding(phone, subscription(former, KEY))
    await phone.reload()
    await becomes(former.device.endpoint, partial(phone.evaluate, _REMEMBERED))
    await execute("DELETE FROM push_subscriptions WHERE employee_id = :id", id=ann.id)

    await phone.evaluate(_PUSH_SERVICE, subscription(later))
    await phone.get_by_role("button", name="Show messages here").tap()
    await expect(phone.get_by_role("button", name="Stop showing them here")).to_be_visible()
    worker = await holding(phone, subscription(later, KEY))
    await phone.reload()

    await becomes(later.device.endpoint, partial(phone.evaluate, _REMEMBERED))
    assert await worker.evaluate(_HELD) == later.device.endpoint
    assert await known(ann) == [later.device.endpoint]


async def test_a_message_leads_to_its_page_without_taking_another_one_away(screens: Screens) -> None:
    world = await build_world()
    ann = world.staff[0]
    me = await screens.open(ann, "/me", PHONE)
    worker = await worker_of(me)
    # By way of the app to another page: the browser still says that it was loaded as /me.
    await me.get_by_role("link", name="Time off").first.tap()
    await me.wait_for_url("**/time-off")
    await loaded(me)
    home = await me.evaluate("location.origin")
    assert await worker.evaluate(_LED_TO, "/time-off") == ["focused"]
    assert await worker.evaluate(_LED_TO, "/me") == [f"{home}/me"]
    assert me.url == f"{home}/time-off"


async def test_a_device_is_switched_on_shows_a_message_and_is_removed(screens: Screens) -> None:
    world = await build_world()
    ann, device = world.staff[0], Browser("anns").device
    phone = await screens.open(ann, "/account", PHONE)
    await phone.context.grant_permissions(["notifications"])
    await phone.evaluate(_PUSH_SERVICE, {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth})

    await phone.get_by_role("button", name="Show messages here").tap()
    await expect(phone.get_by_role("button", name="Stop showing them here")).to_be_visible()
    row = phone.get_by_role("list", name="Devices that show your messages").get_by_role("listitem")
    await expect(row).to_have_count(1)
    assert await fetch("SELECT endpoint FROM push_subscriptions WHERE employee_id = :id", id=ann.id) == device.endpoint

    told = {"title": "You have a new shift", "body": "Mon 7:00", "path": "https://evil.example/", "tag": "one"}
    [shown] = await deliver(phone, json.dumps(told))
    assert (shown["title"], shown["body"], shown["tag"]) == ("You have a new shift", "Mon 7:00", "one")

    # Only pages of the application are opened, whatever a message says.
    home = await phone.evaluate("location.origin")
    [worker] = [each for each in phone.context.service_workers if each.url.startswith(f"{home}/")]
    assert await worker.evaluate("ownAddress('/requests?id=7')") == f"{home}/requests?id=7"
    for hostile in ("https://evil.example/", "//evil.example", "/\\\\evil.example", "javascript:alert(1)", "data:,x"):
        assert await worker.evaluate("(path) => ownAddress(path)", hostile) == f"{home}/inbox"

    # Removed on another device of hers, it is off here as well.
    desk = await screens.open(ann, "/account")
    await desk.get_by_role("button", name="Remove").click()
    await expect(phone.get_by_role("button", name="Show messages here")).to_be_visible()
    await expect(row).to_have_count(0)
    await phone.context.clear_permissions()
