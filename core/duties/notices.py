"""What is said about duties: what is owed, how a deadline is reckoned, the daily digest, and reminders that go at once.

Pure functions from frozen rows to cards. A preview, which a locked phone shows, holds no name, number or ID (ACC-10).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from core.buttons import ButtonData, ExplainDuty, MoreDuties, ShowBucket, ShowCase
from core.cards import Answer, Block, Card, Deck, Figure, Line, OpenPage, Press, Row, Rule, Tone, said
from core.checks.models import CheckBucket
from core.choices import DUTIES, HOME, MENU
from core.clock import start_of_day, taipei_date, taipei_moment
from core.dispatches.models import DispatchBucket
from core.dispatches.rules import everything_answered
from core.due_words import due_day, due_minute, left_tone, left_words
from core.duties.overview import Overview
from core.duties.plans import DutyKind
from core.duties.queries import CHECK_KINDS, Owed, OwedRow
from core.duties.returns import shortened
from core.duties.rules import StageKind
from core.duties.to_review import PATH
from core.duties.told import Why
from core.duties.unit_figures import kind_rows, late_note, unit_figures
from core.duties.watch import SEVERAL_UNITS
from core.list_words import rest_button, rest_card

DISPATCHES, CHECKS = "dispatches", "checks"
_WORST_FIRST = (DispatchBucket.LATE, DispatchBucket.RETURNED_LATE, DispatchBucket.RETURNED, DispatchBucket.WAITING)
"""The order in which figures are read; the buckets of checks go by the same values, as text enums compare."""
OWED_BUCKETS = frozenset(_WORST_FIRST) | {CheckBucket.LATE, CheckBucket.RETURNED, CheckBucket.WAITING}
LATE_BUCKETS = frozenset({DispatchBucket.LATE, DispatchBucket.RETURNED_LATE, CheckBucket.LATE})
UNITS_SHOWN = 5  # of a digest: the worst

_REASONS = {
    Why.NOBODY: "有 {} 件，單位目前沒有可以通知的承辦人，請窗口指派或協助處理。",
    Why.GOES_UP: "有 {} 件已逾期多時，請督導協助處理。",
    Why.AUDIT: "有 {} 件是本月 1 日稽核查到的工作紀錄缺漏，請補登實際提供的服務。",
    Why.UNSEEN: "有 {} 件到期了，承辦人可能還沒看到提醒，請督導協助確認。",
}
_PREVIEW = "這是您的待辦，最急的排在最前面。"
ENDS = {
    DutyKind.ACCOUNT_END: "需要繼續使用，請在到期前申請展延：輸入「展延」。",
    DutyKind.CERTIFICATE_END: "請向戶政事務所換發或展期，再到主系統重新綁定；名單更新後，這項待辦會自動結束。",
}
"""What to do before something of one's own account ends."""


def duties_answer(overview: Overview) -> Answer:
    """Return what somebody owes: the figures of each bucket, then the duties themselves, worst first (DUTY-2)."""
    if not overview.owed.total:
        return said(_nothing_owed(overview), choices=(MENU,))
    following = overview.start + len(overview.owed.rows)
    rows = deck(overview.owed.rows, overview.left, MoreDuties(following))
    figures = () if overview.start and rows else _figures(overview)
    choices = (rest_button(overview.left, MoreDuties(following)),) if overview.left > 0 else ()
    return said(*(figures + rows or (f"{headline(overview.owed)}。",)), choices=(*choices, MENU))


def digest_answer(
    overview: Overview, at: time, reasons: Sequence[Why] = (), *, due_day_at: time | None = None
) -> Answer:
    """Return the daily digest: why it came and what stops it, the figures, and what is most pressing.

    ``at`` is the person's time of the digest, as a wall clock in Taipei shows it; ``reasons`` say, for each duty that
    is told to somebody else than who owes it, why. ``due_day_at`` is when something is told on its due day, where that
    is not in the digest.
    """
    late, total, waiting = overview.owed.late, overview.owed.total, overview.reviews.total
    text = f"今天有 {total} 件待辦要留意" + _of_them_late(total, late)
    head = Card(
        title="今日待辦提醒",
        preview=text,
        tone=Tone.LATE if late else Tone.SOON,
        blocks=(
            Line(text=text, strong=True),
            *(Line(text=sentence) for sentence in _reason_sentences(reasons)),
            *((Line(text=f"另有 {waiting} 件等您審核。"),) if waiting else ()),
            *_digest_figures(overview),
            _quiet(f"工作日每天 {at:%H:%M} 提醒；完成後就不再提醒。{_next_digest(overview.owed.rows, due_day_at)}"),
        ),
        actions=(OpenPage(label="到管理台審核", path=PATH),) if waiting else (),
    )
    rows = deck(overview.owed.rows, overview.left, MoreDuties(len(overview.owed.rows)))
    return said(head, *rows, choices=HOME)


def reminder_answer(owed: Owed, stages: Sequence[StageKind], reasons: Sequence[Why] = ()) -> Answer:
    """Return a reminder that goes at once: why it comes, how things stand, what comes next and what stops it.

    ``stages`` and ``reasons`` have an entry for each duty told: what its stage is, and why this person is told.
    """
    is_once = bool(reasons) and set(reasons) == {Why.GOES_UP}  # to who stands over who owes it
    text = ("" if is_once else _why_now(owed, stages)) + _reason_words(reasons)
    note = f"完成後就不再提醒。{'' if is_once else _next_words(owed.rows)}"
    if len(owed.rows) == 1 and owed.total == 1:
        card = _row_card(owed.rows[0], preview=text)
        told = card.model_copy(update={"blocks": (Line(text=text, strong=True), *card.blocks, _quiet(note))})
        return said(told, choices=(DUTIES,))
    left = owed.total - len(owed.rows)
    return said(f"{text}\n{note}", *deck(owed.rows, left, MoreDuties(0)), choices=(DUTIES,))


def due_words(row: OwedRow) -> str:
    """Return how long is left, as people say it: 今天到期, 明天到期, 剩 3 天, 已逾期 2 天."""
    return left_words(row.days_left, late=row.is_late)


def due_tone(row: OwedRow) -> Tone:
    """Return how pressing it feels; the badge says the same in words."""
    return left_tone(row.days_left, late=row.is_late)


def due_text(row: OwedRow) -> str:
    """Return the due date in the ROC calendar, with the minute where it counts."""
    return due_minute(row.due_at) if row.kind in CHECK_KINDS else due_day(row.due_at)


def _figures(overview: Overview) -> tuple[Card, ...]:
    blocks = _figure_blocks(overview)
    if not blocks:
        return ()
    tone = Tone.LATE if overview.owed.late else Tone.SOON
    hint = _quiet("點數字或輸入類別名稱，可看清單。")
    return (Card(title=headline(overview.owed), preview=_PREVIEW, tone=tone, blocks=(*blocks, hint)),)


def _digest_figures(overview: Overview) -> tuple[Block, ...]:
    """Return the numbers of the buckets, or of the worst units for who stands over several, and what they count."""
    if len(overview.units) < SEVERAL_UNITS:
        return (*_figure_blocks(overview), Rule(), _quiet("數字是全部待辦；下面只列已逾期、7 天內到期與新收到的。"))
    left = len(overview.units) - UNITS_SHOWN
    rest = (_quiet(f"還有 {left} 個單位，輸入「待辦」可看全部。"),) if left > 0 else ()
    told = _quiet("數字是各單位的全部待辦；下面只列已逾期、7 天內到期與新收到的。點單位或輸入單位名稱，可看它的待辦。")
    return (Rule(), *unit_figures(overview.units[:UNITS_SHOWN]), *rest, Rule(), told)


def _figure_blocks(overview: Overview) -> tuple[Block, ...]:
    groups: list[Block] = []
    if overview.dispatches is not None:
        head = "派案回覆：已全部回覆" if everything_answered(overview.dispatches) else "派案回覆"
        groups += [Rule(), Line(text=head, strong=True), *_group(DISPATCHES, overview.dispatches.items(), overview)]
    if overview.checks is not None:
        groups += [Rule(), Line(text="幸福保衛站檢核", strong=True), *_group(CHECKS, overview.checks.items(), overview)]
    if overview.others:
        groups += [Rule(), Line(text="其他待辦", strong=True), *kind_rows(overview.others)]
    return tuple(groups)


def _group(area: str, numbers: Iterable[tuple[DispatchBucket | CheckBucket, int]], overview: Overview) -> list[Block]:
    """Return what is owed as figures, worst first, and the rest of the numbers in one quiet line."""
    counts = dict(numbers)
    owed = sorted((bucket for bucket in counts if counts[bucket] and bucket in OWED_BUCKETS), key=_WORST_FIRST.index)
    shown = [bucket for bucket in counts if counts[bucket] or bucket in OWED_BUCKETS]
    rest = "、".join(f"{bucket.label} {counts[bucket]}" for bucket in shown if bucket not in owed)
    figures = (_figure(area, bucket, counts[bucket], overview.late_in(bucket)) for bucket in owed)
    return [*figures, *([_quiet(rest)] if rest else [])]


def _figure(area: str, bucket: DispatchBucket | CheckBucket, count: int, late: int) -> Figure:
    tone = Tone.LATE if late or bucket in LATE_BUCKETS else Tone.SOON
    press = _show_bucket(area, bucket, bucket.label)
    return Figure(label=bucket.label, value=count, tone=tone, action=press, note=late_note(count, late))


def _show_bucket(area: str, bucket: DispatchBucket | CheckBucket, label: str) -> Press:
    return Press(label=label, data=ShowBucket(area, bucket.value, 0).pack(), shown=bucket.label)


def _nothing_owed(overview: Overview) -> Card:
    return Card(
        title="目前沒有待辦",
        preview="太好了，目前沒有待辦事項。",
        tone=Tone.GOOD,
        blocks=(Line(text="太好了，該完成的都完成了。有新的待辦會通知您。"), *_figure_blocks(overview)),
    )


def headline(owed: Owed) -> str:
    """Return how much is owed and how much of it is late, as a title."""
    return f"{owed.total} 件待辦，" + _late_or_not(owed)


def _late_or_not(owed: Owed) -> str:
    if owed.late == owed.total:
        return "都已逾期" if owed.total > 1 else "已逾期"
    return f"{owed.late} 件已逾期" if owed.late else "都在期限內"


def _of_them_late(total: int, late: int) -> str:
    """Return the end of a sentence that has told how many there are: how many of them are late."""
    if late and late == total:
        return "，都已逾期。" if total > 1 else "，已逾期。"
    return f"，其中 {late} 件已逾期。" if late else "。"


def deck(rows: Sequence[OwedRow], left: int, rest: ButtonData) -> tuple[Deck, ...]:
    """Return the duties side by side; behind the last one, where some are left, a card that leads to the rest."""
    cards = tuple(_row_card(row, preview="您有待辦事項。") for row in rows)
    if left > 0:
        cards = (*cards, rest_card(left, rest))
    return (Deck(preview=_PREVIEW, cards=cards),) if cards else ()


def _row_card(row: OwedRow, preview: str) -> Card:
    blocks: list[Block] = [Row(label="帳號" if row.kind in ENDS else "編號", value=row.number)]
    blocks += [
        Row(label=label, value=value) for label, value in (("對象", row.child), ("單位", row.unit_name)) if value
    ]
    blocks.append(Row(label="期限", value=due_text(row), tone=due_tone(row)))
    if row.reason:
        blocks.append(Row(label="退件原因", value=shortened(row.reason)))
    if row.kind in ENDS:
        blocks.append(_quiet(ENDS[row.kind]))
    return Card(
        title=row.kind.label,
        preview=preview,
        tone=due_tone(row),
        badge=due_words(row),
        blocks=tuple(blocks),
        actions=_row_actions(row),
    )


def _row_actions(row: OwedRow) -> tuple[Press, ...]:
    why = Press(label="怎麼算的", data=ExplainDuty(row.duty_id).pack(), shown="怎麼算的")
    if row.kind in CHECK_KINDS:
        look = _show_bucket(CHECKS, _check_bucket(row), "看檢核單")
        return look.model_copy(update={"primary": True}), why
    if row.kind in ENDS:
        return (why,)
    return Press(label="看案件", data=ShowCase(row.number).pack(), shown="看案件", primary=True), why


def _check_bucket(row: OwedRow) -> CheckBucket:
    if row.kind is DutyKind.RETURNED_CHECK:
        return CheckBucket.RETURNED
    return CheckBucket.LATE if row.is_late else CheckBucket.WAITING


def _why_now(owed: Owed, stages: Sequence[StageKind]) -> str:
    """Return the sentences a reminder opens with: they may stand on a locked phone."""
    late = _late_words(owed.late) if owed.late else ""
    new = min(stages.count(StageKind.ARISES), owed.total - owed.late)
    today = min(stages.count(StageKind.DUE_DAY), owed.total - owed.late - new)
    if late or new:
        return late + (f"有 {new} 件新的待辦，請留意期限。" if new else "") + _today_words(today)
    today = max(today, sum(row.days_left == 0 for row in owed.rows))
    return _today_words(today) or f"有 {owed.total} 件待辦快到期了。"


def _today_words(today: int) -> str:
    return f"有 {today} 件待辦今天到期。" if today else ""


def _late_words(late: int) -> str:
    """Return how many of what is told now is late: there may be more, of which nothing is said today (DUTY-2)."""
    return f"以下 {late} 件待辦已逾期，仍請儘快完成。" if late > 1 else "有 1 件待辦已逾期，仍請儘快完成。"


def _reason_words(reasons: Sequence[Why]) -> str:
    return "".join(_reason_sentences(reasons))


def _reason_sentences(reasons: Sequence[Why]) -> list[str]:
    return [sentence.format(reasons.count(why)) for why, sentence in _REASONS.items() if why in reasons]


def _next_words(rows: Iterable[OwedRow], due_day_at: time | None = None) -> str:
    """Return when it comes next of what is shown: a day where it waits for that day's digest, else the minute."""
    moments = [_next_at(row.remind_at, row.due_at, due_day_at) for row in rows if row.remind_at is not None]
    if not moments:
        return ""
    at = min(moments)
    is_digest = at == start_of_day(taipei_date(at))
    return f"下次：{due_day(at)}的每日提醒。" if is_digest else f"下次：{due_minute(at)}。"


def _next_at(at: datetime, due_at: datetime, due_day_at: time | None) -> datetime:
    """Return when a stage is told; what waits for a digest keeps the first moment of its day."""
    day = taipei_date(at)
    is_of_due_day = at == start_of_day(day) and day == taipei_date(due_at)
    return taipei_moment(day, due_day_at) if due_day_at is not None and is_of_due_day else at


def _next_digest(rows: Iterable[OwedRow], due_day_at: time | None) -> str:
    """Return when a digest tells of any of these next: checks are told at once, each by itself."""
    return _next_words((row for row in rows if row.kind is not DutyKind.CHECK), due_day_at)


def _quiet(text: str) -> Line:
    return Line(text=text, quiet=True)
