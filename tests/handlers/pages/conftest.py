"""A browser before the phone pages: plain forms, with the CSRF token each page carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.access import Actor, system
from core.accounts.links import remember_link_token
from core.accounts.models import Account
from core.accounts.service import set_password
from core.audit import Door
from core.context import Core
from core.inbox.models import Conversation
from core.otp.models import Challenge
from core.otp.service import code_of
from core.policy import Policy
from handlers.pages import PageSettings, pages
from tests.applications import Applications
from tests.builders import an_account

PASSWORD = "correct horse battery"
LINE_URL = "https://line.example/dialog/bot/accountLink"
TOKEN = "a-link-token"


class Browser:
    """Opens pages and sends the form it sees, as a person would."""

    def __init__(self, client: FlaskClient, environ: dict[str, str] | None = None) -> None:
        self.client = client
        self.client.environ_base.update(environ or {})
        self.page: TestResponse | None = None

    def opens(self, path: str) -> TestResponse:
        self.page = self.client.get(path)
        return self.page

    def sends(self, /, *which: int, **typed: str) -> TestResponse:
        """Fill the page's first form, or the one of this number, and send it; follow redirects within the site."""
        assert self.page is not None
        action, fields = forms(self.text)[which[0] if which else 0]
        self.page = self.client.post(action, data=fields | typed)
        while self.page.status_code == 303 and self.page.location.startswith("/"):
            self.page = self.client.get(self.page.location)
        return self.page

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.get_data(as_text=True)


def forms(html: str) -> list[tuple[str, dict[str, str]]]:
    """Return each form's address and what its fields hold."""
    found = []
    for form in re.finditer(r'<form method="post" action="([^"]+)".*?</form>', html, re.DOTALL):
        inputs = re.findall(r"<input [^>]*>", form[0])
        pairs = [(re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each)) for each in inputs]
        found.append((unescape(form[1]), {name[1]: unescape(value[1]) for name, value in pairs if name and value}))
    return found


def last_code(core: Core) -> str:
    """Return the code of the newest challenge, as the mail says it."""
    with core.store.reading() as session:
        newest = session.scalars(select(Challenge.id).order_by(Challenge.sent_at.desc())).first()
    assert newest is not None
    return code_of(core.vault, newest)


@pytest.fixture
def policy() -> Policy:
    return Policy(argon2_memory_kib=8, argon2_passes=1, source_wrong=5)


def application(core: Core) -> Flask:
    """An application that has the phone pages and nothing else."""
    app = Flask("pages under test", static_folder=None)
    app.config.update(SECRET_KEY="for tests", SESSION_COOKIE_SAMESITE="Lax")
    CSRFProtect(app)
    names = {"U-of-wang": "小王🙂<b>"}
    app.register_blueprint(pages(core, PageSettings(LINE_URL, names.get)))
    return app


@pytest.fixture
def app(applications: Applications, core_sqlite: Core) -> Flask:
    return applications.on(core_sqlite, application)


@pytest.fixture
def browser(app: Flask) -> Iterator[Browser]:
    with app.test_client() as client:
        yield Browser(client)


@pytest.fixture
def account(core_sqlite: Core) -> Account:
    made = an_account(core_sqlite, email="ak1551@ntpc.gov.tw")
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, made.code, PASSWORD)
    return made


@pytest.fixture
def token(core_sqlite: Core) -> str:
    """A link token LINE made for 王 just now."""
    with core_sqlite.transaction(Actor(name="bot"), Door.JOB) as ctx:
        ctx.session.add(Conversation(person="wang", line_user=ctx.vault.seal("U-of-wang")))
        remember_link_token(ctx, "wang", TOKEN)
    return TOKEN
