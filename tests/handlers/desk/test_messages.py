"""訊息 at the desk: every number leads to as long a list, and nothing of what was said is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Role
from core.audit import AuditRow, Door
from core.cards import said
from core.clock import FixedClock
from core.context import Core
from core.dates import roc_moment
from core.notices import doorways
from core.notices.channel import Outcome
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from core.quota.door import Consumption
from core.quota.service import keep_reading
from tests.builders import a_bound_account
from tests.handlers.desk.test_sign_in import csrf
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
@pytest.mark.parametrize("used", [100, None])
def test_a_month_that_line_calls_spent_is_shown_before_the_next_reading(
    core_sqlite: Core, seated: Callable[[Role], Browser], clock: FixedClock, used: int | None
) -> None:
    fill(core_sqlite, used=used)
    clock.move(timedelta(minutes=1))
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        doorways.note(ctx, doorways.LINE, [(Outcome.QUOTA, "")], ctx.now, is_trial=False)
    browser = seated(Role.HELPDESK)
    browser.opens("/desk/messages")
    assert "LINE 在 115/03/04 10:01 回覆：本月額度已用完" in browser.text
    assert "照常傳到 LINE" not in browser.text
    assert ("改寄電子郵件</span></dd>" in browser.text) is (used is not None)


@pytest.mark.usefixtures("place")
def test_without_a_reading_it_says_so(seated: Callable[[Role], Browser]) -> None:
    browser = seated(Role.HELPDESK)
    browser.opens("/desk/messages")
    assert "本月還沒有查到額度" in browser.text
    assert "今天還沒有通知交給 LINE" in browser.text
    assert browser.opens("/desk/messages/nonsense").status_code == 404


def hold(core: Core, *states: NoticeState) -> list[int]:
    """Let a notice wait for a person's decision in each of these states; return their ids."""
    reader = a_bound_account(core, code="AZ1234").account.id
    found = []
    with core.transaction(system("tests"), Door.JOB) as ctx:
        for number, state in enumerate(states):
            say(ctx, to=ToAccount(reader), answer=said(SAID), kind=NoticeKind.DIGEST, key=f"held:{number}",
                urgency=Urgency.ROUTINE)  # fmt: skip
            notice = ctx.session.scalars(select(Notice).where(Notice.dedupe_key == f"held:{number}")).one()
            notice.state, notice.reason, notice.settled_at = state, "too_old", ctx.now
            found.append(notice.id)
    return found


def states(core: Core) -> list[NoticeState]:
    with core.store.reading() as session:
        return list(session.scalars(select(Notice.state).where(Notice.kind == NoticeKind.DIGEST).order_by(Notice.id)))


def decides(browser: Browser, act: str, *notices: object) -> str:
    """Tick some notices, decide, and return what the page then says."""
    browser.opens("/desk/messages")
    browser.client.post(f"/desk/messages/{act}", data=csrf(browser) | {"notice": [str(each) for each in notices]})
    browser.opens("/desk/messages")
    return text_of(browser.text)


def test_a60_an_administrator_lets_go_or_drops_what_is_held(
    core_sqlite: Core, seated: Callable[[Role], Browser]
) -> None:
    old, older, unsure = hold(core_sqlite, NoticeState.HELD, NoticeState.HELD, NoticeState.GIVEN_UP)
    browser = seated(Role.ADMIN)
    browser.opens("/desk/messages")
    assert browser.text.count('name="notice"') == 3
    assert "應送出的時間已過一天以上" in browser.text
    assert SAID not in browser.text
    assert "已釋出 1 則" in decides(browser, "release", old)
    shown = decides(browser, "dismiss", old, older, unsure)
    assert "已作廢 2 則" in shown
    assert "有 1 則已經由別人處理" in shown
    assert states(core_sqlite) == [NoticeState.CREATED, NoticeState.DROPPED, NoticeState.DROPPED]
    with core_sqlite.store.reading() as session:
        acts = session.execute(select(AuditRow.act, AuditRow.subject).where(AuditRow.act.like("notice.%"))).all()
    assert [(row.act, row.subject) for row in acts] == [
        ("notice.released", f"notice:{old}"),
        ("notice.dismissed", f"notice:{older}"),
        ("notice.dismissed", f"notice:{unsure}"),
    ]


@pytest.mark.parametrize("ticked", [(), ("nonsense",), ("9" * 30,)])
def test_nothing_ticked_changes_nothing(
    core_sqlite: Core, seated: Callable[[Role], Browser], ticked: tuple[str, ...]
) -> None:
    hold(core_sqlite, NoticeState.HELD)
    assert "沒有勾選任何通知" in decides(seated(Role.ADMIN), "release", *ticked)
    assert states(core_sqlite) == [NoticeState.HELD]


def test_the_helpdesk_sees_what_is_held_and_does_not_decide(
    core_sqlite: Core, seated: Callable[[Role], Browser]
) -> None:
    hold(core_sqlite, NoticeState.HELD)
    browser = seated(Role.HELPDESK)
    browser.opens("/desk/messages")
    assert "由管理員決定" in browser.text
    assert 'name="notice"' not in browser.text
    assert "釋出勾選的" not in browser.text


def test_whom_nothing_reaches_is_listed_with_since_when_and_what(
    core_sqlite: Core, seated: Callable[[Role], Browser]
) -> None:
    browser = seated(Role.HELPDESK)
    browser.opens("/desk/messages")
    assert "最近 30 天沒有聯絡不上的人" in browser.text
    hold(core_sqlite, NoticeState.UNREACHABLE, NoticeState.REFUSED)
    browser.opens("/desk/messages")
    shown = text_of(browser.text)
    assert "AZ1234" in shown
    assert f"{roc_moment(core_sqlite.clock.now())} 2 則，最近一則是每日提醒" in shown
    browser.opens("/desk/accounts/AZ1234")
    assert "AZ1234" in browser.text
