"""Settings are read once and checked: a wrong one stops the start with a line that names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, load_settings, make_core
from core.errors import SetupError
from core.secrets import new_key, new_token

GOOD = {
    "env": "production",
    "database_url": "postgresql://frontdoor@db.example/frontdoor",
    "secret_key": new_token(),
    "data_key": new_key(),
    "line_channel_secret": "secret",
    "line_channel_access_token": "token",
    "public_url": "https://bot.example",
    "smtp_url": "smtp://mail.example:25",
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No .env file and no variable of the machine takes part."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FRONTDOOR_{name.upper()}", raising=False)


def test_the_defaults_are_those_of_development() -> None:
    settings = load_settings()
    assert (settings.env, settings.public_url) == ("development", "http://127.0.0.1:8000")
    assert settings.line_api_url == "https://api.line.me"


def test_the_environment_and_the_file_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("FRONTDOOR_SMTP_URL=smtp://127.0.0.1:2525\nFRONTDOOR_POLICY=from-file.toml\n")
    monkeypatch.setenv("FRONTDOOR_POLICY", "from-environment.toml")
    settings = load_settings()
    assert (settings.smtp_url, settings.policy) == ("smtp://127.0.0.1:2525", "from-environment.toml")


def test_a_production_that_is_complete_starts() -> None:
    assert load_settings(**GOOD).env == "production"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("env", "staging"),
        ("public_url", "bot.example"),
        ("public_url", "http://bot.example"),
        ("public_url", "https://127.0.0.1"),
        ("line_api_url", "http://127.0.0.1:8001"),
        ("line_link_url", "https://localhost/dialog"),
        ("line_channel_secret", ""),
        ("line_channel_secret", " , "),
        ("line_channel_access_token", ""),
        ("smtp_url", ""),
        ("secret_key", ""),
        ("data_key", ""),
        ("data_key", ","),
        ("clock_file", "clock"),
    ],
)
def test_a65_production_refuses_what_is_for_development(name: str, value: str) -> None:
    with pytest.raises(SetupError, match=f"^FRONTDOOR_{name.upper()}: "):
        load_settings(**GOOD | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret_key", "short"),
        ("data_key", ""),
        ("data_key", "not base64!"),
        ("data_key", "c2hvcnQ="),
        ("database_url", "mysql://db.example/frontdoor"),
        ("database_url", "var/frontdoor.db"),
        ("database_url", "postgresql://db.example:port/frontdoor"),
        ("policy", "missing.toml"),
    ],
)
def test_a_core_is_not_built_from_wrong_settings(name: str, value: str) -> None:
    given = {"secret_key": new_token(), "data_key": new_key(), "database_url": "sqlite:///test.db"} | {name: value}
    with pytest.raises(SetupError, match=f"^FRONTDOOR_{name.upper()}: "):
        make_core(load_settings(**given))


@pytest.mark.parametrize("text", ["reply_days = 5", "otp_minutes = 16", "otp_minutes = 'long'", "plans = 3", "= 1"])
def test_a_policy_file_with_a_wrong_entry_is_refused_by_its_place(text: str) -> None:
    Path("policy.toml").write_text(text)
    settings = load_settings(secret_key=new_token(), data_key=new_key(), policy="policy.toml")
    with pytest.raises(SetupError, match=r"^FRONTDOOR_POLICY: "):
        make_core(settings)


def test_a_policy_file_changes_what_it_names_and_nothing_else() -> None:
    Path("policy.toml").write_text('digest_at = "09:00"\n[plans.reply]\narises = "not"\n')
    settings = load_settings(secret_key=new_token(), data_key=new_key(), policy="policy.toml")
    core = make_core(settings)
    assert core.policy.digest_at.hour == 9
    assert core.policy.otp_minutes == 15
    core.store.close()


@pytest.mark.parametrize("number", ["-1", "one"])
def test_how_many_proxies_there_are_is_a_number(number: str) -> None:
    assert load_settings(proxies="2").proxies == 2
    with pytest.raises(SetupError, match=r"^FRONTDOOR_PROXIES: "):
        load_settings(proxies=number)
