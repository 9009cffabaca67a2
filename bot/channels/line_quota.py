"""How the channel's month stands, asked of LINE by the SDK: behind ``core.quota.door.QuotaDoor``.

Two calls: how many paid messages a month may have, and how many there were. Neither costs anything. The SDK's models
are read here and go no further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urllib3.exceptions import HTTPError

from core.quota.door import Consumption

if TYPE_CHECKING:
    from linebot.v3.messaging import MessagingApi  # type: ignore[import-untyped]

TIME_OUTS = (3.0, 10.0)  # seconds: for a connection, and for the answer
LIMITED = "limited"


class LineQuota:
    """One LINE channel's account."""

    def __init__(self, access_token: str, api_url: str) -> None:
        self._access_token = access_token
        self._api_url = api_url.rstrip("/")

    def consumption(self) -> Consumption:
        """Ask how the month stands; raises ``ConnectionError`` when LINE does not say."""
        from linebot.v3.messaging.exceptions import OpenApiException  # type: ignore[import-untyped] # noqa: PLC0415

        try:
            return self._asked()
        except (OpenApiException, HTTPError, ValueError) as error:
            raise ConnectionError(f"LINE does not say how the month stands: {type(error).__name__}") from error

    def _asked(self) -> Consumption:
        from linebot.v3.messaging import ApiClient, Configuration, MessagingApi  # noqa: PLC0415 - costs a second

        with ApiClient(Configuration(host=self._api_url, access_token=self._access_token)) as client:
            api = MessagingApi(client)
            return Consumption(_allowed(api), int(_used(api)))


def _allowed(api: MessagingApi) -> int | None:
    quota = api.get_message_quota(_request_timeout=TIME_OUTS)
    return int(quota.value) if quota.type == LIMITED and quota.value is not None else None


def _used(api: MessagingApi) -> int:
    used: int = api.get_message_quota_consumption(_request_timeout=TIME_OUTS).total_usage
    return used
