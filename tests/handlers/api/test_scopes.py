"""Every route of the machine interface has its row: which scope opens it, and nothing else does (A14, A62)."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.access import system
from core.accounts.models import Account
from core.accounts.sessions import begin
from core.audit import Door
from core.context import Core
from core.machines.models import Scope
from core.machines.service import revoke_key
from handlers.api.operations import Operation
from handlers.api.table import OPERATIONS
from handlers.desk import DeskSettings
from tests.builders import a_unit, an_account
from tests.handlers.api.conftest import CHECK, DISPATCH, PROBLEM, Caller, Keyed, audited, said

NOTICE = {"account": "AB1000", "kind": "account", "title": "補正通知", "text": "請補正。"}
CODE = {"account": "AB1000", "purpose": "main_system"}
ROWS: dict[str, tuple[Scope, str, str, object, int]] = {
    "ask_code": (Scope.OTP, "POST", "otp", CODE, 201),
    "check_code": (Scope.OTP, "POST", f"otp/{'a' * 43}/verify", {"code": "12345678"}, 200),
    "send_notice": (Scope.NOTICES, "POST", "notices", NOTICE, 202),
    "put_dispatch": (Scope.FACTS, "PUT", "dispatches/WK00017/S01/2026-03-04", DISPATCH, 201),
    "put_check": (Scope.FACTS, "PUT", "checks/C1150001", CHECK, 201),
    "list_duties": (Scope.DUTIES, "GET", "duties?unit=S01", None, 200),
}
OPEN = {"openapi", "docs", "static", "nowhere"}
"""What needs no key."""
OTHERS = [
    (name, scope) for name, (needed, *_) in ROWS.items() for scope in Scope if scope is not needed
]  # fmt: skip


@pytest.fixture
def account(core_sqlite: Core) -> Account:
    return an_account(core_sqlite, a_unit(core_sqlite, code="S01"), code="AB1000")


def does(caller: Caller, name: str) -> TestResponse:
    _, method, path, body, _ = ROWS[name]
    return caller.calls(method, path, body)


def test_every_route_has_its_row(app: Flask) -> None:
    endpoints = {rule.endpoint.removeprefix("api.") for rule in app.url_map.iter_rules()}
    assert endpoints == set(ROWS) | OPEN
    assert {each.about.name for each in OPERATIONS} == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_key_with_the_scope_gets_in(keyed: Keyed, account: Account, name: str) -> None:
    assert account.code == "AB1000"
    scope, *_, status = ROWS[name]
    assert does(keyed(scopes=[scope]), name).status_code == status


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.about.name)
def test_what_is_answered_is_what_the_document_says(caller: Caller, account: Account, operation: Operation) -> None:
    assert account.code == "AB1000"
    answer = does(caller, operation.about.name)
    _, models = operation.about.answers[answer.status_code]
    assert answer.mimetype == "application/json"
    assert any(set(said(answer)) == set(model.model_fields) and model.model_validate(said(answer)) for model in models)


@pytest.mark.parametrize(("name", "scope"), OTHERS)
def test_a_key_with_another_scope_does_not_and_that_is_audited(
    keyed: Keyed, core_sqlite: Core, name: str, scope: Scope
) -> None:
    answer = does(keyed(scopes=[scope]), name)
    assert (answer.status_code, answer.mimetype) == (403, PROBLEM)
    assert ROWS[name][0] in said(answer)["detail"]
    (row,) = audited(core_sqlite, "api.refused")
    operation, _, which = row.subject.partition(" ")
    assert (row.actor, row.door, operation) == ("api:main-system", Door.API, f"operation:{name}")
    assert ("=" in which) is name.startswith(("list_", "put_"))


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer nothing", "Basic {key}", "{key}", "Bearer {key}x"])
def test_without_a_key_nobody_gets_in(keyed: Keyed, name: str, header: str) -> None:
    caller = keyed()
    _, method, path, body, _ = ROWS[name]
    answer = caller.calls(method, path, body, Authorization=header.format(key=caller.key))
    assert (answer.status_code, answer.mimetype) == (401, PROBLEM)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_is_refused_at_the_next_call(keyed: Keyed, core_sqlite: Core, account: Account) -> None:
    assert account.code == "AB1000"
    caller = keyed()
    assert does(caller, "list_duties").status_code == 200
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        revoke_key(ctx, "main-system")
    assert does(caller, "list_duties").status_code == 401


def test_a14_a_user_id_in_the_address_or_the_body_proves_nothing(app: Flask, caller: Caller, account: Account) -> None:
    bare = Caller(app.test_client(), "")
    for path in (f"duties?unit=S01&account={account.code}", "duties?unit=S01&userId=U123&access_token=x"):
        assert bare.gets(path).status_code == 401
        assert caller.gets(path).status_code == 422
    assert bare.posts("notices", NOTICE | {"key": caller.key, "actor": account.code}).status_code == 401
    assert caller.posts("notices", NOTICE | {"actor": account.code}).status_code == 422


def test_a62_what_a_browser_keeps_means_nothing_here(app: Flask, core_sqlite: Core, account: Account) -> None:
    with core_sqlite.transaction(system("tests"), Door.DESK) as ctx:
        token = begin(ctx, account.id)
    browser = app.test_client()
    browser.set_cookie(DeskSettings(is_secure=False).cookie, token)
    browser.set_cookie("Authorization", "Bearer x")
    answer = browser.post("/api/v1/notices", json=NOTICE)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_no_answer_sets_a_cookie_or_lets_another_site_read(caller: Caller, account: Account) -> None:
    assert account.code == "AB1000"
    for name in ROWS:
        answer = does(caller, name)
        assert "Set-Cookie" not in answer.headers
        assert not [each for each, _ in answer.headers if each.startswith("Access-Control")]


def test_each_act_is_audited_under_the_name_of_the_key(caller: Caller, core_sqlite: Core, account: Account) -> None:
    for name in ROWS:
        does(caller, name)
    for act in ("otp.asked", "otp.sent", "pass_on", "put_dispatch", "put_check", "show_duties"):
        assert {(row.actor, row.door) for row in audited(core_sqlite, act)} == {("api:main-system", Door.API)}, act
    assert audited(core_sqlite, "pass_on")[0].subject == f"account:{account.id}"


@pytest.mark.parametrize(("method", "path", "allowed"), [("GET", "otp", "POST"), ("DELETE", "checks/C1", "PUT"),
                                                         ("POST", "duties", "GET, HEAD"), ("TRACE", "notices", "POST"),
                                                         ("OPTIONS", "otp", "POST")])  # fmt: skip
def test_another_method_is_told_which_there_are(caller: Caller, method: str, path: str, allowed: str) -> None:
    answer = caller.calls(method, path)
    assert (answer.status_code, answer.mimetype, answer.headers["Allow"]) == (405, PROBLEM, allowed)


@pytest.mark.parametrize("path", ["nothing", "otp/", "checks/", "dispatches/WK00017", "static/nothing.css", "duties/1"])
def test_an_address_that_is_none_is_a_problem_too(caller: Caller, path: str) -> None:
    answer = caller.gets(path)
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
