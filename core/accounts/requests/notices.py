"""What is said of requests: the decision to who asked, and the warning to a mailbox that gives way (ACC-6, ACC-7)."""

from __future__ import annotations

from datetime import datetime

from core.accounts.requests.asked import Asked
from core.accounts.requests.models import RequestKind, RequestState
from core.accounts.requests.refusals import HELPDESK
from core.cards import Answer, Card, Line, OpenPage, Row, Say, Tone, said
from core.dates import roc, roc_moment
from core.masking import mask_email

REQUESTS = Say(label="我的申請", text="我的申請")
_FOLLOWS = {
    RequestKind.EMAIL: "之後的驗證碼與通知改寄到新信箱。為了安全，管理台已登出，下次登入要用新的驗證碼。",
    RequestKind.EXTENSION: "帳號與權限可以繼續使用，不必再做任何事。",
    RequestKind.PERMISSION: "權限現在就可以使用。",
    RequestKind.REMOVAL: "權限已停用；未完成的事項仍由原單位負責。",
}


def what_asked(kind: RequestKind, asked: Asked) -> tuple[Row, ...]:
    """Return what a request asks for as rows; addresses are masked."""
    if kind is RequestKind.EMAIL:
        return (Row(label="新信箱", value=mask_email(asked.address)),)
    if kind is RequestKind.EXTENSION and asked.ends_on:
        old = Row(label="原到期日", value=roc(asked.ends_on))
        new = (Row(label="新到期日", value=roc(asked.extended_to)),) if asked.extended_to else ()
        return (Row(label="單位", value=asked.unit), old, *new)
    return (Row(label="權限", value=f"{asked.permission.value} {asked.permission.label}"),) if asked.permission else ()


def decided(number: int, kind: RequestKind, state: RequestState, asked: Asked, reason: str) -> Answer:
    """Tell who asked what was decided, why, and what follows."""
    is_approved = state is RequestState.APPROVED
    follows = _FOLLOWS[kind] if is_approved else f"如有疑問，請洽{HELPDESK}；補正後可以重新申請。"
    card = Card(
        title=f"{kind.label}：{state.label}",
        preview=f"您的申請有結果了：{kind.label}（{state.label}）。",
        tone=Tone.GOOD if is_approved else Tone.SOON,
        blocks=(
            Row(label="申請編號", value=str(number)),
            *what_asked(kind, asked),
            *((Row(label="理由", value=reason),) if reason else ()),
            Line(text=follows),
        ),
        actions=(REQUESTS,),
    )
    return said(card)


def address_gives_way(code: str, asked: Asked, state: RequestState, stop_path: str, until: datetime) -> Answer:
    """Warn the old mailbox that a change was asked for, or done, and offer to stop it until a moment (ACC-7, A25)."""
    is_done = state is RequestState.APPROVED
    card = Card(
        title="您的登記信箱已變更" if is_done else "有人申請變更您的登記信箱",
        preview="您的帳號要改用另一個信箱，如果不是您本人，請立即攔下。",
        tone=Tone.SOON,
        blocks=(
            Row(label="帳號", value=code),
            Row(label="新信箱", value=mask_email(asked.address)),
            Line(text="變更已生效。" if is_done else "客服還在審核，審核前信箱不會變更。"),
            Line(text="如果是您本人申請的，不必做任何事。"),
            Line(text=f"如果不是，請在 {roc_moment(until)} 以前按下面的連結攔下，並電洽{HELPDESK}。", strong=True),
        ),
        actions=(OpenPage(label="不是我，攔下這次變更", path=stop_path),),
    )
    return said(card)


def stopped(code: str, now: datetime) -> Answer:
    """Tell the old mailbox that the change is stopped, and what else was done to keep the account safe."""
    card = Card(
        title="已攔下信箱變更",
        preview="已攔下信箱變更，帳號仍使用這個信箱。",
        tone=Tone.GOOD,
        blocks=(
            Row(label="帳號", value=code),
            Row(label="時間", value=roc_moment(now)),
            Line(text="帳號仍使用這個信箱。為了安全，LINE 綁定已解除，管理台已登出，尚未使用的驗證碼已作廢。"),
            Line(text=f"請儘快變更公務雲密碼，並電洽{HELPDESK} 說明經過。", strong=True),
            Line(text="之後可以在 LINE 輸入「綁定」重新綁定。"),
        ),
    )
    return said(card)
