"""REC-4: the work record as it is typed, and what is wrong with it, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.dates import roc
from core.errors import Broken
from core.records.kinds import Schooling, Service, Way
from core.records.names import NAME_AT_MOST, names_nobody
from core.records.refusals import RecordRefusal as Refused
from core.wording import characters, is_blank

NOTE_AT_MOST = 1000  # REC-4: characters, as people count


@dataclass(frozen=True)
class RecordForm:
    """A work record's answers; what is not answered yet is None or empty."""

    served_on: date | None = None
    way: Way | None = None
    other_way: str = ""
    served: str = ""
    """The name of the person served."""
    services: frozenset[Service] = frozenset()
    other_service: str = ""
    schooling: Schooling | None = None
    note: str = ""


@dataclass(frozen=True)
class RecordFacts:
    """What a record is held against."""

    dispatched_on: date
    """The first dispatch by which the unit has the case open: gaps before a later one may still be filled."""
    members: frozenset[str] = frozenset()
    """The names of the family, as known."""


def broken_rules(form: RecordForm, facts: RecordFacts, today: date) -> tuple[Broken, ...]:
    """Return every rule that a work record breaks, in the order of the form; none: it may be sent (REC-4)."""
    return (
        *_date(form, facts, today),
        *_way(form),
        *_person(form, facts),
        *_services(form),
        *_schooling_and_note(form),
    )


def _date(form: RecordForm, facts: RecordFacts, today: date) -> Iterator[Broken]:
    if form.served_on is None:
        yield Refused.NO_DATE.broken()
        return
    if form.served_on > today:
        yield Refused.IN_FUTURE.broken(served_on=roc(form.served_on), today=roc(today))
    if form.served_on < facts.dispatched_on:
        yield Refused.BEFORE_DISPATCH.broken(served_on=roc(form.served_on), dispatched_on=roc(facts.dispatched_on))


def _way(form: RecordForm) -> Iterator[Broken]:
    if form.way is None:
        yield Refused.NO_WAY.broken()
    if form.way is Way.OTHER and is_blank(form.other_way):
        yield Refused.NO_OTHER_WAY.broken()


def _person(form: RecordForm, facts: RecordFacts) -> Iterator[Broken]:
    if form.served.strip() in facts.members:
        return
    if is_blank(form.served):
        yield Refused.NOBODY.broken()
    elif characters(form.served.strip()) > NAME_AT_MOST:
        yield Refused.LONG_NAME.broken()
    elif names_nobody(form.served):
        yield Refused.NOT_A_NAME.broken(served=form.served.strip())


def _services(form: RecordForm) -> Iterator[Broken]:
    if not form.services:
        yield Refused.NO_SERVICE.broken()
    if Service.OTHER in form.services and is_blank(form.other_service):
        yield Refused.NO_OTHER_SERVICE.broken()


def _schooling_and_note(form: RecordForm) -> Iterator[Broken]:
    if form.schooling is None:
        yield Refused.NO_SCHOOLING.broken()
    length = characters(form.note)
    if length > NOTE_AT_MOST:
        yield Refused.LONG_NOTE.broken(length=str(length))
