"""What is kept between two steps of a page: in the signed cookie, ten minutes, and nothing that tells who exists."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from flask import session

LIVES = timedelta(minutes=10)


@dataclass(frozen=True)
class Step:
    """One page flow under way: which code was sent, for what was typed, from which browser."""

    about: str
    """The account: its id once the password was right, else the code that was typed, whether or not it exists."""
    challenge: str
    asker: str
    """Made anew whenever a flow begins: codes work in this browser only."""
    sent_at: str
    until: str
    token: str = ""
    """The hash of the link token the flow began with."""
    account: str = ""
    """Of a registration: the account that signed on with the city; empty where nobody did."""

    def is_live(self, now: datetime) -> bool:
        """Return whether its ten minutes are not over."""
        return now < datetime.fromisoformat(self.until)

    def seconds_to_wait(self, now: datetime, gap: int) -> int:
        """Return how many seconds to wait before another code may be sent; 0 when it may."""
        free_at = datetime.fromisoformat(self.sent_at) + timedelta(seconds=gap)
        return max(0, -((now - free_at) // timedelta(seconds=1)))


def begin(flow: str, step: Step) -> None:
    """Start a flow in a fresh session: whatever the cookie held before is gone, the CSRF token too (A62)."""
    session.clear()
    session[flow] = asdict(step)


def sent_again(flow: str, step: Step, challenge: str, now: datetime) -> None:
    """Note that another code was sent."""
    session[flow] = asdict(replace(step, challenge=challenge, sent_at=now.isoformat()))


def current(flow: str, now: datetime) -> Step | None:
    """Return the flow under way in this browser, or None when there is none or its time is over."""
    kept = session.get(flow)
    if not isinstance(kept, dict):
        return None
    step = Step(**{str(name): str(value) for name, value in kept.items()})
    return step if step.is_live(now) else None


def finish() -> None:
    """Forget everything."""
    session.clear()
