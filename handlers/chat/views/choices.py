"""The words offered under an answer. They are typed for the person, so each is a word the router knows."""

from __future__ import annotations

from core.access import Action, Actor
from core.cards import Say

DUTIES = Say(label="待辦", text="待辦")
WORKING = Say(label="怎麼算的", text="怎麼算的")
CASE = Say(label="查案件", text="案件")
BIND = Say(label="綁定帳號", text="綁定")
UNBIND = Say(label="解除綁定", text="解除綁定")
MENU = Say(label="選單", text="選單")
CANCEL = Say(label="取消", text="取消")
CODES = Say(label="驗證碼", text="驗證碼")
REQUESTS = Say(label="我的申請", text="我的申請")
EMAIL = Say(label="改信箱", text="改信箱")
EXTENSION = Say(label="展延", text="展延")
SETTINGS = Say(label="設定", text="設定")
PERMISSIONS = Say(label="申請權限", text="申請權限")
REGISTRATION = Say(label="申請帳號", text="申請帳號")
PERSON = Say(label="聯絡客服", text="客服")
CLOSABLE = Say(label="可以結案嗎", text="可以結案嗎")
PROGRESS = Say(label="結案進度", text="結案進度")


def usual(actor: Actor | None) -> tuple[Say, ...]:
    """Return what is offered where an answer offers nothing of its own; None: somebody unbound."""
    if actor is None:
        return BIND, PERSON, MENU
    return (DUTIES, MENU) if actor.may(Action.SEE_DUTIES) else (CODES, MENU)
