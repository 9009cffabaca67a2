"""The whole system, killed again and again while people talk and reminders go out; then the account of it.

Real processes of ``frontdoor``: one that does everything on SQLite, two ``web`` and two ``worker`` on PostgreSQL. Each
kill takes one of them wherever it stands, now and then all at once, and a new one begins in its place at once. Time
is the machine's, moved to a working morning: leases run out by themselves.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from threading import Event
from time import perf_counter
from typing import Self

from sqlalchemy import text

from bot.simulator.faults import FaultKind
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from core.access import system
from core.audit import Door
from core.cards import said
from core.clock import ShiftedClock
from core.context import Core
from core.database import Store
from core.engines import Patience
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say
from core.secrets import Vault, new_key, new_token
from tests.faults import census
from tests.faults.account import suspects, wrong
from tests.faults.census import CountingKeys
from tests.faults.crowd import Crowd, friends
from tests.faults.killing import Killer, Report, harm
from tests.faults.nursery import Nursery, a_nursery
from tests.faults.people import People, owe_all
from tests.faults.places import MORNING, Place
from tests.ports import kept_port

SLOT = 4.0  # seconds in which one kill falls, where there is time
REMINDERS_A_KILL, TOLD_WITHIN = 25, 0.9  # of the time of the kills
PEOPLE_A_KILL = 5
"""One of them talks, all are told something."""
MESSAGES_A_SECOND, MESSAGES_A_PERSON = 8.0, 0.2  # at most; who writes twice as fast is asked to slow down (A11)
ALL_IN, FAULT_IN, CROWD_IN, STOP_IN, CUT_IN, RESTART_IN = 10, 5, 10, 15, 3, 13
"""Every so many kills: all processes at once; a fault of LINE's as well; the same said to many; one stands still; the
database's server ends all connections; it ends itself as in a crash, and comes back."""
STOPPED = 65.0  # seconds: longer than a lease, and than the database waits for a transaction that stands still
CROWD = 30  # LINE gets one request for them where nothing else waits for ten of them
QUIET = 2.0  # seconds in which nothing changes: what is left waits for time to pass
PATIENCE = 240.0
STEPS = (timedelta(), *[timedelta(seconds=61)] * 4, *[timedelta(minutes=6)] * 3, *[timedelta(minutes=31)] * 2)
FAULTS = (FaultKind.RESET_AFTER, FaultKind.RESET_BEFORE, FaultKind.SERVER_ERROR, FaultKind.SERVER_ERROR_AFTER)
CUT_OFF = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
ENDED, ENOUGH = "ended by itself", 5
ACTOR = system("test")


@dataclass
class Whole:
    """The house, its people and LINE."""

    core: Core
    clock: ShiftedClock
    platform: Platform
    nursery: Nursery
    commands: Sequence[tuple[str, ...]]
    people: People
    crowd: Crowd
    keys: CountingKeys
    killer: Killer
    chance: Random
    restart: Callable[[], None] | None = None
    """Ends the database's server, and has it come back."""
    restarts: int = 0
    announced: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stopped: dict[int, float] = field(default_factory=dict)
    """Processes that stand still, and when they go on."""
    found: Counter[str] = field(default_factory=Counter)
    _pids: list[int] = field(default_factory=list)

    def start(self) -> Self:
        """Start every process, and the talk."""
        self._pids = [self.nursery.start(*command) for command in self.commands]
        self.crowd.start()
        return self

    def strike(self) -> None:
        """Kill one process, or all, and start it again; now and then LINE is at fault, too."""
        number = self.killer.kills + 1
        if number % FAULT_IN == 0:
            self.platform.set_fault(self.chance.choice(("push", "reply", "any")), self.chance.choice(FAULTS).value)
        if number % CROWD_IN == 0:
            self._announce(f"公告 {number}")
        self._wake()
        if number % STOP_IN == 0 and len(self._pids) > 1:
            self._stop()
        if number % CUT_IN == 0 and not self.core.store.is_sqlite:
            self._cut_off()
        if number % RESTART_IN == 0 and self.restart is not None:
            self.restart()
            self.restarts += 1
        places = range(len(self._pids))
        for place in places if number % ALL_IN == 0 else [self.chance.choice(places)]:
            self.stopped.pop(self._pids[place], None)
            self.found[ENDED] += not self.nursery.kill(self._pids[place])
            self._pids[place] = self.nursery.start(*self.commands[place])
            self.killer.children += 1
        self.killer.kills += 1
        assert self.found[ENDED] < ENOUGH, f"the processes end by themselves: {self.nursery.last_words()}"

    def _stop(self) -> None:
        """Let the last process, a worker, stand still past its leases, and then go on as if nothing had been (A56)."""
        pid = self._pids[-1]
        self.nursery.stop(pid)
        self.stopped[pid] = perf_counter() + STOPPED

    def _cut_off(self) -> None:
        """End every connection of the house in the middle of whatever it does."""
        with self.core.store.writing() as connection:
            connection.execute(CUT_OFF)

    def _wake(self, *, is_end: bool = False) -> None:
        for pid, until in [*self.stopped.items()]:
            if is_end or perf_counter() >= until:
                self.nursery.go_on(pid)
                del self.stopped[pid]

    def settle(self) -> None:
        """Let nobody write and nobody kill, and time pass, until nothing is left to say; then end every process."""
        self._wake(is_end=True)
        self.found["messages not acknowledged"] += self.crowd.stop()
        self.platform.clear_faults()
        for step in STEPS:
            self.clock.set_to(self.clock.now() + step)
            if self._is_quiet():
                break
        for pid in self._pids:
            status = self.nursery.end(pid)
            self.found[f"ended with {status} when asked"] += status != 0

    def _is_quiet(self) -> bool:
        """Wait until nothing changes; return whether nothing is left."""
        until, pause = perf_counter() + PATIENCE, Event()
        left, since = census.left(self.core), perf_counter()
        while left and perf_counter() - since < QUIET and perf_counter() < until:
            pause.wait(0.2)
            now_left = census.left(self.core)
            left, since = now_left, since if now_left == left else perf_counter()
        return not left

    def _announce(self, text: str) -> None:
        """Say the same to many people."""
        chosen = self.chance.sample(self.people.bound, min(CROWD, len(self.people.bound)))
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            for each in chosen:
                key = f"{text}:{each.account.id}"
                to = ToAccount(each.account.id)
                say(ctx, to=to, answer=said(text), kind=NoticeKind.REMINDER, key=key, urgency=Urgency.AT_ONCE)
        self.announced[text] = tuple(each.line_user for each in chosen)


def run(place: Place, kills: int) -> Report:
    """Kill the whole system so many times; hold what LINE accepted against what was to be said."""
    with _house(place, kills) as house:
        pause, begun = Event(), perf_counter()
        slot = _slot(place, kills)
        while not house.killer.is_done(kills):
            moment = begun + slot * (house.killer.kills + place.chance.random())
            pause.wait(max(moment - perf_counter(), 0))
            house.killer.begun = house.killer.begun or perf_counter()
            house.strike()
        house.settle()
        account = census.account(house)
        found = wrong(account) + house.found + harm(house.core)
        if found:
            print(*suspects(account)[:20], sep="\n", file=sys.stderr)  # noqa: T201 (what the report counts, one by one)
        return Report(f"whole system on {place.kind}", house.killer, +found, census.seen(house))


def _slot(place: Place, kills: int) -> float:
    """Return the seconds in which one kill falls."""
    return SLOT if place.seconds is None else min(SLOT, place.seconds / kills)


@contextmanager
def _house(place: Place, kills: int) -> Iterator[Whole]:
    """Give the whole system, started; it is gone with the block."""
    secret, key, token, channel_secret = new_token(), new_key(), new_token(), new_token()
    clock = ShiftedClock(place.folder / "clock")
    clock.set_to(MORNING)
    url = place.core.store.url.render_as_string(hide_password=False)
    store = Store(url, Patience(busy=PATIENCE))  # SQLite is for one process: who writes beside it waits for a gap
    core = replace(place.core, store=store, vault=Vault(secret, [key]), clock=clock)
    platform = Platform(
        clock, channel_secret=channel_secret, channel_access_token=token, webhook_url="http://127.0.0.1:9"
    )
    platform.sending.keys = keys = CountingKeys()
    with closing(store), ExitStack() as stack:
        simulator = stack.enter_context(Simulator(platform))
        ports = [stack.enter_context(kept_port()) for _ in range(1 if core.store.is_sqlite else 2)]
        users = friends(platform, kills * PEOPLE_A_KILL)
        people = owe_all(
            core, users, kills * REMINDERS_A_KILL, timedelta(seconds=TOLD_WITHIN * kills * _slot(place, kills))
        )
        if place.restart is not None:
            _wait_for_the_log(core)
        core.store.close()
        settings = {
            "database_url": url,
            "secret_key": secret,
            "data_key": key,
            "line_channel_secret": channel_secret,
            "line_channel_access_token": token,
            "line_api_url": simulator.api_url,
            "line_data_url": simulator.api_url,
            "line_link_url": simulator.link_url,
            "smtp_url": simulator.smtp_url,
            "clock_file": str(clock.path),
        }
        environment = {f"FRONTDOOR_{name.upper()}": value for name, value in settings.items()}
        nursery = stack.enter_context(a_nursery(environment, place.folder / "log"))
        doors = [f"http://127.0.0.1:{port}/line/webhook" for port in ports]
        rate = min(MESSAGES_A_SECOND, kills * MESSAGES_A_PERSON)
        crowd = Crowd(platform, doors, users[:kills], rate, place.chance.random())
        killer = Killer(core, place.chance, place.seconds)
        yield Whole(
            core, clock, platform, nursery, _commands(ports), people, crowd, keys, killer, place.chance, place.restart
        ).start()


def _wait_for_the_log(core: Core) -> None:
    """Let what is committed from now on be in the server's log: else a crash of it loses what nobody promised."""
    with core.store.writing() as connection:
        name = connection.dialect.identifier_preparer.quote(str(core.store.url.database))
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = on"))


def _commands(ports: Sequence[int]) -> list[tuple[str, ...]]:
    if len(ports) == 1:
        return [("serve", "--port", str(ports[0]))]
    return [*(("web", "--port", str(port)) for port in ports), ("worker",), ("worker",)]
