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
    more: str = ""
    """What else is to know of it, under the lines."""


_OWN_DUTIES = Offer("待辦", "還有什麼沒回", choices.DUTIES)
_UNITS_DUTIES = Offer("待辦", "各單位還沒回的", choices.DUTIES)
_WORKING = Offer("怎麼算的", "最急一件的期限算法", choices.WORKING)
_REPLIES = Offer("被退件", "被退回的派案", more="派案的類別還有：待回覆、已逾期、逾期退件、已回覆、已結案。")
_CHECKS = Offer("待檢核", "還沒檢核的檢核單", more="檢核單的類別還有：逾期未檢核、退件。")
_CASE = Offer("案件 編號", "狀態與下一步", choices.CASE, "案件編號的例子：案件 WK00017。")
_UNBIND = Offer("解除綁定", "不再連到帳號", choices.UNBIND)
_BIND = Offer("綁定", "連到您的帳號", choices.BIND)
_EVERYBODY = (
    Offer("客服", "找真人幫忙", choices.PERSON),
    Offer("取消", "離開目前步驟"),
    Offer("選單", "再看這張卡片"),
)


def offers(actor: Actor | None) -> tuple[Offer, ...]:
    """Return what this actor can do here; None: somebody unbound."""
    if actor is None:
        return (_BIND, *_EVERYBODY)
    cases = (_CASE, _REPLIES) if actor.may(Action.SEE_DISPATCHES) else ()
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
            Line(text="按下面的按鈕，或直接輸入左邊的文字（電腦版請用輸入）："),
            *(Row(label=f"「{offer.typed}」", value=offer.does) for offer in offered),
            *(Line(text=offer.more, quiet=True) for offer in offered if offer.more),
            Rule(),
            Line(text=f"系統客服：{HELPDESK_PHONE}（{HELPDESK_HOURS}）", quiet=True),
            Line(text=HOTLINES, quiet=True),
        ),
        actions=(OpenAccountLink(label="綁定帳號"),) if actor is None else (),
    )
    return said(card, choices=buttons)
