"""The LINE platform behind ``core.notices.channel.LineDoor``: what was sent, and what became of it, as typed outcomes.

Messages are posted as the bytes that are stored, many at once (``posting.py``), so that a retry sends the same body.
All other calls go through the SDK's client (``line_client.py``). Nothing retries by itself and every call has
time-outs. No token, LINE id or text is logged or put into a detail.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pydantic_core import to_json
from urllib3 import Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from bot.channels.json_types import JsonValue
from bot.channels.limits import problems
from bot.channels.line_client import LineClient
from bot.channels.line_outcomes import Answered, outcome_of
from bot.channels.posting import Poster
from bot.render.flex import draw
from core.cards import Answer
from core.notices.channel import Done, Fill, Outcome, Request, Sent, Unsent

API_URL = "https://api.line.me"


@dataclass(frozen=True)
class TimeOuts:
    """How long to wait, in seconds: for a connection, and for the answer once the request is out."""

    connect: float = 3.0
    read: float = 10.0
    whole: float = 20.0
    """Until an answer to a sending is there to its end, however slowly it comes."""
    profile: float = 1.0
    """For either step of asking a display name: somebody waits for the page, which does without it."""


class LineChannel:
    """One LINE channel. Safe to share between threads: there is one pool of connections."""

    def __init__(
        self,
        access_token: str,
        api_url: str = API_URL,
        time_outs: TimeOuts | None = None,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._time_outs = time_outs or TimeOuts()
        waits = self._time_outs
        self._poster = Poster(self._api_url, access_token, waits.connect, waits.read, waits.whole)
        self._client = LineClient(access_token, self._api_url)

    def draw(self, answer: Answer, fill: Fill) -> tuple[bytes, ...]:
        """Return the LINE messages, each as JSON; raises ``ValueError`` when one breaks LINE's limits."""
        messages = draw(answer, fill)
        broken = problems(messages)
        if broken:
            raise ValueError("; ".join(f"{each.path}: {each.message}" for each in broken))
        return tuple(to_json(each) for each in messages)

    def reply(self, token: str, messages: Sequence[bytes]) -> bytes:
        """Return the body that answers with a reply token."""
        return b'{"replyToken":%b,"messages":[%b]}' % (to_json(token), b",".join(messages))

    def push(self, line_user_ids: Sequence[str], messages: Sequence[bytes]) -> bytes:
        """Return the body that pushes to one person, or the same to up to 500."""
        to: JsonValue = line_user_ids[0] if len(line_user_ids) == 1 else list(line_user_ids)
        return b'{"to":%b,"messages":[%b]}' % (to_json(to), b",".join(messages))

    def post(self, requests: Sequence[Request], done: Done) -> None:
        """Post many requests side by side, each once; ``done`` hears of each, from another thread."""
        self._poster.post(requests, done)

    def link_token(self, line_user_id: str) -> str:
        """Return a fresh account-link token; raises ``Unsent`` when LINE gives none."""
        path = f"/v2/bot/user/{quote(line_user_id, safe='')}/linkToken"
        answered = self._call("POST", path, Timeout(connect=self._time_outs.connect, read=self._time_outs.read))
        token = answered.field("linkToken")
        if not token:
            raise Unsent(answered.sent)
        return token

    def profile_name(self, line_user_id: str) -> str | None:
        """Return the person's display name, or nothing if LINE does not tell (blocked, no consent, not reached)."""
        path = f"/v2/bot/profile/{quote(line_user_id, safe='')}"
        quick = Timeout(connect=self._time_outs.profile, read=self._time_outs.profile)
        return self._call("GET", path, quick).field("displayName")

    def own_user_id(self) -> str | None:
        """Return the bot's own user id, to which LINE addresses our webhooks, or nothing if LINE does not tell."""
        quick = Timeout(connect=self._time_outs.profile, read=self._time_outs.profile)
        return self._call("GET", "/v2/bot/info", quick).field("userId")

    def open(self) -> None:
        """Import the libraries and make their clients now, so that the first person served does not wait for it."""
        self._client.open()
        self._poster.open()

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._poster.close()
        self._client.close()

    def _call(self, method: str, path: str, time_out: Timeout) -> Answered:
        """Make one call, once. Whatever happens is an outcome; nothing of the network is raised."""
        try:
            response = self._client.request(method, self._api_url + path, time_out=time_out)
        except HTTPError as error:
            return Answered(0, b"", broken_off(error))
        known = {name.lower(): value for name, value in response.headers.items()}
        return Answered(response.status, response.data, outcome_of(response.status, response.data, known))


def broken_off(error: Exception) -> Sent:
    """Return what became of a call that got no answer: certainly unsent only if no connection was made."""
    name = type(error).__name__
    is_untrusted = isinstance(error, SSLError) and any(
        isinstance(cause, ssl.SSLCertVerificationError) for cause in error.args
    )
    if is_untrusted or isinstance(error, ConnectTimeoutError | NewConnectionError | ProxyError):
        return Sent(Outcome.UNREACHED, name)
    return Sent(Outcome.AMBIGUOUS, name)
