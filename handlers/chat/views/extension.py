"""What the chat says about the end of an account, and about asking for longer (ACC-6)."""

from __future__ import annotations

from core.accounts.requests.queries import Term
from core.cards import Answer, Card, Line, Row, Say, Tone, said
from core.dates import roc
from handlers.chat.views import choices

CONSENTS = frozenset({"好", "申請", "確定申請", "要"})
CONSENT_EXPECTED = "請按「申請展延」，或輸入「確定」。不申請請輸入「取消」。"
CONSENT = Say(label="申請展延", text="確定", primary=True)
SOON_DAYS = 30


def term(shown: Term) -> Answer:
    """Return until when the account may be used, and whether longer can be asked for now."""
    is_soon = shown.days_left <= SOON_DAYS
    card = Card(
        title="帳號與權限的期限",
        preview="這裡是您帳號的使用期限與展延說明。",
        tone=Tone.SOON if is_soon else Tone.PLAIN,
        badge=f"剩 {shown.days_left} 天" if shown.days_left else "今天到期",
        blocks=(
            Row(label="使用期限", value=f"{roc(shown.ends_on)} 止"),
            Row(label="單位", value=shown.unit),
            *_asking(shown),
        ),
        actions=(CONSENT, choices.CANCEL) if shown.may_ask else (),
    )
    return said(card, choices=(CONSENT, choices.CANCEL, choices.MENU) if shown.may_ask else ())


def consent_question() -> Answer:
    """Return the question whether to ask for longer."""
    return said("要申請展延嗎？會先寄驗證碼到您的信箱確認身分。", choices=(CONSENT, choices.CANCEL, choices.MENU))


def _asking(shown: Term) -> tuple[Line | Row, ...]:
    if shown.pending is not None:
        return (Line(text=f"展延申請（申請 {shown.pending}）審核中，結果會通知您。進度請輸入「我的申請」。"),)
    if not shown.may_ask:
        early = f"現在還不能申請展延，最早 {roc(shown.first_on)} 可以申請（ACC-6）。"
        return (Line(text=early, strong=True), Line(text="到期前 30、14、7、1 天都會提醒您。", quiet=True))
    return (
        Row(label="核准後到", value=f"{roc(shown.would_end_on)}"),
        Line(text="要申請展延請按「申請展延」或輸入「確定」；會先寄驗證碼到您的信箱確認身分。", strong=True),
    )
