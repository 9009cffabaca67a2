"""選單: what can be done, by role. Each word stands in the text: LINE on a PC has neither menu nor quick replies."""

from __future__ import annotations

from dataclasses import dataclass

from core.access import Action, Actor
from core.accounts.models import Role
from core.cards import Answer, Card, Line, OpenAccountLink, OpenPage, Rule, Say, said
from handlers.chat.views import choices
from handlers.chat.views.hotlines import in_need
from handlers.chat.views.tour import DESK

OVER_UNITS = frozenset({Role.SUPERVISOR, Role.CONTACT, Role.CENTER})


@dataclass(frozen=True)
class Offer:
    """A line of the menu: the word to type, and what it does."""

    typed: str
    does: str
    choice: Say | None = None


_OWN_DUTIES = Offer("待辦", "還有什麼沒回", choices.DUTIES)
_UNITS_DUTIES = Offer("待辦", "各單位還沒回的", choices.DUTIES)
_WORKING = Offer("怎麼算的", "最急一件的期限算法", choices.WORKING)
_CASE = Offer("案件 編號", "狀態與下一步", choices.CASE)
_CLOSABLE = Offer("可以結案嗎", "還差哪些條件", choices.CLOSABLE)
_PROGRESS = Offer("結案進度", "進行中到已結案各幾件", choices.PROGRESS)
_MORE = Offer("更多", "清單的下一頁")
_LISTS = "也可以直接輸入類別看清單："
_REPLIES = "派案有待回覆、已逾期、被退件、逾期退件、已回覆、已結案。"
_CHECKS = "檢核單有待檢核、逾期未檢核、退件。"
_ACCOUNT = (
    Offer("驗證碼", "沒收到時再寄一次", choices.CODES),
    Offer("我的申請", "進度與結果", choices.REQUESTS),
    Offer("改信箱", "換登記的電子郵件", choices.EMAIL),
    Offer("展延", "到期日與申請展延", choices.EXTENSION),
    Offer("申請權限", "加一項權限；「停用權限」移除"),
    Offer("設定", "提醒時間、驗證碼送到哪裡", choices.SETTINGS),
)
_UNBIND = Offer("解除綁定", "不再連到帳號", choices.UNBIND)
_BIND = Offer("綁定", "連到您的帳號", choices.BIND)
_REGISTER = Offer("申請帳號", "還沒有社政系統帳號", choices.REGISTRATION)
_EVERYBODY = (
    Offer("客服", "找真人幫忙", choices.PERSON),
    Offer("取消", "離開目前步驟"),
    Offer("選單", "再看這張卡片"),
)
_TOUR = Offer("導覽", "三張卡片認識這裡")


def offers(actor: Actor | None) -> tuple[Offer, ...]:
    """Return what this actor can do here; None: somebody unbound."""
    if actor is None:
        return (_BIND, _REGISTER, *_EVERYBODY)
    return (*_work(actor), *_ACCOUNT, *_EVERYBODY, _TOUR, _UNBIND)


def _work(actor: Actor) -> tuple[Offer, ...]:
    """Return what concerns one's work; the helpdesk's and the administrators' is at the desk."""
    if not actor.may(Action.SEE_DUTIES):
        return ()
    cases = (_CASE, _CLOSABLE, _PROGRESS) if actor.may(Action.SEE_DISPATCHES) else ()
    duties = _UNITS_DUTIES if actor.role in OVER_UNITS else _OWN_DUTIES
    more = (_MORE,) if lists(actor) else ()
    return (duties, _WORKING, *cases, *more)


def lists(actor: Actor | None) -> str:
    """Return which lists this actor can ask for by name; empty: none."""
    replies = _REPLIES if actor and actor.may(Action.SEE_DISPATCHES) else ""
    checks = _CHECKS if actor and actor.may(Action.SEE_CHECKS) else ""
    return f"{_LISTS}{replies}{checks}" if replies or checks else ""


def menu(actor: Actor | None) -> Answer:
    """Return the menu card, with its words under it as choices."""
    offered, by_name = offers(actor), lists(actor)
    buttons = tuple(offer.choice for offer in offered if offer.choice)
    card = Card(
        title="可以這樣用",
        preview="這裡是可以使用的功能。",
        blocks=(
            Line(text="點按鈕，或直接輸入「」裡的字：", quiet=True),
            *(Line(text=f"「{offer.typed}」{offer.does}") for offer in offered),
            *((Line(text=by_name, quiet=True),) if by_name else ()),
            Rule(),
            *in_need(),
        ),
        actions=_buttons(actor),
    )
    return said(card, choices=buttons)


def _buttons(actor: Actor | None) -> tuple[OpenAccountLink | OpenPage | Say, ...]:
    """Return the buttons of the card itself, for LINE on a PC: what is used most."""
    if actor is None:
        return OpenAccountLink(label="綁定帳號"), choices.PERSON
    if not actor.may(Action.SEE_DUTIES):
        return DESK, choices.PERSON
    case = (choices.CASE,) if actor.may(Action.SEE_DISPATCHES) else ()
    return choices.DUTIES.model_copy(update={"primary": True}), *case, choices.PERSON
