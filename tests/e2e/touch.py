"""Whether fingers find what they press on a phone, and eyes all that is written there."""

from playwright.async_api import Page, expect

#: Width and height of a screen, and the size of letters its owner has chosen.
SCREENS = ((390, 844, 16), (360, 640, 16), (320, 640, 16), (320, 640, 12), (320, 640, 32))

#: What can be pressed and is smaller than 44 px, for yes and no than 48 px. A small box counts with its label. Left out
#: are links in running text, as WCAG 2.5.5 has it, and what lies behind an open dialog. Where a column stands for a day
#: it may be narrower: a screen has no room for seven, and a list has the same shifts.
_TOO_SMALL = """
() => {
  const dialogs = [...document.querySelectorAll('[role=dialog]')].filter((each) => each.checkVisibility());
  const isInText = (link) =>
    getComputedStyle(link).display === 'inline' &&
    [...link.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const area = (element) =>
    ((element.matches('[type=checkbox], [type=radio]') && element.labels[0]) || element).getBoundingClientRect();
  const found = [];
  const all = (dialogs.at(-1) ?? document).querySelectorAll('a[href], button, input, select, textarea, summary');
  for (const element of all) {
    const { width, height, right, bottom } = area(element);
    const isShown = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!isShown || Math.min(width, height) <= 1 || right <= 0 || bottom <= 0 || isInText(element)) continue;
    const name = (element.ariaLabel ?? (element.innerText || element.name)).replace(/\\s+/g, ' ').trim();
    const high = /^(Confirm|Decline)/.test(name) ? 48 : 44;
    const wide = element.matches('.me-day, [data-month=true] .chip') ? 24 : 44;
    if (height < high - 0.5 || width < wide - 0.5) found.push(`too small: ${name} ${width} x ${height}`);
  }
  return found;
}
"""

#: Boxes that hide a part of what is in them, save words that are cut visibly and told in full elsewhere; and words that
#: leave the screen where nothing can be scrolled to them.
_LOST = """
() => {
  const dialogs = [...document.querySelectorAll('[role=dialog]')].filter((each) => each.checkVisibility());
  const within = dialogs.at(-1) ?? document.body;
  const isShown = (element) => {
    const { width, height, right, bottom } = element.getBoundingClientRect();
    const isThere = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const isClipped = getComputedStyle(element).clipPath !== 'none';
    return isThere && !isClipped && Math.min(width, height) > 1 && right > 0 && bottom > 0;
  };
  const scrolls = (element) =>
    element !== document.documentElement &&
    (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const words = (element) => `${element.className} ${element.textContent.replace(/\\s+/g, ' ').trim().slice(0, 60)}`;
  const found = [];
  for (const element of within.querySelectorAll('*')) {
    const { overflowX, textOverflow } = getComputedStyle(element);
    const isCut = ['hidden', 'clip'].includes(overflowX) && element.scrollWidth > element.clientWidth + 1;
    const isToldElsewhere = textOverflow === 'ellipsis' && element.closest('[title], [aria-label]');
    if (isCut && !isToldElsewhere && isShown(element))
      found.push(`cut: ${words(element)} (${element.scrollWidth} in ${element.clientWidth})`);
  }
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const holder = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !isShown(holder) || scrolls(holder)) continue;
    range.selectNodeContents(texts.currentNode);
    const { left, right } = range.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1) found.push(`off the screen: ${words(holder)} (${left} to ${right})`);
  }
  return found;
}
"""


async def expect_everything_within_reach(page: Page) -> None:
    """All that can be pressed is large enough and nothing is lost, on small screens and with any size of text."""
    devtools = await page.context.new_cdp_session(page)
    found: list[str] = []
    for width, height, letters in SCREENS:
        await page.set_viewport_size({"width": width, "height": height})
        await devtools.send("Page.setFontSizes", {"fontSizes": {"standard": letters}})
        await expect(page.locator("html")).to_have_css("font-size", f"{letters}px")
        lost = [*await page.evaluate(_TOO_SMALL), *await page.evaluate(_LOST)]
        if await page.evaluate("document.documentElement.scrollWidth") > width:
            lost.append("has to be scrolled sideways")
        found += [f"{width} x {height}, letters of {letters} px: {each}" for each in lost]
    await devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    await expect(page.locator("html")).to_have_css("font-size", "16px")
    assert not found, "\n".join(found)
