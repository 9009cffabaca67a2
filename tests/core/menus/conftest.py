"""A LINE to show menus on."""

from __future__ import annotations

import pytest

from tests.core.menus.phones import Line


@pytest.fixture
def line() -> Line:
    return Line()
