"""How far X-Forwarded-For is believed: by it strangers' wrong tries are counted (A19)."""

from __future__ import annotations

from http.client import HTTPConnection

import pytest
from flask import Flask, request

from bot.server import serving

FORWARDED = "192.0.2.66, 203.0.113.9, 198.51.100.7"


@pytest.mark.parametrize(
    ("proxies", "sent", "seen"),
    [
        (0, FORWARDED, "127.0.0.1"),
        (1, FORWARDED, "198.51.100.7"),
        (2, FORWARDED, "203.0.113.9"),
        (1, None, "127.0.0.1"),
    ],
)
def test_a19_an_address_is_believed_from_as_many_proxies_as_are_set(proxies: int, sent: str | None, seen: str) -> None:
    app = Flask("server under test", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=1024, PROXIES=proxies)
    app.add_url_rule("/", "from", lambda: str(request.remote_addr))
    with serving(app, "127.0.0.1", 0) as port:
        call = HTTPConnection("127.0.0.1", port, timeout=30)
        call.request("GET", "/", headers={"X-Forwarded-For": sent} if sent else {})
        assert call.getresponse().read().decode() == seen
        call.close()
