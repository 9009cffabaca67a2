"""What the chat says about how much was done in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.cards import Answer, Block, Card, Line, Row, Rule, Tone, said
from core.dates import roc
from core.duties.plans import DutyKind
from core.watch.kept import Kept, in_all
from core.watch.words import kept_words
from handlers.chat.views import choices


def shares(today: date, this: Mapping[DutyKind, Kept], last: Mapping[DutyKind, Kept], unit: str) -> Answer:
    """Return the share in time of this month until now, and of the whole one before it.

    ``unit`` is the name of the one unit that is meant; empty: all that who asks sees.
    """
    whole, before = in_all(this), in_all(last)
    card = Card(
        title=_headline(whole),
        preview="這是準時完成的比率。",
        tone=Tone.SOON if whole.owed_still or whole.done_late else Tone.GOOD if whole.fell_due else Tone.PLAIN,
        blocks=(
            *((Row(label="單位", value=unit),) if unit else ()),
            Row(label="統計期間", value=f"{roc(today.replace(day=1))}–{roc(today)}"),
            *_of_month(whole),
            *(Row(label=kind.label, value=kept_words(kept)) for kind, kept in this.items()),
            *((Rule(),) if this else ()),
            Row(label="上個月", value=kept_words(before)),
            Line(
                text="算的是期限在這個月、而且已經到期的待辦：在期限內完成的占幾成。不再需要的、來到這裡時就已逾期的都不算，完成時間以這裡收到的為準。",
                quiet=True,
            ),
            Line(text="沒寫單位的，範圍是您看得到的所有單位；還沒完成的，輸入「待辦」可看。", quiet=True),
        ),
        actions=(choices.DUTIES,),
    )
    return said(card, choices=(choices.DUTIES, choices.MENU))


def _headline(whole: Kept) -> str:
    return "這個月還沒有到期的待辦" if whole.share is None else f"這個月準時完成 {whole.share}%"


def _of_month(whole: Kept) -> tuple[Block, ...]:
    if not whole.fell_due:
        return ()
    return (
        Row(label="已經到期", value=f"{whole.fell_due} 件"),
        Row(label="準時完成", value=f"{whole.in_time} 件"),
        Row(label="逾期完成", value=f"{whole.done_late} 件"),
        Row(label="還沒完成", value=f"{whole.owed_still} 件", tone=Tone.LATE if whole.owed_still else Tone.PLAIN),
    )
