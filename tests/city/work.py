"""What staff and the main system do in a day, drawn at random; what is refused must say why, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import product
from random import Random
from typing import Any, TypeVar

from sqlalchemy import Row

from core.accounts.service import disable_account
from core.amendments import DayStatus
from core.calendar_changes import DayChange, apply_amendment, plan_amendment
from core.checks.models import CheckState
from core.checks.review import return_check
from core.checks.service import CheckFacts, put_check
from core.checks.submission import submit_check
from core.closures.facts import Leaving
from core.closures.filing import Filing
from core.closures.kinds import Ground, Leave
from core.closures.reviewing import approve_closure, return_closure
from core.closures.service import apply_closure, delete_closure, note_leaving, resend_closure
from core.context import Context
from core.dispatches.facts import DispatchFacts
from core.dispatches.families import know_member
from core.dispatches.handing import hand_over
from core.dispatches.models import DispatchState, Opening
from core.dispatches.replying import save_assessment, save_reply, submit_assessment, submit_reply
from core.dispatches.reviewing import approve_reply, return_reply
from core.dispatches.service import put_dispatch
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.machines.saying import URGENCIES, Message, pass_on
from core.notices.models import NoticeKind, Urgency
from core.records.service import add_record
from tests.builders import a_national_id
from tests.core.checks.forms import FORM_A, FORM_C
from tests.core.life.cases import ASSESSED, DECLINES, LONG_AGO, opens
from tests.core.life.services import filing
from tests.core.life.stand import Stand, stand
from tests.core.life.town import OWN, REVIEWER, STAFF, SYSTEM, Town
from tests.services import record

T = TypeVar("T")
CHILDREN = ("王小明", "李小美", "林小華", "陳小安", "張小樂", "黃小君")
UNITS = ("S1", "S1", "S2", "W1")
HURRY = (*URGENCIES, Urgency.ROUTINE, Urgency.ROUTINE)
"""Of its news: mostly what rides along with a reminder, not before it."""
FAMILIES = 5
"""Some children are reported twice: the second report joins the first one's family."""
CASES = 9
ASTRAY = 0.1
"""How often somebody does what is not theirs."""
REASON = "請補充就學情形"
NEWS = ("系統維護", "研習通知")
"""What the main system tells many at once, now and then both before either could leave."""


@dataclass
class Work:
    """Everybody at work, with what stood in the tables when the day began."""

    town: Town
    chance: Random
    rows: Stand
    done: list[str] = field(default_factory=list)
    codes: Sequence[str] = ()
    """The accounts of all to whom the main system may have something to say."""
    refused: int = 0
    _meals: int = 0
    _news: int = 0

    def something(self) -> None:
        """Do one of the things that are done in a day."""
        acts = (
            (self.dispatch, 3),
            (self.meal, 3),
            (self.answer, 5),
            (self.review, 5),
            (self.fill, 3),
            (self.give_back, 1),
            (self.write, 4),
            (self.leave, 1),
            (self.apply, 2),
            (self.decide, 2),
            (self.correct, 1),
            (self.hand_over, 1),
            (self.join, 1),
            (self.announce, 3),
        )
        (act,) = self.chance.choices([each for each, _ in acts], [often for _, often in acts])
        act()

    def dispatch(self) -> None:
        number = self.chance.randint(1, CASES)
        today = self.town.today
        day = max(today - timedelta(days=self.chance.choice((0, 0, 0, 0, 1, 12))), LONG_AGO)
        self._dispatch(number, self.chance.choice(UNITS), day)

    def _dispatch(self, number: int, unit: str, day: date, responsible: str = "") -> None:
        child = number % FAMILIES
        facts = DispatchFacts(
            f"WK{number}", unit, day, LONG_AGO, CHILDREN[child], DispatchState.WAITING, self.chance.random() < 0.2,
            reported_by="派出所", national_id=a_national_id(900 + child), household=(CHILDREN[child],),
            responsible=responsible,
        )  # fmt: skip
        self._does(SYSTEM, "dispatch", lambda ctx: put_dispatch(ctx, facts))

    def meal(self) -> None:
        self._meals += 1
        self._meal(f"M{self._meals}")

    def _meal(self, number: str) -> None:
        now, unit, child = self.town.clock.now(), self.chance.choice(UNITS), self.chance.choice(CHILDREN)
        facts = CheckFacts(number, unit, now, now, child, CheckState.WAITING, already_high_risk=False)
        self._does(SYSTEM, "meal", lambda ctx: put_check(ctx, facts))

    def move(self, duty_id: int) -> None:
        """Let a check come anew, maybe to another unit, or a case with somebody named for it."""
        with self.town.core.store.reading() as session:
            duty = session.get_one(Duty, duty_id)
        if duty.kind in (DutyKind.CHECK, DutyKind.RETURNED_CHECK):
            self._meal(next(each.number for each in self.rows.checks.values() if each.id == duty.subject_id))
        elif duty.kind in (DutyKind.REPLY, DutyKind.RETURNED_REPLY):
            row = self.rows.dispatches[duty.subject_id]
            unit = next(code for code, each in self.town.units.items() if each == row.unit_id)
            named = self.chance.choice((f"人員{OWN[unit]}", f"人員{OWN[unit]}b", ""))
            self._dispatch(int(row.number.removeprefix("WK")), unit, row.dispatched_on, named)

    def answer(self) -> None:
        row = self._any([row for row in self.rows.dispatches.values() if row.state in {"waiting", "returned"}])
        if row is not None:
            self._reply(row)

    def _reply(self, row: Row[Any]) -> None:
        who = self._who(OWN, row.unit_id)
        form = DECLINES if self.chance.random() < 0.2 else opens(self._opening(row.family_id, row.unit_id))
        if self.chance.random() < 0.8:
            self._does(who, "assess", lambda ctx: save_assessment(ctx, row.id, ASSESSED))
            self._does(who, "assess", lambda ctx: submit_assessment(ctx, row.id))
        self._does(who, "draft", lambda ctx: save_reply(ctx, row.id, form))
        self._does(who, "reply", lambda ctx: submit_reply(ctx, row.id))

    def review(self) -> None:
        row = self._one(list(self.rows.dispatches.values()), "submitted")
        if row is None:
            return
        who = self._who(REVIEWER, row.unit_id)
        if self.chance.random() < 0.7:
            self._does(who, "approve", lambda ctx: approve_reply(ctx, row.id))
        else:
            self._does(who, "return", lambda ctx: return_reply(ctx, row.id, REASON))

    def fill(self) -> None:
        row = self._any([row for row in self.rows.checks.values() if row.state != "checked"])
        if row is not None:
            self._check(row)

    def _check(self, row: Row[Any]) -> None:
        form, who = self.chance.choice((FORM_A, FORM_C)), self._who(OWN, row.unit_id)
        self._does(who, "check", lambda ctx: submit_check(ctx, row.number, form, confirmed=True))

    def give_back(self) -> None:
        row = self._one(list(self.rows.checks.values()), "checked")
        if row is not None:
            who = self._who(REVIEWER, row.unit_id)
            self._does(who, "return check", lambda ctx: return_check(ctx, row.number, REASON))

    def write(self) -> None:
        row = self._any(list(self.rows.services.values()))
        if row is None:
            return
        gaps = [each.first for each in self.rows.windows.values() if each.opened_id == row.id]
        self._write(row, self.chance.choice([*gaps, self.town.today, self.town.today]))

    def _write(self, row: Row[Any], on: date) -> None:
        day = min(max(on, row.opened_on), self.town.today)
        self._does(self._who(OWN, row.unit_id), "record", lambda ctx: add_record(ctx, row.id, record(day)))

    def leave(self) -> None:
        row = self._any(list(self.rows.services.values()))
        if row is not None:
            leaving = Leaving(self.chance.choice((Leave.TRANSFERRED, Leave.GAVE_UP)), self.town.today)
            self._does(self._who(OWN, row.unit_id), "leave", lambda ctx: note_leaving(ctx, row.id, leaving))

    def apply(self) -> None:
        row = self._any(list(self.rows.services.values()))
        if row is None:
            return
        form = self._filing()
        self._does(self._who(OWN, row.unit_id), "apply", lambda ctx: apply_closure(ctx, row.id, form))

    def decide(self) -> None:
        closure = self._one(list(self.rows.closures.values()), "applied")
        if closure is None:
            return
        who = self._who(REVIEWER, self.rows.services[closure.opened_id].unit_id)
        if self.chance.random() < 0.6:
            self._does(who, "close", lambda ctx: approve_closure(ctx, closure.id))
        else:
            self._does(who, "return closure", lambda ctx: return_closure(ctx, closure.id, REASON))

    def correct(self) -> None:
        closure = self._one(list(self.rows.closures.values()), "returned")
        if closure is None:
            return
        who, form = self._who(OWN, self.rows.services[closure.opened_id].unit_id), self._filing()
        if self.chance.random() < 0.5:
            self._does(who, "resend", lambda ctx: resend_closure(ctx, closure.id, form))
        else:
            self._does(who, "delete", lambda ctx: delete_closure(ctx, closure.id))

    def hand_over(self) -> None:
        row = self._any(list(self.rows.dispatches.values()))
        if row is not None:
            unit = self.chance.choice(UNITS)
            who = self._who(OWN, row.unit_id)
            self._does(who, "hand over", lambda ctx: hand_over(ctx, row.id, unit, "案家已搬遷"))

    def join(self) -> None:
        row = self._any(list(self.rows.dispatches.values()))
        if row is not None:
            child = self.chance.randrange(FAMILIES)
            name, national_id = CHILDREN[child], a_national_id(900 + child)
            who = self._who(OWN, row.unit_id)
            self._does(who, "join", lambda ctx: know_member(ctx, row.number, name, national_id))

    def announce(self) -> None:
        """Let the main system say the same to several people, or to all of them; now and then two things at once."""
        self._news += 1
        codes = self.chance.sample(self.codes, self.chance.choice((2, 3, 3, len(self.codes))))
        texts, urgency = self.chance.choice((NEWS, NEWS[:1], NEWS[1:])), self.chance.choice(HURRY)
        for code, text in product(codes, texts):
            message = Message(code, NoticeKind.REMINDER, text, "請留意。", urgency)
            self._does(SYSTEM, "tells", partial(pass_on, message=message, mark=f"{self._news}"))

    def finish(self, duties: Sequence[int]) -> None:
        """Do what is owed by these duties, whoever was about to be reminded of it."""
        self.look()
        with self.town.core.store.reading() as session:
            rows = [session.get_one(Duty, each) for each in duties]
        for each in rows:
            if each.ended_at is None:
                self._finish(each)

    def look(self) -> None:
        """See how everything stands."""
        with self.town.core.store.reading() as session:
            self.rows = stand(session)

    def _finish(self, duty: Duty) -> None:
        if duty.kind in (DutyKind.CHECK, DutyKind.RETURNED_CHECK):
            self._check(next(each for each in self.rows.checks.values() if each.id == duty.subject_id))
        elif duty.kind in (DutyKind.REPLY, DutyKind.RETURNED_REPLY):
            self._reply(self.rows.dispatches[duty.subject_id])
        elif duty.kind is DutyKind.RECORD_WINDOW:
            window = self.rows.windows[duty.subject_id]
            self._write(self.rows.services[window.opened_id], window.first)

    def amend(self, day: date, status: DayStatus | None = None) -> None:
        """Let a typhoon, or the end of one, change a day of the calendar."""
        change = DayChange(day, status or self.chance.choice(list(DayStatus)), "颱風停班")
        self._does(SYSTEM, "amend", lambda ctx: apply_amendment(ctx, plan_amendment(ctx, (change,))))

    def dismiss(self, code: str) -> None:
        """Close the account of somebody who goes."""
        self._does(SYSTEM, "goes", lambda ctx: disable_account(ctx, code))

    def _does(self, who: str, what: str, act: Callable[[Context], object]) -> None:
        outcome = self.town.does(who, act)
        self.refused += not outcome.is_done
        self.done.append(f"{self.town.clock.now():%m-%d %H:%M} {who} {what} {'' if outcome.is_done else outcome.error}")

    def _who(self, usual: Mapping[str, str], unit_id: int) -> str:
        if self.chance.random() < ASTRAY:
            return self.chance.choice(STAFF)
        return next(usual[code] for code, each in self.town.units.items() if each == unit_id)

    def _opening(self, family_id: int | None, unit_id: int) -> Opening:
        services = self.rows.of_family(family_id, unit_id)
        if any(each.closed_on is None for each in services):
            return Opening.IN_PROGRESS
        return Opening.REOPENED if services else Opening.NEW

    def _filing(self) -> Filing:
        form = filing(self.chance.choice((Ground.LEFT, Ground.LEFT, *Ground)), self.town.today)
        if form.statement.ground is not Ground.LEFT:
            return form
        return replace(form, statement=replace(form.statement, leaving=Leaving(Leave.TRANSFERRED, self.town.today)))

    def _one(self, rows: Sequence[Row[Any]], state: str) -> Row[Any] | None:
        return self._any([row for row in rows if row.state == state])

    def _any(self, rows: Sequence[T]) -> T | None:
        return self.chance.choice(rows) if rows else None
