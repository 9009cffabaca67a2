"""The browser of the tests: a real Chromium, without a window, in the size of a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "Chromium is missing: apt-get install chromium"
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PHONE = {"width": 390, "height": 844}
PATIENCE = 30_000  # ms: a page that is right is not waited for; a busy machine may take its time
expect.set_options(timeout=PATIENCE)


def chromium() -> str | None:
    """Return the path of the installed browser."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def started() -> Iterator[Browser]:
    """Start the installed browser, without its sandbox: that needs a user with less rights than root has."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), chromium_sandbox=False, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def phone_page(browser: Browser) -> Iterator[Page]:
    """Open a page of its own, as on a phone in Taiwan; an error in its scripts fails the test."""
    context = browser.new_context(locale="zh-TW", timezone_id="Asia/Taipei", viewport=PHONE)  # type: ignore[arg-type]
    errors: list[str] = []
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    if errors:
        raise AssertionError(f"the page's scripts failed: {errors}")
