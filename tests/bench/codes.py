"""Checking a one-time password right against wrong: time must not tell which it was (2,000 tries)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from core.access import Actor
from core.accounts.models import CodeChannel
from core.audit import Door
from core.context import Core
from core.database import Store
from core.otp import service
from core.otp.counting import asker_key
from core.otp.models import Challenge, Purpose
from core.otp.service import CodeRight, CodeWrong, code_of
from core.policy import Policy
from tests.bench.figures import Figure, ratio_of
from tests.bench.filling import NOW, a_core, fill
from tests.builders import an_account

PAIRS = 1_000
LEAST, MOST = 0.95, 1.05
HERE = "a browser"
VISITOR = Actor(name="visitor")
PATIENT = Policy(otp_asker_wrong=10 * PAIRS, otp_alarm_wrong=10 * PAIRS)  # waiting is not what is timed here


def figures(store: Store, _many: Store) -> Iterator[Figure]:
    """Yield the ratio of a right code's time to a wrong one's; one follows the other, so both meet the same tables."""
    core = replace(a_core(store), policy=PATIENT)
    account = an_account(core)
    fill(core, Challenge, _challenges(core, account.id))
    name = f"{core.store.url.get_backend_name()}: {2 * PAIRS:,} codes, right / wrong"
    right = _tries(core, range(0, 2 * PAIRS, 2), shift=0)
    wrong = _tries(core, range(1, 2 * PAIRS, 2), shift=1)
    yield ratio_of(name, right, wrong, rounds=PAIRS, least=LEAST, most=MOST)


def _challenges(core: Core, account_id: int) -> Iterator[dict[str, object]]:
    with core.reading(VISITOR, Door.PAGE) as ctx:
        asker = asker_key(ctx, HERE)
    for number in range(2 * PAIRS):
        yield {
            "id": str(number),
            "account_id": account_id,
            "purpose": Purpose.SIGN_IN,
            "asker": asker,
            "channel": CodeChannel.MAIL,
            "sent_at": NOW,
            "expires_at": NOW + timedelta(minutes=15),
        }


def _tries(core: Core, numbers: range, shift: int) -> Callable[[], None]:
    """Return what tries the code of the next challenge each time it is called; its digits are made beforehand."""
    codes = iter([(str(each), f"{(int(code_of(core.vault, str(each))) + shift) % 10**8:08}") for each in numbers])
    expected = CodeWrong if shift else CodeRight

    def try_next() -> None:
        challenge, typed = next(codes)
        with core.transaction(VISITOR, Door.PAGE) as ctx:
            verdict = service.verify(ctx, challenge, typed, Purpose.SIGN_IN, HERE)
        if not isinstance(verdict, expected):
            raise TypeError(f"{expected.__name__} was to be timed, not {verdict}")

    return try_next
