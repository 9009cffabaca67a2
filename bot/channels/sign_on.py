"""The city's sign-on behind ``core.accounts.identity.sign_on.CitySignOn``: OpenID Connect, the authorization-code flow.

State, nonce and PKCE tie the answer to the browser, the question and this server. What is trusted is the signed ID
token alone: its signature by a key of the provider, issuer, audience, nonce and times. Every call has time-outs and
follows no redirect; a provider reached by https is never asked by http. No code, token or claim goes into an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import Token

from bot.channels.json_types import JsonValue
from core.accounts.identity.sign_on import Ask, SignOnDown, SignOnRefused

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a private key only: not ``none``, and no HMAC, whose key would be known to both."""
TIME_OUTS = (3.0, 5.0)
"""Seconds: for a connection, and for each part of the answer."""
CLOCKS_APART = timedelta(seconds=60)
KEPT_FOR = timedelta(hours=1)
DOWN_FOR = timedelta(seconds=10)  # so long nobody else waits for a provider that does not answer
LOOKED_AGAIN_AFTER = timedelta(minutes=1)  # a key we do not know may be new, or made up to keep us busy
OK = 200


@dataclass(frozen=True)
class SignOnClient:
    """Who we are to the provider, and which claim of its answer is the account."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    returns_to: str
    """Our address for the way back, as registered with the provider."""


@dataclass(frozen=True)
class _Provider:
    """The provider as it described itself."""

    authorization: str
    token: str
    keys: KeySet
    asked_at: datetime


class OpenIdSignOn:
    """One provider of OpenID Connect. Safe to share between threads."""

    def __init__(self, client: SignOnClient) -> None:
        """Take who we are; the provider is asked for its description when it is first needed."""
        self._client = client
        self._lock = Lock()
        self._known: _Provider | None = None
        self._down_at: datetime | None = None

    def address(self, ask: Ask, now: datetime) -> str:
        """Return where the browser is sent. Raises ``SignOnDown``."""
        provider = self._provider(now, KEPT_FOR)
        with self._session() as session:
            address, _ = session.create_authorization_url(
                provider.authorization, state=ask.state, nonce=ask.nonce, code_verifier=ask.verifier
            )
        return str(address)

    def account_code(self, ask: Ask, code: str, now: datetime) -> str:
        """Return the claim that names the account. Raises ``SignOnDown``, ``SignOnRefused``."""
        answer = self._redeemed(self._provider(now, KEPT_FOR), ask, code)
        signed, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(signed, str):
            raise SignOnRefused("no ID token")
        claims = self._checked(self._opened(signed, now), ask, access, now)
        account = claims.get(self._client.claim)
        if not isinstance(account, str) or not account:
            raise SignOnRefused("the ID token lacks the configured claim")
        return account

    def _redeemed(self, provider: _Provider, ask: Ask, code: str) -> Mapping[str, JsonValue]:
        """Exchange the code; each is good once, and only with the verifier of its question."""
        try:
            with self._session() as session:
                answer: Mapping[str, JsonValue] = session.fetch_token(
                    provider.token,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=ask.verifier,
                    redirect_uri=self._client.returns_to,
                    allow_redirects=False,
                )
        except AuthlibBaseError as refused:
            raise SignOnRefused(f"the provider refused the code: {refused.error}") from None
        except (OSError, ValueError, TypeError) as failed:
            raise SignOnDown(f"token: {type(failed).__name__}") from None
        return answer

    def _opened(self, signed: str, now: datetime) -> Token:
        """Return the token if a key of the provider signed it; its keys are asked for again when they may be new."""
        try:
            return _verified(signed, self._provider(now, KEPT_FOR).keys)
        except SignOnRefused:
            return _verified(signed, self._provider(now, LOOKED_AGAIN_AFTER).keys)

    def _checked(self, token: Token, ask: Ask, access: JsonValue, now: datetime) -> Mapping[str, JsonValue]:
        client = self._client
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": client.issuer},
                "aud": {"essential": True, "value": client.client_id},
            },
            params={"nonce": ask.nonce, "client_id": client.client_id, "access_token": access},
        )
        try:
            claims.validate(now=int(now.timestamp()), leeway=int(CLOCKS_APART.total_seconds()))
        except (JoseError, ValueError, TypeError) as wrong:
            raise SignOnRefused(f"claims: {type(wrong).__name__} {getattr(wrong, 'claim', '')}".strip()) from None
        answered: Mapping[str, JsonValue] = claims
        return answered

    def _provider(self, now: datetime, kept_for: timedelta) -> _Provider:
        with self._lock:
            if self._known is not None and now < self._known.asked_at + kept_for:
                return self._known
            if self._down_at is not None and now < self._down_at + DOWN_FOR:
                raise SignOnDown("asked a moment ago")
            self._down_at = now
            self._known = self._asked(now)
            self._down_at = None
            return self._known

    def _asked(self, now: datetime) -> _Provider:
        """Ask the provider to describe itself (discovery), and for its keys."""
        described = self._fetched(get_well_known_url(self._client.issuer, external=True))
        if described.get("issuer") != self._client.issuer:
            raise SignOnDown("discovery: another issuer")
        authorization, token, keys = (
            self._endpoint(described, name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        )
        try:
            found = KeySet.import_key_set(self._fetched(keys))  # type: ignore[arg-type]  # it checks what it is given
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as wrong:
            raise SignOnDown(f"keys: {type(wrong).__name__}") from None
        return _Provider(authorization, token, found, now)

    def _endpoint(self, described: Mapping[str, JsonValue], name: str) -> str:
        address = described.get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in _schemes(self._client.issuer):
            raise SignOnDown(f"discovery: {name} is missing or not safe")
        return address

    def _fetched(self, address: str) -> Mapping[str, JsonValue]:
        try:
            with self._session() as session:
                answer = session.request("GET", address, withhold_token=True, allow_redirects=False)
                told: JsonValue = answer.json() if answer.status_code == OK else None
        except (OSError, ValueError) as failed:
            raise SignOnDown(f"provider: {type(failed).__name__}") from None
        if not isinstance(told, dict):
            raise SignOnDown("provider: no description")
        return told

    def _session(self) -> OAuth2Session:
        client = self._client
        session = OAuth2Session(
            client.client_id,
            client.client_secret,
            scope="openid",
            redirect_uri=client.returns_to,
            code_challenge_method="S256",
            default_timeout=TIME_OUTS,
        )
        session.trust_env = False  # neither a proxy nor a password file of this machine
        return session


def _verified(signed: str, keys: KeySet) -> Token:
    try:
        return jwt.decode(signed, keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError) as wrong:
        raise SignOnRefused(f"signature: {type(wrong).__name__}") from None


def _schemes(issuer: str) -> tuple[str, ...]:
    """Return how a provider may be reached: plainly only where its issuer is plain, which production refuses."""
    return ("https",) if urlsplit(issuer).scheme == "https" else ("http", "https")
