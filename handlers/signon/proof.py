"""What is kept in the signed cookie around a visit to the city's sign-on: the question, then for a moment its answer.

Both are taken out when they are looked at: an answer serves one browser, one door, once.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask import session

from core.secrets import new_token

ASKED_FOR = timedelta(minutes=10)
PROVED_FOR = timedelta(minutes=1)  # the browser is redirected at once
_ASKED, _PROVED = "sign_on_asked", "sign_on_proved"


@dataclass(frozen=True)
class Asked:
    """A visit to the sign-on under way."""

    door: str
    token: str
    """The link token of the page it began on; empty where there is none."""
    state: str
    until: str


@dataclass(frozen=True)
class Proved:
    """What the sign-on said, for the door where it was asked."""

    door: str
    token: str
    account: str
    until: str


def ask(door: str, token: str, now: datetime) -> Asked:
    """Begin a visit; an earlier one in this browser is forgotten."""
    asked = Asked(door, token, new_token(), (now + ASKED_FOR).isoformat())
    session[_ASKED] = asdict(asked)
    return asked


def take_asked(state: str, now: datetime) -> Asked | None:
    """Return the visit of this browser that has this state; None when there is none, and then none is left."""
    kept = _taken(_ASKED, now)
    asked = None if kept is None else Asked(**kept)
    return asked if asked is not None and hmac.compare_digest(asked.state.encode(), state.encode()) else None


def prove(asked: Asked, account: str, now: datetime) -> None:
    """Keep what the sign-on said, for a minute."""
    session[_PROVED] = asdict(Proved(asked.door, asked.token, account, (now + PROVED_FOR).isoformat()))


def take_proved(door: str, token: str, now: datetime) -> Proved | None:
    """Return what the sign-on said in this browser for this door and link token; None when it did not."""
    kept = _taken(_PROVED, now)
    proved = None if kept is None else Proved(**kept)
    return proved if proved is not None and (proved.door, proved.token) == (door, token) else None


def _taken(name: str, now: datetime) -> dict[str, str] | None:
    kept = session.pop(name, None)
    if not isinstance(kept, dict):
        return None
    told = {str(key): str(value) for key, value in kept.items()}
    return told if now < datetime.fromisoformat(told["until"]) else None
