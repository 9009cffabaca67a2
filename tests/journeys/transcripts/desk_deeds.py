"""What supervisors, agents and administrators do at the desk, and what caseworkers do in the main system."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.accounts.care import disable_with_reason, reopen_codes, unbind_phone
from core.accounts.handing import change_caseworker
from core.accounts.requests.deciding import approve_request, refuse_request
from core.checks.form import CheckForm, NeedAnswers
from core.checks.kinds import Identity, Need, NeedCause, NeedMeasure
from core.checks.review import return_check
from core.checks.submission import submit_check
from core.closures.facts import Leaving, Statement
from core.closures.filing import Filing
from core.closures.form import ClosureForm, Summary
from core.closures.kinds import ClosingReason, Destination, Ground, Leave, Remaining
from core.closures.models import Closure
from core.closures.reviewing import approve_closure, return_closure
from core.closures.service import apply_closure, note_graduation, note_leaving
from core.context import Context
from core.dates import parse_date
from core.dispatches.kinds import Contact, Decision, NotOpenReason
from core.dispatches.models import Opening
from core.dispatches.reply_form import ReplyForm
from core.dispatches.replying import save_reply, submit_reply
from core.dispatches.reviewing import approve_reply, return_reply
from core.helpdesk import answering, assigning
from core.helpdesk.models import HelpEntry
from core.helpdesk.rules import Then
from core.records.form import RecordForm
from core.records.kinds import Schooling
from core.records.service import add_record
from tests.builders import a_national_id
from tests.journeys.transcripts.deeds import as_person, dispatch_of, service_of, written
from tests.services import record

if TYPE_CHECKING:
    from tests.journeys.transcripts.stage import Stage


@written("〈name〉送出回覆單 〈number〉，〈decision〉")
def submits_reply(stage: Stage, name: str, number: str, decision: str) -> None:
    """Fill a reply in and send it: 開案 or 不開案."""

    def act(ctx: Context) -> None:
        dispatch_id = dispatch_of(ctx, number, ctx.actor.unit_id).id
        save_reply(ctx, dispatch_id, _reply(ctx, name, opens=decision == "開案"))
        submit_reply(ctx, dispatch_id)

    as_person(stage, name, act)


def _reply(ctx: Context, name: str, *, opens: bool) -> ReplyForm:
    form = ReplyForm(
        contact=Contact.REACHED,
        contacted_on=ctx.today,
        visited_on=ctx.today,
        goal="穩定就學",
        decision=Decision.OPEN,
        opening=Opening.NEW,
        responsible=name,
        explanation="已提供早餐券，就學穩定。",
    )
    if opens:
        return form
    reasons = frozenset({NotOpenReason.NEEDS_MET})
    return replace(form, decision=Decision.NOT_OPEN, opening=None, responsible="", reasons=reasons)


@written("〈name〉核可回覆單 〈number〉")
def approves_reply(stage: Stage, name: str, number: str) -> None:
    """A supervisor lets a reply through."""
    as_person(stage, name, lambda ctx: approve_reply(ctx, dispatch_of(ctx, number).id))


@written("〈name〉退回回覆單 〈number〉：〈reason〉")
def returns_reply(stage: Stage, name: str, number: str, reason: str) -> None:
    """A supervisor sends a reply back."""
    as_person(stage, name, lambda ctx: return_reply(ctx, dispatch_of(ctx, number).id, reason))


@written("〈name〉退回檢核單 〈number〉：〈reason〉")
def returns_check(stage: Stage, name: str, number: str, reason: str) -> None:
    """A supervisor sends a check back."""
    as_person(stage, name, lambda ctx: return_check(ctx, number, reason))


@written("〈name〉送出檢核單 〈number〉")
def submits_check(stage: Stage, name: str, number: str) -> None:
    """Fill a check in and send it."""
    answers = NeedAnswers(
        causes=frozenset({NeedCause.NEGLECT}),
        measures=frozenset({NeedMeasure.LUNCH_SUBSIDY}),
        explanation=f"母親夜間工作，當天沒有準備晚餐；已協助申請午餐補助（{number}）。",
    )
    form = CheckForm(identity=Identity.OWN, national_id=a_national_id(1), need=Need.REPORTED, with_need=answers)
    as_person(stage, name, lambda ctx: submit_check(ctx, number, form))


@written("〈name〉登打工作紀錄 〈number〉，〈days〉，〈schooling〉")
def writes_records(stage: Stage, name: str, number: str, days: str, schooling: str) -> None:
    """Write work records of these days, with how the schooling stood on each."""
    stands = next(each for each in Schooling if each.label == schooling)
    for day in days.split("、"):
        form = record(parse_date(day), stands)
        as_person(stage, name, partial(_adds_record, number=number, form=form))


def _adds_record(ctx: Context, *, number: str, form: RecordForm) -> None:
    add_record(ctx, service_of(ctx, number).id, form)


@written("〈name〉送出結案單 〈number〉")
def applies(stage: Stage, name: str, number: str) -> None:
    """Apply for closing."""
    summary = Summary(schooling="穩定就學", care="照顧良好", services="個案輔導與早餐券", goals="風險已解除")

    def act(ctx: Context) -> None:
        form = ClosureForm(ctx.today, frozenset({ClosingReason.FAMILY_IMPROVED}), frozenset(), summary)
        said = Statement(ground=Ground.NO_RISK, remaining=Remaining.NONE, destination=Destination.STAYS)
        apply_closure(ctx, service_of(ctx, number).id, Filing(form, said))

    as_person(stage, name, act)


@written("〈name〉核可結案單 〈number〉")
def approves_closure(stage: Stage, name: str, number: str) -> None:
    """A supervisor lets a closure through."""
    as_person(stage, name, lambda ctx: approve_closure(ctx, _closure(ctx, number)))


@written("〈name〉退回結案單 〈number〉：〈reason〉")
def returns_closure(stage: Stage, name: str, number: str, reason: str) -> None:
    """A supervisor sends a closure back."""
    as_person(stage, name, lambda ctx: return_closure(ctx, _closure(ctx, number), reason))


def _closure(ctx: Context, number: str) -> int:
    asked = select(func.max(Closure.id)).where(Closure.opened_id == service_of(ctx, number).id)
    return ctx.session.scalars(asked).one() or 0


@written("〈name〉註記 〈number〉 的學生今天轉學")
def notes_leaving(stage: Stage, name: str, number: str) -> None:
    """A caseworker notes that the pupil has left."""
    as_person(
        stage,
        name,
        lambda ctx: note_leaving(ctx, service_of(ctx, number).id, Leaving(Leave.TRANSFERRED, ctx.today)),
    )


@written("〈name〉註記 〈number〉 的學生 〈day〉 畢業")
def notes_graduation(stage: Stage, name: str, number: str, day: str) -> None:
    """A caseworker notes when the pupil graduates."""
    as_person(stage, name, lambda ctx: note_graduation(ctx, service_of(ctx, number).id, parse_date(day)))


@written("〈name〉核准申請 〈number〉")
def approves_request(stage: Stage, name: str, number: str) -> None:
    """Approve a request."""
    as_person(stage, name, lambda ctx: approve_request(ctx, int(number)))


@written("〈name〉不核准申請 〈number〉：〈reason〉")
def refuses_request(stage: Stage, name: str, number: str, reason: str) -> None:
    """Refuse a request."""
    as_person(stage, name, lambda ctx: refuse_request(ctx, int(number), reason))


@written("〈name〉停用〈whose〉的帳號：〈reason〉")
def disables(stage: Stage, name: str, whose: str, reason: str) -> None:
    """Disable somebody's account."""
    as_person(stage, name, lambda ctx: disable_with_reason(ctx, stage.code(whose), reason))


@written("〈name〉解除〈whose〉的 LINE 綁定")
def unbinds(stage: Stage, name: str, whose: str) -> None:
    """End the binding of a lost phone."""
    as_person(stage, name, lambda ctx: unbind_phone(ctx, stage.code(whose)))


@written("〈name〉開通〈whose〉的驗證碼")
def reopens_codes(stage: Stage, name: str, whose: str) -> None:
    """Open somebody's codes again."""
    as_person(stage, name, lambda ctx: reopen_codes(ctx, stage.code(whose)))


@written("〈name〉把承辦人從〈old〉換成〈new〉")
def changes_caseworker(stage: Stage, name: str, old: str, new: str) -> None:
    """Hand a unit's work over."""
    as_person(stage, name, lambda ctx: change_caseworker(ctx, stage.code(old), stage.code(new)))


@written("〈name〉值班接新案")
def on_duty(stage: Stage, name: str) -> None:
    """An agent takes new requests."""
    as_person(stage, name, lambda ctx: assigning.set_on_duty(ctx, on_duty=True))


@written("〈name〉讀了客服提問 〈number〉")
def reads(stage: Stage, name: str, number: str) -> None:
    """An agent reads a request."""
    as_person(stage, name, lambda ctx: answering.mark_read(ctx, int(number)))


@written("〈name〉回覆客服提問 〈number〉：〈text〉")
def answers(stage: Stage, name: str, number: str, text: str) -> None:
    """An agent answers and waits."""
    as_person(stage, name, lambda ctx: _answer(ctx, int(number), text, Then.WAIT))


@written("〈name〉回覆並結束客服提問 〈number〉：〈text〉")
def answers_and_solves(stage: Stage, name: str, number: str, text: str) -> None:
    """An agent answers, and the request is solved."""
    as_person(stage, name, lambda ctx: _answer(ctx, int(number), text, Then.SOLVE))


@written("〈name〉結束客服提問 〈number〉")
def solves(stage: Stage, name: str, number: str) -> None:
    """An agent marks a request as solved."""
    as_person(stage, name, lambda ctx: answering.solve(ctx, int(number)))


def _answer(ctx: Context, number: int, text: str, then: Then) -> None:
    newest = ctx.session.scalars(select(func.max(HelpEntry.id)).where(HelpEntry.request_id == number)).one() or 0
    done = answering.answer(ctx, number, answering.Reply(text, newest, then))
    assert isinstance(done, answering.Answered), done
