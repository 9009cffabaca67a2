"""A day that lies too far ahead to be true: a mistyped year would otherwise open a duty of another century.

Neither the rules nor the main system's lists know of anything dispatched or assigned in advance. Tomorrow is let pass:
clocks differ, and a list may be written for the morning.
"""

from __future__ import annotations

from datetime import date, timedelta

AHEAD_AT_MOST = timedelta(days=1)


def lies_ahead(day: date, today: date) -> bool:
    """Return whether a day is later than tomorrow; both are Taipei's."""
    return day - today > AHEAD_AT_MOST
