"""Another system before the machine interface: its key, and what it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.access import system
from core.audit import AuditRow, Door
from core.context import Core
from core.machines.models import Scope
from core.machines.service import create_key
from handlers.api import api
from tests.applications import Applications

ROOT = "/api/v1"
PROBLEM = "application/problem+json"
CHECK = {
    "unit": "S01",
    "assigned_at": "2026-03-03T10:00:00+08:00",
    "happened_at": "2026-03-02T18:30:00+08:00",
    "child_name": "林小華",
    "state": "waiting",
    "already_high_risk": False,
}
DISPATCH = {"received_on": "2026-03-02", "child_name": "王小明", "state": "waiting", "needs_assessment": False}
"""Facts that are right, for a unit of code S01."""


class Caller:
    """A system with its key."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self.client, self.key = client, key

    def calls(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        """Call; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"Authorization": f"Bearer {self.key}"} | named
        is_raw = isinstance(body, bytes)
        content: dict[str, Any] = {"data": body} if is_raw else {"json": body} if body is not None else {}
        if is_raw and "Content-Type" not in given:
            given["Content-Type"] = "application/json"
        return self.client.open(f"{ROOT}/{path}", method=method, headers=given, **content)

    def posts(self, path: str, body: object, **headers: str) -> TestResponse:
        return self.calls("POST", path, body, **headers)

    def puts(self, path: str, body: object, **headers: str) -> TestResponse:
        return self.calls("PUT", path, body, **headers)

    def gets(self, path: str, **headers: str) -> TestResponse:
        return self.calls("GET", path, **headers)


Keyed = Callable[..., Caller]


def a_key(core: Core, name: str = "main-system", scopes: Iterable[Scope] = tuple(Scope)) -> str:
    """Make a key and return it."""
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return create_key(ctx, name, frozenset(scopes)).text


def audited(core: Core, act: str) -> list[AuditRow]:
    """Return the audit rows of an act."""
    with core.store.reading() as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.act == act).order_by(AuditRow.id)))


def said(answer: TestResponse) -> dict[str, Any]:
    """Return the JSON object of an answer."""
    found = answer.get_json()
    assert isinstance(found, dict)
    return found


def application(core: Core) -> Flask:
    """An application that has the machine interface and nothing else."""
    app = Flask("machines under test", static_folder=None)
    app.register_blueprint(api(core))
    return app


@pytest.fixture
def app(applications: Applications, core_sqlite: Core) -> Flask:
    return applications.on(core_sqlite, application)


@pytest.fixture
def keyed(app: Flask, core_sqlite: Core) -> Keyed:
    """Makes another system that holds a key of these scopes."""

    def make(name: str = "main-system", scopes: Iterable[Scope] = tuple(Scope)) -> Caller:
        return Caller(app.test_client(), a_key(core_sqlite, name, scopes))

    return make


@pytest.fixture
def caller(keyed: Keyed) -> Caller:
    """The main system, with a key that opens everything."""
    return keyed()
