"""The way in for other systems: which key, how often, whether it may, and that the same write is done once.

There are no cookies and no sessions here: what a browser keeps means nothing (A62). The key is looked up and counted in
a transaction of its own; where the database does not answer, nobody gets in. The work is one transaction with the
answer that is kept for it; what is refused in it is rolled back, let go of, and noted in the audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from flask import make_response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from core.access import NEEDS_SCOPE, Action, Actor, require
from core.audit import Door, address
from core.context import Core
from core.errors import FrontdoorError, NotAllowed
from core.machines import rules, service
from core.machines.rules import Again
from core.machines.service import TooFast
from core.machines.writes import Answered, Begun, Write, begin_write, keep_answer, let_go
from handlers.api import texts
from handlers.api.operations import Operation, Raw, Ready, Reply
from handlers.api.problems import AGAIN_SOON, STATUS, BadRequest, Problem, of_refusal, retry_after, wrong_field
from handlers.api.texts import Kind

VISITOR = Actor(name="visitor")
MARK = "Idempotency-Key"
NAMING = frozenset({"case_number", "number", "unit"})
"""What an address names that may be another's."""
MAX_BODY = 64 * 1024
JSON = "application/json"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Gate:
    """Answers operations, for keys that may."""

    core: Core

    def answer(self, operation: Operation, named: dict[str, str]) -> Response:
        """Answer one request; ``named`` is what its path names."""
        who = self._enter()
        if isinstance(who, Problem):
            return who.response()
        try:
            require(who, operation.action)
            raw = _raw(operation, named)
            return self._once(operation, who, operation.read(raw), raw.mark)
        except BadRequest as bad:
            return bad.problem.response()
        except FrontdoorError as refused:
            self._note(operation, who, refused, {**request.args, **named})
            return _refusal(operation, refused).response()

    def _enter(self) -> Actor | Problem:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            return _no_key()
        with self.core.transaction(VISITOR, Door.API) as ctx:
            who = service.enter(ctx, text.strip())
            now = ctx.now
        if isinstance(who, TooFast):
            calls = texts.TOO_FAST.format(calls=self.core.policy.api_calls_a_minute)
            return Problem(Kind.TOO_FAST, calls, headers=retry_after(who.until, now))
        return who or _no_key()

    def _once(self, operation: Operation, who: Actor, ready: Ready, mark: str | None) -> Response:
        """Do it; a write with an Idempotency-Key only if it was not done before."""
        if mark is None:
            return self._work(operation, who, ready, None)
        with self.core.transaction(who, Door.API) as ctx:
            begun = begin_write(ctx, Write(mark, ready.meaning))
        if isinstance(begun, Answered):
            return _json(begun.body, begun.status, {"Idempotency-Replayed": "true"})
        if isinstance(begun, Again):
            return _not_again(begun).response()
        try:
            return self._work(operation, who, ready, begun)
        except Exception:
            self._let_go(who, begun)
            raise

    def _work(self, operation: Operation, who: Actor, ready: Ready, begun: Begun | None) -> Response:
        with self.core.transaction(who, Door.API) as ctx:
            require(ctx.actor, operation.action)
            done = ready.run(ctx)
            body = "" if isinstance(done, Problem) else done.body.model_dump_json()
            if begun is not None and isinstance(done, Reply):
                keep_answer(ctx, begun, done.status, body)
            elif begun is not None:
                let_go(ctx, begun)
        return done.response() if isinstance(done, Problem) else _json(body, done.status)

    def _let_go(self, who: Actor, begun: Begun) -> None:
        """Forget a write that failed; where that fails too, its lease runs out."""
        try:
            with self.core.transaction(who, Door.API) as ctx:
                let_go(ctx, begun)
        except SQLAlchemyError as error:
            log.warning("api.not_let_go", error=type(error).__name__)

    def _note(self, operation: Operation, who: Actor, refused: FrontdoorError, named: Mapping[str, str]) -> None:
        """Note what was refused, and whose it was (A28)."""
        known = {name: value for name, value in named.items() if name in NAMING}
        with self.core.transaction(who, Door.API) as ctx:
            subject = address(f"operation:{operation.about.name}", known)
            ctx.note("api.refused", subject, (type(refused).__name__,))


def closed(error: SQLAlchemyError) -> Response:
    """Say that the database does not answer: nobody gets in, and nothing was done."""
    log.error("database.failed", error=type(error).__name__, endpoint=request.endpoint)
    return Problem(Kind.CLOSED, texts.CLOSED, headers={"Retry-After": str(AGAIN_SOON)}).response()


def refused(error: HTTPException) -> Response:
    """Say what the server itself refused before an operation began."""
    kind = next((kind for kind, status in STATUS.items() if status == error.code), Kind.REFUSED)
    return Problem(kind, kind.label, status=error.code).response()


def broken(error: Exception) -> Response:
    """Say that something of ours failed; what, stands in the log."""
    log.error("api.failed", operation=request.endpoint, exc_info=error)
    return Problem(Kind.BROKEN, texts.BROKEN).response()


def _raw(operation: Operation, named: dict[str, str]) -> Raw:
    address = {**request.args.to_dict(), **named}
    if not operation.is_write:
        return Raw(address, b"")
    mark = request.headers.get(MARK)
    if mark is not None and not rules.is_mark(mark):
        raise BadRequest(wrong_field(MARK, texts.BAD_MARK))
    return Raw(address, _body(), mark)


def _body() -> bytes:
    request.max_content_length = MAX_BODY
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        too_large = Problem(Kind.TOO_LARGE, texts.TOO_LARGE.format(kib=MAX_BODY // 1024))
        raise BadRequest(too_large) from None
    if request.mimetype != JSON:
        raise BadRequest(Problem(Kind.MEDIA, texts.NOT_JSON_TYPE))
    return body


def _no_key() -> Problem:
    return Problem(Kind.NO_KEY, texts.NO_KEY, headers={"WWW-Authenticate": "Bearer"})


def _refusal(operation: Operation, refused: FrontdoorError) -> Problem:
    if isinstance(refused, NotAllowed):
        return Problem(Kind.NOT_ALLOWED, texts.NO_SCOPE.format(scope=scope_of(operation.action)))
    return of_refusal(refused)


def scope_of(action: Action) -> str:
    """Return the scope that an action needs."""
    return "、".join(sorted(NEEDS_SCOPE[action]))


def _not_again(found: Again) -> Problem:
    if found is Again.OTHER:
        return Problem(Kind.OTHER_BODY, texts.OTHER_BODY)
    return Problem(Kind.CONFLICT, texts.UNDER_WAY, headers={"Retry-After": str(AGAIN_SOON)})


def _json(body: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return make_response(body, status, {"Content-Type": JSON, **(headers or {})})
