"""Problems as RFC 9457 has them: what is wrong, every wrong field at once, the number of a broken rule, what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import make_response
from pydantic import Field
from pydantic_core import ErrorDetails
from werkzeug.wrappers import Response

from core.errors import Broken, FrontdoorError, InvalidInput, NotAllowed, NotFound, RuleBroken, RulesBroken
from core.machines.facts import field_of
from core.machines.refusals import FactsRefused
from handlers.api import texts
from handlers.api.models import Spoken
from handlers.api.texts import Kind

MEDIA_TYPE = "application/problem+json"
ROOT = "/api/v1"
DOCS = f"{ROOT}/docs"
SECOND = timedelta(seconds=1)
AGAIN_SOON = 5
"""Seconds after which it is worth coming back where nobody knows better."""

OURS = {"unit_code": "unit", "dispatched_on": "dispatch_date"}
"""Fields of the core that have another name here."""
_QUOTED = re.compile(r"'([^']*)'")

STATUS = {
    Kind.UNREADABLE: 400,
    Kind.NO_KEY: 401,
    Kind.NOT_ALLOWED: 403,
    Kind.NOT_FOUND: 404,
    Kind.METHOD: 405,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.MEDIA: 415,
    Kind.FIELDS: 422,
    Kind.RULES: 422,
    Kind.OTHER_BODY: 422,
    Kind.TOO_FAST: 429,
    Kind.BROKEN: 500,
    Kind.CLOSED: 503,
    Kind.REFUSED: 400,
}


class WrongPart(Spoken):
    """一個有誤的欄位。"""

    field: str = Field(description="欄位名稱；household.0 是 household 的第一項。")
    rule: str | None = Field(default=None, description="違反的規則編號，例如 REPLY-15。")
    detail: str = Field(description="哪裡不對，以及怎麼更正。")


class ProblemBody(Spoken):
    """哪裡不對，以及怎麼辦（RFC 9457）。"""

    type: str = Field(description="這類問題的說明。")
    title: str
    status: int
    detail: str
    errors: tuple[WrongPart, ...] = Field(default=(), description="所有有誤的欄位。")


@dataclass(frozen=True)
class Problem:
    """One problem, before it is written."""

    kind: Kind
    detail: str
    errors: tuple[WrongPart, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    """Where it is not the usual one of its kind."""

    def response(self) -> Response:
        """Return it as it is sent."""
        status = self.status or STATUS[self.kind]
        body = ProblemBody(
            type=f"{DOCS}#{self.kind}", title=self.kind.label, status=status, detail=self.detail, errors=self.errors
        )
        response = make_response(body.model_dump_json(), status, {"Content-Type": MEDIA_TYPE})
        response.headers.update(self.headers)
        return response


class BadRequest(Exception):
    """The request cannot be read; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.kind)
        self.problem = problem


def of_fields(errors: Sequence[ErrorDetails]) -> Problem:
    """Return every wrong field that pydantic found; a body that is no JSON object has no fields."""
    if any(not each["loc"] for each in errors):
        return Problem(Kind.UNREADABLE, texts.NOT_JSON)
    return _wrong(
        tuple(WrongPart(field=".".join(str(part) for part in each["loc"]), detail=_sentence(each)) for each in errors)
    )


def wrong_field(name: str, sentence: str) -> Problem:
    """Return one wrong field."""
    return _wrong((WrongPart(field=name, detail=sentence),))


def of_refusal(refused: FrontdoorError) -> Problem:
    """Return what the core refused."""
    match refused:
        case NotAllowed():
            return Problem(Kind.NOT_ALLOWED, str(refused))
        case NotFound():
            return Problem(Kind.NOT_FOUND, str(refused))
        case FactsRefused():
            return _wrong(tuple(WrongPart(field=_here(each.field), detail=each.reason) for each in refused.fields))
        case InvalidInput():
            return wrong_field(_here(field_of(refused.field)), str(refused))
        case RulesBroken() | RuleBroken():
            return _rules(refused.broken if isinstance(refused, RulesBroken) else (refused.broken,))
    return Problem(Kind.CONFLICT, str(refused))


def retry_after(until: datetime, now: datetime) -> dict[str, str]:
    """Return the header that says after how many whole seconds to come back."""
    return {"Retry-After": str(max(1, -((now - until) // SECOND)))}


def _wrong(parts: tuple[WrongPart, ...]) -> Problem:
    return Problem(Kind.FIELDS, texts.FIELDS.format(count=len(parts)), parts)


def _rules(broken: tuple[Broken, ...]) -> Problem:
    parts = tuple(
        WrongPart(field=_here(field_of(each.field)), rule=each.rule, detail=f"{each.what}{each.remedy}")
        for each in broken
    )
    return Problem(Kind.RULES, texts.RULES.format(count=len(parts)), parts)


def _here(name: str) -> str:
    return OURS.get(name, name)


def _sentence(error: ErrorDetails) -> str:
    sentence = texts.OF_PYDANTIC.get(error["type"], texts.WRONG)
    facts = error.get("ctx", {})
    expected = "、".join(_QUOTED.findall(str(facts.get("expected", ""))))
    return sentence.format(expected=expected, max_length=facts.get("max_length", ""))
