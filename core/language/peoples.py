"""Rows of cards that show what a person wrote: their words stay as they are, whatever language the card is in."""

from __future__ import annotations

PEOPLES = frozenset({"理由", "主旨"})
"""The labels of these rows."""
