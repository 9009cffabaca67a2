"""The simulated city's sign-on, asked by the bot's real client; it serves nobody but the bot on this machine."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from bot.channels.sign_on import OpenIdSignOn, SignOnClient
from bot.simulator.server import Simulator
from bot.simulator.sign_on import CLAIM, CLIENT, CODES_MOST, Agreed, City
from core.accounts.identity.sign_on import Ask, SignOnRefused, ask_for
from core.clock import FixedClock
from core.secrets import Vault, new_key, new_token

RETURN = "http://127.0.0.1:8000/signon/return"


@pytest.fixture
def client(simulator: Simulator) -> SignOnClient:
    return SignOnClient(simulator.issuer, CLIENT, simulator.city.secret, CLAIM, RETURN)


@pytest.fixture
def ask() -> Ask:
    return ask_for(Vault(new_token(), [new_key()]), new_token())


def signs_on(client: SignOnClient, ask: Ask, clock: FixedClock, account: str) -> dict[str, list[str]]:
    """Go where the browser is sent, fill the form in, and return what the way back carries."""
    shown = requests.get(OpenIdSignOn(client).address(ask, clock.now()), timeout=5)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.text))
    form = f"{client.issuer}/authorize"
    answer = requests.post(form, {**hidden, "account": account}, timeout=5, allow_redirects=False)
    assert answer.headers["Location"].startswith(f"{RETURN}?")
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def test_who_signs_on_is_believed(client: SignOnClient, ask: Ask, clock: FixedClock) -> None:
    back = signs_on(client, ask, clock, " ab1234")
    assert back["state"] == [ask.state]
    assert OpenIdSignOn(client).account_code(ask, back["code"][0], clock.now()) == "AB1234"
    with pytest.raises(SignOnRefused):  # a code is good once
        OpenIdSignOn(client).account_code(ask, back["code"][0], clock.now())


def test_a_code_is_for_who_asked_with_the_secret(client: SignOnClient, ask: Ask, clock: FixedClock) -> None:
    back = signs_on(client, ask, clock, "AB1234")
    with pytest.raises(SignOnRefused):
        OpenIdSignOn(replace(client, client_secret="guessed")).account_code(ask, back["code"][0], clock.now())
    with pytest.raises(SignOnRefused):
        OpenIdSignOn(client).account_code(replace(ask, verifier=new_token()), back["code"][0], clock.now())


@pytest.mark.parametrize(
    "asked",
    [
        {"client_id": "another", "redirect_uri": RETURN},
        {"client_id": CLIENT, "redirect_uri": "https://elsewhere.example/"},
        {"client_id": CLIENT, "redirect_uri": "http://127.0.0.1.elsewhere.example/"},
        {"client_id": CLIENT, "redirect_uri": "http://127.0.0.1:8000@elsewhere.example/"},
        {},
    ],
)
def test_codes_go_nowhere_but_to_the_bot(http: FlaskClient, asked: dict[str, str]) -> None:
    assert http.get("/city/authorize", query_string=asked).status_code == 400
    assert http.post("/city/authorize", data={**asked, "account": "AB1234"}).status_code == 400


def test_codes_nobody_redeems_are_dropped(clock: FixedClock) -> None:
    city = City(clock)
    codes = [city.agree(Agreed("AB1234", "", "", RETURN)) for _ in range(CODES_MOST + 1)]
    assert [code in city._codes for code in (codes[0], codes[1], codes[-1])] == [False, True, True]
