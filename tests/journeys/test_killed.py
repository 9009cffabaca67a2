"""A process killed between storing an event and answering it: started again, it answers once (A55)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from sqlalchemy import select

from bot.settings import load_settings, make_core
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from bot.simulator.world import SimUser
from core import migrations
from core.clock import SystemClock
from core.database import Store
from core.inbox.models import EventState, InboxEvent
from core.secrets import new_key, new_token
from tests.journeys.processes import frontdoor, port_of

PATIENCE = timedelta(minutes=5).total_seconds()  # a process starts slowly where much else runs
pytestmark = pytest.mark.timeout(4 * PATIENCE)
NEVER = "http://127.0.0.1:9"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    platform = Platform(
        SystemClock(), channel_secret="secret", channel_access_token="token", webhook_url=NEVER, timeout=30
    )
    with Simulator(platform) as running:
        yield running


@pytest.fixture
def environment(tmp_path: Path, simulator: Simulator) -> Mapping[str, str]:
    settings = {
        "FRONTDOOR_DATABASE_URL": f"sqlite:///{tmp_path / 'frontdoor.db'}",
        "FRONTDOOR_SECRET_KEY": new_token(),
        "FRONTDOOR_DATA_KEY": new_key(),
        "FRONTDOOR_LINE_CHANNEL_SECRET": "secret",
        "FRONTDOOR_LINE_CHANNEL_ACCESS_TOKEN": "token",
        "FRONTDOOR_LINE_API_URL": simulator.api_url,
        "FRONTDOOR_LINE_DATA_URL": simulator.api_url,
        "FRONTDOOR_LINE_LINK_URL": simulator.link_url,
    }
    store = Store(settings["FRONTDOOR_DATABASE_URL"])
    migrations.upgrade(store)
    store.close()
    return settings


def wait_for_answer(simulator: Simulator, user: SimUser) -> None:
    until, pause = monotonic() + PATIENCE, Event()
    while not simulator.platform.received(user):
        assert monotonic() < until, "no answer came"
        pause.wait(0.1)


def states(environment: Mapping[str, str]) -> list[EventState]:
    given = {name.removeprefix("FRONTDOOR_").lower(): value for name, value in environment.items()}
    core = make_core(load_settings(**given))
    with core.store.reading() as session:
        found = list(session.scalars(select(InboxEvent.state)))
    core.store.close()
    return found


def test_a55_an_event_stored_before_a_kill_is_answered_once_after_it(
    simulator: Simulator, environment: Mapping[str, str]
) -> None:
    ann = simulator.platform.add_user("安安")
    with frontdoor(environment, "web", "--port", "0") as web:
        simulator.platform.webhooks.aim(f"http://127.0.0.1:{port_of(web)}/line/webhook")
        act = simulator.platform.say(ann, "選單")
        web.kill()
    assert states(environment) == [EventState.WAITING]
    assert not simulator.platform.received(ann)
    with frontdoor(environment, "serve", "--port", "0") as serve:
        simulator.platform.webhooks.aim(f"http://127.0.0.1:{port_of(serve)}/line/webhook")
        wait_for_answer(simulator, ann)
        simulator.platform.redeliver(act.event_id)
    with frontdoor(environment, "serve", "--port", "0") as again:
        port_of(again)
    assert len(simulator.platform.received(ann)) == 1
    assert states(environment) == [EventState.DONE]


def test_ticking_twice_says_nothing_twice(simulator: Simulator, environment: Mapping[str, str]) -> None:
    ann = simulator.platform.add_user("安安")
    with frontdoor(environment, "web", "--port", "0") as web:
        simulator.platform.webhooks.aim(f"http://127.0.0.1:{port_of(web)}/line/webhook")
        simulator.platform.say(ann, "選單")
    for _ in range(2):
        with frontdoor(environment, "tick") as tick:
            assert tick.wait(timeout=PATIENCE) == 0
        assert len(simulator.platform.received(ann)) == 1
