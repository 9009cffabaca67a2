"""Every route of the desk has its row: who may, who may not, and that nobody gets in unsigned (A28)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from core.accounts.models import Role
from core.audit import AuditRow, verify
from core.context import Core
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.test_sign_in import csrf
from tests.handlers.pages.conftest import Browser

EVERYBODY = frozenset(Role)
OVER_UNITS = frozenset({Role.SUPERVISOR, Role.CONTACT, Role.CENTER})
CASEWORK = frozenset({Role.CASEWORKER, *OVER_UNITS})
ACCOUNTS = frozenset({Role.HELPDESK, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
NOBODY: frozenset[Role] = frozenset()

MATRIX = {
    "overview": EVERYBODY,
    "duties": CASEWORK,
    "working": CASEWORK,
    "dispatches": CASEWORK,
    "checks": CASEWORK,
    "light": CASEWORK,
    "check_bucket": CASEWORK,
    "accounts": ACCOUNTS,
    "account": ACCOUNTS,
    "unbind_account": ACCOUNTS,
    "reopen_codes": ACCOUNTS,
    "units": ACCOUNTS,
    "unit": ACCOUNTS,
    **dict.fromkeys(("account_audit", "disable_account", "succession", "change_caseworker"), ADMINS),
    **dict.fromkeys(("registrations", "registration", "decide_registration"), ADMINS),
    **dict.fromkeys(("calendar", "amend_calendar"), ADMINS),
    "messages": ACCOUNTS,
    "message_list": ACCOUNTS,
    **dict.fromkeys(("release_messages", "dismiss_messages"), ADMINS),
    "requests": ACCOUNTS,
    "request": ACCOUNTS,
    "approve_request": ACCOUNTS,
    "refuse_request": ACCOUNTS,
    **dict.fromkeys(("watch", "renew"), EVERYBODY),
    **dict.fromkeys(("chart", "watch_due", "watch_late", "export", "take_out"), CASEWORK),
    **dict.fromkeys(("watch_asked", "watch_messages"), ACCOUNTS),
    **dict.fromkeys(("reviews", "review_next"), frozenset({Role.SUPERVISOR})),
    "nowhere": NOBODY,  # signed in, one is told that there is nothing
}
ONE_ACCOUNT = [
    *("account", "account_audit", "disable_account", "unbind_account", "reopen_codes"),
    *("succession", "change_caseworker"),
]
HELP_LISTS = ("help", "help_part", "help_news", "help_on_duty", "help_canned", "help_save_canned")
HELP_ACTS = ("look", "draft", "fill", "note", "take", "assign", "share", "answer", "solve", "reopen")
HELP_PAGES = ("help_thread", "help_thread_part", "help_thread_news", *(f"help_{each}" for each in HELP_ACTS))
HELP = {
    **dict.fromkeys((*HELP_LISTS, *HELP_PAGES), ACCOUNTS),
    **dict.fromkeys(("help_save_canned", "help_delete_canned"), ADMINS),  # the lead, where nobody else leads
}
"""The helpdesk's rows, in an order in which one after the other can be asked for."""
REVIEWS = [
    *("review_reply", "review_approve_reply", "review_return_reply", "review_closure", "review_approve_closure"),
    *("review_return_closure", "review_check", "review_return_check"),
]
BRINGS = [
    *("bring", "bring_list", "bring_template", "bring_preview", "bring_confirm", "bring_drop"),
    *("bring_dispatch", "bring_dispatch_check", "bring_dispatch_put"),
]
WITH_ROWS_OF_THEIR_OWN = {"help_file", *REVIEWS, *BRINGS}
"""Routes that need more than a place has: ``test_help_files.py``, ``test_review_access.py`` and ``test_bringing.py``
ask for them.
"""
SHOWN_FIRST = {"amend_calendar"}
"""What is only done as it was shown: asked for unseen, it is shown."""
BEFORE_THE_GATE = {"sign_in", "check_password", "signed_on", "code", "check_code", "resend_code", "sign_out", "static"}
"""Routes for who is not signed in, or no longer."""


def routes(app: Flask) -> dict[str, Rule]:
    rules = app.url_map.iter_rules()
    return {rule.endpoint.removeprefix("desk."): rule for rule in rules if rule.endpoint.startswith("desk.")}


def address(app: Flask, place: Place, name: str, role: Role | None = None) -> str:
    asked = {"number": str(place.email_change if role is Role.HELPDESK else place.extension)}
    registration = {"number": str(place.registration)}
    named: dict[str, dict[str, Any]] = {
        "working": {"duty_id": str(place.late.id)},
        "dispatches": {"bucket": "late"},
        "checks": {"bucket": "waiting"},
        "light": {"number": place.late_case},
        "check_bucket": {"number": place.check_number},
        **dict.fromkeys(("request", "approve_request", "refuse_request"), asked),
        **{each: {"code": place.asker.code} for each in ONE_ACCOUNT},
        "unit": {"unit_id": str(place.school.id)},
        "message_list": {"fate": "failed"},
        "chart": {"name": "weeks"},
        "watch_due": {"first": "2026-03-04"},
        "watch_late": {"first": "2026-02-01", "last": "2026-02-28"},
        "watch_messages": {"day": "2026-03-04", "fate": "failed"},
        "export": {"which": "duties"},
        "take_out": {"which": "duties"},
        "registration": registration,
        "decide_registration": registration,
        "nowhere": {"anything": "no/such/page"},
        **{each: {"number": str(place.help)} for each in HELP_PAGES},
        "help_delete_canned": {"number": str(place.canned)},
    }
    with app.test_request_context():
        return app.url_for(f"desk.{name}", **named.get(name, {}))


def asks(browser: Browser, app: Flask, place: Place, name: str, role: Role) -> int:
    path = address(app, place, name, role)
    if "POST" not in (routes(app)[name].methods or ()):
        return browser.opens(path).status_code
    browser.opens("/desk/")
    return browser.client.post(path, data=csrf(browser) | filled(place)).status_code


def filled(place: Place) -> dict[str, str]:
    """What every form of the desk needs, in one."""
    of_help = {"text": "請清除 Cookie。", "note": "等廠商", "seen": "999", "agent": "nobody", "title": "新的"}
    canned = {"canned": str(place.canned)}
    of_days = {"day": "2026-03-05", "status": "off"}
    return {"reason": "請補件", "to": place.successor.code, "p90097": "approve"} | of_days | of_help | canned


def test_every_route_has_its_row(app: Flask) -> None:
    assert set(routes(app)) == set(MATRIX) | set(HELP) | WITH_ROWS_OF_THEIR_OWN | BEFORE_THE_GATE


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", MATRIX)
def test_a28_each_role_reaches_what_is_theirs_and_nothing_else(
    app: Flask, place: Place, seated: Callable[[Role], Browser], role: Role, name: str
) -> None:
    status = asks(seated(role), app, place, name, role)
    if role in MATRIX[name]:
        assert status in ((409,) if name in SHOWN_FIRST else (200, 303))
    else:
        assert status == (404 if name == "nowhere" else 403)


@pytest.mark.parametrize("role", Role)
def test_each_role_reaches_of_the_helpdesk_what_is_theirs_and_nothing_else(
    app: Flask, place: Place, seated: Callable[[Role], Browser], role: Role
) -> None:
    browser = seated(role)
    for name, whose in HELP.items():
        status = asks(browser, app, place, name, role)
        assert (name, status in (200, 204, 303), status == 403) == (name, role in whose, role not in whose)


def test_nobody_gets_into_the_helpdesk_unsigned(app: Flask, visitor: Browser, place: Place) -> None:
    for name in HELP:
        assert answers_unsigned(app, visitor, place, name) == (303, "/desk/sign-in")


@pytest.mark.parametrize("name", MATRIX)
def test_nobody_gets_in_unsigned(app: Flask, visitor: Browser, place: Place, name: str) -> None:
    assert answers_unsigned(app, visitor, place, name) == (303, "/desk/sign-in")


def answers_unsigned(app: Flask, visitor: Browser, place: Place, name: str) -> tuple[int, str | None]:
    path = address(app, place, name)
    visitor.opens("/desk/sign-in")
    is_form = "POST" in (routes(app)[name].methods or ())
    answer = visitor.client.post(path, data=csrf(visitor)) if is_form else visitor.client.get(path)
    return answer.status_code, answer.location


@pytest.mark.parametrize("role", sorted(CASEWORK - {Role.CENTER}))
def test_a28_anothers_is_as_if_it_did_not_exist(
    place: Place, seated: Callable[[Role], Browser], core_sqlite: Core, role: Role
) -> None:
    browser = seated(role)
    not_there = browser.opens("/desk/duties/987654").get_data(as_text=True).replace("987654", "")
    for path in (
        f"/desk/duties/{place.others_late.id}",
        f"/desk/duties?unit={place.other_centre.id}",
        f"/desk/duties?bureau={place.other_bureau.id}",
    ):
        assert browser.opens(path).status_code == 404
    theirs = browser.opens(f"/desk/duties/{place.others_late.id}").get_data(as_text=True)
    assert without_token(theirs.replace(f"duties/{place.others_late.id}", "duties/")) == without_token(not_there)
    with core_sqlite.store.reading() as session:
        noted = session.scalars(select(AuditRow.subject).where(AuditRow.act == "desk.refused")).all()
        assert verify(session, core_sqlite.vault) is None
    working = f"page:desk.working duty_id={place.others_late.id}"
    assert [each for each in noted if "working" in each] == ["page:desk.working duty_id=987654", working, working]
    assert f"page:desk.duties unit={place.other_centre.id}" in noted
    assert f"page:desk.duties bureau={place.other_bureau.id}" in noted


def test_the_center_sees_what_is_owed_everywhere(place: Place, seated: Callable[[Role], Browser]) -> None:
    assert seated(Role.CENTER).opens(f"/desk/duties/{place.others_late.id}").status_code == 200


@pytest.mark.parametrize("path", ["duties?unit=x", "duties?unit=-1", f"duties/{2**31}", f"duties?unit={2**31}",
                                  f"duties?bureau={10**30}", "dispatches/none", "checks/none", "duties/x"])  # fmt: skip
def test_an_address_nobody_wrote_is_answered_kindly(seated: Callable[[Role], Browser], path: str) -> None:
    browser = seated(Role.CENTER)
    assert browser.opens(f"/desk/{path}").status_code == 404
    assert "找不到" in browser.text
    assert "回到總覽" in browser.text


def without_token(html: str) -> str:
    before, mark, rest = html.partition('name="csrf_token" value="')
    return before + without_token(rest.partition('"')[2]) if mark else html
