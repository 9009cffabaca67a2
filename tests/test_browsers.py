from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests import browsers

pytestmark = pytest.mark.browser


def test_the_browser_draws_chinese_and_runs_scripts(page: Page) -> None:
    page.set_content("<p>待辦</p><script>document.querySelector('p').textContent += ' 3'</script>")
    assert page.inner_text("p") == "待辦 3"
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Taipei"


def test_an_error_in_a_script_fails_the_test(browser: Browser) -> None:
    with pytest.raises(AssertionError, match="oops"), browsers.phone_page(browser) as page:
        page.set_content("<script>throw new Error('oops')</script>")
