"""What the phone pages are told by whoever puts the application together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PageSettings:
    """Where the account link ends, and how LINE is asked for a display name."""

    link_redirect: str
    """LINE's account-link address, without its query."""
    display_name: Callable[[str], str | None] | None = None
    """Returns the display name of a LINE user id, if there is one; called outside of transactions. None: not shown."""
    has_sign_on: bool = False
    """The city's sign-on is offered beside account and password."""
