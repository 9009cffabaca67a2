"""The platform as tests and the demo hold it: people and their phones, what was sent to them, faults, the way in.

``Platform`` is one value with the parts wired; each part stands in its own file. It answers in memory; its HTTP
side is ``web.py`` and its sockets are ``server.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from bot.simulator.answers import Answer
from bot.simulator.faults import LINK, Fault, FaultKind, Faults
from bot.simulator.ids import new_user_id
from bot.simulator.jsons import Json, text_at
from bot.simulator.phone import Act, PhoneError, Phones
from bot.simulator.richmenus import RichMenus
from bot.simulator.sending import Sending
from bot.simulator.tokens import LinkTokens
from bot.simulator.webhooks import Target, Webhooks
from bot.simulator.world import Accepted, ChatMessage, SimUser, World
from core.clock import Clock

BOT_NAME = "社政小幫手"
BOT_BASIC_ID = "@frontdoor"
LASTS = 4000  # milliseconds of every video and voice message here: nobody plays them
_NONCE_LENGTHS = range(10, 256)


class Platform:
    """A LINE platform with one channel.

    ``webhook_url`` must be on this machine. ``timeout`` (seconds) is how long a webhook may take: LINE gives 2.
    """

    def __init__(
        self, clock: Clock, *, channel_secret: str, channel_access_token: str, webhook_url: str, timeout: float = 2.0
    ) -> None:
        self.channel_access_token = channel_access_token
        self.bot_user_id = new_user_id()
        self.world = World(clock)
        self.faults = Faults()
        self.sending = Sending(self.world)
        target = Target(webhook_url, channel_secret, self.bot_user_id, timeout)
        self.webhooks = Webhooks(self.world, target, self.sending.tokens)
        self.rich_menus = RichMenus(self.world)
        self.phones = Phones(self.world, self.sending, self.webhooks, aliases=self.rich_menus.aliases)
        self.link_tokens = LinkTokens()

    def add_user(self, name: str) -> SimUser:
        """Return a new person, who is no friend of the account yet."""
        return self.world.add_user(name)

    def users(self) -> tuple[SimUser, ...]:
        """Return everyone, in the order they were added."""
        with self.world.lock:
            return tuple(self.world.users.values())

    def user(self, user_id: str) -> SimUser:
        """Return one person; raises ``KeyError`` when nobody has this id."""
        return self.world.users[user_id]

    # What people do; each act posts its webhook and returns its event id.

    def follow(self, user: SimUser) -> Act:
        """Add the account as a friend."""
        return self.phones.follow(user)

    def block(self, user: SimUser) -> Act:
        """Block the account."""
        return self.phones.block(user)

    def unblock(self, user: SimUser) -> Act:
        """Unblock the account: a follow event that says so."""
        return self.phones.follow(user)

    def say(self, user: SimUser, text: str) -> Act:
        """Type a text and send it."""
        return self.phones.say(user, text)

    def press(self, user: SimUser, action: Json, picked: str = "") -> Act:
        """Press a button given by its action object; ``picked`` for date pickers."""
        return self.phones.press(user, action, picked)

    def press_label(self, user: SimUser, label: str) -> Act:
        """Press the newest button with this label in a person's chat; raises ``PhoneError`` when there is none."""
        for message in reversed(self.messages(user)):
            for action in message.actions if message.from_bot else ():
                if text_at(action, "label") == label:
                    return self.press(user, action)
        raise PhoneError(f"no button is labelled {label}")

    def unsend(self, user: SimUser, message_id: str) -> Act:
        """Take a message back."""
        return self.phones.unsend(user, message_id)

    def send_image(self, user: SimUser, picture: bytes, media_type: str = "image/png") -> Act:
        """Send a picture."""
        return self.phones.send_message(
            user, {"type": "image", "contentProvider": {"type": "line"}}, (media_type, picture)
        )

    def send_file(self, user: SimUser, name: str, content: bytes) -> Act:
        """Send a file."""
        body: Json = {"type": "file", "fileName": name, "fileSize": len(content)}
        return self.phones.send_message(user, body, ("application/octet-stream", content))

    def send_media(self, user: SimUser, content: bytes, media_type: str) -> Act:
        """Send a video or a voice message, by its media type."""
        kind = media_type.partition("/")[0]
        body: Json = {"type": kind, "duration": LASTS, "contentProvider": {"type": "line"}}
        return self.phones.send_message(user, body, (media_type, content))

    def send_sticker(self, user: SimUser) -> Act:
        """Send a sticker."""
        body: Json = {"type": "sticker", "packageId": "446", "stickerId": "1988"}
        return self.phones.send_message(user, {**body, "stickerResourceType": "STATIC"})

    def send_location(self, user: SimUser, address: str, latitude: float, longitude: float) -> Act:
        """Send a place."""
        place: Json = {"type": "location", "address": address, "latitude": latitude, "longitude": longitude}
        return self.phones.send_message(user, place)

    def batch(self) -> AbstractContextManager[None]:
        """Collect the events inside into one webhook."""
        return self.phones.batch()

    def redeliver(self, event_id: str) -> None:
        """Post an event again as a redelivery."""
        self.phones.redeliver(event_id)

    def duplicate(self, event_id: str) -> None:
        """Post an event a second time unchanged."""
        self.phones.duplicate(event_id)

    def settle(self) -> None:
        """Wait until every queued webhook was posted."""
        self.webhooks.settle()

    # What can be looked at.

    def messages(self, user: SimUser) -> Sequence[ChatMessage]:
        """Return what a person's phone shows, in order."""
        with self.world.lock:
            return tuple(self.world.chats[user.user_id])

    def received(self, user: SimUser) -> Sequence[ChatMessage]:
        """Return what the bot sent to a person, in order."""
        return tuple(message for message in self.messages(user) if message.from_bot)

    def accepted(self, kind: str = "") -> Sequence[Accepted]:
        """Return the bot's accepted requests, all or of one kind: reply, push, multicast."""
        with self.world.lock:
            return tuple(each for each in self.world.accepted if kind in {"", each.kind})

    def set_fault(self, endpoint: str, kind: str, times: int | None = 1, seconds: float = 3.0) -> None:
        """Switch a fault on for the next calls of an endpoint (``None``: until cleared); ``any`` is all of them."""
        with self.world.change():
            self.faults.add(Fault(endpoint, _kind(kind), times, seconds))

    def clear_faults(self) -> None:
        """Switch every fault off."""
        with self.world.change():
            self.faults.clear()

    # The account link.

    def link_token(self, user_id: str) -> Answer:
        """Issue a link token: ten minutes, once."""
        if user_id not in self.world.users:
            return Answer(404, {"message": "Not found"})
        with self.world.change() as now:
            return Answer(body={"linkToken": self.link_tokens.issue(user_id, now)})

    def finish_link(self, link_token: str, nonce: str) -> SimUser | None:
        """End an account link and tell the bot; ``None``, and no webhook, for a dead token or a malformed nonce."""
        if len(nonce) not in _NONCE_LENGTHS:
            return None
        with self.world.change() as now:
            user_id = self.link_tokens.spend(link_token, now)
        if user_id is None:
            return None
        fault = self.faults.take(LINK)
        user = self.world.users[user_id]
        self.phones.link_result(user, nonce, is_ok=fault is None)
        return user


def _kind(value: str) -> FaultKind:
    """Return the kind of fault with this value; raises ``ValueError`` when there is none."""
    found = next((each for each in FaultKind if each.value == value), None)
    if found is None:
        raise ValueError(f"no fault is called {value}")
    return found
