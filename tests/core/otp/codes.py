"""Codes as the tests ask for them and try them, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from threading import Barrier, Thread

from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Account
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.otp import service
from core.otp.models import Challenge, Purpose, WrongCodes
from core.otp.service import CodeRefused, CodeSent, Verdict, code_of
from core.secrets import Vault

TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HERE = "this browser"
WHO = Actor(name="visitor")


def sends(
    core: Core, account: Account, purpose: Purpose = Purpose.LINK, asker: str = HERE, known_as: str = ""
) -> CodeSent | CodeRefused:
    with core.transaction(WHO, Door.PAGE) as ctx:
        return service.send_code(ctx, account.id, purpose, asker, known_as=known_as)


def sent(core: Core, account: Account, purpose: Purpose = Purpose.LINK, asker: str = HERE, known_as: str = "") -> str:
    outcome = sends(core, account, purpose, asker, known_as)
    assert isinstance(outcome, CodeSent), outcome
    return outcome.challenge


def checks(core: Core, challenge: str, code: str, purpose: Purpose = Purpose.LINK, asker: str = HERE) -> Verdict:
    with core.transaction(WHO, Door.PAGE) as ctx:
        return service.verify(ctx, challenge, code, purpose, asker)


def right(core: Core, challenge: str, purpose: Purpose = Purpose.LINK, asker: str = HERE) -> Verdict:
    return checks(core, challenge, code_of(core.vault, challenge), purpose, asker)


def wrong(core: Core, challenge: str, purpose: Purpose = Purpose.LINK, asker: str = HERE) -> Verdict:
    return checks(core, challenge, wrong_code(core.vault, challenge), purpose, asker)


def spoil(core: Core, account: Account, clock: FixedClock, tries: int, asker: str = HERE) -> None:
    """Try wrong codes, three to a code; a day and an hour lie before each code, so that no limit of sending is met."""
    while tries:
        clock.move(timedelta(hours=25))
        challenge = sent(core, account, asker=asker)
        for _ in range(min(tries, 3)):
            tries -= 1
            wrong(core, challenge, asker=asker)


def wrong_code(vault: Vault, challenge: str) -> str:
    return f"{(int(code_of(vault, challenge)) + 1) % 10**8:08}"


def wrong_in_a_row(core: Core) -> int | None:
    with core.store.reading() as session:
        return session.scalar(select(WrongCodes.in_a_row))


def row(core: Core, challenge: str) -> Challenge:
    with core.store.reading() as session:
        return session.get_one(Challenge, challenge)


def at_once(acts: Iterable[Callable[[], Verdict]]) -> list[Verdict]:
    """Do these in as many threads, all released at the same moment."""
    waiting = list(acts)
    barrier = Barrier(len(waiting))
    outcomes: list[Verdict] = []

    def do(act: Callable[[], Verdict]) -> None:
        barrier.wait()
        outcomes.append(act())

    threads = [Thread(target=do, args=(act,)) for act in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
