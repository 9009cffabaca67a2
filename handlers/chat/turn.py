"""One turn of a conversation: who wrote or pressed what, where they stand, and under which account.

The process that handles stored events builds a ``Turn`` in its transaction, asks ``handlers.chat.answer`` and stores
the dialog again. Nothing here knows LINE's JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from core.access import Actor
from core.accounts.queries import BoundAccount
from core.context import Context
from core.secrets import Sealed
from handlers.chat.seen import Seen

PERSON_SHOWN = 12  # so much of the keyed hash names somebody unbound in the audit


@dataclass(frozen=True)
class TextSaid:
    """A text as it was typed."""

    text: str
    message_id: str = ""
    read_token: str = ""
    """LINE's token to mark it read."""


@dataclass(frozen=True)
class Pressed:
    """A button: its packed data, and what a date picker gave (an ISO date), else empty."""

    data: str
    picked: str = ""


@dataclass(frozen=True)
class Followed:
    """Somebody added the account as a friend; ``again``: unblocked it."""

    again: bool = False


@dataclass(frozen=True)
class Unfollowed:
    """Somebody blocked the account: nobody is there to answer."""


@dataclass(frozen=True)
class AccountLinked:
    """LINE says that the link token and our nonce belong together."""

    nonce: str


@dataclass(frozen=True)
class Unsent:
    """A message was taken back."""

    message_id: str


@dataclass(frozen=True)
class OtherSaid:
    """Anything that is no text, by LINE's word for it: ``sticker``, ``image``, ``location``."""

    kind: str
    text: str = ""
    """What it says in words: a file's name, a place's address, a sticker's keywords."""
    message_id: str = ""
    read_token: str = ""


ChatEvent = TextSaid | Pressed | Followed | Unfollowed | AccountLinked | Unsent | OtherSaid


@dataclass
class Dialog:
    """A person's place in the chat, kept between turns: the dialog under way, and what it has gathered."""

    name: str = ""
    """Empty: no dialog is under way."""
    step: str = ""
    collected: dict[str, str] = field(default_factory=dict)
    until: datetime | None = None
    """When it is over if nobody goes on with it; set anew by each answer."""
    misunderstood: int = 0
    """How often in a row the bot did not understand."""
    seen: Seen = field(default_factory=Seen)
    """What stands on the phone; between turns it is kept among what was gathered."""

    def go(self, name: str, step: str, **collected: str) -> None:
        """Go to a step; what was gathered in the same dialog is kept and added to."""
        kept = self.collected if name == self.name else {}
        self.name, self.step, self.collected = name, step, kept | collected

    def leave(self) -> None:
        """Leave the dialog and forget what it gathered."""
        self.name, self.step, self.collected, self.until = "", "", {}, None

    def is_at(self, name: str, step: str) -> bool:
        """Return whether this step is under way."""
        return (self.name, self.step) == (name, step)

    def is_over(self, now: datetime) -> bool:
        """Return whether what stands here has had its time; the limit is exclusive."""
        return bool(self.name or self.collected) and self.until is not None and now >= self.until


@dataclass(frozen=True)
class Turn:
    """Everything a handler may look at."""

    ctx: Context
    person: str
    """The keyed hash of the LINE user id."""
    line_user: Sealed
    account: BoundAccount | None
    event: ChatEvent
    dialog: Dialog
    in_group: bool = False
    """Said in a group or room, where nothing of an account is ever shown (A12)."""
    is_first: bool = False
    """Nobody is bound here, and nothing was heard of this person before."""
    reply_token: str = ""
    """LINE's token to answer this turn, for a person who answers instead of the bot."""
    reply_token_at: datetime | None = None

    def as_account(self) -> Turn:
        """Return the turn with the bound account as its actor; somebody unbound may see and do nothing."""
        actor = self.account.actor if self.account else Actor(name=f"line:{self.person[:PERSON_SHOWN]}")
        return replace(self, ctx=self.ctx.as_actor(actor))
