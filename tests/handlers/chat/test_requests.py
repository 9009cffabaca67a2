"""改信箱, 展延, 我的申請, 驗證碼 and 設定 as transcripts: left, let lie, taken up again, no address in full."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Account, CodeChannel, Unit
from core.accounts.requests.models import AccountRequest
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.otp.models import Challenge, Purpose
from core.otp.service import CodeSent, code_of, send_code, verify
from handlers.chat.turn import Dialog
from tests.builders import a_unit, an_account
from tests.handlers.chat.transcript import Chat

NEW = "brandnew@ntpc.gov.tw"
OLD = "ak1551@ntpc.gov.tw"
MINUTE = timedelta(minutes=1)
LAST = date(2026, 5, 3)  # sixty days after the clock's 4 March
VISITOR = Actor(name="visitor")


@pytest.fixture
def unit(core: Core) -> Unit:
    return a_unit(core, "永平國民小學")


@pytest.fixture
def account(core: Core, unit: Unit) -> Account:
    return an_account(core, unit, email=OLD, ends_on=LAST)


@pytest.fixture
def ann(core: Core, account: Account) -> Chat:
    return Chat(core, account)


def newest_code(core: Core) -> str:
    with core.store.reading() as session:
        newest = session.scalars(select(Challenge.id).order_by(Challenge.sent_at.desc())).first()
    assert newest
    return code_of(core.vault, newest)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08}"


def requests(core: Core) -> int:
    with core.store.reading() as session:
        return len(session.scalars(select(AccountRequest.id)).all())


def test_the_mailbox_is_changed_in_a_dialog_that_shows_no_address_in_full(core: Core, ann: Chat) -> None:
    seen = []
    for word in ("改信箱", f" {NEW} "):
        ann.says(word)
        seen.append(ann.shown)
    ann.sees("b***@ntpc.gov.tw", "115/03/04 10:15")
    ann.says(newest_code(core))
    seen.append(ann.shown)
    ann.sees("申請已送出", "已收件")
    assert not ann.dialog.name
    ann.says("我的申請")
    ann.sees("變更信箱", "審核中", "b***@ntpc.gov.tw", "115/03/04 10:00")
    seen.append(ann.shown)
    assert "a***@ntpc.gov.tw" in seen[0]
    assert not [text for text in seen if NEW in text or OLD in text]


@pytest.mark.parametrize(
    ("typed", "sees"),
    [
        ("沒有小老鼠", "不是電子郵件地址"),
        ("a@b.tw\r\nBcc: c@d.tw", "不能使用的符號"),
        ("ak1551@\u0430tpc.gov.tw", "xn--tpc-5cd.gov.tw"),
        (OLD, "目前登記的地址"),
    ],
)
def test_a25_an_address_that_will_not_do_is_asked_for_again(core: Core, ann: Chat, typed: str, sees: str) -> None:
    ann.says("改信箱")
    ann.says(typed)
    ann.sees(sees)
    ann.says(NEW)
    ann.sees("b***@ntpc.gov.tw")
    assert requests(core) == 0


def test_a_wrong_code_stays_and_another_is_sent_on_request(core: Core, ann: Chat, clock: FixedClock) -> None:
    ann.says("改信箱")
    ann.says(NEW)
    first = newest_code(core)
    ann.says(wrong(first))
    ann.sees("還可以試 2 次")
    ann.says("重新寄送")
    ann.sees("剛剛才寄過")
    clock.move(MINUTE)
    ann.says("沒收到驗證碼")
    ann.sees("請輸入驗證碼", "b***@ntpc.gov.tw")
    ann.says(first)
    ann.sees("驗證碼不正確")
    ann.says(newest_code(core))
    ann.sees("申請已送出")


def test_after_an_address_that_is_anothers_another_one_is_asked_for(
    core: Core, clock: FixedClock, ann: Chat, unit: Unit
) -> None:
    an_account(core, unit, email=NEW)
    for word in ("改信箱", NEW):
        ann.says(word)
    ann.says(newest_code(core))
    ann.sees("已經有另一個帳號使用", "改信箱")
    ann.sees_no("重新寄送")
    clock.move(MINUTE)
    ann.says("mine@ntpc.gov.tw")
    ann.sees("請輸入驗證碼", "m***@ntpc.gov.tw")


@pytest.mark.parametrize("words", [["改信箱"], ["改信箱", NEW], ["展延"], ["展延", "確定"], ["提醒時間"]])
def test_each_dialog_can_be_left_and_ends_politely(core: Core, ann: Chat, clock: FixedClock, words: list[str]) -> None:
    for word in words:
        ann.says(word)
    ann.says("取消")
    ann.sees("已取消")
    clock.move(MINUTE)
    for word in words:
        ann.says(word)
    clock.move(timedelta(hours=1))
    ann.says("嗯嗯")
    ann.sees("自動結束")
    assert requests(core) == 0


@pytest.mark.parametrize("words", [["改信箱", NEW], ["展延", "確定"]])
def test_each_dialog_survives_a_restart(core: Core, ann: Chat, words: list[str]) -> None:
    for word in words:
        ann.says(word)
    kept = ann.dialog
    ann.dialog = Dialog(kept.name, kept.step, dict(kept.collected), kept.until)
    ann.says(newest_code(core))
    ann.sees("申請已送出")


def test_acc_6_too_early_the_first_day_is_said(core: Core, unit: Unit) -> None:
    chat = Chat(core, an_account(core, unit, ends_on=LAST + timedelta(days=1)))
    chat.says("展延")
    chat.sees("115/05/04 止", "最早 115/03/05", "剩 61 天")
    chat.says("確定")
    chat.sees_no("請輸入驗證碼")
    assert requests(core) == 0


def test_acc_6_in_time_it_is_asked_for_with_a_proof_by_mail(core: Core, ann: Chat, account: Account) -> None:
    with core.store.transaction() as session:
        session.get_one(Account, account.id).code_channel = CodeChannel.LINE
    ann.says("權限到期")
    ann.sees("115/05/03 止", "116/05/03", "教育局/各級學校")
    ann.presses("申請展延")
    ann.sees("a***@ntpc.gov.tw")
    ann.says(newest_code(core))
    ann.sees("申請已送出")
    ann.says("展延")
    ann.sees("審核中")


def test_a_request_is_taken_back_by_a_typed_word_and_only_ones_own(core: Core, ann: Chat, unit: Unit) -> None:
    ann.says("展延")
    ann.says("確定")
    ann.says(newest_code(core))
    with core.store.reading() as session:
        (number,) = session.scalars(select(AccountRequest.id))
    other = Chat(core, an_account(core, unit))
    other.says(f"撤回申請 {number}")
    other.sees("查無資料")
    ann.says("我的申請")
    ann.presses(f"撤回申請 {number}")
    ann.sees("已撤回")
    ann.says(f"撤回申請 {number}")
    ann.sees("已撤回", "這次沒有變更")
    ann.says("我的申請")
    ann.sees("已撤回")


def test_no_requests_are_said(ann: Chat) -> None:
    ann.says("我的申請")
    ann.sees("還沒有任何申請")


def test_many_requests_are_paged_by_button_and_by_word(core: Core, ann: Chat, account: Account) -> None:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        for number in range(7):
            ctx.session.add(
                AccountRequest(
                    account_id=account.id, kind="extension", about=str(number), state="withdrawn",
                    asked=ctx.vault.seal("{}"), filed_at=ctx.now, decided_at=ctx.now,
                )
            )  # fmt: skip
    ann.says("我的申請")
    ann.sees("共 7 件", "第 1 到 5 件")
    ann.says("更多")
    ann.sees("第 6 到 7 件")
    ann.says("我的申請")
    ann.presses("更多")
    ann.sees("第 6 到 7 件")


def test_otp_what_is_good_is_shown_and_sent_again_to_line_for_the_page_that_waits(
    core: Core, ann: Chat, account: Account, clock: FixedClock
) -> None:
    ann.says("驗證碼")
    ann.sees("目前沒有有效的驗證碼")
    ann.says("驗證碼寄到LINE")
    ann.sees("目前沒有有效的驗證碼")
    with core.transaction(VISITOR, Door.DESK) as ctx:
        sent = send_code(ctx, account.id, Purpose.SIGN_IN, "a browser")
    assert isinstance(sent, CodeSent)
    ann.says("沒收到驗證碼")
    ann.sees("登入", "115/03/04 10:15", "還可以試 3 次")
    ann.presses("送到 LINE")
    ann.sees("剛剛才寄過")
    clock.move(MINUTE)
    ann.says("驗證碼寄到LINE")
    ann.sees("這個聊天室", "115/03/04 10:16")
    ann.says("驗證碼")
    ann.sees("在這個聊天室上面的訊息裡")
    ann.sees_no("垃圾信件匣")
    with core.transaction(VISITOR, Door.DESK) as ctx:
        assert not isinstance(verify(ctx, sent.challenge, newest_code(core), Purpose.SIGN_IN, "elsewhere"), CodeSent)
        verdict = verify(ctx, sent.challenge, newest_code(core), Purpose.SIGN_IN, "a browser")
    assert getattr(verdict, "account_id", None) == account.id


def test_a_code_of_a_dialog_that_was_left_is_not_offered_again(ann: Chat) -> None:
    ann.says("展延")
    ann.says("確定")
    ann.says("取消")
    ann.says("驗證碼")
    ann.sees("申請展延", "請重新輸入")
    ann.sees_no("再寄到信箱", "送到 LINE")


def test_somebody_unbound_learns_where_a_code_is_sent_again(core: Core) -> None:
    stranger = Chat(core)
    stranger.says("沒收到驗證碼")
    stranger.sees("垃圾信件匣", "重新寄送")


def test_a21_a_code_outside_of_a_dialog_is_still_not_for_the_chat(ann: Chat) -> None:
    ann.says("12345678")
    ann.sees("驗證碼請不要輸入在這裡")


def test_settings_are_shown_and_changed(core: Core, ann: Chat, account: Account) -> None:
    ann.says("設定")
    ann.sees("08:30", "a***@ntpc.gov.tw")
    ann.presses("驗證碼用 LINE")
    ann.sees("好的，之後的驗證碼送到 LINE（這個聊天室）。")
    ann.presses("改提醒時間")
    ann.says("隨便")
    ann.sees("請輸入時間")
    ann.says("七點")
    ann.sees("請選 07:30 到 21:00 之間的時間")
    ann.says("06:00")
    ann.sees("請選 07:30 到 21:00 之間的時間")
    ann.says("9點半")
    ann.sees("09:30")
    ann.says("提醒時間")
    ann.says("那晚上八點好了")
    ann.sees("20:00")
    ann.says("提醒時間")
    ann.says("改早上九點半吧")
    ann.sees("09:30")
    assert not ann.dialog.name
    with core.store.reading() as session:
        kept = session.get_one(Account, account.id)
    assert (kept.digest_at, kept.code_channel) == (time(9, 30), CodeChannel.LINE)


def test_a26_somebody_disabled_in_the_middle_goes_no_further(core: Core, ann: Chat, account: Account) -> None:
    ann.says("改信箱")
    ann.says(NEW)
    with core.store.transaction() as session:
        session.get_one(Account, account.id).disabled_at = core.clock.now()
    ann.says(newest_code(core))
    ann.sees("帳號已停用或到期")
    assert requests(core) == 0
