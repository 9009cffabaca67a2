"""What is said to mailboxes of nobody yet: a code, that an account stands, a receipt, the decision (ACC-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.accounts.models import Permission
from core.accounts.registration.models import PermissionState, RegistrationState
from core.accounts.registration.refusals import HELPDESK
from core.cards import Answer, Block, Card, Code, CopyCode, Line, OpenPage, Row, Tone, said
from core.dates import roc_moment

PURPOSE = "申請帳號"
PATH = "/p/registration"
PASSWORD_PATH = "/p/password-setup"  # noqa: S105 (the path of a page)


@dataclass(frozen=True)
class Decided:
    """What was decided on one permission."""

    permission: Permission
    state: PermissionState
    reason: str


def code_answer(challenge: str, minutes: int, expires_at: datetime) -> Answer:
    """Return the message that carries a code to a mailbox that is to be proved; ``minutes`` is how long it is good."""
    card = Card(
        title="驗證碼",
        preview=f"社政小幫手的驗證碼到了，{minutes} 分鐘內有效。",
        badge=f"{minutes} 分鐘內有效",
        blocks=(
            Row(label="用途", value=PURPOSE),
            Code(challenge=challenge),
            Line(text=f"有效 {minutes} 分鐘，到 {roc_moment(expires_at)[-5:]} 為止，只能用一次，請在申請的畫面輸入。"),
            Line(text="沒有人會向您要這組驗證碼，客服也不會。請不要告訴任何人。", strong=True),
            Line(text=f"如果不是您本人申請的，不必理會；若一再收到，請電洽{HELPDESK}，並變更公務雲密碼。"),
        ),
        actions=(CopyCode(label="複製驗證碼", challenge=challenge),),
    )
    return said(card)


def account_stands(code: str) -> Answer:
    """Tell a mailbox why no code came: it belongs to an account already; nobody else learns of it (A24)."""
    card = Card(
        title="您已經有帳號",
        preview="有人用這個信箱申請帳號，但它已經是一個帳號的登記信箱。",
        blocks=(
            Row(label="帳號", value=code),
            Line(
                text="剛才有人用這個信箱申請帳號。它已經是上面這個帳號的登記信箱，所以沒有寄出驗證碼，也沒有任何變動。"
            ),
            Line(text="還沒有密碼，請用下面的連結首次設定密碼；已到期，請洽客服申請展延。"),
            Line(text=f"如果不是您本人申請的，可以不理會；若一再收到，請電洽{HELPDESK}。"),
        ),
        actions=(OpenPage(label="首次設定密碼", path=PASSWORD_PATH),),
    )
    return said(card)


def received(number: int, code: str, unit_name: str, wanted: Sequence[Permission], now: datetime) -> Answer:
    """Tell the applicant that the registration waits for an administrator."""
    card = Card(
        title="帳號申請已送出",
        preview="帳號申請已送出，正在審核。",
        blocks=(
            Row(label="申請編號", value=str(number)),
            Row(label="帳號", value=code),
            Row(label="單位", value=unit_name),
            *(Row(label="權限", value=_named(each)) for each in wanted),
            Row(label="時間", value=roc_moment(now)),
            Line(text="社會局會逐項審核權限，結果寄到這個信箱。審核通過前不能登入。"),
            Line(text=f"如果不是您本人申請的，請電洽{HELPDESK}。", strong=True),
        ),
    )
    return said(card)


def decided(number: int, state: RegistrationState, code: str, each_decided: Sequence[Decided]) -> Answer:
    """Tell the applicant what was decided on each permission, and how to begin, or what to do now."""
    is_open = state is RegistrationState.OPENED
    card = Card(
        title=f"帳號申請：{state.label}",
        preview=f"您的帳號申請有結果了：{state.label}。",
        tone=Tone.GOOD if is_open else Tone.SOON,
        blocks=(
            Row(label="申請編號", value=str(number)),
            Row(label="帳號", value=code),
            *(block for each in each_decided for block in _decision(each)),
            *(_begin() if is_open else (Line(text=f"補正後可以重新申請；如有疑問，請洽{HELPDESK}。"),)),
        ),
        actions=(OpenPage(label="首次設定密碼", path=PASSWORD_PATH),)
        if is_open
        else (OpenPage(label="重新申請", path=PATH),),
    )
    return said(card)


def _decision(each: Decided) -> tuple[Block, ...]:
    row = Row(label=each.state.label, value=_named(each.permission))
    return (row, Line(text=f"理由：{each.reason}")) if each.reason else (row,)


def _begin() -> tuple[Line, ...]:
    return (
        Line(text="1. 按下面的連結，首次設定密碼。", strong=True),
        Line(text="2. 在 LINE 的「社政小幫手」輸入「綁定」，待辦就會主動通知您。"),
    )


def _named(permission: Permission) -> str:
    return f"{permission.value} {permission.label}"
