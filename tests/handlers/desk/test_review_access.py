"""Who reaches 審核: who reviews, by permission or by role, and nobody else (ACC-10, A28)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from core.accounts.models import Permission, Role
from core.context import Core
from tests.builders import an_account
from tests.handlers.desk.conftest import SETTINGS, Place, session_of
from tests.handlers.desk.reviewed import Sender, a_sender
from tests.handlers.desk.test_access import REVIEWS, routes
from tests.handlers.desk.test_sign_in import csrf
from tests.handlers.pages.conftest import Browser

MENU_ENTRY = 'href="/desk/reviews"'


@pytest.fixture
def sender(core_sqlite: Core, place: Place) -> Sender:
    return a_sender(core_sqlite, place)


def ways(app: Flask, sender: Sender) -> dict[str, str]:
    """Return the address of each page of one form, of forms that wait."""
    number = {"reply": sender.reply(), "closure": sender.closure(), "check": sender.check()}
    with app.test_request_context():
        return {name: app.url_for(f"desk.{name}", number=number[name.rpartition("_")[2]]) for name in sorted(REVIEWS)}


def asks(app: Flask, browser: Browser, name: str, path: str) -> int:
    browser.opens("/desk/")
    if "POST" in (routes(app)[name].methods or ()):
        return browser.client.post(path, data=csrf(browser) | {"reason": "請補件"}).status_code
    return browser.client.get(path).status_code


@pytest.mark.parametrize("role", Role)
def test_a28_who_does_not_review_reaches_nothing_of_it(
    app: Flask, sender: Sender, seated: Callable[[Role], Browser], role: Role
) -> None:
    browser, found = seated(role), ways(app, sender)
    reviews = role is Role.SUPERVISOR
    browser.opens("/desk/")
    assert (MENU_ENTRY in browser.text) is reviews
    for name, path in found.items():
        assert (name, asks(app, browser, name, path) == 403) == (name, not reviews)


def test_nobody_gets_in_unsigned(app: Flask, visitor: Browser, sender: Sender) -> None:
    for name, path in ways(app, sender).items():
        visitor.opens("/desk/sign-in")
        is_form = "POST" in (routes(app)[name].methods or ())
        answer = visitor.client.post(path, data=csrf(visitor)) if is_form else visitor.client.get(path)
        assert (name, answer.status_code, answer.location) == (name, 303, "/desk/sign-in")


ALL = frozenset({"replies", "closures", "checks"})
SEEN = [
    (Role.SUPERVISOR, (Permission.SUPERVISOR,), ALL),
    (Role.SUPERVISOR, (Permission.MEAL_CHECKS,), frozenset({"checks"})),
    (Role.CONTACT, (Permission.CONTACT, Permission.SUPERVISOR), ALL - {"checks"}),
]


@pytest.mark.parametrize("seen", SEEN)
def test_each_sees_the_kinds_they_decide(
    core_sqlite: Core, app: Flask, place: Place, seen: tuple[Role, tuple[Permission, ...], frozenset[str]]
) -> None:
    role, held, kinds = seen
    client = app.test_client()
    account = an_account(core_sqlite, place.bureau, role=role, permissions=held)
    client.set_cookie(SETTINGS.cookie, session_of(core_sqlite, account))
    browser = Browser(client)
    browser.opens("/desk/reviews")
    assert {each for each in ALL if f"of={each}" in browser.text} == kinds
    for each in ALL:
        assert browser.opens(f"/desk/reviews?of={each}").status_code == (200 if each in kinds else 403)
        assert browser.opens(f"/desk/reviews/next?of={each}").status_code == (303 if each in kinds else 403)
    assert browser.opens("/desk/reviews?of=none").status_code == 404
