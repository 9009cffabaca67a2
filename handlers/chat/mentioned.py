"""Who of one's own families a sentence names, wherever in it: 可以結小明的案了嗎, 補小明跟小華的紀錄, 家豪那件期限.

Looked for only where nothing else was understood by its form. The name becomes the number of its case, and the
sentence goes on as if that had been typed; what else was said stays in it.
"""

from __future__ import annotations

import re
import unicodedata

from core.access import Action
from core.cards import Answer
from core.context import Context
from core.dispatches.parts import Named, cases_like, families_named_in
from handlers.chat.named import SURNAMES
from handlers.chat.understanding.folding import fold, plainly
from handlers.chat.understanding.matching import terms_in
from handlers.chat.views import cases as views

LONGEST = 120  # signs of a sentence that is looked through
_BEGIN, _END = "\x02", "\x03"
"""Around a number while it is put in, so that it never grows onto what stands beside it."""
HALF_A_SENTENCE = 12  # signs: so short, a bare number hardly counts anything
_LETTERED = re.compile("(?<![A-Za-z0-9])[A-Za-z]{2,4}-?[0-9]{1,4}(?![A-Za-z0-9])")
_PARTS = re.compile(
    f"{_LETTERED.pattern}|(?<![A-Za-z0-9/:.第月前近後下這那-])[0-9]{{2,4}}(?=的|號(?=的|$)| |$)"
    "(?! *[件筆天個次點分月日年小週周張份人%])"
)
"""The end of a number with its letters, wherever; in half a sentence also without: 11的, 結案 12."""
_SIDE_BY_SIDE = re.compile(f"(?<={_END})\\s*(?={_BEGIN})")
_GLUED = re.compile(f"(?<=[A-Za-z0-9])(?={_BEGIN})|(?<={_END})(?=[A-Za-z0-9])")


def numbered(ctx: Context, text: str) -> str | Answer | None:
    """Return a sentence with case numbers in place of the people it names, or the question which case is meant.

    None where none of one's own is named. A question carries all that was typed, so nothing is lost by answering it.
    """
    if len(text) > LONGEST or not ctx.actor.may(Action.SEE_FAMILIES):
        return None
    sentence = _with_whole_numbers(ctx, plainly(unicodedata.normalize("NFKC", text)))
    named = [each for each in families_named_in(ctx, sentence, SURNAMES) if _is_meant(each.written, sentence)]
    for each in named:
        numbers = _numbers(each)
        if len(numbers) > 1:
            return views.which_of(each.families, sentence.replace(each.written, "", 1))
        sentence = sentence.replace(each.written, f"{_BEGIN}{numbers[0]}{_END}") if numbers else sentence
    if not any(map(_numbers, named)) and _BEGIN not in sentence:
        return None
    return _GLUED.sub("的", _SIDE_BY_SIDE.sub("跟", sentence)).replace(_BEGIN, "").replace(_END, "")


def _with_whole_numbers(ctx: Context, sentence: str) -> str:
    """Return a sentence with the whole numbers of one's own cases in place of the ends of them: 11的, 結案 12, wk23."""
    if not ctx.actor.may(Action.SEE_DISPATCHES):
        return sentence
    parts = _PARTS if len(sentence) <= HALF_A_SENTENCE else _LETTERED
    return parts.sub(lambda found: _whole(ctx, found[0]), sentence)


def _whole(ctx: Context, part: str) -> str:
    like = cases_like(ctx, part.upper())
    return f"{_BEGIN}{like[0].number}{_END}" if len(like) == 1 else part


def _is_meant(name: str, sentence: str) -> bool:
    """Return whether a name is one here, and no part of a word of the house (安全 in 安全碼) nor all that is said."""
    folded = fold(sentence)
    return folded != name and not any(name in match.term and name != match.term for match in terms_in(folded))


def _numbers(named: Named) -> list[str]:
    return [number for row in named.families for number in row.cases]
