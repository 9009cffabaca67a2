"""What every call of the bot passes before and after its own endpoint: bearer, size, request id, faults."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from flask import Response, g, request

from bot.simulator.answers import Answer, refusal
from bot.simulator.faults import ENDPOINTS, ERRORS, RESETS, TIMEOUTS, Fault, FaultKind
from bot.simulator.ids import new_request_id
from bot.simulator.jsons import dump
from bot.simulator.platform import Platform

BODY_BYTES = 2 * 1024 * 1024
HANG_UP = "X-Simulator-Hang-Up"  # tells the server to drop the connection; never reaches the bot
_LOOKS_A_MINUTE = 1200
_LOOK = 0.05  # seconds between looks whether a held caller is still there


def response(answer: Answer) -> Response:
    """Return an answer as an HTTP response."""
    raw = dump(answer.body) if answer.raw is None else answer.raw
    made = Response(raw, answer.status, content_type=answer.media_type)
    for name, value in answer.headers:
        made.headers[name] = value
    return made


@dataclass(frozen=True)
class Gate:
    """The gate of one platform."""

    platform: Platform

    def enter(self) -> Response | None:
        """Answer instead of the endpoint where the call is refused or spoiled before it is accepted."""
        g.request_id = new_request_id()
        g.fault = self.platform.faults.take(_endpoint())
        if g.fault and g.fault.kind is FaultKind.SLOW:
            self.platform.world.stopping.wait(g.fault.seconds)
        if g.fault and g.fault.kind.is_before:
            return self._spoiled(g.fault)
        if not self._is_known():
            return response(refusal(*ERRORS[FaultKind.UNAUTHORIZED]))
        if (request.content_length or 0) > BODY_BYTES:
            return response(refusal(413, "Request Entity Too Large"))
        return None

    def leave(self, made: Response) -> Response:
        """Spoil the answer of a call that was accepted, where a fault says so; name the request."""
        if g.fault and not g.fault.kind.is_before and g.fault.kind is not FaultKind.SLOW:
            made = self._spoiled(g.fault)
        made.headers["x-line-request-id"] = g.request_id
        return made

    def _is_known(self) -> bool:
        given = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {self.platform.channel_access_token}".encode())

    def _spoiled(self, fault: Fault) -> Response:
        if fault.kind in ERRORS:
            return response(refusal(*ERRORS[fault.kind]))
        if fault.kind in TIMEOUTS:
            self._hold()
        if fault.kind in RESETS | TIMEOUTS:
            return Response(headers={HANG_UP: "1"})
        if fault.kind is FaultKind.JUNK_BODY:
            return Response("<html>It works</html>", content_type="text/html")
        return Response(b"{}", content_type="application/json")

    def _hold(self) -> None:
        """Keep the caller waiting until it goes away, a minute has passed or the platform stops."""
        is_gone = request.environ.get("waitress.client_disconnected", lambda: True)
        for _ in range(_LOOKS_A_MINUTE):
            if is_gone() or self.platform.world.stopping.wait(_LOOK):
                return


def _endpoint() -> str:
    """Return the endpoint's name in the list of faults: views are called after it."""
    view = (request.endpoint or "").rpartition(".")[2]
    return next((each for each in ENDPOINTS if view.startswith(each)), "")
