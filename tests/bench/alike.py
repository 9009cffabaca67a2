"""What is there against what is not: neither time may tell somebody who guesses (A24); 1,000 pairs each.

The hashing of passwords is made cheap here: both sides do it alike, and it would only hide what else differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from statistics import median

from sqlalchemy import delete, update

from core.access import Actor
from core.accounts import passwords
from core.accounts.models import Account, UnknownSignIn
from core.accounts.requests.service import send_address_code
from core.accounts.setup import offer_setup
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.dispatches.queries import case_of
from core.errors import NotFound
from core.policy import Policy
from tests.bench.figures import Figure, seconds
from tests.bench.filling import NOW, a_core
from tests.builders import a_case, a_dispatch, a_unit, an_account
from tests.services import named

PAIRS = 1_000
MOST_MS = 5.0
VISITOR = Actor(name="visitor")
CHEAP = Policy(argon2_memory_kib=64, argon2_passes=1)
LATE = date(2099, 12, 31)


def figures(store: Store, _many: Store) -> Iterator[Figure]:
    """Yield how many milliseconds the medians lie apart."""
    clock = FixedClock(NOW)
    core = replace(a_core(store), policy=CHEAP, clock=clock)
    kind = core.store.url.get_backend_name()
    yield _apart(f"{kind}: sign-in, account known / unknown", *_sign_ins(core))
    yield _apart(f"{kind}: first password, account known / unknown", *_first_passwords(core, clock))
    yield _apart(f"{kind}: new address, used / unused", *_addresses(core, clock))
    yield _apart(f"{kind}: case, another unit's / not there", *_cases(core))


def _apart(name: str, there: Callable[[], float], missing: Callable[[], float]) -> Figure:
    times = [(there(), missing()) for _ in range(PAIRS)]
    mine, theirs = (median(each) * 1000 for each in zip(*times, strict=True))
    return Figure(f"{name}, ms apart", abs(mine - theirs), f"{mine:.1f} ms against {theirs:.1f} ms", MOST_MS)


def _sign_ins(core: Core) -> tuple[Callable[[], float], Callable[[], float]]:
    known = an_account(core, password_hash=passwords.hashed(CHEAP, "the right password"))

    def tries(code: str) -> float:
        _forget(core)
        return seconds(lambda: _signs_in(core, code))

    return lambda: tries(known.code), lambda: tries("ZZ9999")


def _signs_in(core: Core, code: str) -> None:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        passwords.check_password(ctx, code, "a wrong password")


def _forget(core: Core) -> None:
    """Take every lock off, so that it is never a lock that is timed."""
    with core.store.transaction() as session:
        session.execute(update(Account).values(wrong_passwords=0, locked_until=None))
        session.execute(delete(UnknownSignIn))


def _first_passwords(core: Core, clock: FixedClock) -> tuple[Callable[[], float], Callable[[], float]]:
    known = an_account(core, ends_on=LATE)

    def asks(code: str) -> float:
        clock.move(timedelta(hours=2))
        return seconds(lambda: _asks_for_setup(core, code))

    return lambda: asks(known.code), lambda: asks("ZZ9999")


def _asks_for_setup(core: Core, code: str) -> None:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        offer_setup(ctx, code, "a browser")


def _addresses(core: Core, clock: FixedClock) -> tuple[Callable[[], float], Callable[[], float]]:
    an_account(core, email="used@example.gov.tw")
    asking, other = an_account(core, ends_on=LATE), an_account(core, ends_on=LATE)
    fresh = count()

    def asks(account: Account, address: str) -> float:
        clock.move(timedelta(hours=2))
        return seconds(lambda: _asks_for_address(core, account, address))

    return (
        lambda: asks(asking, "used@example.gov.tw"),
        lambda: asks(other, f"new{next(fresh)}@example.gov.tw"),
    )


def _asks_for_address(core: Core, account: Account, address: str) -> None:
    with core.transaction(named(core, account), Door.CHAT) as ctx:
        send_address_code(ctx, address, "a chat")


def _cases(core: Core) -> tuple[Callable[[], float], Callable[[], float]]:
    others = a_case(core, number="WK00017")
    a_dispatch(core, a_unit(core, "別的學校"), case=others)
    actor = named(core, an_account(core, ends_on=LATE))

    def asks(number: str) -> float:
        return seconds(lambda: _looks_at(core, actor, number))

    return lambda: asks("WK00017"), lambda: asks("WK99999")


def _looks_at(core: Core, actor: Actor, number: str) -> None:
    with core.reading(actor, Door.CHAT) as ctx, suppress(NotFound):
        case_of(ctx, number)
