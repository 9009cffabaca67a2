"""申請帳號: the city's sign-on or a mailbox of its, a code from the mailbox, the form; administrators decide (ACC-5).

Every answer is the same whether or not an account, a mailbox or an ID is known (A24): that is told to the mailbox, and
to who decides. What was typed is kept, and everything that is wrong is said at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.accounts.models import Permission
from core.accounts.registration.proving import MailboxAsked, MailboxRefused, ask_mailbox, prove_city, prove_mailbox
from core.accounts.registration.queries import registrable_units, role_choices
from core.accounts.registration.rules import PROOF_LIVES
from core.accounts.registration.service import Form as Registration
from core.accounts.registration.service import file_registration
from core.accounts.rules import INTRANET_ONLY
from core.audit import Door
from core.context import Core
from core.errors import Broken, Expired, RuleBroken, RulesBroken
from core.secrets import new_token
from handlers.pages import steps, texts, views
from handlers.pages.settings import PageSettings
from handlers.pages.steps import Step
from handlers.pages.views import Form
from handlers.pages.visiting import visitor
from handlers.signon import proof

DOOR = "register"
CITY, MAILBOX, DETAILS = "registration-city", "registration", "registration-form"
TYPED_AT_MOST = 200  # characters of a field that are looked at
FIELDS = {
    "電子郵件": "email",
    "帳號": "code",
    "身分證字號": "national_id",
    "姓名": "name",
    "職稱": "title",
    "聯絡電話": "phone",
    "單位": "unit",
    "角色": "role",
    "權限": "permissions",
}
"""The field of the form, by the word the rules name it with."""
TYPED = ("code", "national_id", "name", "title", "phone", "unit", "role")
PERMISSIONS = tuple(each for each in Permission if each not in INTRANET_ONLY)


@dataclass(frozen=True)
class RegistrationPages:
    """The pages of a registration."""

    core: Core
    settings: PageSettings

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        path = "/p/registration"
        blueprint.add_url_rule(path, "registration", self.show, methods=["GET"])
        blueprint.add_url_rule(path, "ask_mailbox", self.ask, methods=["POST"])
        blueprint.add_url_rule(f"{path}/city", "registration_signed_on", self.signed_on, methods=["GET"])
        blueprint.add_url_rule(f"{path}/code", "registration_code", self.show_code, methods=["GET"])
        blueprint.add_url_rule(f"{path}/code", "prove_mailbox", self.prove, methods=["POST"])
        blueprint.add_url_rule(f"{path}/resend", "resend_mailbox_code", self.resend, methods=["POST"])
        blueprint.add_url_rule(f"{path}/form", "registration_form", self.show_form, methods=["GET"])
        blueprint.add_url_rule(f"{path}/form", "register", self.register, methods=["POST"])
        blueprint.add_url_rule(f"{path}/done", "registered", self.done, methods=["GET"])

    def show(self) -> Response:
        """Show what is needed, and ask for the mailbox."""
        return self._mailbox_page(Form())

    def signed_on(self) -> Response:
        """Go on with what the city's sign-on said: any mailbox will do then, and that account is asked for."""
        now = self.core.clock.now()
        proved = proof.take_proved(DOOR, "", now)
        if proved is None:
            return views.registration_lost()
        with self.core.transaction(visitor(), Door.PAGE) as ctx:
            outcome = prove_city(ctx, proved.account)
        if isinstance(outcome, MailboxRefused):
            return self._mailbox_page(Form(errors={"": outcome.text}))
        until = (now + steps.LIVES).isoformat()
        steps.begin(CITY, Step("", "", "", now.isoformat(), until, account=outcome.code))
        return _to("pages.registration")

    def ask(self) -> Response:
        """Send a code to the mailbox; go on whether or not it belongs to an account."""
        typed = request.form.get("email", "")[:TYPED_AT_MOST]
        asker, account = new_token(), self._city_account()
        outcome = self._asked(typed, asker, account)
        if not isinstance(outcome, MailboxAsked):
            return self._mailbox_page(Form({"email": typed}, {"email": outcome}))
        now = self.core.clock.now()
        until, hint = (now + steps.LIVES).isoformat(), outcome.to_hint
        steps.begin(MAILBOX, Step(typed, outcome.challenge, asker, now.isoformat(), until, hint, account))
        return _to("pages.registration_code")

    def show_code(self) -> Response:
        """Show the form for the code."""
        step = self._step(MAILBOX)
        return self._code_page(step, Form()) if step else views.registration_lost()

    def prove(self) -> Response:
        """Check the code; right, the form follows, for half an hour."""
        step = self._step(MAILBOX)
        if step is None:
            return views.registration_lost()
        typed = request.form.get("code", "")
        if not typed.strip():
            return self._code_page(step, Form(errors={"code": texts.CODE_MISSING}))
        with self.core.transaction(visitor(), Door.PAGE) as ctx:
            outcome = prove_mailbox(ctx, step.challenge, typed, step.asker)
            until = ctx.now + PROOF_LIVES
        if isinstance(outcome, MailboxRefused):
            return self._code_page(step, Form({"code": typed}, {"code": outcome.text}))
        proved = replace(step, about="", until=until.isoformat())
        steps.begin(DETAILS, proved)
        return _to("pages.registration_form")

    def resend(self) -> Response:
        """Send another code."""
        step = self._step(MAILBOX)
        if step is None:
            return views.registration_lost()
        outcome = self._asked(step.about, step.asker, step.account)
        if not isinstance(outcome, MailboxAsked):
            return self._code_page(step, Form(errors={"": outcome}), views.TOO_MANY)
        steps.sent_again(MAILBOX, step, outcome.challenge, self.core.clock.now())
        flash(texts.SENT_AGAIN)
        return _to("pages.registration_code")

    def show_form(self) -> Response:
        """Show the form: who somebody is, and which permissions they ask for."""
        step = self._step(DETAILS)
        return self._form_page(step, Form({"code": step.account})) if step else views.registration_lost()

    def register(self) -> Response:
        """File the registration, or show the form again with everything that is wrong in it."""
        step = self._step(DETAILS)
        if step is None:
            return views.registration_lost()
        try:
            with self.core.transaction(visitor(), Door.PAGE) as ctx:
                filed = file_registration(ctx, _registration(), step.challenge, step.asker)
        except Expired:
            return views.registration_lost()
        except RulesBroken as refused:
            return self._form_page(step, Form(_typed(), _errors(refused.broken)))
        except RuleBroken as refused:
            return self._form_page(step, Form(_typed(), {"": str(refused)}))
        steps.finish()
        flash(texts.REGISTERED.format(number=filed.number))
        return _to("pages.registered")

    def done(self) -> Response:
        """Say what comes next."""
        return views.page("registered.html")

    def _asked(self, address: str, asker: str, account: str) -> MailboxAsked | str:
        """Return that a code was asked for, or why not."""
        try:
            with self.core.transaction(visitor(), Door.PAGE) as ctx:
                outcome = ask_mailbox(ctx, address, asker, account)
        except RuleBroken as refused:
            return str(refused)
        return outcome.text if isinstance(outcome, MailboxRefused) else outcome

    def _step(self, flow: str) -> Step | None:
        return steps.current(flow, self.core.clock.now())

    def _city_account(self) -> str:
        """Return the account that signed on with the city in this browser within ten minutes, or nothing."""
        step = self._step(CITY)
        return step.account if step else ""

    def _mailbox_page(self, form: Form) -> Response:
        return views.page(
            "registration.html",
            views.WRONG if form.errors else 200,
            form=form,
            account=self._city_account(),
            has_sign_on=self.settings.has_sign_on,
        )

    def _code_page(self, step: Step, form: Form, status: int = views.WRONG) -> Response:
        return views.page(
            "registration_code.html",
            status if form.errors else 200,
            form=form,
            address=step.token,
            minutes=self.core.policy.otp_minutes,
            wait=step.seconds_to_wait(self.core.clock.now(), self.core.policy.otp_resend_seconds),
        )

    def _form_page(self, step: Step, form: Form) -> Response:
        with self.core.reading(visitor(), Door.PAGE) as ctx:
            units = registrable_units(ctx)
        return views.page(
            "registration_form.html",
            views.WRONG if form.errors else 200,
            form=form,
            address=step.token,
            units=units,
            roles=role_choices(),
            permissions=PERMISSIONS,
        )


def _registration() -> Registration:
    """Return the form as it was sent; what is no choice of ours is as if it were not chosen."""
    named = {name: _text(name) for name in TYPED if name != "role"}
    role = next((each for each in role_choices() if each.value == _text("role")), None)
    chosen = frozenset(each for each in Permission if request.form.get(f"p{each.value}"))
    return Registration(**named, role=role, permissions=chosen)


def _typed() -> dict[str, str]:
    """Return what was typed and ticked, to be shown again."""
    ticked = {f"p{each.value}": "on" for each in Permission if request.form.get(f"p{each.value}")}
    return {name: _text(name) for name in TYPED} | ticked


def _text(name: str) -> str:
    return request.form.get(name, "")[:TYPED_AT_MOST]


def _errors(broken: Iterable[Broken]) -> dict[str, str]:
    return views.by_field((FIELDS.get(each.field, ""), str(each)) for each in broken)


def _to(endpoint: str) -> Response:
    return redirect(url_for(endpoint), views.SEE_OTHER)
