"""Browser windows for the tests: opened as somebody, watched for errors."""

from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.e2e.world import Person, open_session

COOKIE = "schedule_session"
KEPT = "/favicon.svg"


@dataclass(frozen=True, slots=True)
class Device:
    """What somebody holds or sits before."""

    width: int
    height: int
    has_touch: bool = False


DESKTOP = Device(1440, 900)
TABLET = Device(1024, 768)
PHONE = Device(390, 844, has_touch=True)


class Desk:
    """Windows of one browser by device; one that is given back has the app's files in its cache for the next test.

    A window always keeps a tab with a picture of the app's, so that the process does not end which has read the app's
    scripts: reading them anew is the half of loading a page.
    """

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser = browser
        self._origin = origin
        self._idle: dict[Device, list[BrowserContext]] = {}

    async def take(self, device: Device) -> BrowserContext:
        """A window in which nobody is signed in."""
        if self._idle.get(device):
            return self._idle[device].pop()
        context = await self._browser.new_context(
            viewport={"width": device.width, "height": device.height},
            has_touch=device.has_touch,
            is_mobile=device.has_touch,
            reduced_motion="reduce",
            locale="en-GB",
        )
        context.set_default_timeout(10_000)
        await (await context.new_page()).goto(self._origin + KEPT)
        return context

    async def give_back(self, device: Device, context: BrowserContext) -> None:
        """Close its tabs and forget who was signed in."""
        for page in context.pages:
            if not page.url.endswith(KEPT):
                await page.close()
        await context.clear_cookies()
        self._idle.setdefault(device, []).append(context)


class Screens:
    """One test's windows: one for each person and device, with any number of tabs.

    Attributes:
        errors: Whatever the pages reported as errors.
    """

    def __init__(self, desk: Desk, origin: str) -> None:
        self._desk = desk
        self._origin = origin
        self._windows: dict[tuple[int, Device], BrowserContext] = {}
        self.errors: list[str] = []
        self._is_line_forgiven = False

    async def open(self, person: Person | None, path: str, device: Device = DESKTOP, *, origin: str = "") -> Page:
        """Open a page in a tab of its own and wait until it shows.

        Args:
            person: Who is signed in; None for nobody.
            path: The page.
            device: The window's size.
            origin: Where the app is, when not at its usual address.
        """
        origin = origin or self._origin
        page = await (await self._window(person, device, origin)).new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: self.errors.append(f"{page.url} opened a dialog: {dialog.message}"))
        await page.goto(origin + path)
        if person:
            await loaded(page)
        return page

    def forgive_lost_line(self) -> None:
        """Drop what browsers say of connections that could not be made, now or late; the test saw to that itself."""
        self._is_line_forgiven = True
        self.errors = [error for error in self.errors if not _is_of_the_line(error)]

    async def close(self) -> None:
        """Give every window back."""
        for (_, device), context in self._windows.items():
            await self._desk.give_back(device, context)

    async def _window(self, person: Person | None, device: Device, origin: str) -> BrowserContext:
        key = (person.id if person else 0, device)
        if key not in self._windows:
            self._windows[key] = context = await self._desk.take(device)
            if person:
                token = await open_session(person)
                cookie = {"name": COOKIE, "value": token, "url": origin, "httpOnly": True, "sameSite": "Lax"}
                await context.add_cookies([cookie])  # type: ignore[list-item]
        return self._windows[key]

    def _hear(self, message: ConsoleMessage) -> None:
        error = f"{message.location.get('url', '')}: {message.text}"
        if message.type == "error" and not (self._is_line_forgiven and _is_of_the_line(error)):
            self.errors.append(error)


def _is_of_the_line(error: str) -> bool:
    said = (
        "net::ERR_",
        "status of 503",
        "Unexpected response code: 503",
        "error occurred when fetching the script",
        "Connection closed before receiving a handshake",
    )
    return any(words in error for words in said)


async def loaded(page: Page) -> None:
    """Wait until the page shows its own content."""
    await expect(page.locator("main h1")).to_be_visible()
    await expect(page.locator("main .skeleton")).to_have_count(0)
