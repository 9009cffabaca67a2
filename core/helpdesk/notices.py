"""What is said about requests: to who asked, and to the desk about waiting times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.buttons import ContinueHelp, RateHelp
from core.cards import Answer, Card, Line, OpenPage, Press, Row, Say, Tone, said
from core.dates import roc_moment
from core.helpdesk.file_kinds import shown_name
from core.helpdesk.models import FileReason, HelpKind, HelpState
from core.helpdesk.rules import LATE_ALARMS, Alarm
from core.helpdesk.service import Asked
from core.helpdesk.words import HOTLINES, STATES

MINE = Say(label="我的報修紀錄", text="我的報修紀錄")
ACCEPTED = "可以傳圖片、PDF、Word（docx）、Excel（xlsx）與純文字檔（txt），每個 10 MB 以內；也可以截圖，或用文字描述。"
AGAIN = "請再傳一次；或直接用文字描述，我們會接著處理。"
_ALARMS = {
    Alarm.ANSWER_SOON: ("首次回覆時限快到了", "還沒有人回覆，時限快到了。"),
    Alarm.ANSWER_LATE: ("首次回覆時限已過", "還沒有人回覆，已經超過時限。"),
    Alarm.SOLVE_SOON: ("解決時限快到了", "還沒解決，時限快到了。"),
    Alarm.SOLVE_LATE: ("解決時限已過", "還沒解決，已經超過時限。"),
}


def answered(number: int, agent: str, text: str, *, is_solved: bool) -> Answer:
    """Return an agent's answer under the agent's name; a locked phone shows that there is one, not what it says."""
    card = Card(
        title="客服回覆",
        preview="客服回覆了您的問題。",
        tone=Tone.PLAIN,
        badge=HelpState.SOLVED.label if is_solved else "",
        blocks=(Line(text=text, quoted=True), Line(text=f"提問編號 {number}", quiet=True)),
        actions=(*_rating(number), _go_on(number)) if is_solved else (),
    )
    return said(card).model_copy(update={"sender": agent})


def solved(number: int) -> Answer:
    """Say that a request is solved, and ask with one tap whether it helped."""
    card = Card(
        title="您的提問已結束",
        preview="您的提問已結束，請告訴我們有沒有幫上忙。",
        tone=Tone.GOOD,
        blocks=(
            Row(label="提問編號", value=str(number)),
            Line(text="如果還沒解決，7 天內可以接著問；之後請提出新的問題。"),
        ),
        actions=(*_rating(number), _go_on(number)),
    )
    return said(card)


def taken_in_by_mail(asked: Asked, nobody: str) -> Answer:
    """Say that a request from the web page is taken in, and until when an answer can be expected (HELP-1).

    ``nobody``: why nobody is there now, or empty.
    """
    when = (Line(text=nobody, strong=True), Line(text=HOTLINES, quiet=True)) if nobody else ()
    whose = Line(text="客服的回覆會寄到這個信箱。不是您提出的，請不用理會這封信。", quiet=True)
    return said(receipt(asked, "已收到您的問題，客服會寫信回覆。", (*when, whose)))


def receipt(asked: Asked, preview: str, following: Sequence[Line]) -> Card:
    """Return the card of a request that is taken in, whichever way it came; ``following`` stands below its facts."""
    return Card(
        title="已收到您的問題",
        preview=preview,
        tone=Tone.GOOD,
        badge=STATES[HelpState.NEW],
        blocks=(
            Row(label="提問編號", value=str(asked.number)),
            Row(label="類別", value=asked.kind.label),
            Row(label="預計回覆", value=before(asked.answer_by)),
            *following,
        ),
    )


def before(answer_by: datetime) -> str:
    """Return until when an answer can be expected: 115/03/09 12:30 前."""
    return f"{roc_moment(answer_by)} 前"


def expected(answer_by: datetime, now: datetime) -> str:
    """Return until when an answer can be expected; where that has passed, no time that is over is named again."""
    if answer_by < now:
        return "很抱歉，已經超過預計回覆的時間，客服會儘快回覆。"
    return f"預計 {before(answer_by)}回覆。"


def with_page(answer: Answer, path: str) -> Answer:
    """Return it with the way to the request's page for a mail, where one reads the state, writes on and rates."""
    page = OpenPage(label="看進度、補充說明或評分", path=path, in_mail_only=True)
    messages = tuple(
        each.model_copy(update={"actions": (*each.actions, page)}) if isinstance(each, Card) else each
        for each in answer.messages
    )
    return answer.model_copy(update={"messages": messages})


def waiting_time(number: int, kind: HelpKind, alarm: Alarm, due_at: datetime) -> Answer:
    """Tell the desk that the time for a request runs out, or has (HELP-6)."""
    title, sentence = _ALARMS[alarm]
    is_late = alarm in LATE_ALARMS
    card = Card(
        title=title,
        preview=f"有一件客服提問的{title}。",
        tone=Tone.LATE if is_late else Tone.SOON,
        blocks=(
            Row(label="提問編號", value=str(number)),
            Row(label="類別", value=kind.label),
            Row(label="時限", value=roc_moment(due_at), tone=Tone.LATE if is_late else Tone.SOON),
            Line(text=sentence),
        ),
        actions=(OpenPage(label="到管理台處理", path=f"/desk/help/{number}", primary=True),),
    )
    return said(card)


def file_refused(number: int, name: str, reason: FileReason) -> Answer:
    """Say that a picture or file was not taken, why, and what is; or ask for it again where it did not arrive."""
    is_lost = reason is FileReason.NOT_FETCHED
    named = (Row(label="檔案", value=shown_name(name)),) if name else ()
    card = Card(
        title="檔案沒有收到" if is_lost else "這個檔案無法接收",
        preview="您傳給客服的檔案沒有收到。" if is_lost else "您傳給客服的檔案無法接收。",
        tone=Tone.SOON,
        blocks=(
            *named,
            Row(label="原因", value=reason.label),
            Line(text=AGAIN if is_lost else ACCEPTED),
            Line(text=f"提問編號 {number}；要看進度，請輸入「{MINE.text}」。", quiet=True),
        ),
    )
    return said(card, choices=(MINE,))


def _go_on(number: int) -> Press:
    return Press(label="還沒解決，接著問", data=ContinueHelp(number).pack(), shown="接著問")


def _rating(number: int) -> tuple[Press, ...]:
    return (
        Press(label="有幫上忙", data=RateHelp(number, 1).pack(), shown="有幫上忙", primary=True),
        Press(label="沒有幫上忙", data=RateHelp(number, 0).pack(), shown="沒有幫上忙"),
    )
