"""Tokens that live for a while: reply tokens, account-link tokens, retry keys. Time comes in; nothing sends here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator.ids import new_token
from bot.simulator.jsons import Json

REPLY_TOKEN_LIFE = timedelta(minutes=1)
REDELIVERY_REACH = timedelta(minutes=20)  # a redelivery after this long gives the token no new minute
LINK_TOKEN_LIFE = timedelta(minutes=10)
RETRY_KEY_LIFE = timedelta(hours=24)


@dataclass
class _ReplyToken:
    user_id: str
    event_at: datetime
    good_until: datetime
    is_used: bool = False


@dataclass
class ReplyTokens:
    """Reply tokens: once, within a minute of the webhook or of its redelivery."""

    _tokens: dict[str, _ReplyToken] = field(default_factory=dict)

    def issue(self, user_id: str, now: datetime) -> str:
        """Return a fresh token for an event of this person."""
        token = new_token()
        self._tokens[token] = _ReplyToken(user_id, now, now + REPLY_TOKEN_LIFE)
        return token

    def renew(self, token: str, now: datetime) -> None:
        """Give the token of a redelivered event another minute, unless it is used or its event too old."""
        held = self._tokens.get(token)
        if held and not held.is_used and now - held.event_at <= REDELIVERY_REACH:
            held.good_until = now + REPLY_TOKEN_LIFE

    def spend(self, token: str, now: datetime) -> str | None:
        """Return whose token this is and use it up; ``None`` when it is unknown, used or too old."""
        held = self._tokens.get(token)
        if held is None or held.is_used or now > held.good_until:
            return None
        held.is_used = True
        return held.user_id


@dataclass
class LinkTokens:
    """Account-link tokens: once, within ten minutes."""

    _tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def issue(self, user_id: str, now: datetime) -> str:
        """Return a fresh token for this person."""
        token = new_token()
        self._tokens[token] = (user_id, now + LINK_TOKEN_LIFE)
        return token

    def spend(self, token: str, now: datetime) -> str | None:
        """Return whose token this is and use it up; ``None`` when it is unknown, used or too old."""
        user_id, good_until = self._tokens.pop(token, ("", now))
        return user_id if user_id and now <= good_until else None


@dataclass(frozen=True)
class Acceptance:
    """What was answered when a request with a retry key was accepted."""

    request_id: str
    body: Json
    at: datetime


@dataclass
class RetryKeys:
    """Retry keys of accepted requests, remembered for 24 hours; after that a key is as good as new."""

    _accepted: dict[str, Acceptance] = field(default_factory=dict)

    def remember(self, key: str, acceptance: Acceptance) -> None:
        """Keep an accepted request under its key."""
        self._accepted[key] = acceptance

    def find(self, key: str, now: datetime) -> Acceptance | None:
        """Return the acceptance of an earlier request with this key, while it is remembered."""
        found = self._accepted.get(key)
        return found if found and now - found.at < RETRY_KEY_LIFE else None
