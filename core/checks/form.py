"""The check form as it is typed and as it is stored: typed answers, incomplete while it is a draft (CHK-3 to CHK-7)."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import AwareDatetime, ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from core.checks.kinds import (
    Identity,
    Need,
    NeedCause,
    NeedMeasure,
    NoNeedCause,
    NoNeedMeasure,
    SchoolKnown,
    Told,
    UrgentSign,
)

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True, config=_STRICT)
class Report:
    """The report made at 關懷e起來 (CHK-5)."""

    at: AwareDatetime | None = None
    number: str = ""


@dataclass(frozen=True, config=_STRICT)
class NeedAnswers:
    """What (a) and (b) ask for (CHK-6)."""

    causes: frozenset[NeedCause] = frozenset()
    other_cause: str = ""
    measures: frozenset[NeedMeasure] = frozenset()
    other_measure: str = ""
    explanation: str = ""


@dataclass(frozen=True, config=_STRICT)
class NoNeedAnswers:
    """What (c) asks for; the explanation is three answers, so that none is forgotten (CHK-7)."""

    causes: frozenset[NoNeedCause] = frozenset()
    other_cause: str = ""
    measures: frozenset[NoNeedMeasure] = frozenset()
    other_measure: str = ""
    hardship: str = ""
    """Whether the family is in economic difficulty."""
    why_taken: str = ""
    meals: str = ""
    """Whether the family provides meals."""


@dataclass(frozen=True, config=_STRICT)
class CheckForm:
    """The school's answers; what is not answered yet is None or empty."""

    identity: Identity | None = None
    national_id: str = ""
    """Of an own pupil."""
    school_known: SchoolKnown | None = None
    school: str = ""
    """Of somebody else's pupil."""
    other_identity: str = ""
    need: Need | None = None
    report: Report = Report()
    with_need: NeedAnswers = NeedAnswers()
    without_need: NoNeedAnswers = NoNeedAnswers()
    urgent: frozenset[UrgentSign] = frozenset()
    """CHK-11."""

    @property
    def told(self) -> Mapping[Told, str]:
        """The parts of the explanation that the choice of need asks for."""
        if self.need is None:
            return {}
        if self.need is Need.NONE:
            answers = self.without_need
            return {
                Told.HARDSHIP: answers.hardship,
                Told.WHY_TAKEN: answers.why_taken,
                Told.MEALS: answers.meals,
            }
        return {Told.EXPLANATION: self.with_need.explanation}


_STORED = TypeAdapter(CheckForm)


def to_json(form: CheckForm) -> str:
    """Return a form as it is stored (sealed)."""
    return _STORED.dump_json(form).decode()


def from_json(stored: str) -> CheckForm:
    """Return a stored form; raises pydantic's ``ValidationError`` for what is none."""
    return _STORED.validate_json(stored)
