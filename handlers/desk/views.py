"""How the desk's pages are drawn: a template, a status, never kept by a cache, and what stands around each page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from flask import g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from core.access import Action
from core.accounts.rules import SESSION_IDLE
from core.accounts.sessions import Session
from core.errors import NotFound
from core.labels import Labelled
from handlers.desk import texts

ROWS = 20
STEERING = frozenset({"endpoint", "start", "which"})  # names that stand for something else where an address is built
HIGHEST = 2**31 - 1  # what a database column holds: a greater number in an address was not written by us

L = TypeVar("L", bound=Labelled)


@dataclass(frozen=True)
class MenuItem:
    """A way to a page, shown to those who may go there."""

    endpoint: str
    label: str
    action: Action

    def leads_to(self, endpoint: str | None) -> bool:
        """Return whether a page lies behind this one: the one account behind the accounts."""
        return (endpoint or "").startswith(self.endpoint.removesuffix("s"))


MENU = (
    MenuItem("desk.overview", "總覽", Action.USE_DESK),
    MenuItem("desk.duties", "待辦清單", Action.SEE_DUTIES),
    MenuItem("desk.reviews", "審核", Action.REVIEW),
    MenuItem("desk.bring", "匯入", Action.IMPORT),
    MenuItem("desk.help", "客服", Action.ANSWER_HELP),
    MenuItem("desk.requests", "申請審核", Action.DECIDE_REQUESTS),
    MenuItem("desk.registrations", "帳號申請", Action.DECIDE_REGISTRATIONS),
    MenuItem("desk.accounts", "帳號查詢", Action.SEE_ACCOUNTS),
    MenuItem("desk.units", "單位", Action.SEE_ACCOUNTS),
    MenuItem("desk.messages", "訊息", Action.SEE_MESSAGES),
    MenuItem("desk.calendar", "上班日", Action.CHANGE_CALENDAR),
    MenuItem("desk.watch", "統計", Action.USE_DESK),
)


@dataclass(frozen=True)
class Way:
    """A link that leads on from what a page shows."""

    url: str
    label: str


@dataclass(frozen=True)
class Pager:
    """Which rows of a list are shown, and the addresses of the pages before and after; empty: there is none."""

    total: int
    start: int
    shown: int
    before: str
    after: str
    is_more: bool = False
    """The list holds more than ``total``, which was counted up to a bound."""

    @property
    def said(self) -> str:
        """How many there are, in words."""
        return f"{self.total}+" if self.is_more else str(self.total)


def page(template: str, status: int = 200, **values: object) -> Response:
    """Return a page drawn from a template."""
    response = make_response(render_template(f"desk/{template}", **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def around() -> dict[str, object]:
    """Return what each page of somebody signed in shows around its content: who they are, where to go, time left."""
    signed_in: Session | None = g.get("desk_session")
    if signed_in is None:
        return {}
    return {
        "actor": signed_in.actor,
        "menu": tuple(item for item in MENU if signed_in.actor.may(item.action)),
        "seconds_left": SESSION_IDLE.seconds,  # this very request has renewed it
        "standings": texts.STANDINGS,
        "query": query(),
        "drawn_at": signed_in.ends_at - SESSION_IDLE,
        "this_page": request.full_path.removesuffix("?"),
    }


def start() -> int:
    """Return the row the address asks to begin with; 0 for anything that is no such number."""
    return as_number(request.args.get("start", "")) or 0


def asked_id(name: str) -> int | None:
    """Return the id the address names, or None; raises ``NotFound`` for what can be no id."""
    asked = request.args.get(name, "")
    if asked and not _is_number(asked):
        raise NotFound
    return int(asked) if asked else None


def as_number(text: str) -> int | None:
    """Return a number that somebody sent and a column can hold, or None for anything that is no such number."""
    return int(text) if _is_number(text) else None


def asked_member(kinds: type[L], name: str) -> L | None:
    """Return the member of an enum the address names, or None; raises ``NotFound`` for what is none."""
    value = request.args.get(name, "")
    found = next((each for each in kinds if each.value == value), None)
    if value and found is None:
        raise NotFound
    return found


def query() -> dict[str, str]:
    """Return what the address asks beside the page, for another address; nothing that steers how one is built."""
    return {name: value for name, value in request.args.items() if not name.startswith("_") and name not in STEERING}


def stored_id(number: int) -> int:
    """Return a number of an address that can be one of ours; raises ``NotFound`` for what no column holds."""
    if number > HIGHEST:
        raise NotFound
    return number


def pager(total: int, start: int, shown: int) -> Pager:
    """Return the pages before and after this one, at the same address."""
    before = _at(before_of(total, start)) if start else ""
    after = _at(start + ROWS) if start + shown < total and shown else ""
    return Pager(total, start, shown, before, after)


def before_of(total: int, start: int) -> int:
    """Return the row the page before begins with: beyond the end, the last page that holds any."""
    return max(0, min(start - ROWS, (total - 1) // ROWS * ROWS))


def _at(start: int) -> str:
    named = {**(request.view_args or {}), **query(), "start": str(start) if start else None}
    return url_for(str(request.endpoint), **named)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(HIGHEST)) and int(text) <= HIGHEST
