"""The city's sign-on (公務雲) as the core sees it: what is asked of it, what it answers, and how it fails.

Nonce and verifier are made from the state with the server's key, so a browser keeps the state and nothing else.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.secrets import Vault


@dataclass(frozen=True)
class Ask:
    """One question to the sign-on: who is this?"""

    state: str
    """Ties the answer to the browser that asked."""
    nonce: str
    """Ties the signed answer to the question."""
    verifier: str
    """Ties the code that fetches the answer to this server (PKCE)."""


class SignOnDown(Exception):
    """The sign-on does not answer, or not in its own protocol; the text is for the log and holds no secret."""


class SignOnRefused(Exception):
    """The sign-on's answer is not valid for this question; the text is for the log and holds no secret."""


class CitySignOn(Protocol):
    """The sign-on. Both calls may reach over the network: never inside a transaction."""

    def address(self, ask: Ask, now: datetime) -> str:
        """Return where the browser is sent. Raises ``SignOnDown``."""
        ...

    def account_code(self, ask: Ask, code: str, now: datetime) -> str:
        """Return whose account it is, as the sign-on says it. Raises ``SignOnDown``, ``SignOnRefused``."""
        ...


def ask_for(vault: Vault, state: str) -> Ask:
    """Return the question that belongs to a state."""
    nonce, verifier = (vault.derive(f"sign-on-{purpose}", state) for purpose in ("nonce", "verifier"))
    return Ask(state, nonce.hex(), base64.urlsafe_b64encode(verifier).rstrip(b"=").decode())
