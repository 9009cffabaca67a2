"""The old mailbox's page: opening it changes nothing, its button stops the change, an altered link does not (A25)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from core.access import system
from core.accounts.models import Account
from core.accounts.requests.asked import Asked
from core.accounts.requests.models import AccountRequest, RequestKind, RequestState
from core.accounts.requests.stopping import stop_path, warn_old_address
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from tests.handlers.pages.conftest import Browser


@pytest.fixture
def number(core_sqlite: Core, account: Account) -> int:
    """A change of address that was asked for just now."""
    with core_sqlite.transaction(system("tests"), Door.CHAT) as ctx:
        owner = ctx.session.get_one(Account, account.id)
        asked = Asked(address="brandnew@ntpc.gov.tw", old_address="ak1551@ntpc.gov.tw")
        row = AccountRequest(
            account=owner,
            kind=RequestKind.EMAIL,
            state=RequestState.FILED,
            asked=ctx.vault.seal(asked.to_json()),
            filed_at=ctx.now,
            about="",
            decided_by="",
        )
        ctx.session.add(row)
        ctx.session.flush()
        warn_old_address(ctx, row, owner.email)
        return row.id


def state_of(core: Core, number: int) -> RequestState:
    with core.store.reading() as session:
        return session.get_one(AccountRequest, number).state


def test_opening_shows_what_changes_and_changes_nothing(core_sqlite: Core, browser: Browser, number: int) -> None:
    page = browser.opens(stop_path(core_sqlite.vault, number))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    for shown in ("b***@ntpc.gov.tw", "115/03/05 10:00"):
        assert shown in browser.text
    assert "brandnew" not in browser.text
    assert state_of(core_sqlite, number) is RequestState.FILED


def test_the_button_stops_the_change_once(core_sqlite: Core, browser: Browser, number: int) -> None:
    path = stop_path(core_sqlite.vault, number)
    browser.opens(path)
    browser.sends()
    assert "已攔下信箱變更" in browser.text
    assert state_of(core_sqlite, number) is RequestState.STOPPED
    assert browser.opens(path).status_code == 410


def test_a_link_that_is_over_or_altered_is_refused_alike(
    core_sqlite: Core, browser: Browser, number: int, clock: FixedClock
) -> None:
    path = stop_path(core_sqlite.vault, number)
    other = path.replace(f"/{number}/", f"/{number + 1}/")
    assert [browser.opens(each).status_code for each in (path[:-1] + "x", other)] == [410, 410]
    altered = browser.text
    clock.move(timedelta(hours=24))
    assert browser.opens(path).status_code == 410
    assert browser.text == altered
    assert browser.opens(f"/p/email-stop/{10**30}/x").status_code == 410


def test_a62_a_form_from_elsewhere_stops_nothing(core_sqlite: Core, browser: Browser, number: int) -> None:
    client: FlaskClient = browser.client
    assert client.post(stop_path(core_sqlite.vault, number)).status_code == 400
    assert state_of(core_sqlite, number) is RequestState.FILED
