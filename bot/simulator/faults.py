"""What can be made to go wrong between the bot and the platform, one endpoint at a time.

A fault waits in its endpoint's queue for a number of calls, or stays until it is taken away. *Before* means that
the platform never accepted the call, *after* that it did and only the answer was lost: the bot cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock

from core.labels import Labelled

ANY = "any"  # every call of the bot
LINK = "account_link"  # no call of the bot, but the end of the link dialog: ANY does not mean it
ENDPOINTS = {
    "reply": "回覆",
    "push": "推播",
    "multicast": "群發",
    "validate": "檢查訊息",
    "loading": "輸入中動畫",
    "mark_as_read": "標為已讀",
    "profile": "個人資料",
    "link_token": "連結權杖",
    "content": "圖片與檔案",
    "quota": "額度",
    "info": "帳號資料",
    "rich_menu": "圖文選單",
    LINK: "帳號連結",
    ANY: "所有呼叫",
}
"""Every endpoint's name in the Python API and in view names, with its label on the phone page."""


class FaultKind(Labelled):
    """What happens instead of the usual answer."""

    RATE = "rate", "429 呼叫太快"
    QUOTA = "quota", "429 本月額度用完"
    SAME_PERSON = "same_person", "429 同一人訊息過多"
    SERVER_ERROR = "server_error", "500 未受理"
    SERVER_ERROR_AFTER = "server_error_after", "500 但已受理"
    UNAVAILABLE = "unavailable", "503 暫停服務"
    UNAUTHORIZED = "unauthorized", "401 權杖無效"
    FORBIDDEN = "forbidden", "403 不允許"
    BAD_REQUEST = "bad_request", "400 內容不接受"
    TOO_LARGE = "too_large", "413 內容過大"
    SLOW = "slow", "回應緩慢"
    RESET_BEFORE = "reset_before", "斷線（未受理）"
    RESET_AFTER = "reset_after", "斷線（已受理）"
    TIMEOUT_BEFORE = "timeout_before", "逾時（未受理）"
    TIMEOUT_AFTER = "timeout_after", "逾時（已受理）"
    EMPTY_BODY = "empty_body", "200 但內容為空"
    JUNK_BODY = "junk_body", "200 但不是 JSON"
    PREPARING = "preparing", "202 內容準備中"
    LINK_FAILED = "link_failed", "帳號連結失敗"

    @property
    def is_before(self) -> bool:
        """Return whether the call is never accepted."""
        return self in _BEFORE


ERRORS: dict[FaultKind, tuple[int, str]] = {
    FaultKind.RATE: (429, "The API rate limit has been exceeded. Try again later."),
    FaultKind.QUOTA: (429, "You have reached your monthly limit."),
    FaultKind.SAME_PERSON: (429, "Too many messages have been sent to the same user."),
    FaultKind.SERVER_ERROR: (500, "Internal server error"),
    FaultKind.SERVER_ERROR_AFTER: (500, "Internal server error"),
    FaultKind.UNAVAILABLE: (503, "Service unavailable"),
    FaultKind.UNAUTHORIZED: (
        401,
        "Authentication failed. Confirm that the access token in the authorization header is valid.",
    ),
    FaultKind.FORBIDDEN: (403, "Access to this API is not available for your account"),
    FaultKind.BAD_REQUEST: (400, "The request body has 1 error(s)"),
    FaultKind.TOO_LARGE: (413, "Request Entity Too Large"),
    FaultKind.PREPARING: (202, "The content is being prepared"),
}
_BEFORE = frozenset(ERRORS) - {FaultKind.SERVER_ERROR_AFTER} | {
    FaultKind.RESET_BEFORE,
    FaultKind.TIMEOUT_BEFORE,
}
RESETS = frozenset({FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER})
TIMEOUTS = frozenset({FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER})


@dataclass(frozen=True)
class Fault:
    """One fault: its endpoint, its kind, the calls it still spoils (``None``: until cleared), how slow (seconds)."""

    endpoint: str
    kind: FaultKind
    times: int | None = 1
    seconds: float = 3.0


class Faults:
    """The faults that are switched on, first in first out at each endpoint."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Switch a fault on; raises ``ValueError`` for an endpoint or count that does not exist."""
        if fault.endpoint not in ENDPOINTS:
            raise ValueError(f"no endpoint is called {fault.endpoint}")
        if fault.times is not None and fault.times < 1:
            raise ValueError("a fault spoils at least one call")
        with self._lock:
            self._waiting.append(fault)

    def take(self, endpoint: str) -> Fault | None:
        """Return the fault that spoils this call, and count it down."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.endpoint == endpoint or (fault.endpoint == ANY and endpoint != LINK):
                    self._count_down(place, fault)
                    return fault
        return None

    def _count_down(self, place: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times == 1:
            del self._waiting[place]
        else:
            self._waiting[place] = replace(fault, times=fault.times - 1)

    def clear(self) -> None:
        """Switch every fault off."""
        with self._lock:
            self._waiting.clear()

    def active(self) -> tuple[Fault, ...]:
        """Return the faults that are on, in the order they will strike."""
        with self._lock:
            return tuple(self._waiting)
