"""LINE and a mail server as a few dicts: what each phone and mailbox heard, by retry key, reply token or Message-ID.

A key is known for a day, a token works once and for a minute, as LINE has it; a mail server takes a letter as often as
it comes, and one Message-ID counts once.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.notices.channel import Outcome
from core.notices.claiming import Claim
from core.notices.models import Via

KEY_LIVES, TOKEN_LIVES = timedelta(hours=24), timedelta(minutes=1)
BEFORE_THE_KEY = frozenset({Outcome.UNREACHED, Outcome.AMBIGUOUS, Outcome.RATE, Outcome.CLOSED})
"""Said of a request whatever its key or token is."""


@dataclass(frozen=True)
class Wish:
    """What is to become of a request, if nothing that LINE knows is against it."""

    outcome: Outcome
    is_taken: bool = False
    """Of unknown fate, but taken."""


@dataclass
class World:
    """Everybody's phones and mailboxes."""

    heard: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each place was told each text."""
    requests: dict[str, bytes] = field(default_factory=dict)
    """The bytes that were posted under each key, taken or not."""
    pushed: list[tuple[datetime, frozenset[str], tuple[str, ...]]] = field(default_factory=list)
    """When which phones were pushed which texts in one request."""
    _known: dict[str, datetime] = field(default_factory=dict)
    _letters: set[str] = field(default_factory=set)

    def take(self, claim: Claim, body: bytes, now: datetime, wish: Wish) -> Outcome:
        """Answer one request, and show it where it is taken."""
        if claim.via is Via.MAIL:
            return self._take_letter(claim, body, wish)
        if claim.via is Via.REPLY:
            return self._take_reply(claim, body, now, wish)
        key = str(claim.retry_key)
        assert self.requests.setdefault(key, body) == body, "a retry must be the first request over again"
        is_known = key in self._known and now < self._known[key] + KEY_LIVES
        if is_known and wish.outcome not in BEFORE_THE_KEY:
            return Outcome.ACCEPTED_BEFORE
        if _is_taken(wish) and not is_known:
            self._known[key] = now
            self._show(body)
            found = json.loads(body)
            self.pushed.append((now, frozenset(found["to"]), tuple(found["texts"])))
        return wish.outcome

    def _take_reply(self, claim: Claim, body: bytes, now: datetime, wish: Wish) -> Outcome:
        written_at = datetime.fromisoformat(claim.reply_token.partition("/")[2])
        is_dead = claim.reply_token in self._known or now >= written_at + TOKEN_LIVES
        if is_dead and wish.outcome not in BEFORE_THE_KEY:
            return Outcome.TOKEN_DEAD
        if _is_taken(wish) and not is_dead:
            self._known[claim.reply_token] = now
            self._show(body)
        return wish.outcome

    def _take_letter(self, claim: Claim, body: bytes, wish: Wish) -> Outcome:
        key = str(claim.retry_key)
        if _is_taken(wish) and key not in self._letters:
            self._letters.add(key)
            self._show(body)
        return wish.outcome

    def _show(self, body: bytes) -> None:
        found = json.loads(body)
        self.heard.update((place, text) for place in found["to"] for text in found["texts"])


def _is_taken(wish: Wish) -> bool:
    return wish.outcome is Outcome.ACCEPTED or (wish.outcome is Outcome.AMBIGUOUS and wish.is_taken)


def drawn(claim: Claim) -> bytes:
    """Return a request's bytes: those an earlier try posted, or new ones of what it says."""
    if claim.body is not None:
        return claim.body
    shown = claim.parts[:1] if claim.via is Via.MULTICAST else claim.parts
    texts = [message.preview for part in shown for message in part.answer.messages]
    to = [claim.address] if claim.via is Via.MAIL else list(dict.fromkeys(part.line_user for part in claim.parts))
    return json.dumps({"to": to, "texts": texts}).encode()
