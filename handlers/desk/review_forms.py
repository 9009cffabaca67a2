"""A form that was sent, as who reviews it reads it: the form's own terms, in its own order. Pure.

What was not answered is left out, but where the form asks for it in any case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from core.checks.form import CheckForm
from core.checks.kinds import Need, NeedCause, NeedMeasure, NoNeedCause, NoNeedMeasure, UrgentSign
from core.closures.facts import Statement
from core.closures.filing import Filing
from core.closures.kinds import ClosingReason
from core.dates import roc, roc_moment
from core.dispatches.assessment import AssessmentForm, Score, points
from core.dispatches.kinds import NotOpenReason, Risk, Uncooperative
from core.dispatches.reply_form import ReplyForm
from core.labels import Labelled
from core.masking import mask_national_id

L = TypeVar("L", bound=Labelled)
NONE_OF_THEM = "各項皆無"


@dataclass(frozen=True)
class Answered:
    """One question of a form, and what was answered: a line an answer."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A part of a form, under its heading."""

    heading: str
    answers: tuple[Answered, ...]


def assessment_part(form: AssessmentForm, score: Score) -> Part:
    """Return an assessment: the visit, what was found by group, the points (REPLY-14)."""
    found = _in_order(Risk, form.risks)
    groups = (
        _several(f"{group.label}（{count} 分）", [_item(each) for each in found if each.group is group])
        for group, count in score.groups.items()
    )
    answers = (
        _one("訪談日期", _day(form.visited_on)),
        _one("訪員姓名", form.visitor),
        _one("訪員聯絡電話", form.visitor_phone),
        _one("訪談方式", _with(form.way.label if form.way else "", form.other_way)),
        *(groups if found else (_one("評估項目", NONE_OF_THEM),)),
        _one("總分", f"{score.total} 分"),
        _one("補充說明", form.note),
    )
    return _part("評估單", answers)


def reply_part(form: ReplyForm, *, asks_guidance: bool) -> Part:
    """Return a reply: the contact, the decision with what it asks for, the explanation (REPLY-4 to REPLY-10)."""
    guidance = {True: "有提供", False: "沒有提供", None: "沒有回答" if asks_guidance else ""}[form.guidance]
    answers = (
        _one("聯繫結果", form.contact.label if form.contact else ""),
        _one("聯繫日期", _day(form.contacted_on)),
        _one("訪視日期", _day(form.visited_on)),
        _one("預定工作目標", form.goal),
        _one("無法聯繫或訪視原因", form.unreached_reason),
        _one("處理情形", form.decision.label if form.decision else ""),
        _one("開案情形", form.opening.label if form.opening else ""),
        _one("主責人員", form.responsible),
        _several("不開案原因", [_not_open(reason, form) for reason in _in_order(NotOpenReason, form.reasons)]),
        _one("經評估無脆弱家庭情事", "是" if form.has_no_vulnerability else ""),
        _one("學籍", form.enrolment.label if form.enrolment else ""),
        _one("轉介單位", form.referred_to),
        _one("親職教育", guidance),
        _one("補充說明", form.explanation),
    )
    return _part("回覆單", answers)


def closure_part(filing: Filing) -> Part:
    """Return a closure: ground and day, the reasons, the summary's three parts (CLOSE-1 to CLOSE-8)."""
    form, said, told = filing.form, filing.statement, filing.form.summary
    here = {True: "是", False: "否", None: ""}[filing.sibling_here]
    reasons = [_closing(reason, form.uncooperative) for reason in _in_order(ClosingReason, form.reasons)]
    answers = (
        _one("結案事由", said.ground.label if said.ground else ""),
        _one("結案日期", _day(form.closing_on)),
        _one("離校", f"{said.leaving.how.label}，{roc(said.leaving.on)}" if said.leaving else ""),
        _one("畢業日期", _day(said.graduates_on)),
        _several("結案原因", reasons),
        _one("現況：就學情形", told.schooling),
        _one("現況：受家庭照顧情形", told.care),
        _one("現況：去向", _with(said.destination.label if said.destination else "", told.place)),
        _one("手足也在本校", here),
        _one("現況：手足", told.siblings),
        _one("服務歷程概述", told.services),
        _one("是否仍有脆弱家庭情事", said.remaining.label if said.remaining else ""),
        _one("處遇目標達成情形", told.goals),
        _one("尚有之情事", told.leftover),
        *_onward(said),
    )
    return _part("結案單", answers)


def check_part(form: CheckForm) -> Part:
    """Return a check: who took the meal, whether there is need, why, and what the school does (CHK-3 to CHK-7)."""
    school = _with(form.school_known.label if form.school_known else "", form.school)
    answers = (
        _several("緊急狀況", [sign.label for sign in _in_order(UrgentSign, form.urgent)]),
        _one("身分確認", _with(form.identity.label if form.identity else "", form.other_identity)),
        _one("身分證字號", mask_national_id(form.national_id) if form.national_id else ""),
        _one("所屬學校", school),
        _one("資源需求評估", form.need.label if form.need else ""),
        _one("通報時間", roc_moment(form.report.at) if form.report.at else ""),
        _one("通報案號", form.report.number),
        *_causes(form),
        *(_one(label.label, text) for label, text in form.told.items()),
    )
    return _part("檢核單", answers)


def _item(risk: Risk) -> str:
    return f"{risk.label}（{points(risk)} 分）"


def _causes(form: CheckForm) -> Iterator[Answered]:
    """Yield the causes and measures of the need that was chosen."""
    if form.need is Need.NONE:
        without = form.without_need
        causes, measures = _in_order(NoNeedCause, without.causes), _in_order(NoNeedMeasure, without.measures)
        yield _several("原因", [_with_other(each, without.other_cause) for each in causes])
        yield _several("學校處理", [_with_other(each, without.other_measure) for each in measures])
    elif form.need is not None:
        need = form.with_need
        yield _several("原因", [_with_other(each, need.other_cause) for each in _in_order(NeedCause, need.causes)])
        measured = _in_order(NeedMeasure, need.measures)
        yield _several("學校處理", [_with_other(each, need.other_measure) for each in measured])


def _onward(said: Statement) -> Iterator[Answered]:
    """Yield what was done before a family with needs left moves on (CLOSE-5)."""
    facts = {
        "搬遷至外縣市": said.moves_county,
        "外縣市社政單位已在服務": said.social_affairs_serves,
        "欲轉介的單位已在服務": said.receiver_serves,
    }
    yield from (_one(label, "是" if holds else "") for label, holds in facts.items())
    if said.new_report is not None:
        yield _one("再通報", f"{roc_moment(said.new_report.at)}，序號 {said.new_report.number}")
    if said.hand_over is not None:
        yield _several("橫向聯繫", [f"{said.hand_over.unit}，{roc_moment(said.hand_over.at)}", said.hand_over.matters])
    yield _one("就學轉銜", _day(said.transferred_on))


def _not_open(reason: NotOpenReason, form: ReplyForm) -> str:
    if reason is NotOpenReason.UNCOOPERATIVE:
        return _uncooperative(reason.label, form.uncooperative)
    texts = {NotOpenReason.TRANSFERRED: form.transferred_to, NotOpenReason.OTHER: form.other_reason}
    return _with(reason.label, texts.get(reason, ""))


def _closing(reason: ClosingReason, how: Collection[Uncooperative]) -> str:
    return _uncooperative(reason.label, how) if reason is ClosingReason.UNCOOPERATIVE else reason.label


def _uncooperative(label: str, how: Collection[Uncooperative]) -> str:
    return _with(label, "、".join(each.label for each in _in_order(Uncooperative, how)))


def _with_other(choice: Labelled, text: str) -> str:
    return _with(choice.label, text if choice.value == "other" else "")


def _with(label: str, text: str) -> str:
    return f"{label}：{text}" if label and text.strip() else label or text


def _in_order(kinds: type[L], chosen: Collection[L]) -> list[L]:
    """Return what was chosen, in the order of the form."""
    return [each for each in kinds if each in chosen]


def _day(day: date | None) -> str:
    return roc(day) if day else ""


def _one(label: str, value: str) -> Answered:
    return _several(label, [value])


def _several(label: str, values: Collection[str]) -> Answered:
    return Answered(label, tuple(value for value in values if value.strip()))


def _part(heading: str, answers: Collection[Answered]) -> Part:
    return Part(heading, tuple(each for each in answers if each.values))
