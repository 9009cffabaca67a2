"""What is said about the helpdesk in the chat: kinds, steps against login trouble, when an answer can be expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.buttons import AskHelp, ContinueHelp, MoreHelp, PersonPlease, RateHelp, ThatHelped
from core.cards import Action, Answer, Card, Deck, Line, Press, Row, Say, Step, Text, Tone, said
from core.dates import roc_moment
from core.helpdesk.models import HelpKind, HelpState
from core.helpdesk.notices import before, expected, receipt
from core.helpdesk.queries import OwnHelp
from core.helpdesk.service import Asked
from core.helpdesk.words import HELPDESK_HOURS, HELPDESK_PHONE, HOTLINES, LOGIN_STEPS, NO_WORDS, STATES
from core.list_words import MORE, count_words
from core.paging import Page
from handlers.chat.views import choices
from handlers.chat.views.hotlines import dial_helpdesk

KIND_EXPECTED = "請按下面的類別，或輸入類別的名稱或號碼（例如「系統報修」或「6」）。輸入「取消」可以離開。"
PROBLEM_EXPECTED = "請用文字寫下遇到的問題，也可以先傳一張圖片。輸入「取消」可以離開。"
END = Say(label="結束對話", text="結束")
MINE = Say(label="我的報修紀錄", text="我的報修紀錄")
_KIND_ORDER = tuple(HelpKind)
_WHAT_HELPS = {
    HelpKind.LOGIN: "請寫下帳號（例如 AB1234）、看到的訊息，以及已經試過哪些步驟。請不要輸入密碼或驗證碼。",
    HelpKind.EMAIL: "請寫下遇到的狀況。想直接換信箱，也可以輸入「改信箱」自己申請。",
    HelpKind.PERMISSION: "請寫下需要的權限與原因。",
    HelpKind.EXTENSION: "請寫下遇到的狀況。想直接申請，也可以輸入「展延」。",
    HelpKind.CASE: "請寫下案件或檢核單的編號與問題，姓名請不要寫全名。",
    HelpKind.FAULT: "請寫下在哪個畫面、做了什麼、看到什麼訊息；可以附上畫面截圖。",
    HelpKind.OTHER: "請寫下想問的事。",
}
_TONES = {HelpState.WAITING: Tone.SOON, HelpState.SOLVED: Tone.GOOD}


@dataclass(frozen=True)
class PassedOn:
    """A text went to the helpdesk; ``answer`` is what the bot says to it, None: a person will."""

    answer: Answer | None


def kind_question() -> Answer:
    """Ask what it is about: by button, or typed."""
    card = Card(
        title="找客服幫忙",
        preview="請選擇問題的類別。",
        blocks=(
            Line(text="想問哪一類的問題？按下面的按鈕，或輸入名稱或號碼。", strong=True),
            Line(text=f"也可以直接撥 {HELPDESK_PHONE}（{HELPDESK_HOURS}）。", quiet=True),
            Line(text=HOTLINES, quiet=True),
        ),
        actions=(*(_kind(each, number) for number, each in enumerate(_KIND_ORDER, start=1)), dial_helpdesk()),
    )
    return said(card, choices=(choices.CANCEL, choices.MENU))


def problem_question(kind: HelpKind = HelpKind.OTHER, nobody: str = "") -> Answer:
    """Ask for the problem, saying what helps to solve it; ``nobody``: why nobody is there now, or empty."""
    text = f"【{kind.label}】{_WHAT_HELPS[kind]}"
    hours = f"\n{nobody}請先寫下來，客服上班後依序處理。{HOTLINES}" if nobody else ""
    return said(f"{text}\n也可以傳圖片。輸入「取消」可以離開。{hours}", choices=(choices.CANCEL,))


def go_on_or_new(unsolved: OwnHelp, question: Answer) -> Answer:
    """Offer to go on with a request that is not solved, before the question for a new one."""
    card = Card(
        title="您還有一件處理中的問題",
        preview="您還有一件處理中的問題。",
        blocks=(
            Row(label="提問編號", value=str(unsolved.number)),
            Row(label="主旨", value=unsolved.subject or NO_WORDS),
            Row(label="狀態", value=STATES[unsolved.state]),
        ),
        actions=(_go_on(unsolved.number, primary=True),),
    )
    return Answer(messages=(card, *question.messages), choices=question.choices)


def login_steps() -> Answer:
    """Return the steps against login trouble (HELP-4), and whether they helped."""
    card = Card(
        title="登入不了，先試這五步",
        preview="登入不了時可以先試的步驟。",
        blocks=tuple(Step(label=each.label, value=each.text) for each in LOGIN_STEPS),
        actions=(
            Press(label="解決了", data=ThatHelped().pack(), shown="解決了", primary=True),
            Press(label="還是不行，找真人", data=PersonPlease(HelpKind.LOGIN.value).pack(), shown="找真人"),
        ),
    )
    return said(card, choices=(choices.CODES, choices.MENU))


def that_helped() -> Answer:
    """Return that no person is needed."""
    return said("太好了！之後有需要，隨時輸入「客服」。")


def taken_in(asked: Asked, nobody: str = "") -> Answer:
    """Return that a request is taken in, and until when an answer can be expected (HELP-1)."""
    when = (Line(text=nobody, strong=True), _hotlines()) if nobody else ()
    ways_on = (
        Line(text="接下來在這裡寫的文字、圖片與檔案都會交給客服。「待辦」「選單」等功能仍可使用。"),
        Line(text="不需要了請輸入「結束」。", quiet=True),
    )
    card = receipt(asked, "已收到您的問題，客服會在這裡回覆。", (*when, *ways_on))
    return said(card, choices=(END, choices.MENU))


def talking_already(number: int, nobody: str = "") -> Answer:
    """Return that a conversation with the helpdesk is under way."""
    hours = f"{nobody}客服上班後依序回覆。{HOTLINES}" if nobody else ""
    text = f"您正在和客服對話（提問 {number}），直接寫下就可以，客服會在這裡回覆。{hours}不需要了請輸入「結束」。"
    return said(text, choices=(END, MINE))


def after_hours(number: int, answer_by: datetime | None, now: datetime, nobody: str) -> Answer:
    """Return when somebody will read what was written outside the hours (HELP-1)."""
    until = expected(answer_by, now) if answer_by else "客服上班後會回覆。"
    text = f"已轉給客服（提問 {number}）。{nobody}{until}\n{HOTLINES}"
    return said(text, choices=(END,))


def go_on(number: int, answer_by: datetime | None, now: datetime, nobody: str = "") -> Answer:
    """Return that a request takes what is written from now on."""
    hours = f"\n{nobody}{HOTLINES}" if nobody else ""
    until = expected(answer_by, now) if answer_by else ""
    return said(f"好的，接著寫就會交給客服（提問 {number}）。{until}{hours}", choices=(END,))


def ended(number: int, *, was_answered: bool) -> Answer:
    """Return that the conversation is over, and ask whether it helped where somebody had answered."""
    text = f"已結束提問 {number}。還需要幫忙，隨時輸入「客服」。"
    return said(text, choices=(*(_rating(number) if was_answered else ()), MINE, choices.MENU))


def rated(number: int, *, helped: bool) -> Answer:
    """Thank for the rating; where it did not help, offer to go on."""
    if helped:
        return said("謝謝您的回饋！")
    text = "謝謝您告訴我們。還沒解決的話，可以接著問，或輸入「客服」。"
    return said(text, choices=(_go_on(number), choices.MENU))


def listed(page: Page[OwnHelp], now: datetime) -> Answer:
    """Return some of one's requests, newest first, each with its state and times (HELP-5)."""
    if not page.total:
        return said("您還沒有報修或提問的紀錄。需要幫忙請輸入「客服」。", choices=(choices.PERSON, choices.MENU))
    head = Text(text=count_words("報修與提問", page.total, page.start + 1, page.start + len(page.rows)))
    deck = Deck(preview="這裡是您的報修紀錄。", cards=tuple(_card(each, now) for each in page.rows))
    if page.next_start is None:
        return said(head, deck)
    more = Press(label=MORE, data=MoreHelp(page.next_start).pack(), shown=MORE)
    return said(head, deck, choices=(more, choices.MENU))


def _card(each: OwnHelp, now: datetime) -> Card:
    return Card(
        title=f"提問 {each.number}：{each.kind.label}",
        preview="這裡是您的報修紀錄。",
        tone=_TONES.get(each.state, Tone.PLAIN),
        badge=STATES[each.state],
        blocks=(
            Line(text=each.subject or NO_WORDS, quoted=bool(each.subject)),
            Row(label="提出", value=roc_moment(each.asked_at)),
            Row(label="最近變動", value=roc_moment(each.state_at)),
            *_due(each.answer_by, now),
        ),
        actions=(_go_on(each.number),),
    )


def _due(answer_by: datetime | None, now: datetime) -> tuple[Row | Line, ...]:
    if answer_by is None:
        return ()
    is_over = answer_by < now
    return (Line(text=expected(answer_by, now)) if is_over else Row(label="預計回覆", value=before(answer_by)),)


def _kind(kind: HelpKind, number: int) -> Press:
    return Press(label=f"{number} {kind.label}", data=AskHelp(kind.value).pack(), shown=kind.label)


def _go_on(number: int, *, primary: bool = False) -> Press:
    return Press(label="接著問", data=ContinueHelp(number).pack(), shown=f"接著問第 {number} 號", primary=primary)


def _rating(number: int) -> tuple[Action, ...]:
    return (
        Press(label="有幫上忙", data=RateHelp(number, 1).pack(), shown="有幫上忙"),
        Press(label="沒有幫上忙", data=RateHelp(number, 0).pack(), shown="沒有幫上忙"),
    )


def _hotlines() -> Line:
    return Line(text=HOTLINES, quiet=True)
