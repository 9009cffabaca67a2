"""How one turn is answered: find the route, ask the gate, run the handler, turn a refusal into a card."""

from __future__ import annotations

from datetime import timedelta

from core.accounts.queries import bound_account
from core.cards import Answer, Card
from handlers.chat import distress, help_told, helpdesk, seen, sentences
from handlers.chat.dialogs import LIST
from handlers.chat.finding import ButtonGone, Finding, Found, NotAccepted, NotUnderstood, danger, find
from handlers.chat.running import closed, gone, is_closed, run
from handlers.chat.turn import ChatEvent, Dialog, Pressed, TextSaid, Turn
from handlers.chat.views import choices
from handlers.chat.views import fallback as views
from handlers.chat.views.apology import too_fast

CODE_IN_CHAT = "binding.code_in_chat"


def answer(turn: Turn) -> Answer | None:
    """Return what is said to this turn, and leave in ``turn.dialog`` where the person stands now.

    None only where nobody is there to answer: a block, a message taken back, chatter in a group. What the core refuses
    becomes a card, and what the refused handler had changed until then is undone.
    """
    turn = turn.as_account()
    dialog, misunderstood = turn.dialog, turn.dialog.misunderstood
    is_over = dialog.is_over(turn.ctx.now)
    before = seen.load(dialog.collected)
    dialog.seen = seen.Seen() if is_over else before
    said = _said(turn)
    if dialog.misunderstood == misunderstood:
        dialog.misunderstood = 0
    if said is not None:
        dialog.seen = seen.after(dialog.seen, said, was_chosen=dialog.seen.chosen != before.chosen)
    _keep_seen(dialog)
    minutes = timedelta(minutes=turn.ctx.policy.dialog_minutes)
    dialog.until = turn.ctx.now + minutes if dialog.name or dialog.collected else None
    return _with_choices(turn, said)


def one_too_many(turn: Turn) -> Answer:
    """Return what is said to a message too many: to slow down, but to a sign of danger whom to call (A11, CHK-11)."""
    turn = turn.as_account()
    found = danger(turn)
    warned = _with_choices(turn, _in_danger(turn, found)) if found else None
    return warned or (_without_choices(too_fast()) if turn.in_group else too_fast())


def for_group(event: ChatEvent, said: Answer) -> Answer | None:
    """Return what is said by itself (that it takes long, that it failed) as a group may read it: nothing to tap (A12).

    None where nobody spoke to the bot: a picture among colleagues waits for no answer.
    """
    if not isinstance(event, TextSaid | Pressed):
        return None
    messages = (each.model_copy(update={"actions": ()}) if isinstance(each, Card) else each for each in said.messages)
    return Answer(messages=tuple(messages))


def _keep_seen(dialog: Dialog) -> None:
    """Keep what stands on the phone with what the dialog has gathered, whether or not one is under way."""
    if kept := seen.packed(dialog.seen):
        dialog.collected[seen.KEY] = kept


def _said(turn: Turn) -> Answer | None:
    found = danger(turn)
    if found:
        return _in_danger(turn, found)
    if at_limit := distress.text_of(turn):
        helpdesk.overhear(turn)
        return distress.comforted(None if turn.in_group else sentences.besides(turn, at_limit))
    if turn.in_group:
        return _in_group(turn)
    was_over = turn.dialog.is_over(turn.ctx.now)
    asked = turn.dialog.name not in ("", LIST)  # a list left alone asked nothing, so nothing ended
    if was_over:
        turn.dialog.leave()
    return _answered(turn, find(turn), was_over=was_over and asked)


def _in_danger(turn: Turn, found: Found) -> Answer | None:
    helpdesk.overhear(turn)
    return run(turn, found)


def _in_group(turn: Turn) -> Answer | None:
    """Refuse where somebody speaks; a picture among colleagues is not meant for the bot."""
    return for_group(turn.event, views.not_in_groups())


def _answered(turn: Turn, found: Finding, *, was_over: bool) -> Answer | None:
    match found:
        case Found() if was_over and found.route.name == CODE_IN_CHAT:
            return views.dialog_over()  # a dialog asked for it: whoever comes too late did nothing wrong
        case Found():
            return run(turn, found)
        case NotAccepted():
            return (
                help_told.call_wished(turn)
                or sentences.instead(turn, _text(turn), found)
                or help_told.told(turn)
                or _again(turn, found)
            )
        case ButtonGone():
            return gone(turn)
        case NotUnderstood() if passed := helpdesk.pass_on(turn):
            return passed.answer
        case NotUnderstood():
            return sentences.answered(turn, _text(turn), was_over=was_over)


def _text(turn: Turn) -> str:
    return turn.event.text if isinstance(turn.event, TextSaid) else ""


def _again(turn: Turn, found: NotAccepted) -> Answer:
    """Ask a step's question again, of somebody who may still answer it."""
    if is_closed(turn, found.step.route):
        return closed(turn)
    return views.again(found.sentence, found.step.asks(turn.dialog.collected))


def _with_choices(turn: Turn, said: Answer | None) -> Answer | None:
    """Every answer ends with what can be done next, by whoever the person is now: the turn may have bound them.

    It stands there as choices, and in words for LINE on a PC.
    """
    if said is None:
        return None
    if turn.in_group:
        return _without_choices(said)
    if not said.choices:
        account = bound_account(turn.ctx.session, turn.person, turn.ctx.today)
        said = said.model_copy(update={"choices": choices.usual(account.actor if account else None)})
    return choices.in_words(said)


def _without_choices(said: Answer) -> Answer:
    """Return an answer for a group: what is offered there would be tapped, and so said, before everybody."""
    return said.model_copy(update={"choices": ()})
