"""The step of a dialog at which a code is typed: what it accepts, and what follows from the core's verdict.

Only here is a one-time password typed into the chat: it was asked for by this dialog, and works for nothing else.
"""

from __future__ import annotations

from core.accounts.requests.service import Filed, Proof
from core.cards import Answer
from core.errors import InvalidInput
from core.otp.notices import MALFORMED
from core.otp.rules import read_code
from core.otp.service import CodeRefused, CodeRight, CodeSent, Verdict
from handlers.chat.dialogs import Step
from handlers.chat.turn import Turn
from handlers.chat.views import codes as views
from handlers.chat.words import normal

AGAIN = "again"
_AGAIN = frozenset(
    normal(word)
    for word in ("重新寄送", "重寄", "再寄一次", "重寄驗證碼", "驗證碼", "沒收到", "沒收到驗證碼", "收不到驗證碼")
)


def read_code_or_again(text: str) -> str:
    """Return the code as typed, or ``AGAIN``; raises ``InvalidInput`` for anything else, which costs no try (A23)."""
    if normal(text) in _AGAIN:
        return AGAIN
    if read_code(text) is None:
        raise InvalidInput(MALFORMED)
    return text


def sent_or_why_not(turn: Turn, step: Step[str], sent: CodeSent | CodeRefused, **collected: str) -> Answer:
    """Go on to the code that was sent; where none was, say why, and wait there for 重新寄送."""
    if isinstance(sent, CodeRefused):
        if not step.is_under_way(turn.dialog):
            step.begin(turn, challenge="", **collected)
        return views.not_sent(sent.text)
    step.begin(turn, challenge=sent.challenge, **collected)
    return views.code_question(sent.to_hint, sent.expires_at)


def proof_of(turn: Turn, typed: str) -> Proof:
    """Return the proof somebody gives at this step."""
    return Proof(turn.dialog.collected.get("challenge", ""), typed, turn.person)


def filed_or_why_not(turn: Turn, outcome: Filed | Verdict) -> Answer:
    """Say that the request is filed, and leave; or what is wrong with the code, and stay."""
    if isinstance(outcome, Filed):
        turn.dialog.leave()
        return views.filed(outcome)
    return views.not_right("" if isinstance(outcome, CodeRight) else outcome.text)
