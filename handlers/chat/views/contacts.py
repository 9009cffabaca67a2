"""What the chat says about who stands over one's unit."""

from __future__ import annotations

from collections.abc import Sequence

from core.accounts.above import Colleague
from core.accounts.models import Role
from core.cards import Answer, Card, Line, Row, Say, said
from handlers.chat.views import choices

PHONES = Say(label="聯絡電話", text="聯絡電話")
_ABOVE = (Role.SUPERVISOR, Role.CONTACT)


def listed(found: Sequence[Colleague]) -> Answer:
    """Return each with unit and telephone; where nobody is known, whom to call instead."""
    offered = (PHONES, choices.PERSON, choices.MENU)
    if not found:
        return said("名單上查不到貴單位的督導與窗口。要找承辦的同仁，請輸入「聯絡電話」或「客服」。", choices=offered)
    card = Card(
        title="貴單位的督導與窗口",
        preview="這是貴單位的督導與窗口。",
        blocks=(
            *(Row(label=each.role.label, value=_who(each)) for each in found),
            *(
                Row(label=role.label, value="名單上沒有")
                for role in _ABOVE
                if role not in {each.role for each in found}
            ),
            Line(text="督導審核回覆單與結案單；窗口負責派案與單位間的聯繫。", quiet=True),
        ),
    )
    return said(card, choices=offered)


def _who(each: Colleague) -> str:
    """Return a colleague as one row: 林○如，主任，教育局，(02)2960-3456."""
    return "，".join(part for part in (each.name, each.title, each.unit_name, each.phone) if part)
