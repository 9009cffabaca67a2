"""Settings, read once from the environment and ``.env``, and checked before anything starts.

A wrong value stops the program with one line that names the variable. Production refuses what is meant for
development: default keys, plain http, the mailbox table, a movable clock, LINE hosts on this machine (A65).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.clock import Clock, ShiftedClock, SystemClock
from core.context import Core
from core.database import Store
from core.engines import parts_of
from core.errors import SetupError
from core.policy import load_policy
from core.secrets import Vault

PREFIX = "FRONTDOOR_"
OIDC = ("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_claim")
LEAST_SIGNS = 12  # a random key of 32 bytes has some thirty different ones; what a person types as an example has few
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Env(StrEnum):
    """Where the program runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """All settings; each is the environment variable ``FRONTDOOR_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    env: Env = Env.DEVELOPMENT
    database_url: str = "sqlite:///var/frontdoor.db"
    secret_key: str = ""
    data_key: str = ""
    line_channel_secret: str = ""
    """While it is changed, the new one and the old, comma-separated: webhooks signed by either are taken (A53)."""
    line_channel_access_token: str = ""
    line_bot_user_id: str = ""
    """The bot's own user id, by which webhooks of another bot are told; empty: LINE is asked for it."""
    line_api_url: str = "https://api.line.me"
    line_data_url: str = "https://api-data.line.me"
    line_link_url: str = "https://access.line.me/dialog/bot/accountLink"
    public_url: str = "http://127.0.0.1:8000"
    proxies: int = Field(default=0, ge=0)
    """How many proxies stand before this server, each adding to X-Forwarded-For: by it strangers are counted (A19)."""
    smtp_url: str = ""
    oidc_issuer: str = ""
    """The city's sign-on (OpenID Connect), beside local passwords; none of the four set: passwords only."""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_claim: str = ""
    """The claim of the ID token that is the account."""
    policy: str = ""
    clock_file: str = ""
    """A file with seconds by which the clock is moved: the demo's, development only."""


def load_settings(**given: str) -> Settings:
    """Read and check all settings; values given by name win. Raises ``SetupError`` naming the variable."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic reads the strings
    except ValidationError as error:
        first = error.errors()[0]
        raise SetupError(f"{PREFIX}{str(first['loc'][0]).upper()}: {first['msg']}") from error
    _check(settings)
    return settings


def make_core(settings: Settings) -> Core:
    """Build the case module from the settings. Raises ``SetupError`` for missing or bad keys."""
    keys = [key.strip() for key in settings.data_key.split(",") if key.strip()]
    return Core(
        store=Store(settings.database_url),
        vault=Vault(settings.secret_key, keys),
        policy=load_policy(settings.policy),
        clock=_clock(settings),
    )


def _clock(settings: Settings) -> Clock:
    return ShiftedClock(Path(settings.clock_file)) if settings.clock_file else SystemClock()


def _check(settings: Settings) -> None:
    missing = [name for name in OIDC if not getattr(settings, name)]
    if missing and len(missing) < len(OIDC):
        raise SetupError(f"{PREFIX}{missing[0].upper()}: missing; the city's sign-on needs all of FRONTDOOR_OIDC_…")
    for name in _addresses(settings):
        address = urlsplit(getattr(settings, name))
        if address.scheme not in ("http", "https") or not address.hostname:
            raise SetupError(f"{PREFIX}{name.upper()}: not an http or https address")
    parts_of(settings.database_url)
    if settings.env is Env.PRODUCTION:
        for problem in _unfit_for_production(settings):
            raise SetupError(f"{problem} (FRONTDOOR_ENV is production)")


def _unfit_for_production(settings: Settings) -> list[str]:
    problems = [
        f"{PREFIX}{name.upper()}: missing"
        for name in ("line_channel_secret", "line_channel_access_token", "smtp_url", "secret_key", "data_key")
        if not getattr(settings, name).strip(", ")  # of several, comma-separated, at least one must be there
    ]
    for name in _addresses(settings):
        address = urlsplit(getattr(settings, name))
        if address.scheme != "https" or address.hostname in LOOPBACK:
            problems.append(f"{PREFIX}{name.upper()}: must be https and not this machine")
    problems += [
        f"{PREFIX}{name.upper()}: no random key; `frontdoor init` makes one"
        for name in ("secret_key", "data_key")
        for key in getattr(settings, name).split(",")
        if 0 < len(set(key.strip())) < LEAST_SIGNS
    ]
    if settings.clock_file:
        problems.append(f"{PREFIX}CLOCK_FILE: the clock cannot be moved")
    return problems


def _addresses(settings: Settings) -> tuple[str, ...]:
    sign_on = ("oidc_issuer",) if settings.oidc_issuer else ()
    return ("public_url", "line_api_url", "line_data_url", "line_link_url", *sign_on)
