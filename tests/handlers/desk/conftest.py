"""A browser before the desk, the people who sit there, and a bureau with a school that owes something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFProtect

from core.access import Actor, system
from core.accounts import sessions
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.accounts.requests.asked import Asked
from core.accounts.requests.models import AccountRequest, RequestKind, RequestState
from core.accounts.service import set_password
from core.audit import Door
from core.context import Core
from core.duties.models import Duty
from core.helpdesk.canned import save_canned
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpKind
from core.helpdesk.service import Asker, ask
from core.policy import Policy
from handlers.desk import DeskSettings, desk
from handlers.pages import PageSettings, pages
from tests.applications import Applications
from tests.builders import a_case, a_check, a_dispatch, a_unit, an_account
from tests.core.accounts.registration.registering import registers
from tests.databases import Beginnings
from tests.duties import a_duty
from tests.handlers.desk.agents import Agent, Sits
from tests.handlers.pages.conftest import PASSWORD, Browser

SETTINGS = DeskSettings(is_secure=False)
DAY = timedelta(days=1)
HELD = {
    Role.CASEWORKER: (Permission.CASEWORKER, Permission.MEAL_CHECKS),
    Role.CONTACT: (Permission.CONTACT,),
    Role.SUPERVISOR: (Permission.SUPERVISOR,),
    Role.CENTER: (Permission.CITY,),
    Role.HELPDESK: (),
    Role.ADMIN: (),
}
"""What an account of each role usually holds."""


@dataclass(frozen=True)
class Place:
    """A bureau with a school that owes a late reply and a check in time, and another bureau that owes as much."""

    bureau: Unit
    school: Unit
    other_bureau: Unit
    other_centre: Unit
    late: Duty
    check: Duty
    others_late: Duty
    email_change: int
    """The number of a caseworker's request."""
    extension: int
    late_case: str
    """The number of the case whose reply is late."""
    others_case: str
    check_number: str
    asker: Account
    successor: Account
    """May take over from the asker."""
    registration: int
    """The number of a registration that waits for its decision."""
    help: int
    """The number of a request to the helpdesk."""
    canned: int
    """The number of a canned answer."""


@pytest.fixture
def policy() -> Policy:
    return Policy(argon2_memory_kib=8, argon2_passes=1, source_wrong=5)


@pytest.fixture
def place(beginnings: Beginnings, core_sqlite: Core) -> Place:
    return beginnings.of(core_sqlite, a_place)


def a_place(core: Core) -> Place:
    """Store a place."""
    now = core.clock.now()
    bureau, other = (a_unit(core, name, kind=UnitKind.BUREAU) for name in ("教育局", "社會局"))
    school = a_unit(core, "清溪國小", parent=bureau)
    centre = a_unit(core, "板橋社福中心", kind=UnitKind.WELFARE_CENTRE, parent=other)
    late, theirs = a_case(core, child="王小明"), a_case(core, child="張大文")
    meal = a_check(core, school, child="林小華")
    asker = an_account(core, school, code="AZ1551", email="asker@ntpc.gov.tw")
    return Place(
        bureau,
        school,
        other,
        centre,
        a_duty(core, a_dispatch(core, school, case=late), due_at=now - DAY),
        a_duty(core, meal, due_at=now + DAY),
        a_duty(core, a_dispatch(core, centre, case=theirs), due_at=now - DAY),
        *asked_for(core, asker),
        late_case=late.number,
        others_case=theirs.number,
        check_number=meal.number,
        asker=asker,
        successor=an_account(core, school),
        registration=registers(core, unit="清溪國小", permissions=frozenset({Permission.CASEWORKER})),
        help=asked_for_help(core, asker),
        canned=a_canned_answer(core),
    )


def asked_for_help(core: Core, asker: Account, text: str = "畫面是白的") -> int:
    """Let an account ask the helpdesk from its phone; return the request's number."""
    with core.transaction(system("tests"), Door.CHAT) as ctx:
        who = Asker(f"person-{asker.id}", ctx.vault.seal(f"U{asker.id:032x}"), account_id=asker.id)
        return ask(ctx, who, HelpKind.FAULT, "", Written(text)).number


def a_canned_answer(core: Core, title: str = "清除 Cookie", text: str = "{姓名}您好，請清除 Cookie。") -> int:
    """Store a canned answer; return its number."""
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return save_canned(ctx, title, text)


def asked_for(core: Core, asker: Account) -> tuple[int, int]:
    """Store a change of address and an extension that wait for their decision; return their numbers."""
    asked = {
        RequestKind.EMAIL: Asked(address="brandnew@ntpc.gov.tw", old_address="asker@ntpc.gov.tw"),
        RequestKind.EXTENSION: Asked(ends_on=asker.ends_on, unit="清溪國小"),
    }
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        rows = [
            AccountRequest(
                account_id=asker.id, kind=kind, asked=ctx.vault.seal(facts.to_json()), filed_at=ctx.now,
                state=RequestState.FILED, about="", decided_by="",
            )
            for kind, facts in asked.items()
        ]  # fmt: skip
        ctx.session.add_all(rows)
        ctx.session.flush()
        return rows[0].id, rows[1].id


def application(core: Core) -> Flask:
    """An application that has the desk and the phone pages."""
    app = Flask("desk under test", static_folder=None)
    app.config.update(SECRET_KEY="for tests", SESSION_COOKIE_SAMESITE="Lax", MAX_CONTENT_LENGTH=2**20)
    CSRFProtect(app)
    app.register_blueprint(pages(core, PageSettings("https://line.example/link")))
    app.register_blueprint(desk(core, SETTINGS))
    return app


@pytest.fixture
def app(applications: Applications, core_sqlite: Core) -> Flask:
    return applications.on(core_sqlite, application)


@pytest.fixture
def visitor(app: Flask) -> Iterator[Browser]:
    """A browser in which nobody is signed in."""
    with app.test_client() as client:
        yield Browser(client)


@pytest.fixture
def account(core_sqlite: Core, place: Place) -> Account:
    """A caseworker of the school, with a password."""
    made = an_account(core_sqlite, place.school, permissions=HELD[Role.CASEWORKER], email="ak1551@ntpc.gov.tw")
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, made.code, PASSWORD)
    return made


def session_of(core: Core, account: Account) -> str:
    """Return the token of a new session."""
    with core.transaction(Actor(name="visitor"), Door.DESK) as ctx:
        return sessions.begin(ctx, account.id)


@pytest.fixture
def seated(core_sqlite: Core, app: Flask, place: Place) -> Callable[[Role], Browser]:
    """Return a browser in which somebody of a role is signed in: of the school, or of the bureau over it."""

    def sit(role: Role) -> Browser:
        unit = place.school if role is Role.CASEWORKER else place.bureau
        account = an_account(core_sqlite, unit, role=role, permissions=HELD[role], name="陳怡君")
        client = app.test_client()
        client.set_cookie(SETTINGS.cookie, session_of(core_sqlite, account))
        return Browser(client)

    return sit


@pytest.fixture
def sits(core_sqlite: Core, app: Flask, place: Place) -> Sits:
    """Return a browser of the helpdesk in which an agent is signed in."""

    def sit(name: str = "林怡君", *permissions: Permission) -> Agent:
        account = an_account(core_sqlite, place.bureau, role=Role.HELPDESK, permissions=permissions, name=name)
        client = app.test_client()
        client.set_cookie(SETTINGS.cookie, session_of(core_sqlite, account))
        return Agent(Browser(client), account)

    return sit


@pytest.fixture
def ann(sits: Sits) -> Agent:
    """An agent before a browser."""
    return sits()
