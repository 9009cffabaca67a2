"""Hashing is cheap here; what real parameters cost is measured where it matters."""

from __future__ import annotations

import pytest

from core.policy import Policy


@pytest.fixture
def policy() -> Policy:
    return Policy(argon2_memory_kib=8, argon2_passes=1)
