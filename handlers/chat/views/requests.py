"""我的申請: every request with its state and times (ACC-8)."""

from __future__ import annotations

from core.accounts.requests.models import RequestState
from core.accounts.requests.queries import OwnRequest
from core.accounts.requests.service import Filed
from core.buttons import MoreRequests
from core.cards import Answer, Card, Deck, Line, Press, Row, Say, Text, Tone, said
from core.dates import roc_moment
from core.list_words import MORE, count_words
from core.paging import Page
from handlers.chat.views import choices

_TONES = {RequestState.FILED: Tone.PLAIN, RequestState.APPROVED: Tone.GOOD, RequestState.REFUSED: Tone.SOON}


def listed(page: Page[OwnRequest]) -> Answer:
    """Return some of one's requests, newest first, with a way to the next."""
    if not page.total:
        text = "您還沒有任何申請。可以輸入「改信箱」或「展延」。"
        return said(text, choices=(choices.EMAIL, choices.EXTENSION, choices.MENU))
    head = Text(text=count_words("申請", page.total, page.start + 1, page.start + len(page.rows)))
    deck = Deck(preview="這裡是您的申請與進度。", cards=tuple(_card(each) for each in page.rows))
    if page.next_start is None:
        return said(head, deck)
    more = Press(label=MORE, data=MoreRequests(page.next_start).pack(), shown=MORE)
    return said(head, deck, choices=(more, choices.MENU))


def withdrawn(request: Filed) -> Answer:
    """Return that a request is taken back."""
    return said(f"已撤回申請 {request.number}（{request.kind.label}），沒有變更任何資料。")


def _card(request: OwnRequest) -> Card:
    is_open = request.state is RequestState.FILED
    number = f"撤回申請 {request.number}"
    settled = (Row(label="最近變動", value=roc_moment(request.settled_at)),) if request.settled_at else ()
    return Card(
        title=f"申請 {request.number}：{request.kind.label}",
        preview="這裡是您的申請與進度。",
        tone=_TONES.get(request.state, Tone.PLAIN),
        badge=request.state.label,
        blocks=(
            *request.asked,
            Row(label="送出", value=roc_moment(request.filed_at)),
            *settled,
            *((Row(label="理由", value=request.reason),) if request.reason else ()),
            *((Line(text=f"不要了請輸入「{number}」。", quiet=True),) if is_open else ()),
        ),
        actions=(Say(label=number, text=number),) if is_open else (),
    )
