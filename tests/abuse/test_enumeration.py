"""Who guesses accounts, addresses, case numbers or codes learns nothing: same words, same statements (A24).

Times are held to that by ``make bench``; here it is what the time is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from core.access import Actor
from core.accounts import passwords
from core.accounts.models import Account
from core.accounts.requests.service import send_address_code
from core.audit import Door
from core.context import Core
from core.dispatches.queries import case_of
from core.errors import NotFound
from core.otp.service import CodeSent
from core.policy import Policy
from tests.builders import a_case, a_dispatch, a_unit, an_account
from tests.core.otp.codes import right, sent, wrong
from tests.services import named

CHEAP = Policy(argon2_memory_kib=8, argon2_passes=1)


@contextmanager
def watched(core: Core) -> Iterator[list[str]]:
    """Give the statements that are made, as their text."""
    made: list[str] = []

    def note(*args: object) -> None:
        made.append(str(args[2]))

    event.listen(core.store.engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(core.store.engine, "before_cursor_execute", note)


def statements(core: Core, act: Callable[[], object]) -> list[str]:
    with watched(core) as made:
        act()
    return made


def looks_at(core: Core, actor: Actor, number: str) -> str:
    try:
        with core.transaction(actor, Door.CHAT) as ctx:
            case_of(ctx, number)
    except NotFound as error:
        return str(error)
    return ""


def test_a24_a_right_code_and_a_wrong_one_make_the_same_statements(core: Core) -> None:
    wrongs, rights = ([sent(core, an_account(core), asker=asker) for _ in range(2)] for asker in ("ann", "ben"))
    for challenge, check, asker in ((wrongs[0], wrong, "ann"), (rights[0], right, "ben")):
        check(core, challenge, asker=asker)  # the first of an asker begins their count
    of_wrong = statements(core, lambda: wrong(core, wrongs[1], asker="ann"))
    of_right = statements(core, lambda: right(core, rights[1], asker="ben"))
    assert of_wrong == of_right
    assert sum(each.startswith("UPDATE") for each in of_wrong) >= 4


def test_a24_another_units_case_is_answered_as_one_that_is_not_there(core: Core) -> None:
    case = a_case(core, number="WK00017")
    a_dispatch(core, a_unit(core, "別的學校"), case=case)
    actor = named(core, an_account(core))
    looks_at(core, actor, "WK00018")
    others = statements(core, lambda: looks_at(core, actor, "WK00017"))
    missing = statements(core, lambda: looks_at(core, actor, "WK99999"))
    assert others == missing
    assert looks_at(core, actor, "WK00017") == looks_at(core, actor, "WK99999") != ""


def test_a24_an_address_that_is_used_is_asked_for_in_the_same_words_and_statements(core_sqlite: Core) -> None:
    an_account(core_sqlite, email="used@example.gov.tw")

    def asks(account: Account, address: str) -> list[str]:
        actor = named(core_sqlite, account)
        with watched(core_sqlite) as made, core_sqlite.transaction(actor, Door.CHAT) as ctx:
            answer = send_address_code(ctx, address, "a chat")
        assert isinstance(answer, CodeSent)
        return [*made, answer.to_hint[1:]]

    first, second, third = (an_account(core_sqlite) for _ in range(3))
    asks(first, "warm@example.gov.tw")
    assert asks(second, "used@example.gov.tw") == asks(third, "unused@example.gov.tw")


def test_a24_a_code_nobody_has_is_refused_with_the_same_statements(core_sqlite: Core) -> None:
    known = an_account(core_sqlite, password_hash=passwords.hashed(CHEAP, "the right password"))
    signing_in = Core(core_sqlite.store, core_sqlite.vault, CHEAP, core_sqlite.clock)

    def tries(code: str) -> object:
        with signing_in.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
            return passwords.check_password(ctx, code, "a wrong password")

    assert tries(known.code) == tries("ZZ9999")
    of_known = statements(core_sqlite, lambda: tries(known.code))
    of_nobody = statements(core_sqlite, lambda: tries("ZZ9999"))
    assert [each.split()[0] for each in of_known] == [each.split()[0] for each in of_nobody]
