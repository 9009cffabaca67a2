"""What stands on the helpdesk's buttons, typed: LINE on a PC keeps old cards, but not everybody taps them.

While a request talks, what is typed is meant for the agent and goes there.
"""

from __future__ import annotations

import re

from core.buttons import ContinueHelp
from core.cards import Answer
from core.helpdesk import service
from core.helpdesk.models import HelpState
from core.helpdesk.queries import own_help
from handlers.chat import helpdesk
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.views import helpdesk as views

router = Router()
_GO_ON = re.compile(r"接著問(?:提問|第)?#?([0-9]{1,9})號?")


def named_request(text: str) -> int | None:
    """Return the number in a normal text like 接著問第12號; None: it has none."""
    found = _GO_ON.fullmatch(text)
    return int(found[1]) if found else None


@router.matches(named_request, gate=Gate.EVERYBODY)
def go_on(turn: Turn, number: int) -> Answer:
    """Go on with one's own request of this number."""
    return helpdesk.go_on(turn, ContinueHelp(number))


@router.says("接著問", "還沒解決", "還沒解決，接著問", "還是不行", gate=Gate.EVERYBODY)
def not_yet(turn: Turn) -> Answer | None:
    """Go on with what is unsolved, or begin anew."""
    passed = helpdesk.pass_on(turn)
    return passed.answer if passed else helpdesk.person(turn)


@router.says("解決了", "已經解決", "已解決", gate=Gate.EVERYBODY)
def solved(turn: Turn) -> Answer | None:
    """Be glad that the steps helped."""
    passed = helpdesk.pass_on(turn)
    return passed.answer if passed else views.that_helped()


@router.says("有幫上忙", gate=Gate.EVERYBODY)
def helped(turn: Turn) -> Answer | None:
    """Keep that the last solved request helped."""
    return _rated(turn, helped=True)


@router.says("沒有幫上忙", gate=Gate.EVERYBODY)
def not_helped(turn: Turn) -> Answer | None:
    """Keep that the last solved request did not help."""
    return _rated(turn, helped=False)


def _rated(turn: Turn, *, helped: bool) -> Answer | None:
    passed = helpdesk.pass_on(turn)
    if passed:
        return passed.answer
    mine = own_help(turn.ctx, turn.person)
    number = next((row.number for row in mine.rows if row.state is HelpState.SOLVED), None)
    if number is None:
        return helpdesk.own(turn)
    service.rate(turn.ctx, turn.person, number, helped=helped)
    return views.rated(number, helped=helped)
