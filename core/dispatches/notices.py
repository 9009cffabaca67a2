"""What is said about dispatches: the rows of a bucket, and one case. Pure: frozen rows in, cards out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from core.buttons import AskClosing, ExplainDispatch, ExplainDuty, ExplainLight, ShowCase
from core.cards import Action, Answer, Block, Card, Light, Line, OpenPage, Press, Row, Rule, Tone, said
from core.choices import HOME
from core.dates import roc
from core.dispatches.models import CaseLight, DispatchBucket, DispatchState, FormState, Opening
from core.dispatches.queries import CaseView, DispatchRow
from core.dispatches.rules import OPENS, Part
from core.due_words import days_words, due_day, tone_of
from core.duties.returns import shortened
from core.duties.rules import is_late
from core.list_words import bucket_page
from core.paging import Page

AREA = "dispatches"
SHOWN_PARTS = 3
REVIEW = "/desk/reviews/replies/{}"  # where the reply to a dispatch is read and decided
_COLOURS: dict[CaseLight, Literal["R", "Y", "G"]] = {CaseLight.R: "R", CaseLight.Y: "Y", CaseLight.G: "G"}
_HAPPENED = {
    FormState.SUBMITTED: "回覆單已送出",
    FormState.APPROVED: "回覆單已核可",
    FormState.RETURNED: "回覆單被退件",
}


def bucket_answer(bucket: DispatchBucket, page: Page[DispatchRow], now: datetime) -> Answer:
    """Return a page of one bucket as cards side by side; an empty bucket says so."""
    if not page.rows:
        return said(f"「{bucket.label}」目前沒有案件。", choices=HOME)
    reviews = bucket is DispatchBucket.TO_REVIEW
    return bucket_page(AREA, bucket, page, lambda row: row_card(row, now, reviews=reviews))


def row_card(row: DispatchRow, now: datetime, *, reviews: bool = False) -> Card:
    """Return one dispatch as a card of a list; names are masked already. ``reviews``: with the way to its reply."""
    case = Press(label="看案件", data=ShowCase(row.number).pack(), shown="看案件", primary=not reviews)
    review = (OpenPage(label="到管理台審核", path=REVIEW.format(row.dispatch_id), primary=True),) if reviews else ()
    return Card(
        title=row.number,
        preview="這是一件派案的情形。",
        tone=_tone(row, now),
        badge=_badge(row, now),
        blocks=(
            *_whose(row),
            Row(label="派案日期", value=roc(row.dispatched_on)),
            *_due(row, now),
            *_because(row, whole=False),
        ),
        actions=(*review, case, *_why(row)),
    )


def case_answer(case: CaseView, now: datetime) -> Answer:
    """Return one case: light, state, what is due, the latest, and what comes next."""
    leading = _leading(case)
    shown = (leading, *(row for row in case.parts if row is not leading))[:SHOWN_PARTS]
    rest = len(case.parts) - len(shown)
    blocks: list[Block] = [
        Light(colour=_COLOURS[case.light], word=case.light.label),
        Row(label="案主", value=case.child),
        *(Row(label=label, value=value) for label, value in _report(case) if value),
        *_assigned(case),
    ]
    for unit, rows in _by_unit(shown).items():
        blocks += [Rule(), Line(text=unit, strong=True), *_parts(rows, now)]
        blocks += [Row(label="結案單退件原因", value=each.reason) for each in case.closures if each.unit_name == unit]
    if rest > 0:
        blocks.append(Line(text=f"另有 {rest} 筆較早的派案。", quiet=True))
    card = Card(
        title=f"案件 {case.number}",
        preview="這是您查詢的案件情形。",
        tone=_case_tone(case, leading, now),
        badge=_badge(leading, now),
        blocks=tuple(blocks),
        actions=(*_why(leading), *_closing(case), _why_bucket(leading), _why_light(case)),
    )
    return said(card, choices=HOME)


def next_step(row: DispatchRow, now: datetime) -> str:
    """Return what comes next for a unit's part in a case."""
    if row.due_at is not None:
        by = "期限已過，請儘快" if is_late(row.due_at, now) else f"請在 {due_day(row.due_at)}前"
        return by + _what_is_owed(row)
    if row.state is DispatchState.CLOSED:
        return "已結案，不需再處理。"
    if row.state is DispatchState.SUBMITTED:
        return "回覆單已送出，請等候督導審核。"
    if row.opening in OPENS:
        return "已開案：請持續服務，並每 30 天至少登打一筆工作紀錄。"
    return "不開案，不需再處理。" if row.opening is Opening.NOT_OPEN else "已回覆，請等候高風險中心的後續通知。"


def _what_is_owed(row: DispatchRow) -> str:
    if row.state is DispatchState.RETURNED:
        return "修正被退件的回覆單，再送出一次。"
    return "先送出評估單，再送出回覆單。" if row.needs_assessment else "送出回覆單。"


def _by_unit(rows: Iterable[DispatchRow]) -> dict[str, list[DispatchRow]]:
    """Return the parts of each unit together: a case may come to the same one again (REPLY-0)."""
    found: dict[str, list[DispatchRow]] = {}
    for row in rows:
        found.setdefault(row.unit_name, []).append(row)
    return found


def _parts(rows: Sequence[DispatchRow], now: datetime) -> Iterator[Block]:
    """Yield the parts of one unit; where there are several each begins with the day it was dispatched."""
    for place, row in enumerate(rows):
        if place:
            yield Rule()
        if len(rows) > 1:
            yield Row(label="派案日期", value=roc(row.dispatched_on))
        yield from _part(row, now)


def _part(row: DispatchRow, now: datetime) -> tuple[Block, ...]:
    return (
        Row(label="目前", value=_now_words(row, now), tone=_tone(row, now)),
        Row(label="最近動態", value=_latest(row)),
        *(Row(label=label, value=value) for label, value in _details(row) if value),
        *_due(row, now),
        *_because(row, whole=True),
        Row(label="接下來", value=next_step(row, now)),
    )


def _latest(row: DispatchRow) -> str:
    if row.latest is None:
        return f"{roc(row.dispatched_on)} 派案"
    return f"{roc(row.latest.on)} {_HAPPENED[row.latest.state]}"


def _now_words(row: DispatchRow, now: datetime) -> str:
    return f"{row.state.label}，{days_words(row.due_at, now)}" if row.due_at else row.state.label


def _report(case: CaseView) -> tuple[tuple[str, str], ...]:
    return ("通報單位", case.reported_by), ("受理日期", roc(case.received_on)), ("居住地區", case.area)


def _assigned(case: CaseView) -> tuple[Row, ...]:
    """Return how the intake kept its clock, for whose clock it is (REPLY-16)."""
    if case.assigned is None:
        return ()
    standing = "逾期" if case.assigned.is_late else "期限內"
    value = f"{roc(case.assigned.assigned_on)}，{standing}（一般案件到 {roc(case.assigned.last_day)}）"
    return (Row(label="首次派案", value=value, tone=Tone.SOON if case.assigned.is_late else Tone.PLAIN),)


def _details(row: DispatchRow) -> tuple[tuple[str, str], ...]:
    opening = row.opening.label if row.opening else ""
    return ("服務對象", row.served), ("個管人員", row.responsible), ("開案情形", opening)


def _whose(row: DispatchRow) -> tuple[Row, ...]:
    return Row(label="對象", value=row.served or row.child), Row(label="單位", value=row.unit_name)


def _due(row: DispatchRow, now: datetime) -> tuple[Row, ...]:
    if row.due_at is None:
        return ()
    return (Row(label="回覆期限", value=due_day(row.due_at), tone=tone_of(row.due_at, now)),)


def _closing(case: CaseView) -> tuple[Action, ...]:
    """Return the question whether the case may be closed, where one of the asker's units has it open (CLOSE-11)."""
    if not any(Part(row.state, row.opening).is_open for row in case.parts):
        return ()
    return (Press(label="可以結案嗎", data=AskClosing(case.number).pack(), shown="可以結案嗎"),)


def _because(row: DispatchRow, *, whole: bool) -> tuple[Row, ...]:
    """Return why the reply came back: beside others its beginning, at the case the whole of it."""
    if not row.reason:
        return ()
    return (Row(label="退件原因", value=row.reason if whole else shortened(row.reason)),)


def _why(row: DispatchRow) -> tuple[Action, ...]:
    if row.duty_id is None:
        return ()
    return (Press(label="怎麼算的", data=ExplainDuty(row.duty_id).pack(), shown="怎麼算的"),)


def _why_bucket(row: DispatchRow) -> Press:
    return Press(label="歸類怎麼來的", data=ExplainDispatch(row.dispatch_id).pack(), shown="歸類怎麼來的")


def _why_light(case: CaseView) -> Press:
    return Press(label="燈號怎麼來的", data=ExplainLight(case.number).pack(), shown="燈號怎麼來的")


def _badge(row: DispatchRow, now: datetime) -> str:
    return days_words(row.due_at, now) if row.due_at else row.state.label


def _tone(row: DispatchRow, now: datetime) -> Tone:
    return tone_of(row.due_at, now) if row.due_at else Tone.GOOD


def _leading(case: CaseView) -> DispatchRow:
    """Return the part that the card's colour, words and buttons are about: the most pressing, else the newest."""
    pressing = sorted((row.due_at, place) for place, row in enumerate(case.parts) if row.due_at)
    return case.parts[pressing[0][1] if pressing else 0]


def _case_tone(case: CaseView, leading: DispatchRow, now: datetime) -> Tone:
    """Return how pressing the case is; where nothing is owed, colour never disagrees with the light."""
    if leading.due_at:
        return tone_of(leading.due_at, now)
    return Tone.GOOD if case.light is CaseLight.G else Tone.PLAIN
