"""The way to every page of the desk: who is signed in, and whether they may (ACC-3, ACC-10).

The use of a session is kept in a transaction of its own, because a request that is refused is a use too. The page then
has one transaction; what is refused in it is rolled back, and noted in the audit (A28).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from core.access import Action, Actor, require
from core.accounts import sessions
from core.accounts.sessions import Session
from core.audit import Door, address
from core.context import Context, Core
from core.errors import FrontdoorError
from handlers.desk import refusals, session_cookie, texts
from handlers.desk.place import keep_place
from handlers.desk.settings import DeskSettings
from handlers.pages.typed import typed_words
from handlers.pages.views import NOT_DONE, SEE_OTHER

VISITOR = Actor(name="visitor")
NAMING = frozenset({"bureau", "code", "duty_id", "file", "number", "unit", "unit_id", "which"})
"""What an address names that may be another's (A28); what somebody looks for by a name is left out."""
Page = Callable[..., Response]
"""Takes the context and what the address names; makes one core call and answers."""


@dataclass(frozen=True)
class Prepared:
    """A page before which something is done that takes long and only reads; the page then writes in a moment."""

    before: Callable[..., object]
    answer: Page
    """Takes what ``before`` returned as ``ahead``, beside what every page takes."""


@dataclass(frozen=True)
class Gate:
    """Adds pages that only somebody signed in reaches, each with the action it asks for."""

    core: Core
    settings: DeskSettings
    blueprint: Blueprint

    def page(
        self, path: str, name: str, action: Action, page: Page | Prepared, *, method: str = "GET", is_use: bool = True
    ) -> None:
        """Add a page; ``is_use`` is false for what an open page asks by itself: that keeps no session alive (ACC-3)."""

        def answer(**named: object) -> Response:
            signed_in = self._use() if is_use else self._session()
            if signed_in is None:
                return self._sign_in_first()
            g.desk_session = signed_in
            return self._enter(signed_in.actor, action, page, named)

        self.blueprint.add_url_rule(path, name, answer, methods=[method])

    def news(self, path: str, name: str, action: Action, page: Page) -> None:
        """Add what an open page asks every second: one transaction that only reads, and no use of the session."""

        def answer(**named: object) -> Response:
            try:
                with self.core.reading(VISITOR, Door.DESK) as ctx:
                    signed_in = sessions.resume(ctx, self._token()) if self._token() else None
                    if signed_in is None:
                        return self._sign_in_first()
                    g.desk_session = signed_in
                    require(signed_in.actor, action)
                    return page(ctx.as_actor(signed_in.actor), **named)
            except FrontdoorError as refused:
                return self._refused(g.desk_session.actor, refused)

        self.blueprint.add_url_rule(path, name, answer, methods=["GET"])

    def sign_out(self, path: str, name: str) -> None:
        """Add the way out: it ends the session, and works whether or not there still is one."""

        def answer() -> Response:
            with self.core.transaction(VISITOR, Door.DESK) as ctx:
                sessions.end(ctx, self._token())
            session.clear()
            flash(texts.SIGNED_OUT)
            return session_cookie.drop(redirect(url_for("desk.sign_in"), SEE_OTHER), self.settings)

        self.blueprint.add_url_rule(path, name, answer, methods=["POST"])

    def _use(self) -> Session | None:
        if not self._token():
            return None
        with self.core.transaction(VISITOR, Door.DESK) as ctx:
            return sessions.renew(ctx, self._token())

    def _session(self) -> Session | None:
        if not self._token():
            return None
        with self.core.reading(VISITOR, Door.DESK) as ctx:
            return sessions.resume(ctx, self._token())

    def _enter(self, actor: Actor, action: Action, page: Page | Prepared, named: dict[str, object]) -> Response:
        try:
            entered = self._prepare(actor, action, page, named) if isinstance(page, Prepared) else page
            with self.core.transaction(actor, Door.DESK) as ctx:
                require(actor, action)
                return entered(ctx, **named)
        except FrontdoorError as refused:
            return self._refused(actor, refused)

    def _prepare(self, actor: Actor, action: Action, page: Prepared, named: dict[str, object]) -> Page:
        with self.core.reading(actor, Door.DESK) as ctx:
            require(actor, action)
            return partial(page.answer, ahead=page.before(ctx, **named))

    def _refused(self, actor: Actor, refused: FrontdoorError) -> Response:
        with self.core.transaction(actor, Door.DESK) as ctx:
            _note(ctx, refused)
        return refusals.refusal(refused)

    def _sign_in_first(self) -> Response:
        """Send a newcomer to the sign-in; tell somebody whose session is over that it is. Both come back after it.

        An open page hears of the end by itself, and the cookie goes with that: what is sent from it later is known by
        its words, which are given back.
        """
        owner = self._owner()
        if self._token() or typed_words():
            return keep_place(session_cookie.drop(refusals.session_over(), self.settings), self.settings, owner)
        if request.method == "POST":
            flash(texts.NOT_SENT, NOT_DONE)
        return keep_place(redirect(url_for("desk.sign_in"), SEE_OTHER), self.settings, owner)

    def _owner(self) -> int | None:
        """Return whose session is over, as long as that is known."""
        if not self._token():
            return None
        with self.core.reading(VISITOR, Door.DESK) as ctx:
            return sessions.owner(ctx, self._token())

    def _token(self) -> str:
        return session_cookie.token(self.settings)


def _note(ctx: Context, refused: FrontdoorError) -> None:
    named = {name: value for name, value in {**request.args, **(request.view_args or {})}.items() if name in NAMING}
    ctx.note("desk.refused", address(f"page:{request.endpoint}", named), (type(refused).__name__,))
