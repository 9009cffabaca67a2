"""Random people ask for codes and try them; after every step the core says what a plain model of the rules says.

The model is written a second time in the plainest words (OTP-1 to OTP-3, OTP-6, A20) and asks no rule of the core.
``make test`` runs a few; ``CODES_RUNS=500 CODES_STEPS=50`` in the environment searches longer.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from core.access import system
from core.accounts.models import Account
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.otp import service
from core.otp.models import Purpose
from core.otp.rules import VoidReason
from core.otp.service import CodeRefused, CodeRight, CodeSent, CodeVoid, CodeWrong, Verdict
from core.policy import Policy
from core.secrets import Vault
from tests.builders import an_account
from tests.conftest import PLAIN_DAY
from tests.core.otp.codes import right, sends, wrong
from tests.databases import SqliteFiles

RUNS = int(os.environ.get("CODES_RUNS", "30"))
STEPS = int(os.environ.get("CODES_STEPS", "40"))
SIZE = settings(
    max_examples=RUNS, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
FEW = Policy(
    otp_sends_an_hour=4,
    otp_sends_a_day=8,
    otp_wrong_in_a_row=4,
    otp_wrong_until_closed=9,
    otp_asker_wrong=10**6,  # counted elsewhere: it would only hide the count of the account here
    otp_alarm_wrong=10**6,
)
"""The book's numbers, but small ones where many steps would be needed."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
STRANGERS, HOME = ("one browser", "another browser"), "the browser the account knows"
PURPOSES = (Purpose.SIGN_IN, Purpose.LINK)
ASKERS = st.sampled_from((*STRANGERS, HOME, HOME))


@dataclass
class Count:
    """Wrong codes in a row, and what they led to."""

    wrong: int = 0
    wait_until: datetime | None = None
    is_closed: bool = False

    def stops(self, now: datetime) -> bool:
        return self.is_closed or (self.wait_until is not None and now < self.wait_until)

    def tried(self, now: datetime, *, is_right: bool) -> None:
        if is_right:
            if not self.stops(now):
                self.wrong, self.wait_until = 0, None
            return
        self.wrong += 1
        if self.is_closed or self.wrong >= FEW.otp_wrong_until_closed:
            self.is_closed, self.wait_until = True, None
        elif self.wrong == 4:
            self.wait_until = now + 15 * MINUTE
        elif self.wrong == 8:
            self.wait_until = now + 30 * MINUTE


@dataclass
class Code:
    """A code that was sent."""

    challenge: str
    asker: str
    purpose: Purpose
    sent_at: datetime
    tries: int = 0
    is_used: bool = False
    is_replaced: bool = False


@dataclass
class Owner:
    """An account, and all that was sent and tried of it."""

    account: Account
    sent: list[Code] = field(default_factory=list)
    by_anybody: Count = field(default_factory=Count)
    by_its_browser: Count = field(default_factory=Count)

    def count(self, asker: str) -> Count:
        return self.by_its_browser if asker == HOME else self.by_anybody

    def may_send(self, asker: str, now: datetime) -> bool:
        if self.count(asker).stops(now):
            return False
        moments = [each.sent_at for each in self.sent if asker in {each.asker, *STRANGERS}]
        an_hour, a_day = (sum(moment > now - span for moment in moments) for span in (HOUR, DAY))
        is_apart = not moments or now >= max(moments) + MINUTE
        return is_apart and an_hour < FEW.otp_sends_an_hour and a_day < FEW.otp_sends_a_day

    def why_void(self, code: Code, now: datetime) -> VoidReason | None:
        count = self.count(code.asker)
        reasons = {
            VoidReason.CLOSED: count.is_closed,
            VoidReason.WAIT: count.stops(now),
            VoidReason.USED: code.is_used,
            VoidReason.REPLACED: code.is_replaced,
            VoidReason.TRIES: code.tries == 3,
            VoidReason.EXPIRED: now >= code.sent_at + 15 * MINUTE,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)


class Codes(RuleBasedStateMachine):
    """Two accounts, two strangers' browsers, and one that each account knows."""

    def __init__(self, files: SqliteFiles, vault: Vault) -> None:
        super().__init__()
        self._open = ExitStack()
        self.clock = FixedClock(PLAIN_DAY)
        self.core = Core(self._open.enter_context(files.empty()), vault, FEW, self.clock)

    def teardown(self) -> None:
        self._open.close()

    @initialize()
    def people(self) -> None:
        self.owners = [Owner(an_account(self.core)) for _ in range(2)]

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @rule(owner=st.integers(0, 1), asker=ASKERS, purpose=st.sampled_from(PURPOSES))
    def asks(self, owner: int, asker: str, purpose: Purpose) -> None:
        self._ask(self.owners[owner], asker, purpose)

    @rule(owner=st.integers(0, 1), asker=ASKERS, rounds=st.integers(1, 4))
    def guesses(self, owner: int, asker: str, rounds: int) -> None:
        of = self.owners[owner]
        for _ in range(rounds):
            self.clock.move(HOUR)
            self._ask(of, asker, Purpose.LINK)
            for code in of.sent[-1:] * 4:
                self._try(of, code, is_right=False)

    @precondition(lambda self: any(each.sent for each in self.owners))
    @rule(choice=st.integers(0, 10**6), newest=st.booleans(), is_right=st.booleans())
    def tries(self, choice: int, *, newest: bool, is_right: bool) -> None:
        with_codes = [each for each in self.owners if each.sent]
        of = with_codes[choice % len(with_codes)]
        self._try(of, of.sent[-1] if newest else of.sent[choice % len(of.sent)], is_right=is_right)

    def _ask(self, of: Owner, asker: str, purpose: Purpose) -> None:
        outcome = sends(self.core, of.account, purpose, asker, HOME if asker == HOME else "")
        assert isinstance(outcome, CodeSent if of.may_send(asker, self.now) else CodeRefused), outcome
        if isinstance(outcome, CodeSent):
            for each in of.sent:
                each.is_replaced |= each.purpose is purpose and not each.is_used
            of.sent.append(Code(outcome.challenge, asker, purpose, self.now))

    def _try(self, of: Owner, code: Code, *, is_right: bool) -> None:
        expected = of.why_void(code, self.now)
        verdict = (right if is_right else wrong)(self.core, code.challenge, code.purpose, code.asker)
        assert_is(verdict, expected, code, is_right=is_right)
        if expected is None:
            code.tries += 1
            code.is_used = is_right
            of.by_anybody.tried(self.now, is_right=is_right)
            if code.asker == HOME:
                of.by_its_browser.tried(self.now, is_right=is_right)

    @precondition(lambda self: any(each.sent for each in self.owners))
    @rule(choice=st.integers(0, 10**6))
    def tries_elsewhere(self, choice: int) -> None:
        of = next(each for each in self.owners if each.sent)
        code = of.sent[choice % len(of.sent)]
        verdict = right(self.core, code.challenge, code.purpose, "somewhere else")
        assert isinstance(verdict, CodeVoid)
        assert verdict.reason is VoidReason.UNKNOWN

    @rule(span=st.sampled_from((TICK, MINUTE - TICK, MINUTE, 15 * MINUTE - TICK, 15 * MINUTE, HOUR, DAY)))
    def waits(self, span: timedelta) -> None:
        self.clock.move(span)

    @rule(owner=st.integers(0, 1))
    def a_person_opens(self, owner: int) -> None:
        of = self.owners[owner]
        with self.core.transaction(system("tests"), Door.COMMAND) as ctx:
            service.reopen(ctx, of.account.id)
        of.by_anybody, of.by_its_browser = Count(), Count()


def assert_is(verdict: Verdict, expected: VoidReason | None, code: Code, *, is_right: bool) -> None:
    if expected is not None:
        assert isinstance(verdict, CodeVoid), verdict
        assert verdict.reason is expected
    elif is_right:
        assert isinstance(verdict, CodeRight), verdict
    else:
        assert isinstance(verdict, CodeWrong), verdict
        assert verdict.tries_left == 2 - code.tries


@pytest.mark.timeout(60 * max(1, RUNS // 5))
def test_codes_do_what_the_plain_model_says_whatever_people_try(sqlite_files: SqliteFiles, vault: Vault) -> None:
    class Here(Codes):
        def __init__(self) -> None:
            super().__init__(sqlite_files, vault)

    run_state_machine_as_test(Here, settings=SIZE)
