"""What every list of forms to be reviewed shows of one, whatever form it is: frozen rows, names masked.

Which forms wait, and what stands in them, their own areas tell: ``core/dispatches/to_review.py`` and its like.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReviewRow:
    """One form that may be decided on."""

    key: str
    """What stands for it in an address."""
    number: str
    """The case's or check's number."""
    child: str
    unit_name: str
    sent_at: datetime | None
    """None: the main system holds the form."""
    by: str
    """Who sent it; empty: the main system does not say."""
    about: str
    """What it decides, in a word."""
    is_own: bool
    """Who asks sent it: somebody else is to decide."""
    is_urgent: bool = False


@dataclass(frozen=True)
class Standing:
    """How a form stands that was decided on before: what was done, by whom, when and why."""

    label: str
    by: str = ""
    at: datetime | None = None
    reason: str = ""
