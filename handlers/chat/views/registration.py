"""What the chat says about asking for an account (ACC-5)."""

from __future__ import annotations

from core.accounts.registration.notices import PATH
from core.accounts.registration.refusals import PRIVATE_SCHOOLS
from core.cards import Answer, Card, Line, OpenPage, Row, said
from handlers.chat.views import choices


def open_registration(*, primary: bool = False) -> OpenPage:
    """Return the button that opens the page."""
    return OpenPage(label="申請帳號", path=PATH, primary=primary)


def how_to_register() -> Answer:
    """Return what is needed for an account, and the button that opens the page."""
    card = Card(
        title="申請帳號",
        preview="還沒有社政系統帳號，可以在這裡申請。",
        blocks=(
            Line(text="給還沒有社政系統帳號的承辦人。", strong=True),
            Line(text="1. 用公務信箱收驗證碼，證明身分。"),
            Line(text="2. 填資料、勾選權限；學校可以申請 90097 與 2462。"),
            Line(text="3. 社會局逐項審核，結果寄到您的信箱。"),
            Line(text=PRIVATE_SCHOOLS, quiet=True),
        ),
        actions=(open_registration(primary=True),),
    )
    return said(card, choices=(choices.BIND, choices.PERSON, choices.MENU))


def has_account(code: str) -> Answer:
    """Return that somebody bound has an account, what they may ask for, and where a newcomer asks."""
    card = Card(
        title="您已經有帳號",
        preview="您已經有帳號，可以申請權限。",
        blocks=(
            Row(label="帳號", value=code),
            Line(text="要加權限，請輸入「申請權限」；要換承辦人，請新承辦人本人申請帳號，再洽管理員更換。"),
        ),
        actions=(choices.PERMISSIONS, open_registration()),
    )
    return said(card, choices=(choices.PERMISSIONS, choices.MENU))
