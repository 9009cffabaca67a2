"""Greeting: somebody new, somebody who is back, somebody who says thanks."""

from __future__ import annotations

from core.access import Action, Actor
from core.cards import Answer, Card, Line, OpenAccountLink, Rule, Say, said
from handlers.chat.views import choices
from handlers.chat.views.hotlines import in_need
from handlers.chat.views.registration import open_registration

NAME = "社政小幫手"
_WHAT = "派案、退件、檢核單快到期時提醒您，也告訴您期限是怎麼算的。"


def welcome() -> Answer:
    """Return what somebody sees who is not bound: what this is, how to begin, and the hotlines."""
    card = Card(
        title=f"您好，我是{NAME}",
        preview=f"歡迎使用{NAME}，請先綁定帳號。",
        blocks=(
            Line(text=_WHAT),
            Line(text="請先綁定社政系統帳號：按下面的按鈕，或輸入「綁定」。", strong=True),
            Line(text="輸入「選單」看所有功能；用電腦版 LINE 時，直接輸入文字就可以。", quiet=True),
            Line(text="For English, type “English”.", quiet=True),
            Rule(),
            *in_need(),
        ),
        actions=(OpenAccountLink(label="綁定帳號"), open_registration()),
    )
    return said(card, choices=choices.usual(None))


def welcome_bound(actor: Actor) -> Answer:
    """Return the greeting of somebody whose account is bound; who owes nothing by role is not sent to 待辦."""
    owes = actor.may(Action.SEE_DUTIES)
    words = "輸入「待辦」看還有什麼沒回，輸入「選單」看所有功能。" if owes else "輸入「選單」看所有功能。"
    ready = f"{NAME}已準備好，輸入「待辦」看還有什麼沒回。" if owes else f"{NAME}已準備好，輸入「選單」看所有功能。"
    card = Card(
        title="您好",
        preview=ready,
        blocks=(Line(text=words),),
        actions=_next(actor),
    )
    return said(card)


def _next(actor: Actor) -> tuple[Say, ...]:
    first, *others = choices.usual(actor)
    return first.model_copy(update={"primary": True}), *others


def welcome_back(actor: Actor) -> Answer:
    """Return the greeting of somebody bound who unblocked us: reminders go on."""
    card = Card(
        title="歡迎回來",
        preview="歡迎回來，提醒已恢復。",
        blocks=(
            Line(text="您的帳號仍然綁定，提醒已恢復。"),
            Line(text="不想再收到，隨時可以輸入「解除綁定」。", quiet=True),
        ),
        actions=_next(actor),
    )
    return said(card)


def thanks() -> Answer:
    """Return an answer to thanks."""
    return said("不客氣。需要時輸入「選單」，就能看到我會做的事。")


def at_ease() -> Answer:
    """Return an answer to who says that all is well, or that nothing more is wanted."""
    return said("好的。有需要時再輸入要做的事，或輸入「選單」。")


def said_above(number: str) -> Answer:
    """Return where what was said stands, to somebody who missed it; ``number``: the case it was about, or empty."""
    again = (Say(label="看案件", text=f"案件 {number}"),) if number else ()
    return said(
        "我的回覆都還在上面，往上滑就看得到。想換個方式說明，請輸入「客服」問真人；也可以直接說要查什麼。",
        choices=(*again, choices.PERSON, choices.MENU),
    )


def never_mind() -> Answer:
    """Return how to go on after a slip; what the slip may have begun is left by 取消."""
    return said("沒關係，請直接輸入正確的內容；要停下進行中的步驟，請輸入「取消」。")


def who_i_am() -> Answer:
    """Return that a program answers here, and how to get a person."""
    return said(
        f"我是{NAME}，由程式自動回覆。想找真人，請輸入「客服」，客服會在這裡回覆您。",
        choices=(choices.PERSON, choices.MENU),
    )
