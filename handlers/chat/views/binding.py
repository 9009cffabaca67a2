"""Binding an account to LINE and ending it, as far as the chat itself says something about it."""

from __future__ import annotations

from core.buttons import Unbind
from core.cards import Answer, Card, Line, OpenAccountLink, Press, Row, Tone, said
from core.helpdesk.words import HELPDESK_HOURS, HELPDESK_PHONE
from handlers.chat.views import choices
from handlers.chat.views.hotlines import dial_helpdesk

CONSENT_EXPECTED = "請按「確定解除」，或輸入「確定」。不解除請輸入「取消」。"
_HOW = (
    Line(text="1. 按「開始綁定」，在網頁輸入社政系統的帳號與密碼。"),
    Line(text="2. 輸入寄到您電子郵件的驗證碼，就完成了。"),
    Line(text="按鈕 10 分鐘內有效，只能用一次；過期了，再輸入一次「綁定」。電腦版打不開時，請改用手機。", quiet=True),
)


def how_to_bind() -> Answer:
    """Return the card with the button that opens the binding page."""
    card = Card(
        title="綁定帳號",
        preview="請按按鈕開始綁定帳號。",
        blocks=(
            Line(text="綁定後，您單位的待辦與期限會送到這裡。"),
            *_HOW,
            Line(text="還沒有帳號，請輸入「申請帳號」。隨時可以輸入「解除綁定」。", quiet=True),
        ),
        actions=(OpenAccountLink(label="開始綁定"),),
    )
    return said(card, choices=(choices.PERSON, choices.MENU))


def unbound() -> Answer:
    """Return what somebody unbound gets for each function of an account; it is the same for all of them."""
    card = Card(
        title="請先綁定帳號",
        preview="這項功能要先綁定帳號才能使用。",
        blocks=(Line(text="這項功能要先綁定社政系統帳號才能使用。", strong=True), *_HOW),
        actions=(OpenAccountLink(label="開始綁定"),),
    )
    return said(card, choices=choices.usual(None))


def account_ended() -> Answer:
    """Return what somebody gets whose account was disabled or has ended."""
    card = Card(
        title="帳號已停用或到期",
        preview="您的帳號已停用或到期，請洽單位窗口或系統客服。",
        tone=Tone.SOON,
        blocks=(
            Line(text="這裡不再顯示資料，提醒也停止了。", strong=True),
            Line(text="仍需使用，請向單位窗口申請展延或重新啟用，或洽系統客服。恢復後，再輸入一次「綁定」。"),
            Line(text=f"系統客服 {HELPDESK_PHONE}（{HELPDESK_HOURS}）", quiet=True),
        ),
        actions=(dial_helpdesk(primary=True), OpenAccountLink(label="重新綁定", primary=False)),
    )
    return said(card, choices=choices.usual(None))


def bound_already(code: str, unit: str) -> Answer:
    """Return what somebody bound gets for 綁定: to what, and how to change it."""
    card = Card(
        title="帳號已綁定",
        preview="您的帳號已經綁定。",
        tone=Tone.GOOD,
        blocks=(
            Row(label="帳號", value=code),
            Row(label="單位", value=unit),
            Line(text="要換帳號，請按「重新綁定」；不再使用，請輸入「解除綁定」。"),
            Line(text="換新手機時，用新手機綁定同一個帳號即可，舊手機會自動解除。", quiet=True),
        ),
        actions=(OpenAccountLink(label="重新綁定", primary=False), choices.UNBIND),
    )
    return said(card, choices=(choices.DUTIES, choices.MENU))


def unbind_question() -> Answer:
    """Return the question before a binding ends."""
    card = Card(
        title="要解除綁定嗎？",
        preview="請確認是否解除綁定。",
        tone=Tone.SOON,
        blocks=(
            Line(text="解除後，這裡不再顯示您單位的資料，提醒改寄到您的電子郵件。"),
            Line(text="也可以輸入「確定」或「取消」。", quiet=True),
        ),
        actions=(Press(label="確定解除", data=Unbind().pack(), shown="確定", primary=True), choices.CANCEL),
    )
    return said(card, choices=(choices.CANCEL, choices.MENU))


def unbound_now() -> Answer:
    """Return that the binding has ended."""
    card = Card(
        title="已解除綁定",
        preview="已解除綁定。",
        tone=Tone.GOOD,
        blocks=(Line(text="這個 LINE 已不再連到您的帳號。要再使用，隨時輸入「綁定」。"),),
    )
    return said(card, choices=choices.usual(None))


def code_in_chat() -> Answer:
    """Return what somebody gets who types a one-time password into the chat (A21)."""
    card = Card(
        title="驗證碼請不要輸入在這裡",
        preview="驗證碼請輸入在要求它的網頁上。",
        tone=Tone.SOON,
        blocks=(
            Line(text="請回到要求驗證碼的網頁輸入。", strong=True),
            Line(text="沒有人會在聊天室向您要驗證碼。有人索取時，請不要給，並通知系統客服。"),
            Line(text="要查案件，請在編號前加上「案件」。", quiet=True),
        ),
        actions=(dial_helpdesk(),),
    )
    return said(card)
