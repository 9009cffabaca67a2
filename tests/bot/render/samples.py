"""Answers that use every piece of the vocabulary, with invented people and numbers."""

from __future__ import annotations

from core.cards import (
    Answer,
    Card,
    Code,
    Copy,
    CopyCode,
    Deck,
    Figure,
    Light,
    Line,
    Open,
    OpenAccountLink,
    PickDate,
    Press,
    Progress,
    Row,
    Rule,
    Say,
    Step,
    Tone,
    said,
)
from core.notices.channel import Fill

LINK = "https://example.test/link?linkToken=t-1"
CODE = "40718263"


def a_fill() -> Fill:
    return Fill(
        link_url=lambda: LINK, code=lambda _challenge: CODE, page_url=lambda path: f"https://example.test{path}"
    )


MENU = Say(label="選單", text="選單")

REMINDER = said(
    Card(
        title="個案回覆",
        preview="您有一筆個案即將到期，請開啟查看。",
        tone=Tone.SOON,
        badge="剩 3 天",
        blocks=(
            Row(label="案件編號", value="1110728001"),
            Row(label="案主", value="王○明"),
            Row(label="回覆期限", value="111/08/07（日）", tone=Tone.SOON),
            Rule(),
            Step(label="派案次日起算", value="111/07/29"),
            Step(label="加 10 日", value="111/08/07"),
            Line(text="逾期後將通知督導。", quiet=True),
        ),
        actions=(
            Press(label="立即回覆", data="v1:reply:17", shown="回覆 1110728001", primary=True),
            PickDate(label="改約日期", data="v1:when:17", earliest="2022-07-29", latest="2022-08-07"),
            Open(label="撥打單位電話", url="tel:0222222222"),
        ),
    ),
    choices=(MENU, Press(label="待辦", data="v1:todo", shown="待辦")),
)

OVERVIEW = said(
    "早安，以下是今天的摘要。",
    Card(
        title="待辦總覽",
        preview="今天的待辦摘要已備妥。",
        blocks=(
            Figure(label="今日到期", value=2, tone=Tone.SOON, action=Press(label="今日到期", data="v1:due")),
            Figure(label="已逾期", value=1, tone=Tone.LATE, action=Say(label="已逾期", text="逾期")),
            Figure(label="處理中", value=1204),
            Progress(label="本月完成", done=7, total=20),
            Progress(label="尚無資料", done=0, total=0),
            Light(colour="R", word="逾期未回"),
            Light(colour="Y", word="黃燈"),
            Light(colour="G", word="綠燈：正常"),
            Line(text="資料時間 111/08/04 08:30", strong=True),
        ),
        actions=(MENU,),
    ),
)

ONE_TIME_PASSWORD = said(
    Card(
        title="登入驗證碼",
        preview="您的驗證碼已備妥，請開啟查看。",
        tone=Tone.URGENT,
        badge="15 分鐘內有效",
        blocks=(Code(challenge="c-1"), Line(text="只能使用一次。若非本人操作，請洽系統客服。")),
        actions=(CopyCode(label="複製驗證碼", challenge="c-1"),),
    ),
)

BINDING = said(
    Card(
        title="綁定帳號",
        preview="請綁定您的帳號，才能使用服務。",
        blocks=(Line(text="綁定後可隨時解除。"),),
        actions=(OpenAccountLink(label="開始綁定"), Copy(label="複製客服電話", text="0222222222")),
    ),
)

DONE = said(
    Card(title="已送出", preview="您的回覆已送出。", tone=Tone.GOOD, blocks=(Line(text="謝謝您。"),)),
)

CASES = said(
    Deck(
        preview="您有兩筆逾期的案件。",
        cards=tuple(
            Card(
                title=f"案件 111072800{number}",
                preview="您有一筆逾期的案件。",
                tone=Tone.LATE,
                badge=f"已逾期 {number} 天",
                blocks=(Row(label="案主", value="陳○華"),),
                actions=(Press(label="查看", data=f"v1:case:{number}", primary=True),),
            )
            for number in (1, 2)
        ),
    ),
    choices=(MENU,),
)

SAMPLES: dict[str, Answer] = {
    "reminder": REMINDER,
    "overview": OVERVIEW,
    "one_time_password": ONE_TIME_PASSWORD,
    "binding": BINDING,
    "done": DONE,
    "cases": CASES,
    "plain_text": said("您好。", choices=(MENU,)),
}
