"""A65: what is for development refuses to start in production: debug, default secrets, the simulator."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from bot.app import create_app
from bot.channels.line import LineChannel
from bot.commands.demo import Ports, running
from bot.settings import Settings, load_settings
from core.context import Core
from core.errors import SetupError
from tests.bot.test_settings import GOOD

EXAMPLE_KEY, RANDOM_KEY = b64encode(b"\0" * 32).decode(), "4HR9ZcYl0Xb1uKp6QdVwT2mNs8EfGj3A7aLxIoCyPUk="


def given(**changed: str) -> dict[str, str]:
    """The settings of a house in production."""
    return GOOD | changed


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No .env file and no variable of the machine takes part."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FLASK_DEBUG", raising=False)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FRONTDOOR_{name.upper()}", raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret_key", "x" * 40),
        ("secret_key", "changemechangemechangemechangemechangeme"),
        ("data_key", EXAMPLE_KEY),
        ("data_key", f"{RANDOM_KEY}, {EXAMPLE_KEY}"),
    ],
)
def test_a65_production_refuses_a_key_that_somebody_made_up(name: str, value: str) -> None:
    with pytest.raises(SetupError, match=f"^FRONTDOOR_{name.upper()}: no random key"):
        load_settings(**given(**{name: value}))


@pytest.mark.parametrize("key", [RANDOM_KEY, "0123456789ab" * 4])
def test_a65_a_random_key_is_taken_and_development_takes_any(key: str) -> None:
    assert load_settings(**given(secret_key=key)).secret_key == key
    assert load_settings(secret_key="x" * 40).secret_key == "x" * 40


def test_a65_production_refuses_to_debug(monkeypatch: pytest.MonkeyPatch, core_sqlite: Core) -> None:
    settings, line = load_settings(**given()), LineChannel("token", "http://127.0.0.1:9")
    assert not create_app(settings, core_sqlite, line, lambda: None).debug
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(SetupError, match=r"^FLASK_DEBUG: "):
        create_app(settings, core_sqlite, line, lambda: None)


def test_a65_the_simulator_does_not_start_in_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRONTDOOR_ENV", "production")
    with pytest.raises(SetupError, match="FRONTDOOR_ENV is production"), running(tmp_path, Ports(0, 0, 0)):
        pytest.fail("it started")
