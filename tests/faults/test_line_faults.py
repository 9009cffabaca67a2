"""Every fault of LINE's against every kind of message: the right end, and said once (A47 to A53)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.channels.line import LineChannel, TimeOuts
from bot.simulator.faults import FaultKind
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from bot.simulator.world import SimUser
from core.cards import said
from core.clock import FixedClock, SystemClock
from core.context import Core
from core.notices.models import NoticeState, Via
from core.notices.service import ToAccount, ToPerson
from scheduler.delivery import Delivery
from tests.bot.channels.stub import a_closed_port
from tests.builders import Bound, a_bound_account
from tests.scheduler.post import Post, a_post

NEVER = "http://127.0.0.1:9"
TOKEN = "channel token"
SHORT = TimeOuts(connect=1.0, read=0.25)
WAITS = [timedelta(seconds=each) for each in (0, 2, 4, 8, 300, 600)]
"""Between the runs of the sender: longer than each wait the rules may ask for."""
PEOPLE = 10
REFUSED = "refused"
"""Nobody listens where LINE should be: no fault that the platform itself could make."""
BLOCKED = "blocked"

SAID = (NoticeState.ACCEPTED, 1, 0)
"""Its state, how often each person sees it, how many e-mails instead."""
MAILED = (NoticeState.ACCEPTED, 0, 1)
UNSURE_LOST, UNSURE_SAID = (NoticeState.AMBIGUOUS, 0, 0), (NoticeState.AMBIGUOUS, 1, 0)
End = tuple[NoticeState, int, int]

ALL_ONCE: dict[str, End] = {
    REFUSED: SAID,
    FaultKind.RESET_BEFORE: SAID,
    FaultKind.RESET_AFTER: SAID,
    FaultKind.TIMEOUT_BEFORE: SAID,
    FaultKind.TIMEOUT_AFTER: SAID,
    FaultKind.EMPTY_BODY: SAID,
    FaultKind.JUNK_BODY: SAID,
    FaultKind.BAD_REQUEST: MAILED,
    FaultKind.UNAUTHORIZED: SAID,
    FaultKind.FORBIDDEN: SAID,
    FaultKind.TOO_LARGE: MAILED,
    FaultKind.RATE: SAID,
    FaultKind.SAME_PERSON: SAID,
    FaultKind.QUOTA: MAILED,
    FaultKind.SERVER_ERROR: SAID,
    FaultKind.SERVER_ERROR_AFTER: SAID,
    FaultKind.UNAVAILABLE: SAID,
    FaultKind.SLOW: SAID,
    BLOCKED: MAILED,
}
ENDS: dict[Via, dict[str, End]] = {
    Via.PUSH: ALL_ONCE,
    Via.MULTICAST: ALL_ONCE
    | {
        FaultKind.BAD_REQUEST: SAID,  # whoever of the many was meant: each gets a push, and those LINE refuses a mail
        FaultKind.TOO_LARGE: SAID,
    },
    Via.REPLY: ALL_ONCE
    | {
        FaultKind.RESET_BEFORE: UNSURE_LOST,
        FaultKind.RESET_AFTER: UNSURE_SAID,
        FaultKind.TIMEOUT_BEFORE: UNSURE_LOST,
        FaultKind.TIMEOUT_AFTER: UNSURE_SAID,
        FaultKind.SERVER_ERROR: UNSURE_LOST,
        FaultKind.SERVER_ERROR_AFTER: UNSURE_SAID,
        FaultKind.UNAVAILABLE: UNSURE_LOST,
        BLOCKED: SAID,  # nobody who blocks us writes; whoever wrote before is answered, and sees it or not
    },
}
CASES = [(via, fault) for via, ends in ENDS.items() for fault in ends]


@dataclass
class Line:
    """LINE for all these tests, and our channel to it."""

    simulator: Simulator
    channel: LineChannel
    nobody: LineChannel

    @property
    def platform(self) -> Platform:
        return self.simulator.platform


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    platform = Platform(
        SystemClock(), channel_secret="secret", channel_access_token=TOKEN, webhook_url=NEVER, timeout=1
    )
    with Simulator(platform) as simulator:
        channel = LineChannel(TOKEN, simulator.api_url, time_outs=SHORT)
        nobody = LineChannel(TOKEN, f"http://127.0.0.1:{a_closed_port()}", time_outs=SHORT)
        yield Line(simulator, channel, nobody)
        channel.close()
        nobody.close()


@pytest.fixture
def office(line: Line, core_sqlite: Core, clock: FixedClock) -> Iterator[Post]:
    line.platform.world.clock = clock
    line.platform.clear_faults()
    with a_post(core_sqlite, clock) as office:
        mail, own = office.mail, office.delivery

        def pause(seconds: float) -> None:
            clock.move(timedelta(seconds=seconds))

        office.delivery = Delivery(core_sqlite, line.channel, mail, NEVER, clock, pause=pause)
        yield office
        office.delivery.close()
        office.delivery = own


@pytest.mark.parametrize(("via", "fault"), CASES)
def test_a47_whatever_line_does_it_ends_as_it_should_and_is_said_once(
    line: Line, office: Post, via: Via, fault: str
) -> None:
    users = [line.platform.add_user("安安") for _ in range(PEOPLE if via is Via.MULTICAST else 1)]
    for number, user in enumerate(users):
        line.platform.follow(user)
        person = _bound(office, user, is_blocked=fault == BLOCKED and via is not Via.REPLY)
        office.say(_to(office.core, line, via, user, person), str(number), answer=said("您好"))
    _switch_on(line, office, via, fault)
    for wait in WAITS:
        office.run(after=wait)
        office.delivery.line = line.channel
    state, times, mails = ENDS[via][fault]
    assert {office.notice(str(number)).state for number, _ in enumerate(users)} == {state}
    assert [[each.text for each in line.platform.received(user)] for user in users] == [["您好"] * times] * len(users)
    assert len(office.mail.said) == mails * len(users)


def _to(core: Core, line: Line, via: Via, user: SimUser, person: Bound) -> ToAccount | ToPerson:
    if via is not Via.REPLY:
        return ToAccount(person.account.id)
    event = line.platform.webhooks.events[line.platform.say(user, "待辦").event_id]
    token = core.vault.seal(str(event["replyToken"]))
    return ToPerson(person.person, person.binding.line_user, person.account.id, token, line.platform.world.now())


def _bound(office: Post, user: SimUser, *, is_blocked: bool) -> Bound:
    blocked_at = office.clock.now() if is_blocked else None
    return a_bound_account(office.core, line_user=user.user_id, blocked_at=blocked_at)


def _switch_on(line: Line, office: Post, via: Via, fault: str) -> None:
    if fault == REFUSED:
        office.delivery.line = line.nobody
    elif fault != BLOCKED:
        line.platform.set_fault(via.value, fault, seconds=0.1)
