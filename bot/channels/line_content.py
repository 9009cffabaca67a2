"""What people sent, fetched from LINE, and the marks that it was read: behind ``core.helpdesk.door.HelpDoor``.

A content is asked of LINE's data host by the message's id and of nowhere else: no address that a message names is ever
opened, and no redirect is followed (A37). It is read piece by piece up to a size and a time, whatever length is
announced. The calls go through the SDK's client (``line_client.py``); no id, token or content is logged.
"""

from __future__ import annotations

import json
import re
from contextlib import closing
from http import HTTPStatus
from time import monotonic

from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from bot.channels.line import TimeOuts, broken_off
from bot.channels.line_client import LineClient
from bot.channels.line_outcomes import outcome_of
from core.helpdesk.door import NotHad
from core.notices.channel import Sent

MARK_AS_READ = "/v2/bot/chat/markAsRead"
WHOLE_SECONDS = 60.0
PIECE = 64 * 1024
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class LineContent:
    """One LINE channel, as the helpdesk sees it. Safe to share between threads."""

    def __init__(
        self, access_token: str, api_url: str, data_url: str, time_outs: TimeOuts | None = None,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:  # fmt: skip
        self._api_url, self._data_url = api_url.rstrip("/"), data_url.rstrip("/")
        self._time_outs = time_outs or TimeOuts()
        self._whole_seconds = whole_seconds
        self._client = LineClient(access_token, self._api_url)

    def content(self, message_id: str, at_most: int) -> bytes | NotHad:
        """Return the picture or file somebody sent, of at most so many bytes, or why it was not had."""
        if not _ID.fullmatch(message_id):
            return NotHad.GONE
        try:
            with closing(self._request("GET", f"{self._data_url}/v2/bot/message/{message_id}/content")) as answered:
                return self._read(answered, at_most)
        except HTTPError:
            return NotHad.UNREACHED

    def mark_as_read(self, token: str) -> Sent:
        """Show that everything up to the message with this token was read."""
        body = json.dumps({"markAsReadToken": token}).encode()
        try:
            with closing(self._request("POST", self._api_url + MARK_AS_READ, body)) as answered:
                said = answered.read(PIECE, decode_content=False)
        except HTTPError as error:
            return broken_off(error)
        return outcome_of(answered.status, said, {name.lower(): value for name, value in answered.headers.items()})

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._client.close()

    def _read(self, answered: BaseHTTPResponse, at_most: int) -> bytes | NotHad:
        if answered.status != HTTPStatus.OK:
            return _why(answered.status)
        announced = answered.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > at_most:
            return NotHad.TOO_LARGE
        ends, read = monotonic() + self._whole_seconds, bytearray()
        for piece in answered.stream(PIECE, decode_content=False):
            read += piece
            if len(read) > at_most:
                return NotHad.TOO_LARGE
            if monotonic() > ends:
                return NotHad.UNREACHED
        return bytes(read)

    def _request(self, method: str, url: str, body: bytes | None = None) -> BaseHTTPResponse:
        """Make one call; the body is still to be read."""
        time_out = Timeout(connect=self._time_outs.connect, read=self._time_outs.read)
        return self._client.request(method, url, body, time_out=time_out, is_whole=False)


def _why(status: int) -> NotHad:
    if status == HTTPStatus.ACCEPTED:
        return NotHad.NOT_YET
    return NotHad.GONE if status in _GONE else NotHad.UNREACHED
