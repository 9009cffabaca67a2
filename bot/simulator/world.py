"""What the platform knows: its people, their chats, what was accepted and posted. In memory, behind one lock.

Every change raises ``version``, so that the phone page draws again only what is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Event, RLock

from bot.simulator.ids import FIRST_MESSAGE_ID, new_token, new_user_id
from bot.simulator.jsons import Json, objects_in, text_at
from core.clock import Clock

REACH_OF_A_WRITER = timedelta(days=7)  # who is no friend but wrote can be pushed to for this long


class Friendship(StrEnum):
    """How a person stands to the account."""

    NONE = "none"
    FRIEND = "friend"
    BLOCKED = "blocked"


@dataclass
class SimUser:
    """One person with a phone."""

    user_id: str
    display_name: str
    friendship: Friendship = Friendship.NONE
    wrote_at: datetime | None = None
    loading_until: datetime | None = None
    rich_menu_id: str = ""
    clipboard: str = ""

    def is_reachable(self, now: datetime) -> bool:
        """Return whether a push is shown: to friends, and to strangers who wrote in the last seven days."""
        if self.friendship is Friendship.NONE:
            return self.wrote_at is not None and now - self.wrote_at <= REACH_OF_A_WRITER
        return self.friendship is Friendship.FRIEND


@dataclass(frozen=True)
class ChatMessage:
    """One bubble as the phone shows it; ``kind`` is reply, push or multicast from the bot, or phone from the person."""

    number: int
    message_id: str
    user_id: str
    kind: str
    json: Json
    at: datetime
    quote_token: str = ""
    is_read: bool = False
    is_unsent: bool = False

    @property
    def from_bot(self) -> bool:
        """Return whether the bot sent it."""
        return self.kind != "phone"

    @property
    def text(self) -> str:
        """Every text in it, one a line, as a person reads it from top to bottom."""
        lines = [text_at(each, "text") for each in objects_in(self.json) if _is_shown(each)]
        return "\n".join(line for line in lines if line)

    @property
    def actions(self) -> tuple[Json, ...]:
        """Every action in it that has a label: its buttons and its quick replies."""
        return tuple(each for each in objects_in(self.json) if "label" in each and "type" in each)


def _is_shown(each: Json) -> bool:
    """Return whether an object's ``text`` is a text on the screen: a message, a Flex text or a span."""
    return each.get("type") in {"text", "textV2", "span", "buttons", "confirm"} and "label" not in each


@dataclass(frozen=True)
class Accepted:
    """One request of the bot that the platform accepted."""

    kind: str
    at: datetime
    user_ids: tuple[str, ...]
    messages: tuple[Json, ...]
    request_id: str
    retry_key: str = ""
    counted: int = 0
    """How many paid messages it cost."""
    reply_token: str = ""
    """The token that a reply spent."""


@dataclass
class World:
    """All state of the platform."""

    clock: Clock
    lock: RLock = field(default_factory=RLock)
    stopping: Event = field(default_factory=Event)
    users: dict[str, SimUser] = field(default_factory=dict)
    chats: dict[str, list[ChatMessage]] = field(default_factory=dict)
    accepted: list[Accepted] = field(default_factory=list)
    contents: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Media type and bytes of what people sent, by message id."""
    version: int = 0
    _messages: int = 0

    def now(self) -> datetime:
        """Return the platform's present."""
        return self.clock.now()

    @contextmanager
    def change(self) -> Iterator[datetime]:
        """Hold the lock for one change and yield its moment."""
        with self.lock:
            self.version += 1
            yield self.now()

    def add_user(self, name: str) -> SimUser:
        """Return a new person who is no friend yet."""
        with self.change():
            user = SimUser(new_user_id(), name)
            self.users[user.user_id] = user
            self.chats[user.user_id] = []
            return user

    def show(self, user: SimUser, kind: str, body: Json, now: datetime) -> ChatMessage:
        """Add a bubble to a person's chat; the caller holds the lock."""
        self._messages += 1
        quote = new_token() if body.get("type") in {"text", "textV2", "sticker", "image", "video"} else ""
        message_id = str(FIRST_MESSAGE_ID + self._messages)
        message = ChatMessage(self._messages, message_id, user.user_id, kind, body, now, quote)
        self.chats[user.user_id].append(message)
        if kind != "phone":
            user.loading_until = None
        return message

    def mark(self, user_id: str, up_to: int) -> None:
        """Mark what a person wrote as read, up to a message's number; the caller holds the lock."""
        chat = self.chats[user_id]
        for place, message in enumerate(chat):
            if message.number <= up_to and not message.from_bot:
                chat[place] = replace(message, is_read=True)

    def unsend(self, user_id: str, message_id: str) -> bool:
        """Take a person's own message back; return whether there was one; the caller holds the lock."""
        chat = self.chats[user_id]
        for place, message in enumerate(chat):
            if message.message_id == message_id and not message.from_bot and not message.is_unsent:
                chat[place] = replace(message, is_unsent=True, json={"type": "unsent"})
                self.contents.pop(message_id, None)
                return True
        return False


def milliseconds(moment: datetime) -> int:
    """Return an instant as LINE writes it: milliseconds since 1970, UTC."""
    return int(moment.astimezone(UTC).timestamp() * 1000)
