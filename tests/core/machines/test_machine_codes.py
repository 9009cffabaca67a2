"""Codes another system asks for: bound to its key (OTP-7), and telling nobody which accounts there are (A24)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from core.access import Actor
from core.accounts.models import Account, CodeChannel
from core.audit import AuditRow, Door
from core.clock import FixedClock
from core.context import Core
from core.errors import NotAllowed
from core.machines.codes import Asked, AskedTooOften, ask_code, check_code
from core.machines.models import CodeAsk, Scope
from core.notices.models import Notice
from core.otp.counting import EVERYBODY
from core.otp.models import Challenge, Purpose, Tally
from core.otp.queries import live_codes
from core.otp.rules import VoidReason
from core.otp.service import (
    CodeMalformed,
    CodeRight,
    CodeSent,
    CodeVoid,
    CodeWrong,
    Verdict,
    code_of,
    send_again,
    send_code,
    verify,
)
from core.policy import Policy
from tests.builders import a_bound_account, an_account
from tests.core.machines.conftest import a_key, calling, holder

UNKNOWN = "ZZ0000"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class System:
    """Another system with its key."""

    core: Core
    who: Actor

    def asks(self, account: str) -> Asked | AskedTooOften:
        with calling(self.core, self.who) as ctx:
            return ask_code(ctx, account, Purpose.MAIN_SYSTEM)

    def gets(self, account: str) -> str:
        asked = self.asks(account)
        assert isinstance(asked, Asked)
        return asked.challenge

    def tries(self, challenge: str, code: str) -> Verdict:
        with calling(self.core, self.who) as ctx:
            return check_code(ctx, challenge, code)


def a_system(core: Core, name: str = "main-system") -> System:
    return System(core, holder(core, a_key(core, name, [Scope.OTP])))


def right(core: Core, challenge: str) -> str:
    return code_of(core.vault, challenge)


def wrong(core: Core, challenge: str) -> str:
    return f"{(int(right(core, challenge)) + 1) % 10**8:08}"


@pytest.fixture
def main_system(core: Core) -> System:
    return a_system(core)


@pytest.fixture
def account(core: Core) -> Account:
    return an_account(core)


def test_a_code_is_sent_once_and_works_once(core: Core, main_system: System, account: Account) -> None:
    asked = main_system.asks(account.code.lower())
    assert isinstance(asked, Asked)
    assert (asked.channel, asked.expires_at) == (CodeChannel.MAIL, core.clock.now() + 15 * MINUTE)
    assert main_system.tries(asked.challenge, right(core, asked.challenge)) == CodeRight(account.id)
    used = main_system.tries(asked.challenge, right(core, asked.challenge))
    assert isinstance(used, CodeVoid)
    assert used.reason is VoidReason.USED


def test_otp_4_it_goes_by_line_to_who_chose_so(core: Core, main_system: System) -> None:
    bound = a_bound_account(core, code_channel=CodeChannel.LINE)
    asked = main_system.asks(bound.account.code)
    assert isinstance(asked, Asked)
    assert asked.channel is CodeChannel.LINE


def test_otp_7_a_code_one_key_asked_for_cannot_be_tried_by_another(
    core: Core, main_system: System, account: Account
) -> None:
    other = a_system(core, "other-system")
    challenge = main_system.gets(account.code)
    found = other.tries(challenge, right(core, challenge))
    assert isinstance(found, CodeVoid)
    assert found.reason is VoidReason.UNKNOWN
    assert main_system.tries(challenge, right(core, challenge)) == CodeRight(account.id)


def test_otp_7_it_cannot_be_tried_on_a_page_or_in_the_chat_nor_theirs_here(
    core: Core, main_system: System, account: Account
) -> None:
    ours = main_system.gets(account.code)
    for asker in ("a browser", "a LINE person", "api-key:999"):
        with core.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
            assert isinstance(verify(ctx, ours, right(core, ours), Purpose.MAIN_SYSTEM, asker), CodeVoid)
    with core.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        sent = send_code(ctx, an_account(ctx, email="other@example.gov.tw").id, Purpose.SIGN_IN, "a browser")
    assert isinstance(sent, CodeSent)
    assert isinstance(main_system.tries(sent.challenge, right(core, sent.challenge)), CodeVoid)


def test_otp_3_at_least_a_minute_between_and_five_an_hour(
    main_system: System, account: Account, clock: FixedClock
) -> None:
    start = clock.now()
    main_system.gets(account.code)
    clock.move(MINUTE - timedelta(seconds=1))
    early = main_system.asks(account.code)
    assert isinstance(early, AskedTooOften)
    assert early.until == start + MINUTE
    for _ in range(4):
        clock.move(MINUTE)
        main_system.gets(account.code)
    clock.move(MINUTE)
    sixth = main_system.asks(account.code)
    assert isinstance(sixth, AskedTooOften)
    assert sixth.until == start + timedelta(hours=1)


def test_otp_2_wrong_ones_are_counted_down_and_the_third_voids(
    core: Core, main_system: System, account: Account
) -> None:
    challenge = main_system.gets(account.code)
    found = [main_system.tries(challenge, wrong(core, challenge)) for _ in range(3)]
    assert [each.tries_left for each in found if isinstance(each, CodeWrong)] == [2, 1, 0]
    dead = main_system.tries(challenge, right(core, challenge))
    assert isinstance(dead, CodeVoid)
    assert dead.reason is VoidReason.TRIES


@pytest.mark.parametrize("typed", ["1234567", "123456789", "１２３４", "١٢٣٤٥٦٧٨", "abcdefgh", "9" * 64])
def test_what_is_no_code_costs_no_try(core_sqlite: Core, typed: str) -> None:
    system = a_system(core_sqlite)
    challenge = system.gets(an_account(core_sqlite).code)
    assert isinstance(system.tries(challenge, typed), CodeMalformed)
    first = system.tries(challenge, wrong(core_sqlite, challenge))
    assert isinstance(first, CodeWrong)
    assert first.tries_left == 2


@pytest.mark.parametrize("challenge", ["", "x", "\0", "a" * 43, "a" * 44, "../../x", "’" * 43])
def test_a_challenge_nobody_got_is_void(main_system: System, challenge: str) -> None:
    found = main_system.tries(challenge, "12345678")
    assert isinstance(found, CodeVoid)
    assert found.reason is VoidReason.UNKNOWN


def test_nothing_is_sent_to_an_account_that_is_not_in_use(core: Core, main_system: System) -> None:
    disabled = an_account(core, disabled_at=core.clock.now())
    main_system.gets(disabled.code)
    main_system.gets(UNKNOWN)
    with core.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0
        assert session.scalars(select(Account.code)).all() == [disabled.code]
        assert session.scalars(select(AuditRow.act).where(AuditRow.act.like("otp.%"))).all() == ["otp.asked"] * 2


def test_a_right_guess_of_a_code_never_sent_is_wrong(core: Core, main_system: System) -> None:
    challenge = main_system.gets(UNKNOWN)
    assert isinstance(main_system.tries(challenge, right(core, challenge)), CodeWrong)


def test_asks_of_more_than_a_day_ago_are_cleared_away(core_sqlite: Core, clock: FixedClock) -> None:
    system = a_system(core_sqlite)
    system.gets(UNKNOWN)
    clock.move(timedelta(days=1))
    system.gets(UNKNOWN)
    with core_sqlite.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(CodeAsk)) == 1


def test_without_the_scope_nothing_is_asked_or_tried(core_sqlite: Core) -> None:
    who = holder(core_sqlite, a_key(core_sqlite, scopes=[Scope.FACTS]))
    system = System(core_sqlite, who)
    with pytest.raises(NotAllowed):
        system.asks(UNKNOWN)
    with pytest.raises(NotAllowed):
        system.tries("a" * 43, "12345678")


Steps = st.lists(
    st.one_of(
        st.just(("ask", 0)),
        st.tuples(st.just("try"), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.sampled_from([30, 60, 600, 900, 3600])),
        st.just(("elsewhere", 0)),
    ),
    max_size=14,
)


def sends_at_the_desk(core: Core, account: str) -> None:
    """Send a code by another door, where there is such an account."""
    with core.transaction(Actor(name="visitor"), Door.DESK) as ctx:
        account_id = ctx.session.scalar(select(Account.id).where(Account.code == account))
        if account_id is not None:
            send_code(ctx, account_id, Purpose.SIGN_IN, "a browser")


def raise_alarm(core: Core) -> None:
    """Let many wrong codes of everybody slow strangers down, for a day (A19)."""
    now = core.clock.now()
    with core.store.transaction() as session:
        session.merge(Tally(key=EVERYBODY, wrong=0, since=now, tried_at=now, wait_until=now + timedelta(days=1)))


def lived(core: Core, clock: FixedClock, system: System, account: str, steps: list[tuple[str, int]]) -> list[str]:
    """Ask, mistype the newest code or one before it, and wait; return everything that was answered."""
    start, challenges, heard = clock.at, [], []
    for what, number in steps:
        if what == "wait":
            clock.move(timedelta(seconds=number))
        elif what == "elsewhere":
            sends_at_the_desk(core, account)
        elif what == "ask":
            asked = system.asks(account)
            if isinstance(asked, Asked):
                challenges.append(asked.challenge)
            heard.append(f"{type(asked).__name__} {getattr(asked, 'until', '')} {getattr(asked, 'expires_at', '')}")
        elif number < len(challenges):
            challenge = challenges[-1 - number]
            heard.append(str(system.tries(challenge, wrong(core, challenge))))
    clock.at = start
    return heard


TEN_WRONG = [each for _ in range(4) for each in (("ask", 0), ("try", 0), ("try", 0), ("try", 0), ("wait", 60))]
CORE_EACH_TIME = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def policy() -> Policy:
    return Policy(otp_alarm_wrong=10**6)


def test_a24_an_unknown_account_waits_after_ten_wrong_ones_as_a_known_one_does(
    core_sqlite: Core, clock: FixedClock
) -> None:
    system = a_system(core_sqlite)
    known = lived(core_sqlite, clock, system, an_account(core_sqlite).code, TEN_WRONG)
    assert known == lived(core_sqlite, clock, system, UNKNOWN, TEN_WRONG)
    assert "wait" in known[-1]


@settings(max_examples=25, suppress_health_check=CORE_EACH_TIME)
@given(steps=Steps)
def test_a24_whatever_one_does_an_unknown_account_answers_as_a_known_one(
    core_sqlite: Core, clock: FixedClock, steps: list[tuple[str, int]]
) -> None:
    with core_sqlite.store.reading() as session:
        number = session.scalar(select(func.count()).select_from(Account)) or 0
    system = a_system(core_sqlite, f"system-{number}")
    known = an_account(core_sqlite)
    nobody = f"ZZ{number:04}"
    assert lived(core_sqlite, clock, system, known.code, steps) == lived(core_sqlite, clock, system, nobody, steps)


@settings(max_examples=15, suppress_health_check=CORE_EACH_TIME)
@given(steps=Steps)
def test_a24_the_same_while_the_alarm_slows_strangers(
    core_sqlite: Core, clock: FixedClock, steps: list[tuple[str, int]]
) -> None:
    raise_alarm(core_sqlite)
    with core_sqlite.store.reading() as session:
        number = session.scalar(select(func.count()).select_from(Account)) or 0
    system = a_system(core_sqlite, f"system-{number}")
    known = an_account(core_sqlite)
    nobody = f"ZZ{number:04}"
    assert lived(core_sqlite, clock, system, known.code, steps) == lived(core_sqlite, clock, system, nobody, steps)


def withheld(core: Core, system: System, account: Account) -> str:
    """Ask for a code right after another door sent one; return the challenge."""
    sends_at_the_desk(core, account.code)
    return system.gets(account.code)


def test_a24_a_withheld_code_voids_the_older_one_and_opens_nothing(
    core: Core, main_system: System, account: Account, clock: FixedClock
) -> None:
    older = main_system.gets(account.code)
    clock.move(MINUTE)
    challenge = withheld(core, main_system, account)
    replaced = main_system.tries(older, right(core, older))
    assert isinstance(replaced, CodeVoid)
    assert replaced.reason is VoidReason.REPLACED
    guessed = main_system.tries(challenge, right(core, challenge))
    assert isinstance(guessed, CodeWrong)
    assert guessed.tries_left == 2


def test_a24_a_withheld_code_is_no_send_and_nowhere_shown(
    core: Core, main_system: System, account: Account, clock: FixedClock
) -> None:
    challenge = withheld(core, main_system, account)
    with core.transaction(Actor(name="visitor"), Door.CHAT) as ctx:
        assert [each.purpose for each in live_codes(ctx, account.id)] == [Purpose.SIGN_IN]
        assert len(ctx.session.scalars(select(Notice.id)).all()) == 1
    clock.move(MINUTE)
    with core.transaction(Actor(name="visitor"), Door.CHAT) as ctx:
        again = send_again(ctx, account.id, CodeChannel.MAIL)
    assert isinstance(again, CodeSent)
    with core.store.reading() as session:
        purpose = session.scalars(select(Challenge.purpose).where(Challenge.id == again.challenge)).one()
        assert session.get_one(Challenge, challenge).resent_as is None
    assert purpose is Purpose.SIGN_IN


def work(core: Core, act: Callable[[], object]) -> Counter[str]:
    """Return how many statements of which kind, on which table, an act takes; those of savepoints have none."""
    made: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        words = statement.replace(",", " ").split()
        tables = [words[at + 1] for at, word in enumerate(words[:-1]) if word in {"FROM", "INTO", "UPDATE"}]
        made.append(f"{words[0]} {tables[0] if tables else ''}")

    event.listen(core.store.engine, "before_cursor_execute", note)
    act()
    event.remove(core.store.engine, "before_cursor_execute", note)
    return Counter(made)


def refused(core: Core) -> Account:
    account = an_account(core)
    sends_at_the_desk(core, account.code)
    return account


KINDS: dict[str, Callable[[Core], Account]] = {
    "sent": an_account,
    "withheld": refused,
    "disabled": lambda core: an_account(core, disabled_at=core.clock.now()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a24_an_ask_takes_the_same_work_whether_or_not_a_code_is_sent(
    core: Core, main_system: System, kind: str
) -> None:
    account = KINDS[kind](core)
    known, unknown = (work(core, partial(main_system.asks, code)) for code in (account.code, UNKNOWN))
    known["SELECT grants"] -= 1  # one account more is looked at, with what it holds
    assert known == unknown
    assert known.total() > 30


@pytest.mark.parametrize("kind", KINDS)
def test_a24_a_wrong_code_takes_the_same_work_whether_or_not_one_was_sent(
    core: Core, main_system: System, kind: str
) -> None:
    challenges = [main_system.gets(code) for code in (KINDS[kind](core).code, UNKNOWN)]
    for _ in range(3):  # the first, which begins the counts, too
        known, unknown = (work(core, partial(main_system.tries, each, wrong(core, each))) for each in challenges)
        assert known == unknown
    known, unknown = (work(core, partial(main_system.tries, each, wrong(core, each))) for each in challenges)
    assert abs(known.total() - unknown.total()) <= 3, f"{known} against {unknown}"
