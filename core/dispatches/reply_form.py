"""REPLY-3 to REPLY-10, REPLY-12: the reply as it is typed, and what is wrong with it, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from pydantic import ConfigDict

from core.dates import roc
from core.dispatches.kinds import ON_LEAVE_WORD, Contact, Decision, Enrolment, NotOpenReason, Uncooperative
from core.dispatches.models import Opening
from core.dispatches.refusals import OPENING_WHY
from core.dispatches.refusals import ReplyRefusal as Refused
from core.errors import Broken
from core.wording import characters, is_blank

EXPLANATION_AT_MOST = 1000  # REPLY-8: characters, as people count

WEAK = frozenset(  # REPLY-7: never the only reasons
    {NotOpenReason.REFUSED, NotOpenReason.UNWILLING, NotOpenReason.LOST, NotOpenReason.UNCOOPERATIVE}
)
NEEDS_TEXT = (NotOpenReason.TRANSFERRED, NotOpenReason.OTHER)


@dataclass(frozen=True)
class ReplyForm:
    """A reply's answers; what is not answered yet is None or empty."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    contact: Contact | None = None
    contacted_on: date | None = None
    visited_on: date | None = None
    goal: str = ""
    unreached_reason: str = ""
    decision: Decision | None = None
    opening: Opening | None = None
    responsible: str = ""
    """The name of the person who takes the case."""
    reasons: frozenset[NotOpenReason] = frozenset()
    transferred_to: str = ""
    uncooperative: frozenset[Uncooperative] = frozenset()
    other_reason: str = ""
    has_no_vulnerability: bool = False
    """The statement that the family was assessed as not vulnerable (REPLY-7)."""
    enrolment: Enrolment | None = None
    referred_to: str = ""
    guidance: bool | None = None
    """Whether parenting guidance was given (REPLY-10)."""
    explanation: str = ""


@dataclass(frozen=True)
class OpenedBefore:
    """What is known of a unit's services of the family (REPLY-6)."""

    open_since: date | None = None
    """It serves the family since then; None: it does not now."""
    closed_on: date | None = None
    """It served the family and closed, the last time on this day; None: it never did."""


@dataclass(frozen=True)
class ReplyFacts:
    """What a reply is held against."""

    needs_assessment: bool = False
    assessed: bool = False
    """The assessment was submitted."""
    asks_guidance: bool = False
    before: OpenedBefore = OpenedBefore()


def true_opening(before: OpenedBefore) -> Opening:
    """Return the one kind of opening that is true for a family at a unit (REPLY-6)."""
    if before.open_since is not None:
        return Opening.IN_PROGRESS
    return Opening.NEW if before.closed_on is None else Opening.REOPENED


def no_longer_true(form: ReplyForm, before: OpenedBefore) -> Broken | None:
    """Return the rule that a reply breaks which was right when it was sent: its opening is true no more (REPLY-6)."""
    if form.decision is not Decision.OPEN or form.opening is None or form.opening is true_opening(before):
        return None
    return Refused.OPENING_NOT_TRUE.broken(chosen=form.opening.label, **_truth(before))


def _truth(before: OpenedBefore) -> dict[str, str]:
    true, day = true_opening(before), before.open_since or before.closed_on
    return {"true": true.label, "why": OPENING_WHY[true.value].format(day=roc(day) if day else "")}


def belongs_to_school(enrolment: Enrolment) -> bool:
    """Return whether the child is still the school's: on leave yes, transferred or given up no (REPLY-12)."""
    return enrolment in {Enrolment.ENROLLED, Enrolment.ON_LEAVE}


def only_weak(form: ReplyForm) -> bool:
    """Return whether every reason given is one that cannot stand alone (REPLY-7)."""
    leave = is_on_leave_only(form.other_reason)
    weak = WEAK | {NotOpenReason.OTHER} if leave else WEAK
    return bool(form.reasons) and form.reasons <= weak


def is_on_leave_only(text: str) -> bool:
    """Return whether a reason in words speaks of being on leave from school (REPLY-7)."""
    return ON_LEAVE_WORD in text


def broken_rules(form: ReplyForm, facts: ReplyFacts, today: date) -> tuple[Broken, ...]:
    """Return every rule that a reply breaks, in the order of the form; none: it may be sent (REPLY-3 to REPLY-10)."""
    return (
        *_assessment(facts),
        *_contact(form, today),
        *_decision(form),
        *_opening(form, facts),
        *_reasons(form),
        *_texts(form, facts),
    )


def _assessment(facts: ReplyFacts) -> Iterator[Broken]:
    if facts.needs_assessment and not facts.assessed:
        yield Refused.NO_ASSESSMENT.broken()


def _contact(form: ReplyForm, today: date) -> Iterator[Broken]:
    """Yield what the result of the contact lacks, whatever was decided (REPLY-4)."""
    if form.contact is None:
        yield Refused.NO_CONTACT.broken()
    elif form.contact is Contact.REACHED:
        yield from _reached(form, today)
    else:
        if is_blank(form.unreached_reason):
            yield Refused.NO_UNREACHED_REASON.broken()
        if form.contacted_on or form.visited_on or form.goal.strip():
            yield Refused.CONTACT_BOTH.broken()


def _reached(form: ReplyForm, today: date) -> Iterator[Broken]:
    if form.contacted_on is None:
        yield Refused.NO_CONTACTED_ON.broken()
    elif form.contacted_on > today:
        yield Refused.CONTACT_IN_FUTURE.broken(day=roc(form.contacted_on), today=roc(today))
    if form.visited_on is None:
        yield Refused.NO_VISITED_ON.broken()
    elif form.visited_on > today:
        yield Refused.VISITED_IN_FUTURE.broken(day=roc(form.visited_on), today=roc(today))
    if is_blank(form.goal):
        yield Refused.NO_GOAL.broken()
    if form.unreached_reason.strip():
        yield Refused.CONTACT_BOTH.broken()


def _decision(form: ReplyForm) -> Iterator[Broken]:
    """Yield where not exactly one decision was made (REPLY-5)."""
    if form.decision is None:
        yield Refused.NO_DECISION.broken()
        return
    answered = {
        Decision.OPEN: form.opening is not None or bool(form.responsible.strip()),
        Decision.NOT_OPEN: bool(form.reasons),
        Decision.REFERRED: bool(form.referred_to.strip()),
    }
    for other, is_answered in answered.items():
        if is_answered and other is not form.decision:
            yield Refused.DECISION_MIXED.broken(other=other.label)
    if form.decision is Decision.REFERRED and is_blank(form.referred_to):
        yield Refused.NO_REFERRED_TO.broken()


def _opening(form: ReplyForm, facts: ReplyFacts) -> Iterator[Broken]:
    """Yield what opening lacks, and a kind of opening that is not true, with the one that is (REPLY-6)."""
    if form.decision is not Decision.OPEN:
        return
    if form.opening is None:
        yield Refused.NO_OPENING.broken(**_truth(facts.before))
    elif form.opening is not true_opening(facts.before):
        yield Refused.WRONG_OPENING.broken(chosen=form.opening.label, **_truth(facts.before))
    if is_blank(form.responsible):
        yield Refused.NO_RESPONSIBLE.broken()


def _reasons(form: ReplyForm) -> Iterator[Broken]:
    """Yield what not opening lacks: reasons, their texts, and more than reasons that cannot stand alone (REPLY-7)."""
    if form.decision is not Decision.NOT_OPEN:
        return
    if not form.reasons:
        yield Refused.NO_REASON.broken()
    texts = dict(zip(NEEDS_TEXT, (form.transferred_to, form.other_reason), strict=True))
    for reason, text in texts.items():
        if reason in form.reasons and is_blank(text):
            yield Refused.NO_OTHER_REASON.broken(reason=reason.label)
    if NotOpenReason.UNCOOPERATIVE in form.reasons and not form.uncooperative:
        yield Refused.NO_UNCOOPERATIVE.broken()
    if only_weak(form) and not form.has_no_vulnerability:
        yield Refused.ONLY_WEAK_REASONS.broken()
    if form.enrolment is Enrolment.ON_LEAVE and NotOpenReason.OUT_OF_SCOPE in form.reasons:
        yield Refused.STILL_ENROLLED.broken()


def _texts(form: ReplyForm, facts: ReplyFacts) -> Iterator[Broken]:
    """Yield guidance asked for and not answered (REPLY-10), and an explanation blank or too long (REPLY-8)."""
    if facts.asks_guidance and form.guidance is None:
        yield Refused.NO_GUIDANCE.broken()
    length = characters(form.explanation)
    if is_blank(form.explanation):
        yield Refused.NO_EXPLANATION.broken()
    elif length > EXPLANATION_AT_MOST:
        yield Refused.LONG_EXPLANATION.broken(length=str(length))
