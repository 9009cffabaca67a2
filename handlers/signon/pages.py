"""To the city's sign-on and back: a browser leaves with a state of its own, and comes back with a code for it.

The answer is fetched and checked outside of any transaction; then the door goes on, which finds the account and sends
the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.accounts.identity.sign_on import CitySignOn, SignOnDown, SignOnRefused, ask_for
from core.context import Core
from handlers.signon import proof, texts
from handlers.signon.proof import Asked

SEE_OTHER, UNAUTHORISED, UNAVAILABLE = 303, 401, 503
CODE_AT_MOST = 4096


@dataclass(frozen=True)
class Entrance:
    """A door that lets the sign-on prove who somebody is: where its form is, where it goes on, and its other way."""

    form: str
    goes_on: str
    instead: str = texts.BY_PASSWORD


DOORS: Mapping[str, Entrance] = {
    "desk": Entrance("desk.sign_in", "desk.signed_on"),
    "link": Entrance("pages.link", "pages.link_signed_on"),
    "register": Entrance("pages.registration", "pages.registration_signed_on", texts.BY_MAILBOX),
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SignOnPages:
    """The way out and the way back."""

    core: Core
    city: CitySignOn

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/signon/<door>", "leave", self.leave, methods=["GET"])
        blueprint.add_url_rule("/signon/return", "come_back", self.come_back, methods=["GET"])

    def leave(self, door: str) -> Response:
        """Send the browser to the sign-on."""
        if door not in DOORS:
            abort(404)
        now = self.core.clock.now()
        asked = proof.ask(door, request.args.get("linkToken", ""), now)
        try:
            address = self.city.address(ask_for(self.core.vault, asked.state), now)
        except SignOnDown as down:
            return _down(asked, down)
        return redirect(address, SEE_OTHER)

    def come_back(self) -> Response:
        """Fetch and check the answer, and go on at the door where it was asked."""
        now = self.core.clock.now()
        asked = proof.take_asked(request.args.get("state", ""), now)
        if asked is None:
            return _problem(None, UNAUTHORISED, texts.LOST, texts.LOST_WHY)
        code = request.args.get("code", "")
        if not 0 < len(code) <= CODE_AT_MOST:
            why = texts.CANCELLED_WHY.format(instead=DOORS[asked.door].instead)
            return _problem(asked, UNAUTHORISED, texts.REFUSED, why)
        try:
            account = self.city.account_code(ask_for(self.core.vault, asked.state), code, now)
        except SignOnDown as down:
            return _down(asked, down)
        except SignOnRefused as refused:
            log.warning("sign_on.refused", reason=str(refused))
            return _problem(asked, UNAUTHORISED, texts.REFUSED, texts.REFUSED_WHY)
        proof.prove(asked, account, now)
        return redirect(_at(DOORS[asked.door].goes_on, asked), SEE_OTHER)


def _down(asked: Asked, down: SignOnDown) -> Response:
    log.error("sign_on.down", reason=str(down))
    return _problem(asked, UNAVAILABLE, texts.DOWN, texts.DOWN_WHY.format(instead=DOORS[asked.door].instead))


def _problem(asked: Asked | None, status: int, what: str, why: str) -> Response:
    again = _at(DOORS[asked.door].form, asked) if asked else url_for("desk.sign_in")
    return make_response(render_template("signon/problem.html", what=what, why=why, again=again), status)


def _at(endpoint: str, asked: Asked) -> str:
    return url_for(endpoint, linkToken=asked.token or None)
