"""What an area's rules say is owed: handed on to the duties as it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.duties.plans import DutyKind


@dataclass(frozen=True)
class Owing:
    """What is owed now: which kind of duty, the moment it is counted from, the last moment in time."""

    kind: DutyKind
    counted_from: datetime
    due_at: datetime
