"""What a person does with a phone, and the webhook each act causes.

Acts change the world under its lock and post after it is released, because the bot calls back at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.simulator import events
from bot.simulator.events import Frame
from bot.simulator.jsons import Json, text_at
from bot.simulator.sending import Sending
from bot.simulator.webhooks import Webhooks, reply_token_of
from bot.simulator.world import ChatMessage, Friendship, SimUser, World


class PhoneError(Exception):
    """The phone cannot do that: the account is blocked, or there is no such message or button."""


@dataclass(frozen=True)
class Act:
    """What one act caused: the event's id and reply token, and the id of the message if it was one."""

    event_id: str = ""
    reply_token: str = ""
    message_id: str = ""
    opens: str = ""
    """The address that a uri button opens, or the text that a clipboard button copied."""


@dataclass
class Phones:
    """Every phone in the hands of the platform's people."""

    world: World
    sending: Sending
    webhooks: Webhooks
    is_standby: bool = False
    reads_by_hand: bool = True
    """Chat on, reading by hand: messages carry a token, and are read when the bot says so. Else read at once."""
    marks: dict[str, tuple[str, int]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    """Rich menu ids by alias."""
    _batch: list[Json] | None = None

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Collect what happens inside and post it as one webhook at the end."""
        self._batch = []
        try:
            yield
        finally:
            collected, self._batch = self._batch, None
            self.webhooks.send(collected)

    def follow(self, user: SimUser) -> Act:
        """Add the account as a friend, or unblock it."""
        with self.world.change() as now:
            was_blocked = user.friendship is Friendship.BLOCKED
            user.friendship = Friendship.FRIEND
            event = events.follow(self._frame(user, now), is_unblocked=was_blocked)
        return self._post(event)

    def block(self, user: SimUser) -> Act:
        """Block the account: nothing sent is shown any more."""
        with self.world.change() as now:
            user.friendship = Friendship.BLOCKED
            event = events.unfollow(self._frame(user, now, can_reply=False))
        return self._post(event)

    def say(self, user: SimUser, text: str) -> Act:
        """Type a text and send it."""
        return self.send_message(user, {"type": "text", "text": text})

    def send_message(self, user: SimUser, body: Json, content: tuple[str, bytes] | None = None) -> Act:
        """Send a message of any type; ``content`` is the media type and bytes of a picture or file."""
        with self.world.change() as now:
            shown = self._show(user, body, now)
            if content:
                self.world.contents[shown.message_id] = content
            event = events.message(self._frame(user, now), shown, is_chat=self.reads_by_hand)
            self._keep_mark(event, shown)
        return replace(self._post(event), message_id=shown.message_id)

    def _show(self, user: SimUser, body: Json, now: datetime) -> ChatMessage:
        if user.friendship is Friendship.BLOCKED:
            raise PhoneError("the account is blocked: unblock it to write")
        user.wrote_at = now
        return self.world.show(user, "phone", body, now)

    def _keep_mark(self, event: Json, shown: ChatMessage) -> None:
        message = event.get("message")
        if token := text_at(message, "markAsReadToken"):
            self.marks[token] = (shown.user_id, shown.number)
        else:
            self.world.mark(shown.user_id, shown.number)

    def unsend(self, user: SimUser, message_id: str) -> Act:
        """Take one's own message back; raises ``PhoneError`` when there is none."""
        with self.world.change() as now:
            if not self.world.unsend(user.user_id, message_id):
                raise PhoneError("no such message of this person")
            event = events.unsend(self._frame(user, now, can_reply=False), message_id)
        return self._post(event)

    def press(self, user: SimUser, action: Json, picked: str = "") -> Act:
        """Press a button by its action object; ``picked`` is the date or time chosen in a date picker."""
        match text_at(action, "type"):
            case "message":
                return self.say(user, text_at(action, "text"))
            case "uri":
                return Act(opens=text_at(action, "uri"))
            case "clipboard":
                user.clipboard = text_at(action, "clipboardText")
                return Act(opens=user.clipboard)
            case "postback" | "datetimepicker" | "richmenuswitch":
                return self._press_back(user, action, picked)
            case kind:
                raise PhoneError(f"a button of type {kind} is not known")

    def _press_back(self, user: SimUser, action: Json, picked: str) -> Act:
        with self.world.change() as now:
            params = self._params(user, action, picked)
            shown = text_at(action, "displayText") or text_at(action, "text")
            if shown:
                self._show(user, {"type": "text", "text": shown}, now)
            event = events.postback(self._frame(user, now), text_at(action, "data"), params)
        return self._post(event)

    def _params(self, user: SimUser, action: Json, picked: str) -> Json | None:
        if action["type"] == "datetimepicker":
            if not picked:
                raise PhoneError("a date picker sends nothing until something is picked")
            return {text_at(action, "mode"): picked}
        if action["type"] == "richmenuswitch":
            alias = text_at(action, "richMenuAliasId")
            found = self.aliases.get(alias)
            user.rich_menu_id = found or user.rich_menu_id
            status = "SUCCESS" if found else "RICHMENU_ALIAS_ID_NOTFOUND"
            return {"newRichMenuAliasId": alias, "status": status}
        return None

    def link_result(self, user: SimUser, nonce: str, *, is_ok: bool) -> Act:
        """Tell the bot how an account link ended; a failed one names nobody and cannot be answered."""
        with self.world.change() as now:
            frame = self._frame(user, now) if is_ok else Frame("", now, mode=self._mode)
            event = events.account_link(frame, result="ok" if is_ok else "failed", nonce=nonce)
        return self._post(event)

    def redeliver(self, event_id: str) -> None:
        """Post an event again as a redelivery; its reply token lives for another minute if it may."""
        self.webhooks.send_again(self.webhooks.events[event_id])

    def duplicate(self, event_id: str) -> None:
        """Post an event a second time unchanged, as LINE says may happen."""
        self.webhooks.post([self.webhooks.events[event_id]])

    @property
    def _mode(self) -> str:
        return "standby" if self.is_standby else "active"

    def _frame(self, user: SimUser, now: datetime, *, can_reply: bool = True) -> Frame:
        if not can_reply or self.is_standby:
            return Frame(user.user_id, now, mode=self._mode)
        return Frame(user.user_id, now, self.sending.tokens.issue(user.user_id, now), self._mode)

    def _post(self, event: Json) -> Act:
        if self._batch is None:
            self.webhooks.send([event])
        else:
            self._batch.append(event)
        return Act(text_at(event, "webhookEventId"), reply_token_of(event))
