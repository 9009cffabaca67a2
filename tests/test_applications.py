"""A kept application is what the test would have built: its clock, its settings, its policy."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.policy import Policy
from core.secrets import Vault
from tests.applications import Applications
from tests.conftest import PLAIN_DAY


def application(core: Core) -> Flask:
    app = Flask("kept", static_folder=None)
    app.add_url_rule("/now", view_func=lambda: core.clock.now().isoformat())
    return app


def test_an_application_is_kept_and_stands_on_each_tests_clock(sqlite_store: Store, vault: Vault) -> None:
    kept, apps = Applications(), list[Flask]()
    for days in range(2):
        clock = FixedClock(PLAIN_DAY + timedelta(days=days))
        apps.append(kept.on(Core(sqlite_store, vault, Policy(), clock), application))
        clock.move(timedelta(hours=1))
        assert apps[-1].test_client().get("/now").text == clock.now().isoformat()
    assert apps[0] is apps[1]


def test_settings_that_a_test_changed_are_back_for_the_next(core_sqlite: Core) -> None:
    kept = Applications()
    kept.on(core_sqlite, application).config["MAX_CONTENT_LENGTH"] = 1
    assert kept.on(core_sqlite, application).config["MAX_CONTENT_LENGTH"] is None


def test_another_policy_is_another_application(sqlite_store: Store, vault: Vault, clock: FixedClock) -> None:
    kept = Applications()
    one, other = (
        kept.on(Core(sqlite_store, vault, Policy(source_wrong=wrong), clock), application) for wrong in (5, 6)
    )
    assert one is not other
