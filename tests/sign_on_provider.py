"""A provider of OpenID Connect on this machine, as the city's sign-on would be: discovery, keys, codes with PKCE.

It agrees at once with whoever comes. A test may let it lie: alter claims, sign with something else, fall silent.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from core.clock import FixedClock
from core.secrets import new_token
from tests.ports import kept_port

CLIENT, SECRET, CLAIM = "frontdoor-tests", "a client secret for tests", "city_account"
Claims = dict[str, object]
ECKEY = ECKey.generate_key("P-256", {"kid": "first", "use": "sig"})


@dataclass
class Asked:
    """One question that a code answers."""

    nonce: str
    challenge: str
    returns_to: str


@dataclass
class Provider:
    """The running provider and what it says."""

    clock: FixedClock
    issuer: str
    account: str = "AB1234"
    alter: Callable[[Claims], Claims] = field(default=lambda claims: claims)
    signs: Callable[[Claims], str] | None = None
    """How ID tokens are signed; None: honestly."""
    describes: dict[str, object] = field(default_factory=dict)
    """What discovery says otherwise."""
    key: ECKey = field(default_factory=lambda: ECKEY)
    fails: bool = False
    paths: list[str] = field(default_factory=list)
    """What was asked for, in order."""
    codes: dict[str, Asked] = field(default_factory=dict)

    def app(self, environ: dict[str, object], start_response: object) -> object:
        """Answer one request."""
        request = Request(environ)
        self.paths.append(request.path)
        routes = {
            "/.well-known/openid-configuration": self._described,
            "/keys": self._keys,
            "/authorize": self._authorize,
            "/token": self._token,
        }
        answer = routes.get(request.path, _nothing)
        response = Response("out of order", 500) if self.fails else answer(request)
        return response(environ, start_response)  # type: ignore[arg-type]  # werkzeug names its own types

    def honestly(self, claims: Claims) -> str:
        """Sign with the key that is published."""
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def _described(self, _: Request) -> Response:
        told: dict[str, object] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return _json(told | self.describes)

    def _keys(self, _: Request) -> Response:
        return _json(KeySet([self.key]).as_dict(private=False))

    def _authorize(self, request: Request) -> Response:
        asked = request.args
        assert (asked["client_id"], asked["response_type"], asked["scope"]) == (CLIENT, "code", "openid")
        assert asked["code_challenge_method"] == "S256"
        code = new_token()
        self.codes[code] = Asked(asked["nonce"], asked["code_challenge"], asked["redirect_uri"])
        query = urlencode({"code": code, "state": asked["state"]})
        return Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{query}"})

    def _token(self, request: Request) -> Response:
        given = request.authorization
        if given is None or (given.username, given.password) != (CLIENT, SECRET):
            return _json({"error": "invalid_client"}, 401)
        asked = self.codes.pop(request.form["code"], None)
        if asked is None or not _fits(asked, request):
            return _json({"error": "invalid_grant"}, 400)
        claims = self.alter(self._claims(asked.nonce))
        signed = (self.signs or self.honestly)(claims)
        return _json({"access_token": "opens nothing here", "token_type": "Bearer", "id_token": signed})

    def _claims(self, nonce: str) -> Claims:
        now = int(self.clock.now().timestamp())
        return {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "somebody",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            CLAIM: self.account,
        }


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Keep codes and states out of the log."""


@contextmanager
def a_provider(clock: FixedClock) -> Iterator[Provider]:
    """Run a provider for as long as the block lasts."""
    with kept_port() as port:
        provider = Provider(clock, f"http://127.0.0.1:{port}")
        server = make_server("127.0.0.1", port, provider.app, threaded=True, request_handler=_Quiet)  # type: ignore[arg-type]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def unsigned(claims: Claims) -> str:
    """Return the claims as a token without a signature (alg none)."""
    parts = (json.dumps(each).encode() for each in ({"alg": "none", "typ": "JWT"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts), ""])


def by_a_shared_key(claims: Claims) -> str:
    """Return the claims signed with the client's secret (HMAC), as if the provider agreed to that."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET.ljust(32, ".")), algorithms=["HS256"])


def by_a_strangers_key(claims: Claims) -> str:
    """Return the claims signed by somebody who is not the provider, under the name of its key."""
    return jwt.encode({"alg": "ES256", "kid": "first"}, claims, ECKey.generate_key("P-256"))


def _fits(asked: Asked, request: Request) -> bool:
    digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (asked.challenge, asked.returns_to) == (challenge, request.form["redirect_uri"])


def _json(told: object, status: int = 200) -> Response:
    return Response(json.dumps(told), status, content_type="application/json")


def _nothing(_: Request) -> Response:
    return Response("nothing here", 404)
