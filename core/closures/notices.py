"""What is said about closing: may a case be closed and what is missing, what a supervisor decided, a semester's look.

Pure: frozen rows in, cards out. Names are masked already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from core.buttons import ExplainClosing, ShowCase
from core.cards import Answer, Block, Card, Deck, Light, Line, Press, Progress, Row, Rule, Tone, said
from core.choices import HOME
from core.closures.earliest import Assessment, Condition
from core.closures.kinds import ClosureState, Finding, Need
from core.closures.queries import ClosingAnswer
from core.dates import roc
from core.due_words import roc_day
from core.records.kinds import EducationLight
from core.records.rules import Window

WINDOWS_SHOWN = 5
MET, UNMET, TO_JUDGE, MET_SINCE = "✓ 符合", "✗ 尚未", "？ 請評估", "匯入後的符合"
_COLOURS: dict[EducationLight, Literal["R", "Y", "G"]] = {
    EducationLight.R: "R",
    EducationLight.Y: "Y",
    EducationLight.G: "G",
}
_PREVIEW = "這是您詢問的結案條件。"
_FILED: Mapping[ClosureState | None, str] = {
    ClosureState.APPLIED: "結案單審核中",
    ClosureState.RETURNED: "結案單被退件",
}
"""What the answer says first of all where a form was sent."""
_NEXT: Mapping[ClosureState | None, str] = {
    ClosureState.APPLIED: "結案單已送出，等候督導審核。",
    ClosureState.RETURNED: "請照退件原因修改後再送出，或刪除並繼續服務。",
}
_TO_DO = {
    Finding.PUPIL_LEFT: "請確認去向，並在當月申請結案。",
    Finding.MISSING_RECORDS: "請補登實際提供的服務。",
    Finding.RETURNED_FORM: "請修改後再送出，或刪除並繼續服務。",
}


def closing_answer(answers: Sequence[ClosingAnswer]) -> Answer:
    """Return for each service of a case whether it may be closed: every condition, what is missing, from when."""
    cards = tuple(_closing_card(each) for each in answers)
    shown = cards[0] if len(cards) == 1 else Deck(preview=_PREVIEW, cards=cards)
    return said(shown, choices=HOME)


def approved_answer(number: str, closing_on: date) -> Answer:
    """Tell the writer that a supervisor approved the closure."""
    card = Card(
        title="結案單已核可",
        preview="您送出的一張結案單已由督導核可。",
        tone=Tone.GOOD,
        badge="已結案",
        blocks=(
            Row(label="案件", value=number),
            Row(label="結案日期", value=roc(closing_on)),
            Line(text="這個案件不需再登打工作紀錄。若又有狀況，請至關懷e起來重新通報。"),
        ),
        actions=(Press(label="看案件", data=ShowCase(number).pack(), shown="看案件", primary=True),),
    )
    return said(card, choices=HOME)


def look_card(unit_name: str, services: int, counts: Mapping[Finding, int]) -> Card:
    """Ask a unit to look its cases over before a semester, with what is known to be put right (CLOSE-12)."""
    found = [(finding, count) for finding, count in counts.items() if count]
    return Card(
        title="開學前請檢視個案",
        preview="開學前請檢視開案中的個案。",
        tone=Tone.SOON if found else Tone.PLAIN,
        blocks=(
            Line(text=f"貴單位有 {services} 件開案中的個案。請確認學生是否仍在學、工作紀錄是否齊全。", strong=True),
            Row(label="單位", value=unit_name),
            *(Row(label=finding.label, value=f"{count} 件") for finding, count in found),
            *(Line(text=f"{finding.label}：{_TO_DO[finding]}", quiet=True) for finding, _ in found),
            *(() if found else (Line(text="目前系統沒有發現要處理的情形。", quiet=True),)),
        ),
    )


def _closing_card(answer: ClosingAnswer) -> Card:
    return Card(
        title=_title(answer),
        preview=_PREVIEW,
        tone=_tone(answer),
        badge=answer.state.label if answer.state else "",
        blocks=tuple(_blocks(answer)),
        actions=(
            Press(label="看案件", data=ShowCase(answer.number).pack(), shown="看案件"),
            Press(label="怎麼算的", data=ExplainClosing(answer.opened_id).pack(), shown="怎麼算的"),
        ),
    )


def _title(answer: ClosingAnswer) -> str:
    return _FILED.get(answer.state) or ("可以申請結案" if answer.assessment.can_close else "還不能結案")


def _tone(answer: ClosingAnswer) -> Tone:
    if answer.state is ClosureState.APPLIED:
        return Tone.PLAIN
    is_returned = answer.state is ClosureState.RETURNED
    return Tone.GOOD if answer.assessment.can_close and not is_returned else Tone.SOON


def _blocks(answer: ClosingAnswer) -> Iterator[Block]:
    if comes_next := _NEXT.get(answer.state):
        yield Line(text=comes_next, strong=True)
    if answer.reason:
        yield Row(label="退件原因", value=answer.reason)
    if said_first := _still_missing(answer):
        yield Line(text=said_first, strong=True)
    yield Row(label="編號", value=answer.number)
    yield Row(label="對象", value=answer.child)
    yield Row(label="單位", value=answer.unit_name)
    yield Row(label="結案事由", value=answer.ground.label)
    if answer.light is not None:
        yield Light(colour=_COLOURS[answer.light], word=answer.light.label)
    yield _progress(answer)
    yield Rule()
    for condition in answer.assessment.conditions:
        yield _condition(condition, answer)
    yield Rule()
    yield from _to_do(answer)
    yield from _dates(answer)


def _still_missing(answer: ClosingAnswer) -> str:
    """Return what is missing, before all else; empty where a form waits already or nothing is to be done."""
    unmet = [condition.need.label for condition in answer.assessment.unmet]
    if unmet:
        return f"還差 {len(unmet)} 項：{'、'.join(unmet)}。"
    return "只差您評估是否仍有脆弱家庭情事，其他都符合。" if answer.assumes_no_risk and answer.state is None else ""


def _progress(answer: ClosingAnswer) -> Progress:
    """Return how many spans have a record, of those known here; today's, which still runs, only once it has one."""
    due = [state for state in answer.windows.states if state.has_record or (state.is_known and not state.is_current)]
    return Progress(label="有工作紀錄的期間", done=sum(state.has_record for state in due), total=len(due))


def _condition(condition: Condition, answer: ClosingAnswer) -> Row:
    if condition.need is Need.NO_RISK and condition.is_met and answer.assumes_no_risk:
        return Row(label=condition.need.label, value=TO_JUDGE, tone=Tone.PLAIN)
    if condition.need is Need.WINDOWS and condition.is_met and answer.windows.unknown:
        return Row(label=condition.need.label, value=MET_SINCE, tone=Tone.PLAIN)
    value, tone = (MET, Tone.GOOD) if condition.is_met else (UNMET, Tone.SOON)
    return Row(label=condition.need.label, value=value, tone=tone)


def _to_do(answer: ClosingAnswer) -> Iterator[Line]:
    for condition, broken in zip(answer.assessment.unmet, answer.broken, strict=True):
        what = _missing(condition.windows) if condition.need is Need.WINDOWS else broken.what
        yield Line(text=f"{what}{broken.remedy}（{broken.rule}）")
    if answer.assumes_no_risk:
        yield Line(text="還沒有人填寫是否仍有脆弱家庭情事：這裡先以「已無」估算，請您評估。", quiet=True)
    if answer.windows.unknown:
        yield Line(text=_elsewhere(answer.windows.unknown), quiet=True)
    if answer.siblings:
        yield Line(text=f"手足（{'、'.join(answer.siblings)}）也派案至貴單位：結案單要寫手足的情形。", quiet=True)


def _elsewhere(windows: Sequence[Window]) -> str:
    """Return that the spans before the case came in are not known here, and where they are."""
    span = f"{roc(windows[0].first)}–{roc(windows[-1].last)}"
    return f"案件匯入前有 {len(windows)} 段期間（{span}）的工作紀錄不在這裡，請到主系統確認沒有缺漏。"


def _missing(windows: Sequence[Window]) -> str:
    spans = "、".join(f"{roc(each.first)}–{roc(each.last)}" for each in windows[:WINDOWS_SHOWN])
    rest = f"等 {len(windows)} 段" if len(windows) > WINDOWS_SHOWN else ""
    return f"工作紀錄缺 {spans}{rest}。"


def _dates(answer: ClosingAnswer) -> Iterator[Block]:
    if answer.state is not ClosureState.APPLIED:
        yield _earliest(answer.assessment)
    if answer.assessment.apply_by is not None:
        yield Row(label="申請期限", value=roc_day(answer.assessment.apply_by))


def _earliest(found: Assessment) -> Block:
    """Return from when it may be closed."""
    if found.earliest is None:
        return Line(text="上面還差的，有些不是補資料就能完成；達成後才有最早的結案日。", strong=True)
    if found.can_close:
        return Line(text="今天就可以送出結案單。", strong=True)
    return Row(label="最早可結案", value=roc_day(found.earliest), tone=Tone.GOOD)
