"""Binding an account to LINE by account link, and ending the binding."""

from __future__ import annotations

from core.access import Action
from core.accounts.links import LinkRefused, complete_link, unbind
from core.accounts.models import BindingEnd
from core.accounts.notices import bound_answer, link_refused_answer
from core.accounts.queries import bound_account
from core.buttons import Unbind
from core.cards import Answer
from core.errors import InvalidInput
from handlers.chat.dialogs import Step
from handlers.chat.router import Gate, Router
from handlers.chat.tour import followed_by_tour
from handlers.chat.turn import AccountLinked, Turn
from handlers.chat.views import binding as views
from handlers.chat.words import code_like, is_consent

router = Router()


def read_consent(text: str) -> bool:
    """Return True for a typed yes; raises ``InvalidInput`` for anything else."""
    if not is_consent(text):
        raise InvalidInput(views.CONSENT_EXPECTED)
    return True


CONFIRM = Step("unbind", "confirm", views.unbind_question, read_consent, buttons=(Unbind,))


@router.says("綁定", "綁定帳號", "帳號綁定", "我要綁定", "重新綁定", "開始綁定", gate=Gate.EVERYBODY)
def bind(turn: Turn) -> Answer:
    """Show the button that opens the binding page; to somebody bound, to what."""
    if turn.account is None:
        return views.how_to_bind()
    return views.bound_already(turn.account.code, turn.account.unit_name)


@router.on(AccountLinked, gate=Gate.EVERYBODY)
def linked(turn: Turn, event: AccountLinked) -> Answer:
    """Bind whoever the event names to the account that signed in; who is new here gets the first tour."""
    turn.dialog.leave()
    outcome = complete_link(turn.ctx, turn.person, turn.line_user, event.nonce)
    if isinstance(outcome, LinkRefused):
        return link_refused_answer(outcome.reason)
    account = bound_account(turn.ctx.session, turn.person, turn.ctx.today)
    if account is None:
        return views.account_ended()
    answer = bound_answer(account.code, account.unit_name, has_cases=account.actor.may(Action.SEE_DUTIES))
    return answer if outcome.replaced else followed_by_tour(answer, account.actor)


@router.says("解除綁定", "取消綁定", "解綁", "我要解除綁定")
def ask_unbind(turn: Turn) -> Answer:
    """Ask before the binding ends."""
    return CONFIRM.begin(turn)


@router.step(CONFIRM)
def confirmed(turn: Turn, _: bool) -> Answer:
    """End the binding."""
    return _end(turn)


@router.pressed(Unbind)
def unbind_pressed(turn: Turn, _: Unbind) -> Answer:
    """End the binding where the question still stands; an old card asks anew."""
    return _end(turn) if CONFIRM.is_under_way(turn.dialog) else CONFIRM.begin(turn)


@router.matches(code_like, gate=Gate.EVERYBODY)
def code_in_chat(_: Turn, __: str) -> Answer:
    """Say that a one-time password is never typed here."""
    return views.code_in_chat()


def _end(turn: Turn) -> Answer:
    turn.dialog.leave()
    if turn.account:
        unbind(turn.ctx, turn.account.account_id, BindingEnd.BY_USER)
    return views.unbound_now()
