"""What LINE's answer to a call means: its status and error text, read into an ``Outcome``.

LINE tells the three meanings of 429 apart, and a dead reply token from any other bad request, by the error's text
alone. Details name the status and the places LINE complains about, never its quotations of what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic_core import from_json

from bot.channels.json_types import Json, JsonValue, as_list, as_object
from core.notices.channel import Outcome, Sent

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, TIMED_OUT, CONFLICT, TOO_MANY = 400, 401, 403, 408, 409, 429
REDIRECTS, CLIENT_ERRORS, SERVER_ERRORS = 300, 400, 500  # where each kind of status begins
PAGE = "text/html"
_PLACE = re.compile(r"[A-Za-z0-9_.\[\]]{1,120}")


@dataclass(frozen=True)
class Answered:
    """One call's answer: its status (0 if there was none), its body and what it means."""

    status: int
    body: bytes
    sent: Sent

    def field(self, name: str) -> str | None:
        """Return a text of an accepted answer's JSON, or nothing."""
        value = _parsed(self.body).get(name) if self.sent.outcome is Outcome.ACCEPTED else None
        return value if isinstance(value, str) and value else None


def outcome_of(status: int, body: bytes, headers: Mapping[str, str]) -> Sent:
    """Return what an answer means; ``headers`` are asked by lower-case names. A success is not read.

    A page that is none of LINE's answers, as a proxy or a sign-in of the network gives it, says nothing of the message.
    """
    request_id = headers.get("x-line-request-id", "")
    if status == CONFLICT:
        accepted = headers.get("x-line-accepted-request-id", request_id)
        return Sent(Outcome.ACCEPTED_BEFORE, str(status), accepted)
    if status < REDIRECTS and not request_id and headers.get("content-type", "").startswith(PAGE):
        return Sent(Outcome.AMBIGUOUS, f"{status} {PAGE}")
    if status < REDIRECTS:
        return Sent(Outcome.ACCEPTED, str(status), request_id)
    error = _parsed(body)
    return Sent(_refusal(status, str(error.get("message", "")).lower()), _detail(status, error), request_id)


def _refusal(status: int, text: str) -> Outcome:
    if status >= SERVER_ERRORS or status == TIMED_OUT:
        return Outcome.AMBIGUOUS
    if status in {UNAUTHORIZED, FORBIDDEN} or status < CLIENT_ERRORS:
        return Outcome.CLOSED  # a redirect means that the address is not LINE's: nothing there can be trusted
    if status == TOO_MANY:
        return _too_many(text)
    if status == BAD_REQUEST and "invalid reply token" in text:
        return Outcome.TOKEN_DEAD
    return Outcome.REFUSED


def _too_many(text: str) -> Outcome:
    if "monthly limit" in text:
        return Outcome.QUOTA
    if "rate limit" not in text and "user" in text:
        return Outcome.SAME_PERSON
    return Outcome.RATE  # also for a text not known: slowing down is never wrong


def _detail(status: int, error: Json) -> str:
    details = (as_object(each) or {} for each in as_list(error.get("details")) or ())
    places = (each.get("property") for each in details)
    named = [place for place in places if isinstance(place, str) and _PLACE.fullmatch(place)]
    return " ".join([str(status), *named])


def _parsed(body: bytes) -> Json:
    try:
        value: JsonValue = from_json(body)
    except ValueError:  # also for what is nested too deeply to be an answer of LINE's
        return {}
    return as_object(value) or {}
