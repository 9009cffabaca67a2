"""A running system for every transcript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.clock import FixedClock
from core.context import Core
from tests.journeys.town import Town, a_town


@pytest.fixture
def town(core_sqlite: Core, clock: FixedClock) -> Iterator[Town]:
    """The whole system on SQLite."""
    with a_town(core_sqlite, clock) as running:
        yield running


@pytest.fixture
def any_town(core: Core, clock: FixedClock) -> Iterator[Town]:
    """The whole system on each kind of database in turn."""
    with a_town(core, clock) as running:
        yield running
