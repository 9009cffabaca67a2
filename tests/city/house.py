"""The house in one thread: the web door, two workers that step on each other's toes, and deaths at named moments.

Threads are what makes two runs of one seed differ, so whatever the program would give to a pool is done at once. What
threads and processes bring is brought on purpose: while one worker stands at a named moment the other does all it can,
with the clock moved past every lease now and then, or the worker is gone for good at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, ParamSpec, TypeVar

from flask import Flask
from flask.testing import FlaskClient

from bot.app import create_app
from bot.channels.line import LineChannel
from bot.conversation import Conversations
from bot.settings import load_settings
from core.clock import FixedClock
from core.context import Core
from core.failpoints import watched
from scheduler.delivery import Delivery
from scheduler.jobs import JOBS, Job
from scheduler.quota import reading_quota
from scheduler.runner import run_due
from tests.city.line import NOWHERE, InsideLine, InsideMail

P = ParamSpec("P")
T = TypeVar("T")
SECRET = "channel secret for tests"
BOT = "U" + "b" * 32
URL = "http://127.0.0.1:8000"
PATH = "/line/webhook"
BETWEEN = frozenset(
    {
        "delivery.claimed",
        "delivery.drawn",
        "delivery.kept",
        "delivery.posting",
        "delivery.posted",
        "delivery.settled",
        "chat.taken",
        "chat.handled",
        "webhook.stored",
        "jobs.worked",
    }
)
"""Moments at which no transaction is open: another worker may do anything."""
PREPARE = ("open_windows", "follow_graduates", "collect_reminders")
TELL = ("collect_reminders", "say_digests")
HOUR, SELDOM = timedelta(hours=1), 0.3
HOURLY = "read_quota"  # it runs more often, and reads once an hour
PAUSES = (timedelta(), timedelta(), timedelta(seconds=2), timedelta(seconds=61), timedelta(minutes=6))


class Died(BaseException):
    """A process is gone, wherever it stood."""


@dataclass
class HouseClock(FixedClock):
    """The house's own clock: what time it is, and by how much the house is wrong about it."""

    off: timedelta = timedelta()

    def now(self) -> datetime:
        """Return what the house takes for the present."""
        return super().now() + self.off


class Inline(ThreadPoolExecutor):
    """A pool that does everything at once in the thread that asks; a death ends it all."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it, and return what came of it."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (whoever asks for the result hears of it)
            future.set_exception(error)
        return future

    def map(self, fn: Callable[..., T], *iterables: Iterable[Any], **_given: Any) -> Iterator[T]:
        """Do it for the first: whoever serves in one thread has nothing left for those behind."""
        return iter([fn(*next(zip(*iterables, strict=True)))])


def a_web(core: Core) -> Flask:
    """Return the application; it is costly, so all months of a process share it with its core."""
    settings = load_settings(
        secret_key="unused: the core is given",
        line_channel_secret=SECRET,
        line_bot_user_id=BOT,
        line_api_url=NOWHERE,
        public_url=URL,
    )
    return create_app(settings, core, LineChannel("unused", NOWHERE), lambda: None)


@dataclass
class Worker:
    """One process's background work."""

    conversations: Conversations
    delivery: Delivery
    jobs: Sequence[Job]
    core: Core

    def talk(self) -> None:
        """Say what is still to come, and answer."""
        self.conversations.say_working()
        self.conversations.run()

    def tick(self) -> None:
        """Run all jobs, as ``frontdoor tick`` does."""
        run_due(self.core, self.jobs)

    def run(self, jobs: Sequence[Job]) -> None:
        """Run some jobs once, as the ticker does: each when its time has come, and in no order."""
        for job in jobs:
            job.function(self.core, self.core.clock.now())


@dataclass
class House:
    """The web door and two workers on one database."""

    core: Core
    clock: HouseClock
    web: FlaskClient
    line: InsideLine
    mail: InsideMail
    chance: Random
    dies: float = 0.0
    """How often a process is gone at a named moment."""
    meets: float = 0.0
    """How often the other worker comes in between."""
    deaths: int = 0
    meetings: int = 0
    workers: list[Worker] = field(default_factory=list)
    _is_between: bool = False

    def __post_init__(self) -> None:
        self.workers = [self._a_worker(), self._a_worker()]

    def post(self, body: bytes, signature: str) -> bool:
        """Take a webhook; return whether it was acknowledged."""
        headers = {"X-Line-Signature": signature, "Content-Type": "application/json"}
        answers: list[int] = []
        self.live(lambda: answers.append(self.web.post(PATH, data=body, headers=headers).status_code))
        return answers == [200]

    def talk(self) -> None:
        """Let a worker answer what waits."""
        self.live(self._one().talk)

    def send(self) -> None:
        """Let a worker send what is due."""
        self.live(self._one().delivery.run)

    def tick(self) -> None:
        """Let a worker run all jobs until nothing is left for them."""
        self.live(self._one().tick)

    def run_all(self) -> None:
        """Let a worker run the jobs once, in no order; some of those that have mostly nothing to do, and last those
        that tell.
        """
        worker, chance = self._one(), self.chance
        others = [each for each in worker.jobs if each.name not in TELL]
        due = [each for each in others if not _is_seldom(each) or chance.random() < SELDOM]
        jobs = [*chance.sample(due, len(due)), *_telling(worker.jobs)]
        self.live(lambda: worker.run(jobs))

    def run_some(self) -> None:
        """Let a worker run two of the jobs, now and then the same twice."""
        worker = self._one()
        some = [self.chance.choice(worker.jobs), self.chance.choice(_telling(worker.jobs))]
        self.live(lambda: worker.run(some))

    def prepare(self) -> None:
        """Open what is owed by now, and gather what is to be told of it, with nobody in the way."""
        worker = self._one()
        worker.run([each for each in worker.jobs if each.name in PREPARE])

    def live(self, work: Callable[[], object]) -> None:
        """Do some work in a process that may be gone before its end."""
        try:
            with watched(self._passing):
                work()
        except Died:
            self.deaths += 1

    def _passing(self, name: str) -> None:
        if self._is_between:
            return
        if self.chance.random() < self.dies:
            raise Died(name)
        if name in BETWEEN and self.chance.random() < self.meets:
            self._meet()

    def _meet(self) -> None:
        """Let the other worker do what it can, some time later."""
        self.meetings += 1
        self._is_between = True
        try:
            self.clock.move(self.chance.choice(PAUSES))
            other = self._one()
            works: tuple[Callable[[], object], ...] = (
                other.talk,
                lambda: other.run(self.chance.sample(other.jobs, 2)),
                other.delivery.run,
            )
            for work in self.chance.sample(works, self.chance.randint(1, 2)):
                work()
        finally:
            self._is_between = False

    def _one(self) -> Worker:
        return self.chance.choice(self.workers)

    def _a_worker(self) -> Worker:
        pool: dict[str, Any] = {"_workers": Inline(1)}
        threads: dict[str, Any] = {name: Inline(1) for name in ("_threads", "_links", "_hands")}
        delivery = Delivery(self.core, self.line, self.mail, URL, self.clock, self.chance.random, self._wait, **threads)
        jobs = (*JOBS, reading_quota(self.line))
        return Worker(Conversations(self.core, **pool), delivery, jobs, self.core)

    def _wait(self, seconds: float) -> None:
        self.clock.move(timedelta(seconds=seconds))


def _is_seldom(job: Job) -> bool:
    return job.cadence >= HOUR or job.name == HOURLY


def _telling(jobs: Sequence[Job]) -> list[Job]:
    return [each for each in jobs if each.name in TELL]
