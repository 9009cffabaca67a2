"""The helpdesk's first page and a conversation with 10,000 conversations in the tables against the same with 100.

Half of them are unsolved in both: a few pages of few, and 5,000 of many, a tenth of these waiting for who asked. Timed
is the whole request at the server, from the address to the last byte: session, gate, page, audit and commit.

Of both a hundred were asked in the last thirty days, the others before: the numbers of 統計 are counted over the chosen
days each time, so that their cost follows what was asked in these and not what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import select

from core.access import Actor
from core.accounts import sessions
from core.accounts.models import Account, Role
from core.audit import Door
from core.context import Core
from core.database import Store
from core.helpdesk.models import EntryKind, HelpEntry, HelpKind, HelpRequest, HelpState, Side
from handlers.desk import DeskSettings, desk
from handlers.pages import PageSettings, pages
from tests.bench.figures import Figure, seconds
from tests.bench.filling import NOW, Rows, a_core, fill
from tests.builders import an_account

FEW, MANY = 100, 10_000
ROUNDS = 41
RATIO_MOST, MS_MOST = 1.5, 100.0
LONG_AGO = timedelta(days=31)
ENTRIES, EACH = 6, 5  # entries of each conversation, conversations of each person
SETTINGS = DeskSettings(is_secure=False)
UNSOLVED = (HelpState.NEW, HelpState.OPEN, HelpState.NEW, HelpState.OPEN, HelpState.WAITING)
STATES = (*UNSOLVED, *(len(UNSOLVED) * (HelpState.SOLVED,)))
PAGES = {
    "first page": "/desk/help",
    "mine": "/desk/help?list=mine",
    "what waits": "/desk/help?list=waiting",
    "a conversation": "/desk/help/40",
    "how times were kept": "/desk/watch?days=30",
    "what was asked": "/desk/watch/requests?days=30",
    "an open list asks": "/desk/help/news",
    "an open conversation asks": "/desk/help/40/news",
}


def figures(few: Store, many: Store) -> Iterator[Figure]:
    """Yield for each page its ratio, and the milliseconds with many."""
    small, large = _browser(few, FEW), _browser(many, MANY)
    backend = many.url.get_backend_name()
    for name, address in PAGES.items():
        ours, peer = partial(_opens, large, address), partial(_opens, small, address)
        yield from _page(f"{backend}: helpdesk, {name}", ours, peer)


def _page(name: str, large: Callable[[], None], small: Callable[[], None]) -> Iterator[Figure]:
    large()
    small()
    times = [(seconds(large), seconds(small)) for _ in range(ROUNDS)]
    mine, theirs = (median(each) * 1000 for each in zip(*times, strict=True))
    note = f"{mine:.1f} ms against {theirs:.1f} ms"
    yield Figure(f"{name}, {MANY:,} / {FEW} conversations", mine / theirs, note, RATIO_MOST)
    best = min(each for each, _ in times) * 1000  # what it takes when nobody else has the machine
    yield Figure(f"{name}, of {MS_MOST:.0f} ms of the server's time", best / MS_MOST, f"best {best:.1f} ms", 1.0)


def _opens(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert answer.status_code == 200
        answer.get_data()


def _browser(store: Store, count: int) -> FlaskClient:
    """Return the browser of an agent at a desk with so many conversations."""
    core = a_core(store)
    agent = an_account(core, role=Role.HELPDESK, permissions=())
    fill_requests(core, agent, count)
    client = a_desk_app(core).test_client()
    with core.transaction(Actor(name="visitor"), Door.DESK) as ctx:
        client.set_cookie(SETTINGS.cookie, sessions.begin(ctx, agent.id))
    return client


def fill_requests(core: Core, agent: Account, count: int) -> None:
    """Store so many conversations, most of them the agent's."""
    fill(core, Account, _people(an_account(core), count // EACH))
    with core.store.reading() as session:
        askers = session.scalars(select(Account.id).where(Account.role == Role.CASEWORKER)).all()
    fill(core, HelpRequest, _requests(core, agent, askers, count))
    fill(core, HelpEntry, _entries(core, count))


def a_desk_app(core: Core) -> Flask:
    """Return the desk as an application of its own."""
    app = Flask("bench", static_folder=None)
    app.config.update(SECRET_KEY="for the bench", MAX_CONTENT_LENGTH=2**20)
    CSRFProtect(app)
    app.register_blueprint(pages(core, PageSettings("https://line.example/link")))
    app.register_blueprint(desk(core, SETTINGS))
    return app


def _people(template: Account, count: int) -> Rows:
    """Yield those who ask, each a few times."""
    facts = {column.key: getattr(template, column.key) for column in Account.__table__.columns if column.key != "id"}
    for number in range(count):
        yield facts | {"code": f"P{number:05}", "national_id_key": f"id-{number}", "email_key": f"mail-{number}"}


def _requests(core: Core, agent: Account, askers: Sequence[int], count: int) -> Rows:
    subject = core.vault.seal("列印時畫面是白的")
    for number in range(1, count + 1):
        state = STATES[number % len(STATES)]
        owes = state in (HelpState.NEW, HelpState.OPEN)
        yield {
            "kind": HelpKind.FAULT,
            "state": state,
            "subject": subject,
            "person": f"{number:064x}",
            "account_id": askers[number % len(askers)],
            "agent_id": agent.id if number % 4 else None,
            "asked_at": NOW - timedelta(minutes=number) - (timedelta() if number <= FEW else LONG_AGO),
            "state_at": NOW - timedelta(minutes=number),
            "answer_due_at": NOW + timedelta(minutes=number % 3000) if state is HelpState.NEW else None,
            "solve_due_at": NOW + timedelta(minutes=number % 9000) if owes else None,
            "solved_at": NOW if state is HelpState.SOLVED else None,
            "answered_in": None if state is HelpState.NEW else number % 20_000,
            "solved_in": number % 120_000 if state is HelpState.SOLVED else None,
            "newest_entry": number * ENTRIES,
        }


def _entries(core: Core, count: int) -> Rows:
    text = core.vault.seal("列印時畫面是白的，重新登入之後還是一樣。")
    for number in range(count * ENTRIES):
        yield {
            "request_id": number // ENTRIES + 1,
            "side": Side.USER if number % 2 else Side.AGENT,
            "kind": EntryKind.TEXT,
            "text": text,
            "at": NOW,
            "notice_key": "",
        }
