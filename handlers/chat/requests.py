"""我的申請: one's own requests with state and times, and taking one back (ACC-8)."""

from __future__ import annotations

import re

from core.accounts.requests.queries import own_requests
from core.accounts.requests.service import withdraw_request
from core.buttons import MoreRequests
from core.cards import Answer
from handlers.chat.dialogs import goes_on
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import requests as views

router = Router()
_WITHDRAWN = re.compile(r"(?:撤回|取消)申請#?([0-9]{1,9})")


def withdrawn_number(text: str) -> int | None:
    """Return the number in a normal text like 撤回申請12."""
    found = _WITHDRAWN.fullmatch(text)
    return int(found[1]) if found else None


@router.says("我的申請", "申請進度", "申請紀錄", "申請狀態", "查申請", "撤回申請", "撤回", "取消申請")
def own(turn: Turn) -> Answer:
    """Show one's own requests, newest first."""
    return _page(turn, 0)


@router.pressed(MoreRequests)
def more(turn: Turn, button: MoreRequests) -> Answer:
    """Show the requests from a place on."""
    return _page(turn, button.start)


@router.matches(withdrawn_number)
def withdraw(turn: Turn, number: int) -> Answer:
    """Take a request back."""
    return views.withdrawn(withdraw_request(turn.ctx, number))


def _page(turn: Turn, start: int) -> Answer:
    page = own_requests(turn.ctx, start)
    if start and not page.rows:
        return _page(turn, 0)
    goes_on(turn, None if page.next_start is None else MoreRequests(page.next_start))
    return views.listed(page)
