"""How one turn is answered: find the route, ask the gate, run the handler, turn a refusal into a card."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from core.accounts.former import has_ended
from core.accounts.queries import bound_account
from core.audit import PENDING
from core.buttons import ButtonData
from core.cards import Answer
from core.context import Context
from core.errors import Expired, FrontdoorError, NotAllowed, NotFound
from handlers.chat import duties, fallback, helpdesk, menu, units
from handlers.chat.dialogs import LIST
from handlers.chat.features import ROUTER
from handlers.chat.finding import (
    ButtonGone,
    Finding,
    Found,
    NotAccepted,
    NotUnderstood,
    danger,
    find,
    find_text,
    under_way,
)
from handlers.chat.router import Gate, Route
from handlers.chat.turn import Pressed, TextSaid, Turn
from handlers.chat.understanding import Kind, understand
from handlers.chat.views import binding, choices
from handlers.chat.views import fallback as views

SUBJECT_LENGTH = 120  # of an audit row
CODE_IN_CHAT = "binding.code_in_chat"
TITLES = {compared: word.title for compared, word in ROUTER.words.items()}


def answer(turn: Turn) -> Answer | None:
    """Return what is said to this turn, and leave in ``turn.dialog`` where the person stands now.

    None only where nobody is there to answer: a block, a message taken back, chatter in a group. What the core refuses
    becomes a card, and what the refused handler had changed until then is undone.
    """
    turn = turn.as_account()
    misunderstood = turn.dialog.misunderstood
    said = _said(turn)
    if turn.dialog.misunderstood == misunderstood:
        turn.dialog.misunderstood = 0
    minutes = timedelta(minutes=turn.ctx.policy.dialog_minutes)
    turn.dialog.until = turn.ctx.now + minutes if turn.dialog.name else None
    return _with_choices(turn, said)


def _said(turn: Turn) -> Answer | None:
    found = danger(turn)
    if found:
        helpdesk.overhear(turn)
        return _run(turn, found)
    if turn.in_group:
        return _in_group(turn)
    was_over = turn.dialog.is_over(turn.ctx.now)
    asked = turn.dialog.name != LIST  # a list left alone asked nothing, so nothing ended
    if was_over:
        turn.dialog.leave()
    return _answered(turn, find(turn), was_over=was_over and asked)


def _in_group(turn: Turn) -> Answer | None:
    """Refuse where somebody speaks; a picture among colleagues is not meant for the bot."""
    return views.not_in_groups() if isinstance(turn.event, TextSaid | Pressed) else None


def _answered(turn: Turn, found: Finding, *, was_over: bool) -> Answer | None:
    match found:
        case Found() if was_over and found.route.name == CODE_IN_CHAT:
            return views.dialog_over()  # a dialog asked for it: whoever comes too late did nothing wrong
        case Found():
            return _run(turn, found)
        case NotAccepted():
            return _again(turn, found)
        case ButtonGone():
            return _gone(turn)
        case NotUnderstood() if passed := helpdesk.pass_on(turn):
            return passed.answer
        case NotUnderstood():
            return units.typed(turn, whole=True) or _recognised(turn, was_over=was_over)


def _recognised(turn: Turn, *, was_over: bool) -> Answer | None:
    """Answer a sentence by the word it stands for; where several are meant ask which, where none is clear guess."""
    reading = understand(turn.event.text if isinstance(turn.event, TextSaid) else "", TITLES)
    if reading.kind is Kind.SEVERAL:
        return views.several(reading.commands)
    if reading.kind is Kind.EITHER:
        return views.not_understood(reading.commands)
    found = find_text(reading.commands[0], turn.dialog) if reading.kind is Kind.CLEAR else None
    if isinstance(found, Found):
        return _run(turn, found)
    if named := units.typed(turn, whole=False):
        return named
    return views.dialog_over() if was_over else fallback.not_understood(turn, reading.commands)


def _run(turn: Turn, found: Found) -> Answer | None:
    """Run a route behind its gate; what the core refuses becomes a card, in this one place."""
    if _is_closed(turn, found.route):
        return _closed(turn)
    try:
        with _attempt(turn.ctx):
            return found.route.run(turn, found.value)
    except Expired:
        return _gone(turn)
    except FrontdoorError as error:
        _note_refusal(turn, found, error)
        step = under_way(turn.dialog)
        return views.refused(error, step.ask().choices if step else ())


def _again(turn: Turn, found: NotAccepted) -> Answer:
    """Ask a step's question again, of somebody who may still answer it."""
    return _closed(turn) if _is_closed(turn, found.step.route) else views.again(found.sentence, found.step.ask())


def _is_closed(turn: Turn, route: Route) -> bool:
    return route.gate is Gate.BOUND and turn.account is None


def _closed(turn: Turn) -> Answer:
    """Return what somebody without a usable account gets: the same for every function of an account."""
    turn.dialog.leave()
    ended = has_ended(turn.ctx.session, turn.person, turn.ctx.today)
    return binding.account_ended() if ended else binding.unbound()


def _gone(turn: Turn) -> Answer:
    """Return that a button has expired, and the present state (A31)."""
    return views.button_expired(duties.duties(turn) if turn.account else menu.menu(turn))


def _note_refusal(turn: Turn, found: Found, error: FrontdoorError) -> None:
    """Note who asked for what is not there or not theirs (A28): a case by its number, anything else by its button."""
    if isinstance(error, NotFound | NotAllowed):
        about = found.value.pack() if isinstance(found.value, ButtonData) else found.value
        subject = f"{found.route.name} {about}" if isinstance(about, str) else found.route.name
        turn.ctx.note("refused", subject[:SUBJECT_LENGTH])


@contextmanager
def _attempt(ctx: Context) -> Iterator[None]:
    """Undo what was done inside when it is refused, in the database and in the audit to be; the turn itself goes on."""
    noted = len(ctx.session.info.get(PENDING, ()))
    try:
        with ctx.session.begin_nested():
            yield
    except FrontdoorError:
        del ctx.session.info.get(PENDING, [])[noted:]
        raise


def _with_choices(turn: Turn, said: Answer | None) -> Answer | None:
    """Every answer ends with what can be done next, by whoever the person is now: the turn may have bound them.

    It stands there as choices, and in words for LINE on a PC.
    """
    if said is None:
        return None
    if not said.choices:
        account = bound_account(turn.ctx.session, turn.person, turn.ctx.today)
        said = said.model_copy(update={"choices": choices.usual(account.actor if account else None)})
    return choices.in_words(said)
