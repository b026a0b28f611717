"""Finds the browser for the tests; run as a program, it says what to install when there is none."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium, and there is none.\n"
    "  On Debian or Ubuntu: apt-get install chromium\n"
    "  Anywhere else:       .venv/bin/playwright install chromium"
)

# Each window of Chromium without a face makes ready the suggestions of an address bar that nobody sees, and each page a
# process for the next one. Of several lists it takes the last, so that what matters of Playwright's own is said again.
_NEEDLESS = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "MediaRouter"),
    *("NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "AimEnabled"),
    "ThirdPartyStoragePartitioning",
)
FLAGS = ("--no-sandbox", f"--disable-features={','.join(_NEEDLESS)}")


def find_chromium() -> str | None:
    """Path of the system's Chromium, else of Playwright's own, else None."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


if __name__ == "__main__":
    if find_chromium() is None:
        sys.exit(MISSING)
