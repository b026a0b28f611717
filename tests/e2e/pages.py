"""Finding things on the pages by what a person, or a screen reader, calls them."""

import re

from playwright.async_api import Locator, Page, expect

from tests.e2e.world import Person


def row_of(page: Page, person: Person) -> Locator:
    """A person's row of the board."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader").filter(has_text=person.name))


def chip(page: Page, person: Person, name: str) -> Locator:
    """A person's shift on the board, as "07:00–15:00 Morning, confirmed"."""
    return row_of(page, person).get_by_role("button", name=name, exact=True)


def open_shift(page: Page, name: str) -> Locator:
    """A shift of the top row by the beginning of its name, as "07:00–15:00 Morning"."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile("^Open shifts")))
    return row.get_by_role("button", name=re.compile("^" + re.escape(name)))


def target(page: Page, person: Person) -> Locator:
    """Where in a person's row the shift that is picked up can be put."""
    return row_of(page, person).get_by_role("gridcell", name=re.compile("^Place here"))


async def place(page: Page, shift: str, person: Person) -> None:
    """Pick an open shift up and put it on somebody who can take it."""
    await open_shift(page, shift).click()
    await expect(target(page, person)).to_have_accessible_name(re.compile("Can take it"))
    await target(page, person).click()


def status(page: Page, words: str) -> Locator:
    """The badge beside the page's title."""
    return page.locator("main .page-header .badge", has_text=re.compile(f"^{re.escape(words)}$"))


def heat_cell(page: Page, words: str) -> Locator:
    """A cell of the heatmap by its words, as "Monday 30 November, 07:00: 0 of 1 needed, 1 short"."""
    return page.get_by_role("table").get_by_text(words, exact=True)


async def expect_unread(page: Page, count: int) -> None:
    """The navigation must come to say that so many messages are unread."""
    badge = page.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile("^Inbox"))
    await expect(badge).to_have_accessible_name(f"Inbox {count} unread" if count else "Inbox")
