"""A long text as several text bubbles, split where a reader would pause."""

from __future__ import annotations

from bot.channels.limits import TEXT_MOST
from bot.channels.measure import head_utf16, utf16_length
from bot.render.pieces import shown

PAUSES = ("\n\n", "\n")  # the better place to split comes first
CUT_SHORT = "\n…（內容過長，後面省略）"


def text_parts(text: str, most: int, cut_short: str) -> list[str]:
    """Return the text as at most ``most`` bubbles of 5000 UTF-16 units; what does not fit is said to be left out."""
    rest = shown(text, TEXT_MOST * (most + 1))
    parts: list[str] = []
    while utf16_length(rest) > TEXT_MOST and len(parts) < most - 1:
        head = _head(rest)
        parts.append(head.rstrip())
        rest = rest[len(head) :].lstrip("\n")
    if utf16_length(rest) > TEXT_MOST:
        rest = head_utf16(rest, units=TEXT_MOST - utf16_length(cut_short)) + cut_short
    return [part for part in [*parts, rest] if part.strip()]


def _head(text: str) -> str:
    """Return the beginning that fills one bubble: whole paragraphs if any fit, else whole characters."""
    window = head_utf16(text, units=TEXT_MOST) or text[: TEXT_MOST // 2]
    ends = (window.rfind(pause) for pause in PAUSES)
    return window[: next((end for end in ends if end > 0), len(window))]
