"""The certificate the main site's login is bound to (ACC-11): when it ends; ``ends`` keeps the reminders before that.

The login itself is the main site's; here stands only what its list says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Certificate:
    """What is said of an account's certificate: its last day, or None where the account is bound to none."""

    ends_on: date | None
