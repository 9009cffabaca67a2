"""選單: what can be done, by role. Each word stands in the text: LINE on a PC has neither menu nor quick replies."""

from __future__ import annotations

from collections.abc import Iterator
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
    """A word to type, and what it does; one that says so by itself stands among others in one line."""

    typed: str
    does: str = ""
    choice: Say | None = None


@dataclass(frozen=True)
class Group:
    """What belongs together: its head, what it offers, and what is said below."""

    head: str
    offers: tuple[Offer, ...]
    note: str = ""


_OWN_DUTIES = Offer("待辦", "還有什麼沒回", choices.DUTIES)
_UNITS_DUTIES = Offer("待辦", "各單位還沒回的", choices.DUTIES)
_WORKING = Offer("怎麼算的", choice=choices.WORKING)
_CASE = Offer("案件 編號", "狀態與下一步", choices.CASE)
_CLOSABLE = Offer("可以結案嗎", "還差哪些條件", choices.CLOSABLE)
_PROGRESS = Offer("結案進度", choice=choices.PROGRESS)
_MORE = Offer("更多")
_LISTS = "也可以直接輸入類別看清單："
_REPLIES = "派案有待回覆、已逾期、被退件、逾期退件、已回覆、已結案。"
_CHECKS = "檢核單有待檢核、逾期未檢核、退件。"
_ACCOUNT = (
    Offer("驗證碼", choice=choices.CODES),
    Offer("我的申請", choice=choices.REQUESTS),
    Offer("改信箱", choice=choices.EMAIL),
    Offer("展延", choice=choices.EXTENSION),
    Offer("申請權限"),
    Offer("停用權限"),
    Offer("設定", choice=choices.SETTINGS),
)
_UNBIND = Offer("解除綁定", choice=choices.UNBIND)
_BIND = Offer("綁定", "連到您的帳號", choices.BIND)
_REGISTER = Offer("申請帳號", "還沒有社政系統帳號", choices.REGISTRATION)
_EVERYBODY = (Offer("客服", "找真人幫忙", choices.PERSON), Offer("取消"), Offer("選單"))
_TOUR = Offer("導覽")


def groups(actor: Actor | None) -> tuple[Group, ...]:
    """Return what this actor can do here, what belongs together under one head; None: somebody unbound."""
    if actor is None:
        return (Group("", (_BIND, _REGISTER, *_EVERYBODY)),)
    work = (Group("待辦與案件", _work(actor), lists(actor)),) if actor.may(Action.SEE_DUTIES) else ()
    return (*work, Group("帳號", (*_ACCOUNT, _UNBIND)), Group("幫忙", (*_EVERYBODY, _TOUR)))


def _work(actor: Actor) -> tuple[Offer, ...]:
    """Return what concerns one's work; the helpdesk's and the administrators' is at the desk."""
    cases = (_CASE, _CLOSABLE, _PROGRESS) if actor.may(Action.SEE_DISPATCHES) else ()
    duties = _UNITS_DUTIES if actor.role in OVER_UNITS else _OWN_DUTIES
    more = (_MORE,) if lists(actor) else ()
    return (duties, _WORKING, *cases, *more)


def lists(actor: Actor) -> str:
    """Return which lists this actor can ask for by name; empty: none."""
    replies = _REPLIES if actor.may(Action.SEE_DISPATCHES) else ""
    checks = _CHECKS if actor.may(Action.SEE_CHECKS) else ""
    return f"{_LISTS}{replies}{checks}" if replies or checks else ""


def menu(actor: Actor | None) -> Answer:
    """Return the menu card, with its words under it as choices."""
    grouped = groups(actor)
    card = Card(
        title="可以這樣用",
        preview="這裡是可以使用的功能。",
        blocks=(
            Line(text="點按鈕，或直接輸入引號裡的字：", quiet=True),
            *(line for group in grouped for line in _lines(group)),
            Rule(),
            *in_need(),
        ),
        actions=_buttons(actor),
    )
    return said(card, choices=tuple(offer.choice for group in grouped for offer in group.offers if offer.choice))


def _lines(group: Group) -> Iterator[Line]:
    if group.head:
        yield Line(text=group.head, strong=True)
    for offer in group.offers:
        if offer.does:
            yield Line(text=f"「{offer.typed}」{offer.does}")
    yield Line(text="、".join(f"「{offer.typed}」" for offer in group.offers if not offer.does))
    if group.note:
        yield Line(text=group.note, quiet=True)


def _buttons(actor: Actor | None) -> tuple[OpenAccountLink | OpenPage | Say, ...]:
    """Return the buttons of the card itself, for LINE on a PC: what is used most."""
    if actor is None:
        return OpenAccountLink(label="綁定帳號"), choices.PERSON
    if not actor.may(Action.SEE_DUTIES):
        return DESK, choices.PERSON
    case = (choices.CASE,) if actor.may(Action.SEE_DISPATCHES) else ()
    return choices.DUTIES.model_copy(update={"primary": True}), *case, choices.PERSON
