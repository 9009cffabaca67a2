"""The words of the helpdesk that chat, mail and pages share: hours and telephones, states, steps (HELP-1, 4, 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.dates import roc_moment
from core.helpdesk.hours import Closed
from core.helpdesk.models import HelpState

HELPDESK_PHONE = "(02)2960-3456 分機 3718"
HELPDESK_HOURS = "工作日 08:30–17:30"
NOBODY_THERE = f"現在不是客服時間（{HELPDESK_HOURS}）。"
HOTLINES = "緊急請撥 110，受傷送醫 119，家暴與兒少保護 113，安心專線 1925（24 小時）。"


def nobody_there(closed: Closed | None) -> str:
    """Return that nobody is there now, why, and from when on somebody is; empty while the helpdesk is open (HELP-1)."""
    if closed is None:
        return ""
    back = roc_moment(closed.opens_at)
    if closed.reason is None:
        return f"{NOBODY_THERE}客服 {back} 起有人回覆。"
    return f"{NOBODY_THERE}今天不上班（{closed.reason}），客服 {back} 起有人回覆。"


NO_WORDS = "（沒有文字）"
"""The subject of a request that began with a picture, or with words that were taken back."""


def subject_words(subject: str) -> str:
    """Return a request's subject as it is shown, also where it has none."""
    return subject or NO_WORDS


STATES: Mapping[HelpState, str] = {
    HelpState.NEW: "已收到",
    HelpState.OPEN: "客服處理中",
    HelpState.WAITING: "客服已回覆",
    HelpState.SOLVED: "已解決",
}
"""The states as who asked reads them; the desk has its own words."""


@dataclass(frozen=True)
class LoginStep:
    """One thing to try before a person is asked (HELP-4)."""

    label: str
    text: str


LOGIN_STEPS = (
    LoginStep("大小寫", "帳號的英文字母與密碼要分大小寫，請確認沒有開啟 Caps Lock。"),
    LoginStep("公務雲密碼", "密碼與公務雲、公文系統相同；在那邊改過密碼，這裡要用新的。"),
    LoginStep("定期更換", "公務雲密碼到期會要求更換，請先到公務雲換好再回來登入。"),
    LoginStep("鎖定半小時", "連錯 3 次會鎖定 30 分鐘，時間到了自動解開，中間請不要再試。"),
    LoginStep("還是不行", "請帳號本人撥 (02)2960-3456 分機 8500，核對身分後解鎖、還原密碼。"),
)
