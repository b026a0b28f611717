"""This device: switched on from the account page, shows what comes while Shifts is closed, and is removed from there.

Browsers in tests have no push service. Its part is played here, on the page and by the tool that steers the browser;
the service worker, the page and the application are the real ones.
"""

import json
from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import build_world, fetch
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
