"""The city's sign-on on this machine: OpenID Connect's discovery, keys, and codes with PKCE, for one client.

It asks who somebody is and believes it; the bot's real client then checks what it signs. Nothing here is for use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from secrets import compare_digest
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from werkzeug.wrappers import Response as AnyResponse

from core.clock import Clock
from core.secrets import new_token

PATH = "/city"
CLIENT, CLAIM = "frontdoor-demo", "account"
HERE = re.compile(r"http://127\.0\.0\.1:[0-9]+/")  # with its end: before an @ stands a name, and not the host
CODES_MOST = 100  # older ones are dropped
LIVES = 300  # seconds of an ID token
BAD, SEE_OTHER = 400, 303


@dataclass(frozen=True)
class Agreed:
    """What a code stands for: who signed on, and the question it answers."""

    account: str
    nonce: str
    challenge: str
    returns_to: str


@dataclass
class City:
    """The provider: its key, the client's secret, and the codes that are not redeemed."""

    clock: Clock
    secret: str = field(default_factory=new_token)
    _key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "city", "use": "sig"}))
    _codes: dict[str, Agreed] = field(default_factory=dict)

    def agree(self, agreed: Agreed) -> str:
        """Return a code that is good once."""
        code = new_token()
        self._codes[code] = agreed
        for old in list(self._codes)[:-CODES_MOST]:
            self._codes.pop(old, None)
        return code

    def redeem(self, code: str, verifier: str, returns_to: str, issuer: str) -> str | None:
        """Return the signed ID token for a code, or None where it does not fit its question."""
        agreed = self._codes.pop(code, None)
        if agreed is None or agreed.returns_to != returns_to:
            return None
        return self._signed(agreed, issuer) if create_s256_code_challenge(verifier) == agreed.challenge else None

    def keys(self) -> dict[str, object]:
        """Return the public keys by which tokens are checked."""
        return dict(KeySet([self._key]).as_dict(private=False))

    def _signed(self, agreed: Agreed, issuer: str) -> str:
        now = int(self.clock.now().timestamp())
        about = {"iss": issuer, "aud": CLIENT, "sub": agreed.account, "nonce": agreed.nonce, CLAIM: agreed.account}
        return jwt.encode({"alg": "ES256", "kid": "city"}, about | {"iat": now, "exp": now + LIVES}, self._key)


def sign_on(city: City) -> Blueprint:
    """Return the blueprint of the provider."""
    site = Blueprint("city", __name__, url_prefix=PATH)

    @site.get("/.well-known/openid-configuration")
    def described() -> Response:
        issuer = _issuer()
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return jsonify({"issuer": issuer} | {name: f"{issuer}/{end}" for name, end in ends.items()})

    @site.get("/keys")
    def keys() -> Response:
        return jsonify(city.keys())

    @site.get("/authorize")
    def authorize() -> str:
        _check(request.args.get("client_id", ""), request.args.get("redirect_uri", ""))
        return render_template("simulator_city.html", asked=request.args)

    @site.post("/authorize")
    def agree() -> AnyResponse:
        asked, returns_to = request.form, request.form.get("redirect_uri", "")
        _check(asked.get("client_id", ""), returns_to)
        account = asked.get("account", "").strip().upper()
        code = city.agree(Agreed(account, asked.get("nonce", ""), asked.get("code_challenge", ""), returns_to))
        return redirect(f"{returns_to}?{urlencode({'code': code, 'state': asked.get('state', '')})}", SEE_OTHER)

    @site.post("/token")
    def token() -> tuple[Response, int]:
        given, asked = request.authorization, request.form
        if given is None or given.username != CLIENT or not compare_digest(given.password or "", city.secret):
            return jsonify(error="invalid_client"), 401
        verifier, returns_to = asked.get("code_verifier", ""), asked.get("redirect_uri", "")
        signed = city.redeem(asked.get("code", ""), verifier, returns_to, _issuer())
        if signed is None:
            return jsonify(error="invalid_grant"), BAD
        return jsonify(access_token="opens nothing", token_type="Bearer", id_token=signed), 200  # noqa: S106

    return site


def _issuer() -> str:
    return f"{request.host_url.rstrip('/')}{PATH}"


def _check(client: str, returns_to: str) -> None:
    """Refuse any client but the bot on this machine: codes go nowhere else."""
    if client != CLIENT or not HERE.match(returns_to):
        abort(BAD)
