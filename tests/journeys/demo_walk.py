"""A newcomer's walk through the demo in a real browser; ``make pictures`` keeps what it saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from bot.commands.demo import PASSWORD, Demo
from core.duties.models import Duty, UrgentItem
from core.inbox.models import Conversation
from core.notices.models import Notice
from tests.journeys.small_pictures import keep_shot
from tests.journeys.town import CODE

PATIENCE = 240  # quarters of a second
WIDE = {"width": 1440, "height": 900}


@dataclass
class Walk:
    """One newcomer with a browser; pictures go to a folder if one is given."""

    demo: Demo
    browser: Browser
    folder: Path | None = None

    def __post_init__(self) -> None:
        """Open the phone as the demo's main person."""
        self._context = self.browser.new_context(
            viewport=WIDE,  # type: ignore[arg-type]  # the library's own TypedDict
            locale="zh-TW",
            timezone_id="Asia/Taipei",
        )
        self.phone = self._page(self.demo.simulator.phone_url)
        self.phone.get_by_text(self.demo.sample.main.name, exact=True).first.click()

    def close(self) -> None:
        """Close the browser's pages."""
        self._context.close()

    def follow(self) -> None:
        """Add the account as a friend."""
        self.answered(lambda: self.phone.locator("#friendship").click())

    def say(self, text: str) -> None:
        """Type a text and send it, on the keyboard instead of the menu."""
        keyboard = self.phone.get_by_role("button", name="顯示鍵盤")
        if keyboard.is_visible():
            keyboard.click()
        self.phone.locator("#text").fill(text)
        self.answered(lambda: self.phone.locator("#text").press("Enter"))

    def tap(self, label: str, beside: str = "") -> None:
        """Press the newest button with this label, on a card that holds the text ``beside``."""
        self.answered(self.button(label, beside).click)

    def button(self, label: str, beside: str = "") -> Locator:
        """Return the newest button with this label."""
        cards = self.phone.locator("#chat [data-flex-bubble]", has_text=beside)
        return cards.locator(f'[data-label="{label}"]').last

    def bot_messages(self) -> Locator:
        """Return the bot's messages."""
        return self.phone.locator('[data-message]:not([data-way="phone"])')

    def answered(self, act: Callable[[], object]) -> None:
        """Do something and wait for the bot's answer."""
        before = self.bot_messages().count()
        act()
        expect(self.bot_messages()).not_to_have_count(before)

    def sees(self, text: str) -> None:
        """Check that the newest messages hold a text."""
        expect(self.phone.locator("#chat")).to_contain_text(text)

    def bind(self) -> None:
        """Bind the phone through the page, with the code from the mailbox."""
        person = self.demo.sample.main
        self.say("綁定")
        self.button("開始綁定").click()
        sheet = self.phone.get_by_role("dialog", name="開始綁定")
        page = sheet.frame_locator("iframe")
        page.get_by_label("帳號").fill(person.account)
        page.get_by_label("密碼").fill(PASSWORD)
        self.phone_picture("link-account")
        page.get_by_role("button", name="下一步").click()
        expect(page.get_by_label("驗證碼")).to_be_visible()
        page.get_by_label("驗證碼").fill(self.code(person.email))
        self.phone_picture("link-code")
        self.answered(page.locator("form button").first.click)
        page.get_by_role("link", name="回到聊天室").click()
        expect(sheet).to_be_hidden()

    def code(self, address: str) -> str:
        """Read the newest code in the mailbox."""
        page = self._page(f"{self.demo.simulator.mailbox_url}?address={address}")
        page.get_by_role("link", name="驗證碼").first.click()
        expect(page.locator("#mail-text")).to_be_visible()
        self.picture(page, "mailbox")
        text = page.locator("#mail-text").inner_text()
        page.close()
        found = CODE.search(text)
        assert found, f"no code in {text}"
        return found.group()

    def newest_mail(self, address: str, subject: str) -> Page:
        """Open the newest e-mail to an address with this subject in the mailbox."""
        page = self._page(f"{self.demo.simulator.mailbox_url}?address={address}")
        page.get_by_role("link", name=subject).first.click()
        expect(page.locator("#mail-text")).to_be_visible()
        return page

    def breaks(self, call: str, how: str) -> None:
        """Switch a fault on with the panel beside the phone, until it is cleared."""
        self.phone.locator("#fault-endpoint").select_option(label=call)
        self.phone.locator("#fault-kind").select_option(label=how)
        self.phone.locator("#fault-times").select_option(label="直到清除")
        self.phone.get_by_role("button", name="開啟", exact=True).click()
        expect(self.phone.locator("#faults")).to_contain_text(f"{call}：{how}")

    def picture(self, page: Page, name: str) -> None:
        """Keep what a page shows."""
        if self.folder is not None:
            keep_shot(page.screenshot(), self.folder / f"{name}.png")

    def moves_to(self, moment: datetime) -> None:
        """Set the demo's clock by its panel; ``moment`` is Taipei's wall clock."""
        self.phone.locator("#clock-at").fill(f"{moment:%Y-%m-%dT%H:%M}")
        self.phone.get_by_role("button", name="調到").last.click()

    def wait_until_all_is_said(self) -> None:
        """Wait until nothing that was written down is left to say; what a job is yet to find is not known here."""
        self.wait_until(lambda: not self._is_anything_left())

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until this holds of the demo, a minute at most."""
        for _ in range(PATIENCE):
            self.phone.wait_for_timeout(250)
            if holds():
                return
        raise AssertionError("the demo is not so far after a minute")

    def _is_anything_left(self) -> bool:
        now = self.demo.core.clock.now()
        reminders = select(Duty.id).where(Duty.ended_at.is_(None), Duty.remind_at <= now).limit(1)
        gathered = select(UrgentItem.duty_id).where(UrgentItem.say_at <= now).limit(1)
        unsent = select(Notice.id).where(Notice.state.in_(("created", "claimed")), Notice.not_before <= now).limit(1)
        unheard = select(Conversation.person).where(Conversation.waiting_since.is_not(None)).limit(1)
        with self.demo.core.store.reading() as session:
            return any(session.scalar(waiting) is not None for waiting in (reminders, gathered, unheard, unsent))

    def phone_picture(self, name: str) -> None:
        """Keep what the phone shows."""
        if self.folder is not None:
            self.phone.wait_for_timeout(300)
            keep_shot(self.phone.locator("#phone").screenshot(), self.folder / f"{name}.png")

    def _page(self, url: str) -> Page:
        page = self._context.new_page()
        page.set_default_timeout(15_000)
        page.goto(url)
        return page
