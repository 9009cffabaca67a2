"""Who may show our pages in a frame: the simulated phone on this machine, which opens them as LINE would."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import Headers

from bot.app import create_app
from bot.channels.line import LineChannel
from bot.settings import Settings
from core.context import Core
from core.secrets import new_token

SIMULATED, LINES_OWN = "http://127.0.0.1:8001/dialog/bot/accountLink", "https://access.line.me/dialog/bot/accountLink"


def headers(core: Core, **given: str) -> Headers:
    settings = Settings(line_channel_secret="s", line_channel_access_token="t", **given)  # type: ignore[arg-type]
    line = LineChannel("t", settings.line_api_url)
    return create_app(settings, core, line, lambda: None).test_client().get("/healthz").headers


def test_the_simulated_phone_may_show_our_pages_in_its_sheet(core_sqlite: Core) -> None:
    given = headers(core_sqlite, line_link_url=SIMULATED)
    assert given["Content-Security-Policy"].endswith("frame-ancestors http://127.0.0.1:8001")
    assert "X-Frame-Options" not in given


@pytest.mark.parametrize(
    ("env", "link"), [("development", LINES_OWN), ("production", LINES_OWN), ("production", SIMULATED)]
)
def test_a65_nobody_else_may_and_nobody_at_all_in_production(core_sqlite: Core, env: str, link: str) -> None:
    given = headers(core_sqlite, env=env, line_link_url=link, secret_key=new_token())
    assert given["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert given["X-Frame-Options"] == "DENY"
