"""What goes on about the subject of the last answer: 那打錯呢 behind 驗證碼多久有效, 跟上個月比呢 behind 準時率.

The text is read once more with the subject's word before it, and counts only where one rule takes in both: what has
nothing to do with the subject is never bent to it.
"""

from __future__ import annotations

import re

from handlers.chat.seen import Seen
from handlers.chat.understanding import Intent, Kind, Reading, understand
from handlers.chat.understanding.folding import fold
from handlers.chat.understanding.intents import NUMBERED, SMALL_TALK
from handlers.chat.understanding.lexicon import FILLER
from handlers.chat.understanding.matching import Candidate, candidates, terms_in

LONGEST = 16  # signs: who says more says what it is about
WEIGHT = 3.0  # what a rule over both has to weigh
_GOES_ON = re.compile("[,，、]*(?:那麼?|這樣|如果|然後|所以|跟|還有)|.*[呢勒咧]$")
"""A text that stands clearly by itself is only read so where it says that it goes on."""


def going_on(text: str, topic: str, reading: Reading) -> Intent | None:
    """Return what a short text asks about the subject of the last answer; None: it is no such text."""
    folded = fold(text)
    if not topic or len(folded) > LONGEST or reading.kind in (Kind.SEVERAL, Kind.IN_ORDER):
        return None
    if reading.kind is Kind.CLEAR and not _GOES_ON.match(folded):
        return None
    subject = fold(topic)
    best = next(iter(candidates(f"{subject}，{folded}")), None)
    if best is None or best.weight < WEIGHT or best.intent in NUMBERED | SMALL_TALK:
        return None
    own = _terms(folded) - _terms(subject)
    return best.intent if own & set(best.terms) and _takes_in(best, reading) else None


def of_case(text: str, seen: Seen, reading: Reading) -> Reading | None:
    """Return what a short text that says too little by itself asks about the case that was spoken of; else None."""
    if not seen.is_about or len(text) > LONGEST or reading.kind not in (Kind.UNCLEAR, Kind.EITHER):
        return None
    asked = understand(f"{seen.about}{text}", {})
    is_one = asked.kind is Kind.CLEAR and asked.intents and asked.intents[0] in NUMBERED | {Intent.RECORDS}
    says_something = asked.candidates and len(asked.candidates[0].terms) > 1
    return asked if is_one and says_something else None


def _takes_in(best: Candidate, reading: Reading) -> bool:
    """Return whether a meaning over both takes in what the text clearly means by itself."""
    alone = reading.candidates[0].terms if reading.kind is Kind.CLEAR and reading.candidates else ()
    return set(alone) <= set(best.terms)


def _terms(folded: str) -> set[str]:
    return {match.term for match in terms_in(folded) if FILLER not in match.concepts}
