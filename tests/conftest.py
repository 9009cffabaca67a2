"""What every test may ask for: a standing clock, keys, and a fresh database of either kind with a core on it."""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import structlog
from flask import Flask
from hypothesis import settings
from playwright.sync_api import Browser, Page

from bot.long_run import settle_in
from core.clock import TAIPEI, FixedClock
from core.context import Core
from core.database import Store
from core.policy import Policy
from core.secrets import Vault
from tests import browsers
from tests.applications import Applications, CompiledTemplates
from tests.databases import (
    Beginnings,
    PostgresDatabase,
    SqliteFiles,
    bare_postgres,
    bare_sqlite,
    close_run,
    open_run,
    server_address,
)
from tests.postgres_server import ServerMissing

PLAIN_DAY = datetime(2026, 3, 4, 10, 0, tzinfo=TAIPEI)
"""A Wednesday, ten in the morning, no holiday near."""
CHEAP = Policy(argon2_memory_kib=8, argon2_passes=1)
"""The house's numbers, but a password is hashed at once: what it costs is tested where it matters."""
SHARED = pytest.StashKey[Path]()

settings.register_profile("house", deadline=None)  # a busy machine is no failure; pytest's timeout still holds
settings.load_profile("house")
Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", None)
    config.stash[SHARED] = Path(given["shared"]) if given else open_run()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    node.workerinput["shared"] = str(node.config.stash[SHARED])  # type: ignore[attr-defined]  # xdist has no types


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        close_run(config.stash[SHARED])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what may take minutes, so that no worker waits for another at the end; else the order is by chance."""
    items.sort(key=lambda each: each.get_closest_marker("timeout") is None)


def pytest_collection_finish() -> None:
    settle_in()  # what was loaded stays to the end: no search for garbage need look through it again


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Undo what a command set up for its logs: the streams it wrote to are gone with its test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands on a plain working day until the test moves it."""
    return FixedClock(PLAIN_DAY)


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(
        "a secret key for tests, long enough", [base64.b64encode(b"data key for tests of 32 bytes..").decode()]
    )


@pytest.fixture
def policy() -> Policy:
    return CHEAP


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> str:
    """The server's address, with ``{}`` where a database's name goes."""
    try:
        return server_address(request.config.stash[SHARED])
    except ServerMissing as error:
        line = str(error)
    pytest.fail(line, pytrace=False)


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[PostgresDatabase]:
    database = PostgresDatabase(postgres_server, f"frontdoor_test_{os.getpid()}")
    yield database
    database.drop()


@pytest.fixture
def sqlite_store(sqlite_files: SqliteFiles) -> Iterator[Store]:
    """A fresh, migrated, empty SQLite database: for tests that the kind of database does not matter to."""
    with sqlite_files.empty() as store:
        yield store


@pytest.fixture
def postgres_store(postgres_database: PostgresDatabase) -> Iterator[Store]:
    """A fresh, migrated, empty PostgreSQL database: for tests of what only PostgreSQL does."""
    with postgres_database.empty() as store:
        yield store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Store:
    """A fresh, migrated, empty database of each kind in turn."""
    name = "sqlite_store" if request.param == "sqlite" else "postgres_store"
    found: Store = request.getfixturevalue(name)
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def bare_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database of each kind in turn, without tables."""
    if request.param == "sqlite":
        with bare_sqlite(tmp_path) as store:
            yield store
        return
    with bare_postgres(request.getfixturevalue("postgres_server"), f"frontdoor_bare_{os.getpid()}") as store:
        yield store


@pytest.fixture
def core(store: Store, vault: Vault, policy: Policy, clock: FixedClock) -> Core:
    """The case module on a fresh database of each kind in turn."""
    return Core(store, vault, policy, clock)


@pytest.fixture
def core_sqlite(sqlite_store: Store, vault: Vault, policy: Policy, clock: FixedClock) -> Core:
    """The case module on a fresh SQLite database."""
    return Core(sqlite_store, vault, policy, clock)


@pytest.fixture(scope="session")
def beginnings() -> Beginnings:
    """What this worker's tests begin with, kept."""
    return Beginnings()


@pytest.fixture(scope="session")
def applications() -> Applications:
    """The web applications that this worker keeps."""
    return Applications()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium. One a file: the library keeps an event loop in this thread, which would be in others' way."""
    if browsers.chromium() is None:
        pytest.fail(browsers.INSTALL, pytrace=False)
    with browsers.started() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page as on a phone; an error in its scripts fails the test."""
    with browsers.phone_page(browser) as found:
        yield found
