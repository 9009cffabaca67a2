"""What the desk is told by whoever puts the application together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DeskSettings:
    """How the desk's cookie is kept."""

    is_secure: bool
    """The site is reached by https only: the cookie is sent over nothing else, and no other host can set it."""

    has_sign_on: bool = False
    """The city's sign-on is offered beside account and password."""

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds the session's token."""
        return "__Host-frontdoor-desk" if self.is_secure else "frontdoor-desk"
