"""What is filled in only when a card is sent, asked for once per drawing; and the language its frame is written in.

A card may be drawn several times until it fits, but a link token is spent money at LINE and a code is derived from
a secret: each is asked for at most once, and only if it is shown.
"""

from __future__ import annotations

from core.language.models import Language
from core.language.service import in_words
from core.notices.channel import Fill


class Filled:
    """A ``Fill`` that remembers what it was given, for as long as one answer is drawn."""

    def __init__(self, fill: Fill, language: Language = Language.CHINESE) -> None:
        self._fill = fill
        self.language = language
        self._link = ""
        self._codes: dict[str, str] = {}

    def say(self, text: str) -> str:
        """Return a text of the frame around an answer, in the answer's language."""
        return in_words(text, self.language)

    def link_url(self) -> str:
        """Return the address of the binding page; raises what the filling raises."""
        self._link = self._link or self._fill.link_url()
        return self._link

    def page_url(self, path: str) -> str:
        """Return the whole address of one of this server's pages."""
        return self._fill.page_url(path)

    def code(self, challenge: str) -> str:
        """Return the one-time password of a challenge."""
        if challenge not in self._codes:
            self._codes[challenge] = self._fill.code(challenge)
        return self._codes[challenge]
