"""A dispatch as the main system exports it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.dispatches.models import DispatchState, Opening
from core.records.kinds import ProblemType
from core.secrets import folded


class DispatchKey(NamedTuple):
    """What a dispatch is known by (REPLY-0)."""

    case_number: str
    unit_code: str
    dispatched_on: date


@dataclass(frozen=True)
class DispatchFacts:
    """One row of the case list: the case, and its dispatch to one unit."""

    case_number: str
    unit_code: str
    dispatched_on: date
    received_on: date
    child_name: str
    state: DispatchState
    needs_assessment: bool
    reported_by: str = ""
    national_id: str | None = None
    household: tuple[str, ...] = ()
    area: str = ""
    responsible: str | None = None
    """The responsible person's name as the export gives it."""
    opening: Opening | None = None
    served: str | None = None
    """The child to serve, where it is not the report's index child (REPLY-9)."""
    asks_guidance: bool | None = None
    """The reply is to say whether parenting guidance was given (REPLY-10); None: the list does not say."""
    other_county: bool | None = None
    """The family lives in another county, though its address may not begin with that (REPLY-13); None as above."""
    problems: frozenset[ProblemType] | None = None
    """What the report ticked (REC-5); None: the list does not say."""

    @property
    def key(self) -> DispatchKey:
        """What it is known by; the case number as it is compared."""
        return DispatchKey(folded(self.case_number), self.unit_code, self.dispatched_on)
