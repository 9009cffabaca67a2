"""權限到期, 展延: until when the account may be used, and asking for longer with a fresh proof (ACC-6)."""

from __future__ import annotations

from core.accounts.requests.queries import own_term
from core.accounts.requests.service import file_extension, send_extension_code
from core.cards import Answer
from core.errors import InvalidInput
from handlers.chat.dialogs import Step
from handlers.chat.proof import AGAIN, filed_or_why_not, proof_of, read_code_or_again, sent_or_why_not
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import codes
from handlers.chat.views import extension as views
from handlers.chat.words import is_consent, normal

router = Router()


def read_consent(text: str) -> bool:
    """Return True for a typed yes; raises ``InvalidInput`` for anything else."""
    if not is_consent(text) and normal(text) not in views.CONSENTS:
        raise InvalidInput(views.CONSENT_EXPECTED)
    return True


CONSENT = Step("extension", "consent", views.consent_question, read_consent)
CODE = Step("extension", "code", codes.code_question_again, read_code_or_again)


@router.says(
    "展延", "權限到期", "申請展延", "我要展延", "帳號到期", "帳號展延", "權限展延", "到期日", "使用期限",
    "權限什麼時候到期", "帳號什麼時候到期",
)  # fmt: skip
def term(turn: Turn) -> Answer:
    """Show the end, whether longer can be asked for now, and why not."""
    shown = own_term(turn.ctx)
    if shown.may_ask:
        CONSENT.begin(turn)
    return views.term(shown)


@router.step(CONSENT)
def consented(turn: Turn, _: bool) -> Answer:
    """Send the code that proves who asks."""
    return sent_or_why_not(turn, CODE, send_extension_code(turn.ctx, turn.person))


@router.step(CODE)
def code_given(turn: Turn, typed: str) -> Answer:
    """File the request when the code is right; send another when asked to."""
    if typed == AGAIN:
        return consented(turn, True)  # noqa: FBT003 (they consented before)
    return filed_or_why_not(turn, file_extension(turn.ctx, proof_of(turn, typed)))
