"""English sentences as they are understood: small letters, whole words without their endings, one blank between.

The ends of words are cut off roughly and in the same way for texts and terms, so that nothing has to be listed in all
its forms; what has a digit is left as a number is written. A folded text begins and ends with a blank, and so does a
term: a term is found where it stands as whole words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.chat.words import normal

_CHINESE = re.compile("[\u3100-\u312f\u3400-\u9fff]")
_LETTERS = re.compile("[A-Za-z]{2}")
_WORD = re.compile(r"[a-z0-9]+(?:[/.-][a-z0-9]+)*")
_SHORT = (
    ("’", "'"), ("can't", "can not"), ("cannot", "can not"), ("won't", "will not"), ("n't", " not"), ("'m", " am"),
    ("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("'d", " would"), ("what's", "what is"),
    ("where's", "where is"), ("who's", "who is"), ("it's", "it is"), ("'s", ""), ("e-mail", "email"),
    ("didnt", "did not"), ("dont", "do not"), ("cant ", "can not "), ("doesnt", "does not"), ("log-in", "login"),
)  # fmt: skip
_ENDINGS = ((("ies", "y"), ("s", "")), (("ied", "y"), ("ing", ""), ("ed", "")), (("e", ""),))
"""Cut off one after the other: settings, setting, sett."""
_LEAST_STEM = 3


def is_english(text: str) -> bool:
    """Return whether a text is to be read as English: it has Latin words and no Chinese sign."""
    return not _CHINESE.search(text) and bool(_LETTERS.search(text))


def fold_english(text: str) -> str:
    """Return a text, or a term, as terms are looked for in it."""
    plain = text.lower()
    for short, full in _SHORT:
        plain = plain.replace(short, full)
    words = [_stem(word) for word in _WORD.findall(plain)]
    return f" {' '.join(words)} " if words else ""


def _stem(word: str) -> str:
    if any(sign.isdigit() for sign in word):
        return normal(word)
    for endings in _ENDINGS:
        word = next((each for each in _shortened(word, endings)), word)
    return word


def _shortened(word: str, endings: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for ending, instead in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM and not word.endswith("ss"):
            yield word[: -len(ending)] + instead
