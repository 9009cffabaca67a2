"""What the chat says about one-time passwords: which are good, that one is sent again, and what a dialog expects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.accounts.models import CodeChannel
from core.accounts.requests.models import RequestKind
from core.accounts.requests.service import Filed
from core.cards import Answer, Card, Line, Row, Rule, Say, Tone, said
from core.dates import roc_moment
from core.otp.queries import LiveCode
from core.otp.sending import ANYWHERE
from core.otp.service import CodeSent
from handlers.chat.views import choices
from handlers.chat.views.hotlines import dial_helpdesk

BY_MAIL = Say(label="再寄到信箱", text="驗證碼寄到信箱")
BY_LINE = Say(label="送到 LINE", text="驗證碼寄到LINE")
_FIRST_WAYS = (BY_MAIL.model_copy(update={"primary": True}), BY_LINE)
AGAIN = Say(label="重新寄送", text="重新寄送")
_FIRST = Line(text="沒收到時，先看看垃圾信件匣；驗證碼 15 分鐘內有效，只認最新的一組。")
_IN_CHAT = Line(text="驗證碼在這個聊天室上面的訊息裡；15 分鐘內有效，只認最新的一組。")
_NOBODY = Line(text="沒有人會向您要驗證碼，客服也不會。", quiet=True)
_PAGE_WAITS = Line(text="再寄一次會換成新的一組，請輸入在原來要求它的網頁上。")
_CHAT_WAITS = Line(text="這是在聊天室申請時寄的；剛才已離開那個步驟，請重新輸入「改信箱」或「展延」。")
_NEXT = {
    RequestKind.EMAIL: "客服審核後會通知您；審核前仍使用原來的信箱。原信箱也收到了通知，24 小時內可以攔下。",
    RequestKind.EXTENSION: "管理員審核後會通知您；審核前到期日不變。",
}


def live(codes: Sequence[LiveCode]) -> Answer:
    """Return which codes are still good and until when, and how to have one sent again."""
    if not codes:
        return _none_live()
    of_page = any(code.purpose in ANYWHERE for code in codes)
    again = _PAGE_WAITS if of_page else _CHAT_WAITS
    ways = _FIRST_WAYS if of_page else ()
    first = _IN_CHAT if all(code.channel is CodeChannel.LINE for code in codes) else _FIRST
    card = Card(
        title="有效的驗證碼",
        preview="這裡是目前有效的驗證碼與期限。",
        blocks=(*(block for code in codes for block in _code(code)), first, again, _NOBODY),
        actions=(*ways, dial_helpdesk()),
    )
    return said(card, choices=(choices.PERSON, choices.MENU))


def for_unbound() -> Answer:
    """Return what helps somebody unbound who waits for a code: only the page can send it again."""
    card = Card(
        title="沒收到驗證碼嗎？",
        preview="這裡說明收不到驗證碼時可以怎麼做。",
        blocks=(
            _FIRST,
            Line(text="還是沒有，請在要求驗證碼的網頁按「重新寄送」。信箱不能用了，請電洽系統客服。"),
            _NOBODY,
        ),
        actions=(dial_helpdesk(primary=True),),
    )
    return said(card, choices=choices.usual(None))


def sent_again(sent: CodeSent) -> Answer:
    """Return where the new code went, until when it is good, and where it is typed."""
    by_line = sent.channel is CodeChannel.LINE
    where = "這個聊天室" if by_line else sent.to_hint
    card = Card(
        title="已重新寄送驗證碼",
        preview="驗證碼已重新寄送，之前的作廢了。",
        tone=Tone.GOOD,
        blocks=(
            Row(label="送到", value=where),
            Row(label="有效到", value=roc_moment(sent.expires_at)),
            Line(text="之前的那一組作廢了。請輸入在原來要求它的網頁上，不要輸入在這裡。"),
        ),
    )
    return said(card)


def not_sent(why: str) -> Answer:
    """Return why no code was sent now."""
    card = Card(
        title="現在沒有寄出驗證碼",
        preview="驗證碼沒有寄出，請看說明。",
        tone=Tone.SOON,
        blocks=(Line(text=why),),
        actions=(dial_helpdesk(),),
    )
    return said(card, choices=(AGAIN, choices.CANCEL, choices.MENU))


def code_question(to_hint: str, until: datetime) -> Answer:
    """Return the question for the code that a dialog has just sent; the address is masked."""
    card = Card(
        title="請輸入驗證碼",
        preview="驗證碼已寄出，請收信後輸入。",
        blocks=(
            Row(label="寄到", value=to_hint),
            Row(label="有效到", value=roc_moment(until)),
            Line(text="請到這個信箱收信，把 8 個數字直接輸入在這裡。只有這一次可以輸入在聊天室。", strong=True),
            Line(text="沒收到請輸入「重新寄送」；不做了請輸入「取消」。"),
        ),
        actions=(AGAIN, choices.CANCEL),
    )
    return said(card, choices=(AGAIN, choices.CANCEL, choices.MENU))


def code_question_again() -> Answer:
    """Return the same question, where the address is not at hand."""
    text = "請輸入信裡的 8 個數字。沒收到請輸入「重新寄送」；不做了請輸入「取消」。"
    return said(text, choices=(AGAIN, choices.CANCEL, choices.MENU))


def not_right(why: str) -> Answer:
    """Return what is wrong with the code that was typed."""
    return said(why, choices=(AGAIN, choices.CANCEL, choices.MENU))


def filed(request: Filed) -> Answer:
    """Return that a request waits for its decision, and what comes next."""
    card = Card(
        title="申請已送出",
        preview=f"您的申請已送出，等候審核：{request.kind.label}。",
        tone=Tone.GOOD,
        badge="已收件",
        blocks=(
            Row(label="申請編號", value=f"{request.number}（{request.kind.label}）"),
            Row(label="送出時間", value=roc_moment(request.filed_at)),
            Line(text=_NEXT.get(request.kind, "審核後會通知您。")),
            Line(text=f"進度請輸入「我的申請」；不要了請輸入「撤回申請 {request.number}」。", quiet=True),
        ),
        actions=(choices.REQUESTS,),
    )
    return said(card)


def _code(code: LiveCode) -> tuple[Row | Rule, ...]:
    return (
        Row(label="用途", value=code.purpose.label),
        Row(label="送到", value=code.channel.label),
        Row(label="有效到", value=f"{roc_moment(code.expires_at)}，還可以試 {code.tries_left} 次"),
        Rule(),
    )


def _none_live() -> Answer:
    card = Card(
        title="目前沒有有效的驗證碼",
        preview="目前沒有有效的驗證碼，請在要求它的網頁重新寄送。",
        blocks=(
            Line(
                text="驗證碼要從需要它的網頁開始：請回到登入或綁定的畫面，按「重新寄送」，新的驗證碼會寄到您登記的地方。"
            ),
            Line(text="之後還是沒收到，再輸入「驗證碼」，可以從這裡改用別的方式寄送。"),
            Line(text="收不到信，也可以輸入「設定」改用 LINE 收驗證碼，或輸入「改信箱」。", quiet=True),
        ),
        actions=(dial_helpdesk(),),
    )
    return said(card)
