"""A unit's services by how far closing is: the figures, and a page of one bucket as cards (CLOSE-10). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from core.buttons import AskClosing, ShowBucket, ShowCase
from core.cards import Action, Answer, Block, Card, Figure, Line, Press, Row, Tone, said
from core.choices import HOME
from core.closures.kinds import ClosureBucket
from core.closures.queries import ServiceRow
from core.dates import roc
from core.list_words import bucket_page
from core.paging import Page

AREA = "services"
_TONES = {ClosureBucket.RETURNED: Tone.SOON, ClosureBucket.CLOSED: Tone.GOOD}
"""A returned form is not late yet, and one that waits for the supervisor asks nothing of who reads."""


def figures_answer(counts: Mapping[ClosureBucket, int]) -> Answer:
    """Return how many services stand in each bucket; each number leads to its list."""
    card = Card(
        title="個案結案進度",
        preview="這是個案結案進度的件數。",
        blocks=(
            *(_figure(bucket, count) for bucket, count in counts.items()),
            Line(text="點數字可看清單。", quiet=True),
        ),
    )
    return said(card, choices=HOME)


def services_answer(bucket: ClosureBucket, page: Page[ServiceRow]) -> Answer:
    """Return a page of one bucket as cards side by side; an empty bucket says so."""
    if not page.rows:
        return said(f"「{bucket.label}」目前沒有個案。", choices=HOME)
    return bucket_page(AREA, bucket, page, lambda row: _card(bucket, row))


def _figure(bucket: ClosureBucket, count: int) -> Figure:
    press = Press(label=bucket.label, data=ShowBucket(AREA, bucket.value, 0).pack(), shown=bucket.label)
    tone = _TONES.get(bucket, Tone.PLAIN) if count else Tone.PLAIN
    return Figure(label=bucket.label, value=count, tone=tone, action=press)


def _card(bucket: ClosureBucket, row: ServiceRow) -> Card:
    return Card(
        title=row.number,
        preview="這是一件開案服務的情形。",
        tone=_TONES.get(bucket, Tone.PLAIN),
        badge=bucket.label,
        blocks=_rows(row),
        actions=_actions(row),
    )


def _rows(row: ServiceRow) -> tuple[Block, ...]:
    days = {
        "開案日期": row.opened_on,
        "最近派案": row.last_dispatched_on,
        "結案日期": row.closed_on or row.closing_on,
    }
    return (
        Row(label="對象", value=row.child),
        Row(label="單位", value=row.unit_name),
        *(Row(label=label, value=roc(day)) for label, day in days.items() if day is not None),
    )


def _actions(row: ServiceRow) -> tuple[Action, ...]:
    case = Press(label="看案件", data=ShowCase(row.number).pack(), shown="看案件", primary=True)
    if row.closed_on is not None:
        return (case,)
    return case, Press(label="可以結案嗎", data=AskClosing(row.number).pack(), shown="可以結案嗎")
