"""Forms that a school sent and that wait for a supervisor, for tests of what is done with them at the desk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from core.accounts.models import Account, Role
from core.checks.form import CheckForm
from core.checks.submission import submit_check
from core.closures.facts import Leaving, Statement
from core.closures.filing import Filing
from core.closures.form import ClosureForm, Summary
from core.closures.kinds import ClosingReason, Destination, Ground, Leave, Remaining
from core.closures.models import Closure
from core.closures.service import apply_closure, resend_closure
from core.context import Core
from core.dispatches.kinds import Contact, Decision
from core.dispatches.models import Opening
from core.dispatches.reply_form import ReplyForm
from core.dispatches.replying import save_reply, submit_reply
from core.records.service import add_record
from tests.builders import a_case, a_check, an_account
from tests.core.checks.forms import FORM_A
from tests.core.dispatches.replies import put
from tests.handlers.desk.conftest import HELD, Place
from tests.services import a_service, acting, record

TODAY = date(2026, 3, 4)
GOAL = "讓孩子穩定就學"
REPLY = ReplyForm(
    contact=Contact.REACHED,
    contacted_on=TODAY,
    visited_on=TODAY,
    goal=GOAL,
    decision=Decision.OPEN,
    opening=Opening.NEW,
    responsible="陳怡君",
    explanation="已提供早餐券。\n下週再訪。",
)
FILING = Filing(
    ClosureForm(
        TODAY,
        frozenset({ClosingReason.TRANSFERRED}),
        frozenset(),
        Summary("穩定就學", "照顧良好", "板橋國小", "", "個案輔導與早餐券", "風險已解除"),
    ),
    Statement(
        ground=Ground.LEFT,
        remaining=Remaining.NONE,
        leaving=Leaving(Leave.TRANSFERRED, date(2026, 3, 3)),
        destination=Destination.CITY_SCHOOL,
    ),
)


@dataclass(frozen=True)
class Sender:
    """A caseworker of the school, who sends forms."""

    core: Core
    place: Place
    account: Account

    def reply(self, number: str = "WK00041", form: ReplyForm = REPLY) -> int:
        """Send the reply to a dispatch that came in; return the dispatch's id."""
        dispatch = put(self.core, number, unit_code=self.place.school.code, child_name="王小明")
        self.replies(dispatch, form)
        return dispatch

    def replies(self, dispatch: int, form: ReplyForm = REPLY) -> None:
        with acting(self.core, self.account) as ctx:
            save_reply(ctx, dispatch, form)
            submit_reply(ctx, dispatch)

    def closure(self) -> int:
        """Send the closure of a service that has its records; return the form's id."""
        service = a_service(self.core, self.place.school, a_case(self.core, child="李小美"), date(2026, 2, 20))
        with acting(self.core, self.account) as ctx:
            add_record(ctx, service.id, record(TODAY))
            apply_closure(ctx, service.id, FILING)
            return ctx.session.scalars(select(Closure.id).order_by(Closure.id.desc())).first() or 0

    def corrects(self, closure: int) -> None:
        """Correct a returned closure, and send it again."""
        better = replace(FILING.form, reasons=frozenset({ClosingReason.OUT_OF_SCOPE}))
        with acting(self.core, self.account) as ctx:
            resend_closure(ctx, closure, replace(FILING, form=better))

    def check(self, form: CheckForm = FORM_A) -> str:
        """Send a check; return its number."""
        number = a_check(self.core, self.place.school, child="林小華").number
        self.checks(number, form)
        return number

    def checks(self, number: str, form: CheckForm = FORM_A) -> None:
        with acting(self.core, self.account) as ctx:
            submit_check(ctx, number, form, confirmed=True)


def a_sender(core: Core, place: Place) -> Sender:
    """Return a caseworker of the place's school."""
    return Sender(core, place, an_account(core, place.school, permissions=HELD[Role.CASEWORKER], name="吳承辦"))
