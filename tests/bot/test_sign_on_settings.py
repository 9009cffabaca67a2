"""The settings of the city's sign-on: all four or none, and https in production (A65)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import OIDC, Settings, load_settings
from core.errors import SetupError
from tests.bot.test_settings import GOOD

SIGN_ON = {
    "oidc_issuer": "https://cloud.example",
    "oidc_client_id": "frontdoor",
    "oidc_client_secret": "a secret",
    "oidc_claim": "account",
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No .env file and no variable of the machine takes part."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FRONTDOOR_{name.upper()}", raising=False)


def test_with_none_of_them_there_are_local_passwords_only() -> None:
    assert load_settings(**GOOD).oidc_issuer == ""


def test_a_production_with_all_four_starts() -> None:
    assert load_settings(**GOOD | SIGN_ON).oidc_claim == "account"


@pytest.mark.parametrize("name", OIDC)
def test_with_one_of_them_missing_nothing_starts(name: str) -> None:
    with pytest.raises(SetupError, match=f"^FRONTDOOR_{name.upper()}: missing"):
        load_settings(**GOOD | SIGN_ON | {name: ""})


@pytest.mark.parametrize("issuer", ["http://cloud.example", "https://127.0.0.1:9000", "cloud.example"])
def test_a65_production_refuses_a_sign_on_that_is_plain_or_on_this_machine(issuer: str) -> None:
    with pytest.raises(SetupError, match=r"^FRONTDOOR_OIDC_ISSUER: "):
        load_settings(**GOOD | SIGN_ON | {"oidc_issuer": issuer})


def test_development_may_use_a_provider_on_this_machine() -> None:
    assert load_settings(**SIGN_ON | {"oidc_issuer": "http://127.0.0.1:9000"}).oidc_claim == "account"
