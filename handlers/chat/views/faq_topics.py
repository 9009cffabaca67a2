"""All that staff ask often, in the groups in which it is listed."""

from __future__ import annotations

from handlers.chat.views.faq_accounts import ACCOUNTS
from handlers.chat.views.faq_bot import BOT
from handlers.chat.views.faq_cases import CHECKS, REPLIES
from handlers.chat.views.faq_closing import CLOSINGS, RECORDS
from handlers.chat.views.faq_codes import CODES
from handlers.chat.views.faq_topic import Topic
from handlers.chat.views.faq_where import WHERE

GROUPS: dict[str, tuple[Topic, ...]] = {
    "帳號與聯絡": ACCOUNTS,
    "幸福保衛站檢核": CHECKS,
    "派案與回覆": REPLIES,
    "工作紀錄": RECORDS,
    "結案": CLOSINGS,
    "在哪裡做": WHERE,
    "這個小幫手": BOT,
    "權限與帳號的代碼": CODES,
}
TOPICS: tuple[Topic, ...] = tuple(topic for group in GROUPS.values() for topic in group)
