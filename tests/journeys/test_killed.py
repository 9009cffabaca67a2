"""A process killed between storing an event and answering it: started again, it answers once (A55)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from socket import create_connection
from threading import Event
from time import monotonic

import pytest
from sqlalchemy import select

from bot.settings import load_settings, make_core
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from core import migrations
from core.clock import SystemClock
from core.database import Store
from core.inbox.models import EventState, InboxEvent
from core.secrets import new_key, new_token
from tests.faults.nursery import Nursery, a_nursery
from tests.journeys.processes import frontdoor, port_of
from tests.ports import kept_port

PATIENCE = timedelta(minutes=5).total_seconds()  # a process starts slowly where much else runs
pytestmark = pytest.mark.timeout(4 * PATIENCE)
NEVER = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    platform = Platform(
        SystemClock(), channel_secret="secret", channel_access_token="token", webhook_url=NEVER, timeout=30
    )
    with Simulator(platform) as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module")
def environment(folder: Path, simulator: Simulator) -> Mapping[str, str]:
    return {
        "FRONTDOOR_DATABASE_URL": f"sqlite:///{folder / 'frontdoor.db'}",
        "FRONTDOOR_SECRET_KEY": new_token(),
        "FRONTDOOR_DATA_KEY": new_key(),
        "FRONTDOOR_LINE_CHANNEL_SECRET": "secret",
        "FRONTDOOR_LINE_CHANNEL_ACCESS_TOKEN": "token",
        "FRONTDOOR_LINE_API_URL": simulator.api_url,
        "FRONTDOOR_LINE_DATA_URL": simulator.api_url,
        "FRONTDOOR_LINE_LINK_URL": simulator.link_url,
    }


@pytest.fixture(scope="module")
def nursery(environment: Mapping[str, str], folder: Path) -> Iterator[Nursery]:
    """Starts all processes but one: to load what a process needs takes seconds."""
    with a_nursery(environment, folder / "log") as parent:
        yield parent


@pytest.fixture(autouse=True)
def _empty(folder: Path, environment: Mapping[str, str]) -> None:
    for left in folder.glob("frontdoor.db*"):
        left.unlink()
    store = Store(environment["FRONTDOOR_DATABASE_URL"])
    migrations.upgrade(store)
    store.close()


@contextmanager
def serving(nursery: Nursery, command: str) -> Iterator[tuple[int, str]]:
    """Give a process that serves, and its webhook, until it is killed or asked to end."""
    with kept_port() as port:
        pid = nursery.start(command, "--port", str(port))
        wait_until(lambda: is_open(port), "nobody listens")
        yield pid, webhook(port)


def is_open(port: int) -> bool:
    with suppress(OSError), create_connection(("127.0.0.1", port)):
        return True
    return False


def webhook(port: int) -> str:
    return f"http://127.0.0.1:{port}/line/webhook"


def wait_until(is_so: Callable[[], bool], complaint: str) -> None:
    until, pause = monotonic() + PATIENCE, Event()
    while not is_so():
        assert monotonic() < until, complaint
        pause.wait(0.05)


def states(environment: Mapping[str, str]) -> list[EventState]:
    given = {name.removeprefix("FRONTDOOR_").lower(): value for name, value in environment.items()}
    core = make_core(load_settings(**given))
    with core.store.reading() as session:
        found = list(session.scalars(select(InboxEvent.state)))
    core.store.close()
    return found


def test_a55_an_event_stored_before_a_kill_is_answered_once_after_it(
    simulator: Simulator, environment: Mapping[str, str], nursery: Nursery
) -> None:
    platform = simulator.platform
    ann = platform.add_user("安安")
    with frontdoor(environment, "web", "--port", "0") as web:  # the command itself, as it is typed
        platform.webhooks.aim(webhook(port_of(web)))
        act = platform.say(ann, "選單")
        web.kill()
    assert states(environment) == [EventState.WAITING]
    assert not platform.received(ann)
    with serving(nursery, "serve") as (serve, url):
        platform.webhooks.aim(url)
        wait_until(lambda: bool(platform.received(ann)), "no answer came")
        platform.redeliver(act.event_id)
        assert nursery.end(serve) == 0
    with serving(nursery, "serve") as (again, _):
        assert nursery.end(again) == 0
    assert len(platform.received(ann)) == 1
    assert states(environment) == [EventState.DONE]


def test_ticking_twice_says_nothing_twice(simulator: Simulator, nursery: Nursery) -> None:
    ann = simulator.platform.add_user("安安")
    with serving(nursery, "web") as (web, url):
        simulator.platform.webhooks.aim(url)
        simulator.platform.say(ann, "選單")
        assert nursery.end(web) == 0
    for _ in range(2):
        assert nursery.wait(nursery.start("tick")) == 0
        assert len(simulator.platform.received(ann)) == 1
