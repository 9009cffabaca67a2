"""Which lists there are, and who may bring each of them in."""

from __future__ import annotations

from core.access import Action, Actor, require
from core.labels import Labelled


class Kind(Labelled):
    """Which list a file holds."""

    UNITS = "units", "單位"
    ACCOUNTS = "accounts", "帳號"
    DISPATCHES = "dispatches", "派案清單"
    CHECKS = "checks", "檢核清單"


_ASKS = {
    Kind.UNITS: Action.CHANGE_ACCOUNTS,
    Kind.ACCOUNTS: Action.CHANGE_ACCOUNTS,
    Kind.DISPATCHES: Action.IMPORT,
    Kind.CHECKS: Action.IMPORT,
}
"""What each list asks beside ``Action.IMPORT``: who brings cases in opens no accounts (ACC-10)."""


def kinds_for(actor: Actor) -> tuple[Kind, ...]:
    """Return the lists an actor may bring in; cases first, as they come daily."""
    if not actor.may(Action.IMPORT):
        return ()
    return tuple(kind for kind in (Kind.DISPATCHES, Kind.CHECKS, Kind.UNITS, Kind.ACCOUNTS) if actor.may(_ASKS[kind]))


def require_kind(actor: Actor, kind: Kind) -> None:
    """Pass, or raise ``NotAllowed`` for who may not bring this list in."""
    require(actor, Action.IMPORT)
    require(actor, _ASKS[kind])
