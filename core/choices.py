"""The choices that lead on from wherever one is: what one owes, and the menu. Each types a word that the chat knows."""

from __future__ import annotations

from core.cards import Say

DUTIES = Say(label="待辦", text="待辦")
MENU = Say(label="選單", text="選單")
HOME = (DUTIES, MENU)
