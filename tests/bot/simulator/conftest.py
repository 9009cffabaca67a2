"""A platform, a bot that listens, and the platform's sockets."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request

from bot.simulator.mailbox import Mailbox
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from bot.simulator.sign_on import City
from bot.simulator.web import create_app
from bot.simulator.world import SimUser
from core.clock import FixedClock
from tests.bot.simulator.listening import MORNING, SECRET, TOKEN, LineCaller, ListeningBot


@pytest.fixture
def bot() -> Iterator[ListeningBot]:
    listening = ListeningBot()
    server: BaseWSGIServer = make_server("127.0.0.1", 0, Request.application(listening))
    listening.url = f"http://127.0.0.1:{server.server_port}/line/webhook"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield listening
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING)


@pytest.fixture
def platform(clock: FixedClock, bot: ListeningBot) -> Platform:
    return Platform(clock, channel_secret=SECRET, channel_access_token=TOKEN, webhook_url=bot.url)


@pytest.fixture
def simulator(platform: Platform) -> Iterator[Simulator]:
    with Simulator(platform) as running:
        yield running


@pytest.fixture
def teacher(platform: Platform) -> SimUser:
    """A friend of the account."""
    friend = platform.add_user("林怡君老師")
    platform.follow(friend)
    return friend


@pytest.fixture
def http(platform: Platform) -> FlaskClient:
    """The platform's HTTP side without sockets."""
    clock = platform.world.clock
    return create_app(platform, Mailbox(clock), City(clock)).test_client()


@pytest.fixture
def line(http: FlaskClient) -> LineCaller:
    return LineCaller(http)
