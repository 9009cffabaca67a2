"""CHK-3 to CHK-8: what is wrong with a check form, all at once. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from core.accounts.rules import is_national_id
from core.checks.form import CheckForm, NeedAnswers, NoNeedAnswers
from core.checks.kinds import (
    Identity,
    Need,
    NeedCause,
    NeedMeasure,
    NoNeedCause,
    NoNeedMeasure,
    SchoolKnown,
    Told,
)
from core.checks.references import only_refers
from core.checks.refusals import CheckRefusal as Refused
from core.dates import roc_moment
from core.errors import Broken
from core.secrets import folded
from core.wording import NOTHING, characters, is_blank

TEXT_AT_MOST = 1000  # characters, as people count; the parts of an explanation together

_BLANK_PART = {  # CHK-7
    Told.HARDSHIP: Refused.NO_HARDSHIP,
    Told.WHY_TAKEN: Refused.NO_WHY_TAKEN,
    Told.MEALS: Refused.NO_MEALS,
}
_YES_OR_NO = frozenset({Told.HARDSHIP, Told.MEALS})


def broken_rules(form: CheckForm, now: datetime) -> tuple[Broken, ...]:
    """Return every rule that a check form breaks, in the order of the form; none: it may be sent (CHK-3 to CHK-8).

    Somebody who is no pupil of the school need not be assessed: where no need is chosen, none is held to be found.
    """
    return (
        *_identity(form),
        *_need(form),
        *_report(form, now),
        *_with_need(form),
        *_without_need(form),
        *_stands_alone(form),
        *_too_long(form),
    )


def finds_need(form: CheckForm) -> bool:
    """Return whether a form says that there is need: (a) and (b) do (CHK-4)."""
    return form.need in {Need.REPORTED, Need.TO_REPORT}


def explanation_of(form: CheckForm) -> str:
    """Return the explanation in one piece, its parts apart; empty where none is asked for (CHK-8)."""
    return "\n".join(f"{part}:{text}" for part, text in form.told.items())


def _identity(form: CheckForm) -> Iterator[Broken]:
    """Yield what the identity lacks, and what belongs to another one (CHK-3)."""
    if form.identity is None:
        yield Refused.NO_IDENTITY.broken()
        return
    if form.identity is Identity.OWN:
        yield from _own(form)
    elif form.identity is Identity.NOT_OWN:
        yield from _not_own(form)
    elif is_blank(form.other_identity):
        yield Refused.NO_OTHER_IDENTITY.broken()
    if _has_another_identity(form):
        yield Refused.IDENTITY_MIXED.broken(chosen=form.identity.label)


def _own(form: CheckForm) -> Iterator[Broken]:
    if not folded(form.national_id):
        yield Refused.NO_NATIONAL_ID.broken()
    elif not is_national_id(folded(form.national_id)):
        yield Refused.WRONG_NATIONAL_ID.broken()


def _not_own(form: CheckForm) -> Iterator[Broken]:
    if form.school_known is None:
        yield Refused.NO_SCHOOL_KNOWN.broken()
    elif form.school_known is SchoolKnown.KNOWN and is_blank(form.school):
        yield Refused.NO_SCHOOL.broken()


def _has_another_identity(form: CheckForm) -> bool:
    names_school = bool(form.school)
    is_unknown_but_named = form.school_known is SchoolKnown.UNKNOWN and names_school
    filled = {
        Identity.OWN: bool(form.national_id),
        Identity.NOT_OWN: form.school_known is not None or names_school,
        Identity.OTHER: bool(form.other_identity),
    }
    return is_unknown_but_named or any(has for identity, has in filled.items() if identity is not form.identity)


def _need(form: CheckForm) -> Iterator[Broken]:
    """Yield that no need is chosen for an own pupil, or that another one's answers are filled in (CHK-4)."""
    if form.need is None and form.identity is Identity.OWN:
        yield Refused.NO_NEED.broken()
    elif form.need is not None and _has_other_answers(form):
        yield Refused.NEED_MIXED.broken(chosen=form.need.label)
    elif form.need is None and form.identity is not None and _has_any_answers(form):
        yield Refused.NEED_UNCHOSEN.broken()


def _has_other_answers(form: CheckForm) -> bool:
    if form.need is Need.NONE:
        return form.with_need != NeedAnswers()
    return form.without_need != NoNeedAnswers()


def _has_any_answers(form: CheckForm) -> bool:
    return (form.with_need, form.without_need) != (NeedAnswers(), NoNeedAnswers())


def _report(form: CheckForm, now: datetime) -> Iterator[Broken]:
    """Yield what (b) lacks of the report that is made first (CHK-5)."""
    if form.need is not Need.TO_REPORT:
        return
    report = form.report
    if report.at is None:
        yield Refused.NO_REPORT_TIME.broken()
    elif report.at > now:
        yield Refused.REPORT_IN_FUTURE.broken(reported_at=roc_moment(report.at), now=roc_moment(now))
    if is_blank(report.number):
        yield Refused.NO_REPORT_NUMBER.broken()


def _with_need(form: CheckForm) -> Iterator[Broken]:
    """Yield what (a) and (b) lack (CHK-6)."""
    if not finds_need(form):
        return
    answers = form.with_need
    if not answers.causes:
        yield Refused.NO_CAUSE.broken()
    if NeedCause.OTHER in answers.causes and is_blank(answers.other_cause):
        yield Refused.NO_OTHER_CAUSE.broken()
    if not answers.measures:
        yield Refused.NO_MEASURE.broken()
    if NeedMeasure.OTHER in answers.measures and is_blank(answers.other_measure):
        yield Refused.NO_OTHER_MEASURE.broken()
    if is_blank(answers.explanation):
        yield Refused.NO_EXPLANATION.broken()


def _without_need(form: CheckForm) -> Iterator[Broken]:
    """Yield what (c) lacks (CHK-7)."""
    if form.need is not Need.NONE:
        return
    answers = form.without_need
    if not answers.causes:
        yield Refused.NO_CAUSE_WITHOUT.broken()
    if NoNeedCause.OTHER in answers.causes and is_blank(answers.other_cause):
        yield Refused.NO_OTHER_CAUSE_WITHOUT.broken()
    if not answers.measures:
        yield Refused.NO_MEASURE_WITHOUT.broken()
    if NoNeedMeasure.OTHER in answers.measures and is_blank(answers.other_measure):
        yield Refused.NO_OTHER_MEASURE_WITHOUT.broken()
    yield from (_BLANK_PART[part].broken() for part, text in form.told.items() if not _answers(part, text))


def _answers(part: Told, text: str) -> bool:
    """Return whether a part says something; to a question of yes or no, the bare word for "none" is an answer."""
    return not is_blank(text) or (part in _YES_OR_NO and not NOTHING.isdisjoint(text))


def _stands_alone(form: CheckForm) -> Iterator[Broken]:
    """Yield each part of the explanation that only refers to another (CHK-8)."""
    for part, text in form.told.items():
        if only_refers(text):
            yield replace(Refused.ONLY_REFERS.broken(part=part.label), field=part.label)


def _too_long(form: CheckForm) -> Iterator[Broken]:
    """Yield each text with too many characters; an explanation is measured as a whole."""
    texts = (
        (Refused.NO_SCHOOL, form.school),
        (Refused.NO_OTHER_IDENTITY, form.other_identity),
        (Refused.NO_REPORT_NUMBER, form.report.number),
        (Refused.NO_CAUSE, form.with_need.other_cause),
        (Refused.NO_MEASURE, form.with_need.other_measure),
        (Refused.NO_CAUSE_WITHOUT, form.without_need.other_cause),
        (Refused.NO_MEASURE_WITHOUT, form.without_need.other_measure),
        (Refused.NO_WHY_TAKEN if form.need is Need.NONE else Refused.NO_EXPLANATION, "".join(form.told.values())),
    )
    for place, text in texts:
        length = characters(text)
        if length > TEXT_AT_MOST:
            yield _long(place, length)


def _long(place: Refused, length: int) -> Broken:
    field = Refused.NO_EXPLANATION.field if place is Refused.NO_WHY_TAKEN else place.field
    broken = Refused.LONG_TEXT.broken(part=field, length=str(length), at_most=str(TEXT_AT_MOST))
    return Broken(place.rule, field, broken.what, broken.remedy)
