"""A20: a stranger who locks an account locks out strangers; known browsers and the bound phone have their own count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event, select

from core.access import Actor, system
from core.accounts.identity import askers
from core.accounts.identity.askers import Asker
from core.accounts.identity.models import KnownAsker
from core.accounts.links import unbind
from core.accounts.models import Account, BindingEnd
from core.accounts.passwords import Refused, SignedIn, check_password
from core.accounts.service import disable_account, set_password
from core.audit import Door
from core.clock import FixedClock
from core.context import Context, Core
from tests.builders import an_account, bind

RIGHT, WRONG, NOBODY = "correct horse battery", "wrong horse battery", "ZZ0000"
HALF_AN_HOUR, HALF_A_YEAR = timedelta(minutes=30), timedelta(days=180)
TICK = timedelta(microseconds=1)
VISITOR = Actor(name="visitor")


def tries(core: Core, code: str, password: str, asker: Asker | None = None) -> SignedIn | Refused:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        return check_password(ctx, code, password, asker or Asker())


def remembers(core: Core, account: Account, browser: str = "") -> str:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        return askers.remember(ctx, account.id, browser)


def locks(core: Core, account: Account, asker: Asker | None = None) -> None:
    for _ in range(3):
        tries(core, account.code, WRONG, asker)


def stored(core: Core) -> list[KnownAsker]:
    with core.store.reading() as session:
        return list(session.scalars(select(KnownAsker).order_by(KnownAsker.id)))


@pytest.fixture
def account(core: Core) -> Account:
    made = an_account(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, made.code, RIGHT)
    return made


@pytest.fixture
def home(core: Core, account: Account) -> Asker:
    """The browser the owner signs in with every day."""
    return Asker(remembers(core, account))


def test_a20_a_strangers_lock_does_not_hold_in_a_browser_the_account_knows(
    core: Core, account: Account, home: Asker
) -> None:
    locks(core, account)
    assert isinstance(tries(core, account.code, RIGHT), Refused)
    assert tries(core, account.code, RIGHT, home) == SignedIn(account.id)
    assert isinstance(tries(core, account.code, RIGHT), Refused)


def test_a20_a_strangers_lock_does_not_hold_on_the_page_opened_from_the_bound_phone(
    core: Core, account: Account
) -> None:
    bound = bind(core, account)
    locks(core, account)
    assert tries(core, account.code, RIGHT, Asker(person=bound.person)) == SignedIn(account.id)
    assert isinstance(tries(core, account.code, RIGHT, Asker(person="mallory")), Refused)


def test_acc_2_three_wrong_ones_lock_a_known_browser_for_half_an_hour_too(
    core: Core, account: Account, home: Asker, clock: FixedClock
) -> None:
    locks(core, account, home)
    clock.move(HALF_AN_HOUR - TICK)
    refused = tries(core, account.code, RIGHT, home)
    assert isinstance(refused, Refused)
    assert refused.locked_until == clock.now() + TICK
    clock.move(TICK)
    assert tries(core, account.code, RIGHT, home) == SignedIn(account.id)


def test_acc_2_three_wrong_ones_lock_the_bound_phone_for_half_an_hour_too(
    core: Core, account: Account, clock: FixedClock
) -> None:
    phone = Asker(person=bind(core, account).person)
    locks(core, account, phone)
    assert isinstance(tries(core, account.code, RIGHT, phone), Refused)
    clock.move(HALF_AN_HOUR)
    assert tries(core, account.code, RIGHT, phone) == SignedIn(account.id)


def test_acc_2_strangers_share_one_count_whatever_cookies_they_bring(core: Core, account: Account) -> None:
    for guess in ("", "made up", "another"):
        tries(core, account.code, WRONG, Asker(guess))
    assert isinstance(tries(core, account.code, RIGHT, Asker("fresh")), Refused)


def test_a_browser_is_known_to_the_accounts_that_were_signed_in_with_it_only(core: Core, home: Asker) -> None:
    other = an_account(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, other.code, RIGHT)
    locks(core, other)
    assert isinstance(tries(core, other.code, RIGHT, home), Refused)


def test_a62_each_sign_in_gives_the_browser_a_new_token_and_the_old_one_is_worth_nothing(
    core: Core, account: Account, home: Asker
) -> None:
    newer = Asker(remembers(core, account, home.browser))
    locks(core, account)
    assert newer != home
    assert isinstance(tries(core, account.code, RIGHT, home), Refused)
    assert tries(core, account.code, RIGHT, newer) == SignedIn(account.id)
    assert len(stored(core)) == 1


def test_two_colleagues_at_one_computer_are_both_known_there(core: Core, account: Account, home: Asker) -> None:
    colleague = an_account(core)
    shared = remembers(core, colleague, home.browser)
    locks(core, account)
    assert tries(core, account.code, RIGHT, Asker(shared)) == SignedIn(account.id)
    assert {row.account_id for row in stored(core)} == {account.id, colleague.id}


@pytest.mark.parametrize(
    "act",
    [
        lambda ctx, account: set_password(ctx, account.code, RIGHT),
        lambda ctx, account: disable_account(ctx, account.code),
        lambda ctx, account: unbind(ctx, account.id, BindingEnd.BY_STAFF),
    ],
    ids=["password", "disabled", "unbound"],
)
def test_a27_what_ends_all_sessions_makes_all_browsers_strangers(
    core: Core, account: Account, home: Asker, act: Callable[[Context, Account], object]
) -> None:
    bind(core, account)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        act(ctx, account)
    assert home.browser
    assert stored(core) == []


@pytest.mark.parametrize(("age", "kept"), [(HALF_A_YEAR, 2), (HALF_A_YEAR + TICK, 1)])
def test_a_browser_not_used_for_half_a_year_is_forgotten(
    core: Core, home: Asker, *, clock: FixedClock, age: timedelta, kept: int
) -> None:
    assert home.browser
    clock.move(age)
    remembers(core, an_account(core))
    assert len(stored(core)) == kept


def test_no_token_is_stored_as_it_is(core: Core, account: Account, home: Asker) -> None:
    (row,) = stored(core)
    assert row.account_id == account.id
    assert row.asker_key != home.browser


def work(core: Core, act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """Return the kinds of statements an act makes, and how many passwords it compares."""
    statements, compared = [], []
    verify = PasswordHasher.verify

    def watch(hasher: PasswordHasher, stored: str, password: str) -> bool:
        compared.append(stored)
        return verify(hasher, stored, password)

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement.split(maxsplit=1)[0])

    event.listen(core.store.engine, "before_cursor_execute", note)
    with monkeypatch.context() as patched:
        patched.setattr(PasswordHasher, "verify", watch)
        act()
    event.remove(core.store.engine, "before_cursor_execute", note)
    return statements, len(compared)


@pytest.mark.parametrize("earlier", [0, 1, 2, 3])
def test_a24_a_wrong_password_costs_the_same_work_whether_or_not_the_account_exists(
    core: Core, account: Account, monkeypatch: pytest.MonkeyPatch, earlier: int
) -> None:
    codes = (account.code, NOBODY)
    for code in codes * earlier:
        tries(core, code, WRONG)
    known, unknown = (work(core, lambda code=code: tries(core, code, WRONG), monkeypatch) for code in codes)  # type: ignore[misc]
    assert known == unknown
    assert known[1] == (earlier < 3)
