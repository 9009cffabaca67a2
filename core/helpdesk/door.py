"""What the helpdesk needs from the channel behind its requests: the outside is behind this name."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from core.notices.channel import Sent


class NotHad(StrEnum):
    """Why the content of a message was not had."""

    NOT_YET = "not_yet"
    """It is still being prepared: ask again soon."""
    GONE = "gone"
    """It was taken back, or is not kept any more."""
    TOO_LARGE = "too_large"
    UNREACHED = "unreached"
    """Nothing is known of it: the network, or a channel that is shut to us."""


class HelpDoor(Protocol):
    """The LINE platform, as the helpdesk sees it."""

    def content(self, message_id: str, at_most: int) -> bytes | NotHad:
        """Return the picture or file somebody sent, of at most so many bytes, or why it was not had."""

    def mark_as_read(self, token: str) -> Sent:
        """Show that everything up to the message with this token was read."""
