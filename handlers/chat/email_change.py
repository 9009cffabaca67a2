"""改信箱: the new address, the code from its mailbox, and the request that then waits for the helpdesk (ACC-7)."""

from __future__ import annotations

import unicodedata

from core.accounts.requests.queries import own_address
from core.accounts.requests.service import file_email_change, send_address_code
from core.cards import Answer
from core.errors import InvalidInput, RuleBroken
from handlers.chat.dialogs import Step
from handlers.chat.proof import AGAIN, filed_or_why_not, proof_of, read_code_or_again, sent_or_why_not
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import codes
from handlers.chat.views import email_change as views

router = Router()


def read_address(text: str) -> str:
    """Return a text that is meant as an address; whether it is one the core decides. Raises ``InvalidInput``."""
    if "@" not in unicodedata.normalize("NFKC", text):
        raise InvalidInput(views.ADDRESS_EXPECTED)
    return text


ADDRESS = Step("email", "address", views.address_question, read_address)
CODE = Step("email", "code", codes.code_question_again, read_code_or_again)


@router.says(
    "改信箱", "變更信箱", "換信箱", "修改信箱", "更改信箱", "改電子郵件", "變更電子郵件", "換電子郵件",
    "改email", "換email",
)  # fmt: skip
def begin(turn: Turn) -> Answer:
    """Ask for the new address."""
    ADDRESS.begin(turn)
    return views.address_question(own_address(turn.ctx))


@router.step(ADDRESS)
def address_given(turn: Turn, typed: str) -> Answer:
    """Send a code to the new mailbox."""
    return sent_or_why_not(turn, CODE, send_address_code(turn.ctx, typed, turn.person), address=typed)


@router.step(CODE)
def code_given(turn: Turn, typed: str) -> Answer:
    """File the request when the code is right; send another when asked to."""
    address = turn.dialog.collected.get("address", "")
    if typed == AGAIN:
        return address_given(turn, address)
    proof = proof_of(turn, typed)
    try:
        return filed_or_why_not(turn, file_email_change(turn.ctx, address, proof))
    except RuleBroken:  # no further code makes this address good: another one is asked for
        ADDRESS.begin(turn)
        raise
