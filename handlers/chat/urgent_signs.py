"""Which words are a sign of danger (CHK-11): a short list that is never missed, at the price of a false alarm.

A word counts wherever it stands in the text. What only looks like one (打人工客服) is named here as an exception.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Sign(StrEnum):
    """What kind of danger."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"
    INJURY = "injury"
    LOST = "lost"


_WORDS = {
    Sign.SUICIDE: "自殺|自傷|自殘|割腕|輕生|尋短|跳樓|燒炭|上吊|不想活|想死|活不下去|結束生命",
    Sign.VIOLENCE: (
        "打人(?![工員事])|打小孩|打孩子|打老婆|打太太|被打(?![電岔])|毆打|施暴|家暴|家庭暴力|虐待|受虐|虐童|性侵|性騷擾|猥褻"
        "|砍人|拿刀|殺人|要殺|殺死|綁架|囚禁|救命|救我"
    ),
    Sign.INJURY: "受傷|流血|骨折|燙傷|燒傷|昏迷|昏倒|沒有呼吸|沒呼吸|(?<!電腦)中毒|吞藥",
    Sign.LOST: "走失|失蹤|走丟|離家出走|找不到(?:小孩|孩子|人了)|(?:小孩|孩子|學生)(?:不見|沒回家)",
}
_PATTERNS = {sign: re.compile(words) for sign, words in _WORDS.items()}


def sign_in(text: str) -> Sign | None:
    """Return the gravest sign of danger in a normal text, or None."""
    return next((sign for sign, pattern in _PATTERNS.items() if pattern.search(text)), None)
