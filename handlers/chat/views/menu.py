"""選單: what can be done, by role. Each word stands in the text: LINE on a PC has neither menu nor quick replies."""

from __future__ import annotations

from dataclasses import dataclass

from core.access import Action, Actor
from core.accounts.models import Role
from core.cards import Answer, Card, Line, OpenAccountLink, Row, Rule, Say, said
from handlers.chat.views import choices
from handlers.chat.views.hotlines import HELPDESK_HOURS, HELPDESK_PHONE, HOTLINES

OVER_UNITS = frozenset({Role.SUPERVISOR, Role.CONTACT, Role.CENTER})


@dataclass(frozen=True)
class Offer:
    """A line of the menu: the word to type, and what it does."""

    typed: str
    does: str
    choice: Say | None = None


_OWN_DUTIES = Offer("待辦", "還有什麼沒回、何時到期", choices.DUTIES)
_UNITS_DUTIES = Offer("待辦", "各單位還有什麼沒回、哪些已逾期", choices.DUTIES)
_WORKING = Offer("怎麼算的", "最急的那一件，期限怎麼算出來", choices.WORKING)
_REPLIES = Offer("被退件", "那一類派案的清單；「待回覆」「已逾期」「逾期退件」也可以")
_CHECKS = Offer("待檢核", "那一類檢核單的清單；「逾期未檢核」「退件」也可以")
_CASE = Offer("案件 編號", "一件案件的狀態與下一步，例：案件 WK00017", choices.CASE)
_UNBIND = Offer("解除綁定", "這個 LINE 不再連到您的帳號", choices.UNBIND)
_BIND = Offer("綁定", "把 LINE 連到您的社政系統帳號", choices.BIND)
_EVERYBODY = (
    Offer("客服", "找真人幫忙", choices.PERSON),
    Offer("取消", "離開進行中的步驟"),
    Offer("選單", "再看一次這張卡片"),
)


def offers(actor: Actor | None) -> tuple[Offer, ...]:
    """Return what this actor can do here; None: somebody unbound."""
    if actor is None:
        return (_BIND, *_EVERYBODY)
    cases = (_REPLIES, _CASE) if actor.may(Action.SEE_DISPATCHES) else ()
    checks = (_CHECKS,) if actor.may(Action.SEE_CHECKS) else ()
    duties = _UNITS_DUTIES if actor.role in OVER_UNITS else _OWN_DUTIES
    return (duties, _WORKING, *cases, *checks, _UNBIND, *_EVERYBODY)


def menu(actor: Actor | None) -> Answer:
    """Return the menu card, with its words under it as choices."""
    offered = offers(actor)
    buttons = tuple(offer.choice for offer in offered if offer.choice)
    card = Card(
        title="可以這樣用",
        preview="這裡是可以使用的功能。",
        blocks=(
            Line(text="按下面的按鈕，或直接輸入左邊的文字（電腦版請用輸入的）："),
            *(Row(label=f"「{offer.typed}」", value=offer.does) for offer in offered),
            Rule(),
            Line(text=f"系統客服：{HELPDESK_PHONE}（{HELPDESK_HOURS}）", quiet=True),
            Line(text=HOTLINES, quiet=True),
        ),
        actions=(OpenAccountLink(label="綁定帳號"),) if actor is None else (),
    )
    return said(card, choices=buttons)
