"""How the figures of 統計 are said, at the desk as in the chat."""

from __future__ import annotations

from core.watch.kept import Kept


def kept_words(kept: Kept) -> str:
    """Return how much of what fell due was done in time."""
    return "沒有到期的待辦" if kept.share is None else f"{kept.share}%（{kept.in_time}／{kept.fell_due} 件）"
