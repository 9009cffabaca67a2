"""The SDK's client of one LINE channel: its one pool makes every call but the posting of messages (``posting.py``).

It is imported when it is first used, because that costs more than a second and most commands call nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING

from urllib3 import BaseHTTPResponse, PoolManager, Timeout

if TYPE_CHECKING:
    from linebot.v3.messaging import ApiClient  # type: ignore[import-untyped]


class LineClient:
    """One channel's connections. Safe to share between threads."""

    def __init__(self, access_token: str, api_url: str) -> None:
        self._access_token, self._api_url = access_token, api_url
        self._lock = Lock()
        self._client: ApiClient | None = None

    def open(self) -> None:
        """Import the library and make its client now, so that nobody waits for it later."""
        self._opened()

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        with self._lock:
            if self._client is not None:
                self._client.rest_client.pool_manager.clear()

    def request(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        time_out: Timeout,
        is_whole: bool = True,
    ) -> BaseHTTPResponse:
        """Make one call, once: no redirect is followed and nothing is tried again; raises urllib3's ``HTTPError``.

        Not ``is_whole``: the body is still to be read, as it comes.
        """
        client = self._opened()
        pool: PoolManager = client.rest_client.pool_manager
        return pool.request(
            method,
            url,
            body=body,
            headers={**client.default_headers, **(headers or {})},
            timeout=time_out,
            retries=False,
            redirect=False,
            preload_content=is_whole,
            decode_content=is_whole,
        )

    def _opened(self) -> ApiClient:
        with self._lock:
            if self._client is None:
                self._client = _made(self._api_url, self._access_token)
            return self._client


def _made(api_url: str, access_token: str) -> ApiClient:
    from linebot.v3.messaging import ApiClient, Configuration  # noqa: PLC0415 - the import costs a second

    for name in ("linebot", "urllib3"):  # at DEBUG they write answers and addresses, which name people
        logging.getLogger(name).setLevel(logging.WARNING)
    client = ApiClient(Configuration(host=api_url, access_token=access_token))
    client.set_default_header("Content-Type", "application/json")
    return client
