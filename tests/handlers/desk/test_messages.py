"""訊息 at the desk: every number leads to as long a list, and nothing of what was said is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Role
from core.audit import Door
from core.cards import said
from core.context import Core
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from core.quota.door import Consumption
from core.quota.service import keep_reading
from tests.builders import a_bound_account
from tests.handlers.pages.conftest import Browser

SAID = "這段文字只有收件人看得到"
ENDS = (
    (NoticeState.ACCEPTED, "accepted", 3),
    (NoticeState.DROPPED, "duties_ended", 2),
    (NoticeState.REFUSED, "refused", 1),
    (NoticeState.CREATED, "", 1),
)


def fill(core: Core, *, used: int | None = None) -> None:
    """Let some notices have ended in each way, and read the quota."""
    reader = a_bound_account(core, code="AZ1234").account.id
    with core.transaction(system("tests"), Door.JOB) as ctx:
        for state, reason, count in ENDS:
            for number in range(count):
                key = f"{state}:{number}"
                say(ctx, to=ToAccount(reader), answer=said(SAID), kind=NoticeKind.REMINDER, key=key,
                    urgency=Urgency.AT_ONCE)  # fmt: skip
                notice = ctx.session.scalars(select(Notice).where(Notice.dedupe_key == key)).one()
                notice.state, notice.reason = state, reason
                notice.settled_at = ctx.now + timedelta(seconds=5 * number) if reason else None
        if used is not None:
            keep_reading(ctx, Consumption(1000, used))


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.usefixtures("place")
def test_every_number_leads_to_as_long_a_list(core_sqlite: Core, seated: Callable[[Role], Browser]) -> None:
    fill(core_sqlite)
    browser = seated(Role.HELPDESK)
    browser.opens("/desk/messages")
    shown = browser.text
    links = re.findall(r'href="(/desk/messages/[^"]+)"[^>]*>(?:<strong>)?(\d+)', shown)
    assert len(links) == 6
    for path, number in links:
        browser.opens(path.replace("&amp;", "&"))
        assert f"共 {number} 則" in browser.text
        assert browser.text.count('data-label="時間"') == int(number)
    assert "交給 LINE 的 3 則中，100.0% 在 10 秒內交出（3 則）" in shown
    assert "送出前事項已完成或不再需要" in shown


@pytest.mark.usefixtures("place")
def test_nothing_of_what_was_said_is_shown(core_sqlite: Core, seated: Callable[[Role], Browser]) -> None:
    fill(core_sqlite)
    browser = seated(Role.ADMIN)
    for path in ("/desk/messages", "/desk/messages/accepted", "/desk/messages/failed"):
        browser.opens(path)
        assert SAID not in browser.text
        assert "@" not in browser.text.partition("<main")[2].partition("</main>")[0]
    assert "AZ1234" in browser.text


@pytest.mark.usefixtures("place")
def test_quota_and_forecast_are_shown(core_sqlite: Core, seated: Callable[[Role], Browser]) -> None:
    fill(core_sqlite, used=950)
    browser = seated(Role.HELPDESK)
    browser.opens("/desk/messages")
    shown = text_of(browser.text)
    assert "額度 1000 則 已用 950 則，其中提醒 3 則 剩餘 50 則" in shown
    assert "改寄電子郵件" in shown
    assert "不足" in shown


@pytest.mark.usefixtures("place")
def test_without_a_reading_it_says_so(seated: Callable[[Role], Browser]) -> None:
    browser = seated(Role.HELPDESK)
    browser.opens("/desk/messages")
    assert "本月還沒有查到額度" in browser.text
    assert "今天還沒有通知交給 LINE" in browser.text
    assert browser.opens("/desk/messages/nonsense").status_code == 404
