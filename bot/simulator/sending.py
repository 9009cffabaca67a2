"""Reply, push, multicast, validate: the rules by which LINE accepts messages and counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from bot.channels.json_types import as_object
from bot.channels.limits import problems
from bot.simulator.answers import Answer, broken_limits, refusal
from bot.simulator.jsons import Json, JsonValue, list_at, text_at, texts_at
from bot.simulator.tokens import Acceptance, ReplyTokens, RetryKeys
from bot.simulator.world import Accepted, SimUser, World
from core.clock import TAIPEI

MULTICAST_MOST = 500
RETRY_HEADER = "X-Line-Retry-Key"
ACCEPTED_HEADER = "x-line-accepted-request-id"


@dataclass(frozen=True)
class Call:
    """One call of the bot: its JSON body, its retry key if any, the id it is answered under."""

    body: Json
    request_id: str
    retry_key: str | None = None


@dataclass
class Sending:
    """The sending side of the platform."""

    world: World
    tokens: ReplyTokens = field(default_factory=ReplyTokens)
    keys: RetryKeys = field(default_factory=RetryKeys)
    quota: int | None = None
    """Paid messages a month; ``None`` means no limit."""

    def validate(self, call: Call) -> Answer:
        """Check messages without sending them."""
        found = problems(_messages(call))
        return broken_limits(found) if found else Answer()

    def reply(self, call: Call) -> Answer:
        """Answer an event: free, once, within the token's minute. A retry key is not taken here."""
        if call.retry_key is not None:
            return refusal(400, "The retry key is not supported by this API")
        if found := problems(_messages(call)):
            return broken_limits(found)
        with self.world.change() as now:
            user_id = self.tokens.spend(text_at(call.body, "replyToken"), now)
            if user_id is None:
                return refusal(400, "Invalid reply token")
            return self._accept("reply", call, [self.world.users[user_id]], now)

    def push(self, call: Call) -> Answer:
        """Send to one person: paid; whoever blocked the account gets nothing, and LINE says 200 all the same."""
        return self._paid("push", call, [text_at(call.body, "to")])

    def multicast(self, call: Call) -> Answer:
        """Send the same to up to 500 people; strangers and blockers are passed over in silence."""
        to = texts_at(call.body, "to")
        if not 1 <= len(to) <= MULTICAST_MOST:
            return refusal(400, "The request body has 1 error(s)", [("Size must be between 1 and 500", "to")])
        return self._paid("multicast", call, to)

    def _paid(self, kind: str, call: Call, to: Sequence[str]) -> Answer:
        if call.retry_key is not None and not _is_uuid(call.retry_key):
            return refusal(400, "The retry key is invalid: it must be a UUID")
        with self.world.change() as now:
            earlier = self.keys.find(_key(call), now)
            if earlier:
                return _accepted_before(earlier)
            if found := problems(_messages(call)):
                return broken_limits(found)
            users = [self.world.users[each] for each in to if each in self.world.users]
            if kind == "push" and not users:
                return refusal(400, "Failed to send messages")
            if self.is_spent(now, len(users)):
                return refusal(429, "You have reached your monthly limit.")
            return self._accept(kind, call, users, now)

    def _accept(self, kind: str, call: Call, users: list[SimUser], now: datetime) -> Answer:
        """Show the messages on every phone that can be reached, and keep the request; the lock is held."""
        reached = [user for user in users if user.is_reachable(now)]
        messages = _messages(call)
        sent: list[JsonValue] = []
        for user in users:
            shown = [self.world.show(user, kind, message, now) for message in messages if user in reached]
            sent = [{"id": each.message_id, "quoteToken": each.quote_token} for each in shown] or sent
        body: Json = {} if kind == "multicast" else {"sentMessages": sent or _unseen(messages)}
        if call.retry_key is not None:
            self.keys.remember(_key(call), Acceptance(call.request_id, body, now))
        counted = 0 if kind == "reply" else len(reached)
        ids = tuple(user.user_id for user in users)
        reply_token = text_at(call.body, "replyToken") if kind == "reply" else ""
        self.world.accepted.append(
            Accepted(kind, now, ids, tuple(messages), call.request_id, call.retry_key or "", counted, reply_token)
        )
        return Answer(body=body)

    def is_spent(self, now: datetime, more: int) -> bool:
        """Return whether so many paid messages more would exceed the month's quota."""
        return self.quota is not None and self.used(now) + more > self.quota

    def used(self, now: datetime) -> int:
        """Return the paid messages of the month in which ``now`` lies."""
        month = now.astimezone(TAIPEI).strftime("%Y-%m")
        log = self.world.accepted
        return sum(each.counted for each in log if each.at.astimezone(TAIPEI).strftime("%Y-%m") == month)


def _messages(call: Call) -> list[Json]:
    """Return the call's messages; whatever is no object becomes an empty one, which the limits then refuse."""
    return [as_object(each) or {} for each in list_at(call.body, "messages")]


def _unseen(messages: list[Json]) -> list[JsonValue]:
    return [{"id": str(number)} for number, _ in enumerate(messages, start=1)]


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _key(call: Call) -> str:
    return (call.retry_key or "").lower()


def _accepted_before(earlier: Acceptance) -> Answer:
    body = {**refusal(409, "The retry key is already accepted").body, **earlier.body}
    return Answer(409, body, ((ACCEPTED_HEADER, earlier.request_id),))
