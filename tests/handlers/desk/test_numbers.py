"""Numbers in an address: one that no column holds is answered as one of nothing, and no database is asked for it.

PostgreSQL refuses such a number where SQLite looks it up; what is asked is looked at here, so that SQLite tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import IntegerConverter

from core.accounts.models import Role
from core.context import Core
from core.errors import NotFound
from handlers.desk import views
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.test_access import filled, routes
from tests.handlers.desk.test_sign_in import csrf
from tests.handlers.pages.conftest import Browser

HIGHEST = 2**31 - 1  # what PostgreSQL's integer holds
OF_CASEWORK = {"working"}
OF_REVIEW = "review_"


@contextmanager
def numbers_asked_for(core: Core) -> Iterator[set[int]]:
    """Collect the whole numbers that go to the database."""
    asked: set[int] = set()

    def note(*given: object) -> None:
        parameters = given[3] if isinstance(given[3], (tuple, list)) else ()
        asked.update(each for each in parameters if isinstance(each, int))

    event.listen(core.store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(core.store.engine, "before_cursor_execute", note)


def numbered(app: Flask) -> dict[str, list[str]]:
    """Return the numbers that each page of the desk takes in its address, by its name."""
    rules = {name: rule._converters for name, rule in routes(app).items()}
    found = {
        name: [key for key, each in converters.items() if isinstance(each, IntegerConverter)]
        for name, converters in rules.items()
    }
    return {name: keys for name, keys in found.items() if keys}


@pytest.mark.parametrize("number", [HIGHEST + 1, 2**63])
def test_no_database_is_asked_for_a_number_that_no_column_holds(
    core_sqlite: Core, app: Flask, place: Place, seated: Callable[[Role], Browser], number: int
) -> None:
    center, admin, supervisor = seated(Role.CENTER), seated(Role.ADMIN), seated(Role.SUPERVISOR)
    pages = numbered(app)
    assert {*OF_CASEWORK, "unit", "help_file", "help_delete_canned", "decide_registration"} <= pages.keys()
    for name, keys in pages.items():
        for key in keys:
            values: dict[str, Any] = dict.fromkeys(keys, place.help) | {key: number}
            with app.test_request_context():
                path = app.url_for(f"desk.{name}", **values)
            of_work = supervisor if name.startswith(OF_REVIEW) else admin
            browser = center if name in OF_CASEWORK else of_work
            browser.opens("/desk/")
            is_form = "POST" in (routes(app)[name].methods or ())
            with numbers_asked_for(core_sqlite) as asked:
                if is_form:
                    answer = browser.client.post(path, data=csrf(browser) | filled(place))
                else:
                    answer = browser.client.get(path)
            assert (name, key, answer.status_code, max(asked) <= HIGHEST) == (name, key, 404, True)


def test_the_highest_number_of_a_column_is_one() -> None:
    assert views.stored_id(HIGHEST) == HIGHEST
    with pytest.raises(NotFound):
        views.stored_id(HIGHEST + 1)
