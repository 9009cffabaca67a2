"""What a browser is told where no page answers: in the house's own words, with a way on; machines get a line."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from bot.app import create_app
from bot.channels.line import LineChannel
from bot.settings import Settings
from core.context import Core

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def app(core_sqlite: Core) -> Flask:
    settings = Settings(line_channel_secret="s", line_channel_access_token="t")
    app = create_app(settings, core_sqlite, LineChannel("t", settings.line_api_url), lambda: None)
    app.add_url_rule("/broken", view_func=_broken)
    app.add_url_rule("/closed", view_func=_closed)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _broken() -> str:
    raise ZeroDivisionError("secret of the fault")


def _closed() -> str:
    raise OperationalError("select", {}, Exception("secret of the fault"))


@pytest.mark.parametrize(
    ("path", "status", "what"),
    [
        ("/", 404, "找不到這個頁面"),
        ("/p/nonsense", 404, "找不到這個頁面"),
        ("/broken", 500, "系統出了問題"),
        ("/closed", 503, "暫時無法使用"),
    ],
)
def test_a_browser_gets_a_page_with_a_way_on(client: FlaskClient, path: str, status: int, what: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
    assert what in answer.text
    assert 'href="/desk/"' in answer.text
    assert "secret of the fault" not in answer.text


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
def test_a_machine_gets_a_line(client: FlaskClient, accept: str) -> None:
    assert client.get("/", headers={"Accept": accept}).text == "Not Found"
    assert client.get("/closed", headers={"Accept": accept}).text == "暫時無法連上資料庫，請稍後再試。"
