"""Which known words somebody may have meant: a known word inside the text first, then what is spelt alike."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

LOOKED_AT = 40  # signs of a text that is not understood; a longer one is no misspelt command
LEAST_ALIKE = 0.5
LEAST_APART = 3  # signs of a word that may stand apart from each other: 解除一下綁定
INSIDE = 2.0  # plus the share of the text it covers: any word found inside comes before any that is only alike


def nearest(text: str, words: Mapping[str, str], most: int = 3) -> tuple[str, ...]:
    """Return up to ``most`` titles, best first; ``words`` maps normal words to the title they are offered under."""
    looked_at = text[:LOOKED_AT]
    best: dict[str, float] = {}
    for word, title in words.items():
        best[title] = max(best.get(title, 0), _likeness(looked_at, word))
    ranked = sorted(best, key=lambda title: -best[title])
    return tuple(title for title in ranked if best[title] >= LEAST_ALIKE)[:most]


def _likeness(text: str, word: str) -> float:
    if _is_inside(word, text):
        return INSIDE + len(word) / len(text)
    return SequenceMatcher(None, text, word, autojunk=False).ratio()


def _is_inside(word: str, text: str) -> bool:
    """Return whether a word stands in a text; a longer one counts also when other signs stand between its own."""
    if len(word) < LEAST_APART:
        return len(word) > 1 and word in text
    rest = iter(text)
    return all(sign in rest for sign in word)
