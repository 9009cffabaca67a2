"""Canned answers: texts that are given often, with places for the person's facts (the desk fills them before sending).

A place is a Chinese word in braces. Nothing else in a text is ever read as a command (A39).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.access import Action, require
from core.context import Context
from core.errors import NotFound, RuleBroken
from core.helpdesk.assigning import leads
from core.helpdesk.models import CannedAnswer
from core.helpdesk.panel import Panel, panel
from core.helpdesk.refusals import HelpRefusal
from core.labels import Labelled
from core.wording import characters, is_blank

TITLE_AT_MOST = 60
TEXT_AT_MOST = 2000
ANSWERS_AT_MOST = 200
_PLACE = re.compile(r"\{([^{}]{0,20})\}")


class Place(Labelled):
    """A place in a canned answer, by the word that stands in its braces."""

    NAME = "name", "姓名"
    UNIT = "unit", "單位"
    DUE = "due", "待辦"
    END = "end", "到期日"


@dataclass(frozen=True)
class Canned:
    """A canned answer."""

    number: int
    title: str
    text: str


def canned_answers(ctx: Context) -> tuple[Canned, ...]:
    """Return all canned answers by title."""
    require(ctx.actor, Action.ANSWER_HELP)
    rows = ctx.session.scalars(select(CannedAnswer).order_by(CannedAnswer.title).limit(ANSWERS_AT_MOST))
    return tuple(Canned(row.id, row.title, row.text) for row in rows)


def filled(ctx: Context, canned: int, number: int) -> str:
    """Return a canned answer with the facts of who asked a request; raises ``NotFound``."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = ctx.session.get(CannedAnswer, canned)
    if row is None:
        raise NotFound
    facts = facts_of(panel(ctx, number))
    return _PLACE.sub(lambda found: facts.get(found[1], found[0]), row.text)


def facts_of(beside: Panel) -> Mapping[str, str]:
    """Return what is put into each place; a fact nobody knows leaves a word that says so."""
    return {
        Place.NAME.label: beside.name,
        Place.UNIT.label: beside.unit_name or "（未綁定單位）",
        Place.DUE.label: beside.owed_words,
        Place.END.label: beside.ends_on_words,
    }


def unfilled(text: str) -> str:
    """Return the first place that still stands in a text as a canned answer writes it; empty where there is none."""
    return next((found for found in _PLACE.findall(text) if Place.of_label(found) is not None), "")


def save_canned(ctx: Context, title: str, text: str, number: int | None = None) -> int:
    """Keep a canned answer, new or changed; the desk's lead does. Raises ``RuleBroken`` for what cannot stand.

    ``NotFound`` where the one to change is gone.
    """
    _require_lead(ctx)
    _check(title, text)
    row = ctx.session.get(CannedAnswer, number) if number is not None else CannedAnswer()
    if row is None:
        raise NotFound
    twin = ctx.session.scalar(select(CannedAnswer.id).where(CannedAnswer.title == title.strip()))
    if twin is not None and twin != number:
        raise RuleBroken(HelpRefusal.SAME_TITLE.broken())
    row.title, row.text = title.strip(), text.strip()
    ctx.session.add(row)
    ctx.session.flush()
    ctx.note("help.canned", f"canned:{row.id}", ("title", "text"))
    return row.id


def delete_canned(ctx: Context, number: int) -> None:
    """Delete a canned answer; raises ``NotFound``."""
    _require_lead(ctx)
    row = ctx.session.get(CannedAnswer, number)
    if row is None:
        raise NotFound
    ctx.session.delete(row)
    ctx.note("help.canned_deleted", f"canned:{number}")
    ctx.session.flush()


def may_change(ctx: Context) -> bool:
    """Return whether the actor changes canned answers: who leads the desk."""
    return ctx.actor.is_system or ctx.actor.account_id in leads(ctx)


def _require_lead(ctx: Context) -> None:
    require(ctx.actor, Action.ANSWER_HELP)
    if not may_change(ctx):
        raise RuleBroken(HelpRefusal.NOT_LEAD.broken())


def _check(title: str, text: str) -> None:
    if is_blank(title) or is_blank(text):
        raise RuleBroken(HelpRefusal.BLANK_CANNED.broken())
    if characters(title) > TITLE_AT_MOST or len(title) > TITLE_AT_MOST:
        raise RuleBroken(HelpRefusal.LONG_TITLE.broken(most=str(TITLE_AT_MOST)))
    if len(text) > TEXT_AT_MOST:
        raise RuleBroken(HelpRefusal.LONG_CANNED.broken(most=str(TEXT_AT_MOST)))
    unknown = [found for found in _PLACE.findall(text) if Place.of_label(found) is None]
    if unknown:
        known = "、".join(f"{{{each.label}}}" for each in Place)
        raise RuleBroken(HelpRefusal.UNKNOWN_PLACE.broken(place=unknown[0], known=known))
