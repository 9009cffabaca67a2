"""What commands are tried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.policy import Policy
from core.secrets import Vault, new_key, new_token
from tests.conftest import PLAIN_DAY


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_store: Store) -> Core:
    """The case module on the database that the commands open."""
    keys = {"SECRET_KEY": new_token(), "DATA_KEY": new_key(), "DATABASE_URL": str(sqlite_store.url)}
    for name, value in keys.items():
        monkeypatch.setenv(f"FRONTDOOR_{name}", value)
    monkeypatch.chdir(tmp_path)
    return Core(sqlite_store, Vault(keys["SECRET_KEY"], [keys["DATA_KEY"]]), Policy(), FixedClock(PLAIN_DAY))
