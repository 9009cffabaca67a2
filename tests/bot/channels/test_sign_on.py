"""The city's sign-on by OpenID Connect, against a real provider that is honest, lies, or is down (ACC-5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from joserfc.jwk import ECKey

from bot.channels.sign_on import OpenIdSignOn, SignOnClient
from core.accounts.identity.sign_on import Ask, SignOnDown, SignOnRefused, ask_for
from core.clock import FixedClock
from core.secrets import Vault
from tests.sign_on_provider import (
    CLAIM,
    CLIENT,
    SECRET,
    Claims,
    Provider,
    a_provider,
    by_a_shared_key,
    by_a_strangers_key,
    unsigned,
)

RETURNS_TO = "http://127.0.0.1:8000/signon/return"
LEEWAY, LIFE = timedelta(seconds=60), timedelta(seconds=300)
TICK = timedelta(seconds=1)


@pytest.fixture
def provider(clock: FixedClock) -> Iterator[Provider]:
    with a_provider(clock) as running:
        yield running


@pytest.fixture
def client(provider: Provider) -> SignOnClient:
    return SignOnClient(provider.issuer, CLIENT, SECRET, CLAIM, RETURNS_TO)


@pytest.fixture
def city(client: SignOnClient) -> OpenIdSignOn:
    return OpenIdSignOn(client)


@pytest.fixture
def ask(vault: Vault) -> Ask:
    return ask_for(vault, "the state of one browser")


class _Stays(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def visits(city: OpenIdSignOn, ask: Ask, clock: FixedClock) -> str:
    """Go where the browser is sent; return the code it comes back with."""
    with pytest.raises(HTTPError) as redirected:
        build_opener(_Stays()).open(city.address(ask, clock.now()), timeout=30)
    with redirected.value as answer:
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == [ask.state]
    return query["code"][0]


def whose(city: OpenIdSignOn, ask: Ask, clock: FixedClock) -> str:
    return city.account_code(ask, visits(city, ask, clock), clock.now())


def test_the_claim_of_the_signed_answer_names_the_account(city: OpenIdSignOn, ask: Ask, clock: FixedClock) -> None:
    assert whose(city, ask, clock) == "AB1234"


def test_the_question_carries_state_nonce_and_challenge_but_not_the_verifier(
    city: OpenIdSignOn, ask: Ask, clock: FixedClock
) -> None:
    address = city.address(ask, clock.now())
    query = parse_qs(urlsplit(address).query)
    assert (query["state"], query["nonce"]) == ([ask.state], [ask.nonce])
    assert query["code_challenge_method"] == ["S256"]
    assert ask.verifier not in address


def test_each_state_has_a_nonce_and_a_verifier_of_its_own(vault: Vault) -> None:
    one, other = ask_for(vault, "one"), ask_for(vault, "other")
    assert len({one.nonce, other.nonce, one.verifier, other.verifier}) == 4
    assert 43 <= len(one.verifier) <= 128


LIES: dict[str, Claims] = {
    "another nonce": {"nonce": "of another question"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-client"},
    "no audience": {"aud": None},
    "two audiences without a party": {"aud": [CLIENT, "another-client"]},
    "for another party": {"azp": "another-client"},
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "no end": {"exp": None},
    "no subject": {"sub": None},
    "no account": {CLAIM: None},
    "an empty account": {CLAIM: ""},
    "an account that is no text": {CLAIM: 1234},
    "another access token": {"at_hash": "bm90IHRoZSBoYXNoIQ"},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=list(LIES))
def test_a_lie_in_the_signed_answer_is_refused(
    provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock, lie: Claims
) -> None:
    provider.alter = lambda claims: {name: value for name, value in (claims | lie).items() if value is not None}
    with pytest.raises(SignOnRefused):
        whose(city, ask, clock)


@pytest.mark.parametrize(("late", "is_taken"), [(LIFE + LEEWAY - TICK, True), (LIFE + LEEWAY, False)])
def test_an_expired_answer_is_refused_a_minute_of_clocks_apart_allowed(
    provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock, *, late: timedelta, is_taken: bool
) -> None:
    seconds = int(late.total_seconds())
    provider.alter = lambda claims: (
        claims
        | {
            "iat": int(clock.now().timestamp()) - seconds,
            "exp": int((clock.now() + LIFE).timestamp()) - seconds,
        }
    )
    if is_taken:
        assert whose(city, ask, clock) == "AB1234"
        return
    with pytest.raises(SignOnRefused, match="exp"):
        whose(city, ask, clock)


@pytest.mark.parametrize("forge", [unsigned, by_a_shared_key, by_a_strangers_key, lambda _: "no.token.atall"])
def test_an_answer_the_provider_did_not_sign_is_refused(
    provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock, forge: object
) -> None:
    provider.signs = forge  # type: ignore[assignment]
    with pytest.raises(SignOnRefused, match="signature"):
        whose(city, ask, clock)


def test_a_replayed_code_is_refused(city: OpenIdSignOn, ask: Ask, clock: FixedClock) -> None:
    code = visits(city, ask, clock)
    city.account_code(ask, code, clock.now())
    with pytest.raises(SignOnRefused, match="invalid_grant"):
        city.account_code(ask, code, clock.now())


def test_a_stolen_code_is_worth_nothing_with_another_question(
    city: OpenIdSignOn, ask: Ask, vault: Vault, clock: FixedClock
) -> None:
    code = visits(city, ask, clock)
    with pytest.raises(SignOnRefused, match="invalid_grant"):
        city.account_code(ask_for(vault, "a thief's state"), code, clock.now())


def test_a_wrong_client_secret_is_refused(client: SignOnClient, ask: Ask, clock: FixedClock) -> None:
    with pytest.raises(SignOnRefused, match="invalid_client"):
        whose(OpenIdSignOn(replace(client, client_secret="wrong")), ask, clock)


def test_a_provider_out_of_order_is_down_and_nobody_else_waits_for_it_for_ten_seconds(
    provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock
) -> None:
    provider.fails = True
    for _ in range(2):
        with pytest.raises(SignOnDown):
            city.address(ask, clock.now())
    assert len(provider.paths) == 1
    provider.fails = False
    clock.move(timedelta(seconds=10))
    assert whose(city, ask, clock) == "AB1234"


def test_a_provider_that_is_not_there_is_down(ask: Ask, clock: FixedClock) -> None:
    with a_provider(clock) as gone:
        issuer = gone.issuer
    with pytest.raises(SignOnDown):
        OpenIdSignOn(SignOnClient(issuer, CLIENT, SECRET, CLAIM, RETURNS_TO)).address(ask, clock.now())


def test_a_provider_that_fails_at_the_last_step_is_down(
    provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock
) -> None:
    code = visits(city, ask, clock)
    provider.fails = True
    with pytest.raises(SignOnDown):
        city.account_code(ask, code, clock.now())


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_description_that_is_not_the_providers_own_is_not_followed(
    provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock, described: dict[str, object]
) -> None:
    provider.describes = described
    with pytest.raises(SignOnDown):
        city.address(ask, clock.now())


def test_what_is_reached_by_https_is_never_asked_by_http(
    provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure = provider.issuer.replace("http:", "https:")
    plain = city._fetched
    monkeypatch.setattr(city, "_client", replace(city._client, issuer=secure))
    monkeypatch.setattr(city, "_fetched", lambda address: plain(address.replace("https:", "http:")))
    provider.describes = {"issuer": secure}
    with pytest.raises(SignOnDown, match="not safe"):
        city.address(ask, clock.now())


def test_no_redirect_is_followed(provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock) -> None:
    provider.describes = {"jwks_uri": f"{provider.issuer}/authorize?{REDIRECTS}"}
    with pytest.raises(SignOnDown):
        city.address(ask, clock.now())
    assert "/keys" not in provider.paths


REDIRECTS = (
    f"client_id={CLIENT}&response_type=code&scope=openid&code_challenge_method=S256"
    "&nonce=1&code_challenge=1&state=1&redirect_uri=/keys"
)


def test_the_provider_is_asked_about_itself_once_an_hour(
    provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock
) -> None:
    for _ in range(2):
        city.address(ask, clock.now())
    clock.move(timedelta(hours=1) - TICK)
    city.address(ask, clock.now())
    assert provider.paths == ["/.well-known/openid-configuration", "/keys"]
    clock.move(TICK)
    city.address(ask, clock.now())
    assert len(provider.paths) == 4


def test_a_new_key_of_the_provider_is_found_a_minute_later_at_most(
    provider: Provider, city: OpenIdSignOn, ask: Ask, clock: FixedClock
) -> None:
    whose(city, ask, clock)
    provider.key = ECKey.generate_key("P-256", {"kid": "second", "use": "sig"})
    clock.move(timedelta(seconds=59))
    with pytest.raises(SignOnRefused):
        whose(city, ask, clock)
    clock.move(TICK)
    assert whose(city, ask, clock) == "AB1234"
