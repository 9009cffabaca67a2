from __future__ import annotations

import pytest
from sqlalchemy import select, text

from core.access import Action, Actor, Units, system
from core.audit import AuditRow, Door
from core.clock import FixedClock
from core.context import Core
from core.errors import InvalidInput, NotAllowed
from core.machines.models import ApiKey, Scope
from core.machines.queries import list_keys
from core.machines.service import TooFast, create_key, enter, revoke_key
from core.policy import Policy
from tests.core.machines.conftest import VISITOR, a_key, holder

OPENED = {
    Scope.OTP: {Action.ASK_CODES},
    Scope.NOTICES: {Action.SEND_NOTICES},
    Scope.FACTS: {Action.IMPORT},
    Scope.DUTIES: {Action.SEE_DUTIES, Action.SEE_DISPATCHES, Action.SEE_CHECKS},
}


@pytest.fixture
def policy() -> Policy:
    return Policy(api_calls_a_minute=60, api_calls_at_once=2)


def revoke(core: Core, name: str) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        revoke_key(ctx, name)


def shown(core: Core, text_of_key: str) -> Actor | TooFast | None:
    with core.transaction(VISITOR, Door.API) as ctx:
        return enter(ctx, text_of_key)


@pytest.mark.parametrize("scope", Scope)
def test_a_key_opens_what_its_scope_says_and_nothing_else(scope: Scope) -> None:
    who = Actor(name="api:x", units=Units(everything=True), key_id=1, scopes=frozenset({scope}))
    assert {action for action in Action if who.may(action)} == OPENED[scope]


def test_no_person_may_do_what_is_for_keys() -> None:
    with_account = Actor(name="AB1234", account_id=1)
    assert not with_account.may(Action.ASK_CODES)
    assert not with_account.may(Action.SEND_NOTICES)


def test_a_key_acts_under_its_name_with_its_scopes(core: Core) -> None:
    who = holder(core, a_key(core, "main-system", [Scope.OTP, Scope.FACTS]))
    assert (who.name, who.scopes, who.is_system) == ("api:main-system", frozenset({Scope.OTP, Scope.FACTS}), False)


def test_the_key_itself_is_nowhere_in_the_database(core_sqlite: Core) -> None:
    key = a_key(core_sqlite)
    holder(core_sqlite, key)
    with core_sqlite.store.reading() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        everything = str([session.execute(text(f"SELECT * FROM {name}")).all() for name in tables])  # noqa: S608 (our own tables)
    assert "main-system" in everything
    assert key.text not in everything
    assert key.text.removeprefix("fd_") not in everything


def test_a_revoked_key_opens_nothing_and_its_name_may_be_given_again(core: Core) -> None:
    old = a_key(core)
    revoke(core, "main-system")
    assert shown(core, old.text) is None
    new = a_key(core)
    assert isinstance(shown(core, new.text), Actor)
    assert shown(core, old.text) is None


@pytest.mark.parametrize("wrong", ["", "fd_", "nothing", "金鑰", "fd_" + "x" * 5000])
def test_what_is_no_key_opens_nothing(core_sqlite: Core, wrong: str) -> None:
    a_key(core_sqlite)
    assert shown(core_sqlite, wrong) is None


def test_each_use_is_noted(core: Core, clock: FixedClock) -> None:
    key = a_key(core)
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        assert list_keys(ctx)[0].last_used_at is None
    holder(core, key)
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        (row,) = list_keys(ctx)
    assert (row.name, row.last_used_at, row.revoked_at) == ("main-system", clock.now(), None)


def test_a_key_that_calls_too_fast_is_told_when_it_will_be_heard_and_others_are_heard(
    core: Core, clock: FixedClock
) -> None:
    fast, other = a_key(core, "fast"), a_key(core, "other")
    assert [type(shown(core, fast.text)) for _ in range(3)] == [Actor, Actor, TooFast]
    refused = shown(core, fast.text)
    assert isinstance(refused, TooFast)
    assert isinstance(shown(core, other.text), Actor)
    clock.move(refused.until - clock.now())
    assert isinstance(shown(core, fast.text), Actor)


@pytest.mark.parametrize(("name", "scopes", "field"), [("Main", [Scope.OTP], "NAME"), ("ok", [], "--scope"),
                                                       ("taken", [Scope.OTP], "NAME")])  # fmt: skip
def test_a_key_has_a_name_of_its_own_and_a_scope(core_sqlite: Core, name: str, scopes: list[Scope], field: str) -> None:
    a_key(core_sqlite, "taken")
    with pytest.raises(InvalidInput) as refused:
        a_key(core_sqlite, name, scopes)
    assert refused.value.field == field


def test_only_a_live_key_is_revoked(core_sqlite: Core) -> None:
    a_key(core_sqlite)
    revoke(core_sqlite, "main-system")
    with pytest.raises(InvalidInput):
        revoke(core_sqlite, "main-system")


def test_making_and_revoking_is_audited(core_sqlite: Core) -> None:
    a_key(core_sqlite)
    revoke(core_sqlite, "main-system")
    with core_sqlite.store.reading() as session:
        acts = session.execute(select(AuditRow.act, AuditRow.subject)).all()
    assert [tuple(each) for each in acts] == [
        ("create_key", "api_key:main-system"),
        ("revoke_key", "api_key:main-system"),
    ]


def test_a_key_makes_no_keys(core_sqlite: Core) -> None:
    who = holder(core_sqlite, a_key(core_sqlite))
    with core_sqlite.transaction(who, Door.API) as ctx, pytest.raises(NotAllowed):
        create_key(ctx, "another", frozenset(Scope))
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(ApiKey.name)).all() == ["main-system"]
