"""At the question of what kind it is, somebody tells the problem itself, or asks to be called: taken in as it stands.

Nothing typed there is asked for again. The kind is read from the words, and where they say none it is 其他; login
trouble has its steps first, as everywhere (HELP-4).
"""

from __future__ import annotations

import re

from core.cards import Answer
from core.helpdesk.models import HelpKind
from core.wording import is_blank
from handlers.chat import helpdesk
from handlers.chat.features import TITLES
from handlers.chat.turn import TextSaid, Turn
from handlers.chat.understanding import Intent, understand
from handlers.chat.views import help_told as views
from handlers.chat.words import normal

ENOUGH = 8  # signs that tell a problem; fewer are an answer that missed
_CALL = re.compile(
    "打(?:個|一?通)?(?:電話)?(?:給|跟|來)我?|回電|回撥|撥(?:電話)?給我|(?:用|講|通|接)電話|電話(?:聯絡|聯繫)|CALLME|CALLBACK|PHONEME"
)
_KINDS = {
    Intent.SIGN_IN: HelpKind.LOGIN,
    Intent.EMAIL: HelpKind.EMAIL,
    Intent.PERMISSIONS: HelpKind.PERMISSION,
    Intent.EXTENSION: HelpKind.EXTENSION,
    Intent.CASE: HelpKind.CASE,
    Intent.CHECKS: HelpKind.CASE,
    Intent.RECORDS: HelpKind.CASE,
    Intent.FAULT: HelpKind.FAULT,
}


def call_wished(turn: Turn) -> Answer | None:
    """Return that the wish to be called is taken in, with the number to call at once; None: no such wish is typed."""
    text = _typed(turn)
    if not _CALL.search(normal(text)):
        return None
    return views.will_be_called(_taken(turn, text, HelpKind.OTHER))


def told(turn: Turn) -> Answer | None:
    """Return that a problem which was typed instead of its kind is taken in; None where too little is said for one."""
    text = _typed(turn)
    if len(normal(text)) < ENOUGH or is_blank(text):
        return None
    kinds = (_KINDS[each] for each in understand(text, TITLES).intents if each in _KINDS)
    kind = next(kinds, HelpKind.OTHER)
    return helpdesk.cannot_sign_in(turn) if kind is HelpKind.LOGIN else _taken(turn, text, kind)


def _typed(turn: Turn) -> str:
    """Return what was typed at the question of the kind; empty where somebody stands elsewhere."""
    is_asked = helpdesk.KIND.is_under_way(turn.dialog)
    return turn.event.text if is_asked and isinstance(turn.event, TextSaid) else ""


def _taken(turn: Turn, text: str, kind: HelpKind) -> Answer:
    helpdesk.PROBLEM.begin(turn, kind=kind.value)
    return helpdesk.problem_typed(turn, text)
