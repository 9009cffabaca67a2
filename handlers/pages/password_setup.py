"""首次設定密碼: an account without a password sets one by a code sent to the registered e-mail.

Every answer is the same whether or not the account exists, has a password, or may be used (A24); what went wrong is
told to the owner by mail, not to the page.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.accounts import rules
from core.accounts.links import token_person
from core.accounts.setup import offer_setup, set_first_password
from core.audit import Door
from core.context import Core
from core.otp.notices import MALFORMED
from core.otp.rules import read_code
from core.secrets import folded, new_token
from handlers.pages import steps, texts, views
from handlers.pages.steps import Step
from handlers.pages.views import Form, link_token
from handlers.pages.visiting import visitor

FLOW = "password"


@dataclass(frozen=True)
class PasswordPages:
    """The pages of the first password."""

    core: Core

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        path = "/p/password-setup"
        blueprint.add_url_rule(path, "password_setup", self.show, methods=["GET"])
        blueprint.add_url_rule(path, "ask_password_code", self.ask, methods=["POST"])
        blueprint.add_url_rule(f"{path}/code", "password_code", self.show_code, methods=["GET"])
        blueprint.add_url_rule(f"{path}/code", "set_password", self.set, methods=["POST"])
        blueprint.add_url_rule(f"{path}/resend", "resend_password_code", self.resend, methods=["POST"])
        blueprint.add_url_rule(f"{path}/done", "password_done", self.done, methods=["GET"])

    def show(self) -> Response:
        """Show the form for the account."""
        return self._ask_page(Form())

    def ask(self) -> Response:
        """Send a code, if the account may set a password; go on in any case."""
        typed = request.form.get("account", "")
        account = folded(typed)
        if not rules.is_account_code(account):
            text = texts.ACCOUNT_FORM if account else texts.ACCOUNT_MISSING
            return self._ask_page(Form({"account": typed}, {"account": text}))
        steps.begin(FLOW, self._begun(account))
        return self._to_code()

    def show_code(self) -> Response:
        """Show the form for code and new password."""
        step = self._step()
        return self._code_page(step, Form()) if step else views.setup_lost(link_token())

    def set(self) -> Response:
        """Set the password when the code is right; the code is not touched while the passwords are not in order."""
        step = self._step()
        if step is None:
            return views.setup_lost(link_token())
        code, password = request.form.get("code", ""), request.form.get("password", "")
        errors = _errors(code, password, request.form.get("again", ""))
        if errors:
            return self._code_page(step, Form({"code": code}, errors))
        with self.core.transaction(visitor(), Door.PAGE) as ctx:
            is_set = set_first_password(ctx, step.challenge, code, step.asker, password)
        if not is_set:
            return self._code_page(step, Form({"code": code}, {"code": texts.CODE_NOT_GOOD}))
        steps.finish()
        return redirect(url_for("pages.password_done", linkToken=link_token() or None), views.SEE_OTHER)

    def resend(self) -> Response:
        """Send another code, if the account may set a password; the wait is this browser's, so it tells nothing."""
        step = self._step()
        if step is None:
            return views.setup_lost(link_token())
        wait = self._wait(step)
        if wait:
            text = texts.TOO_SOON.format(seconds=wait)
            return self._code_page(step, Form(errors={"": text}), views.TOO_MANY)
        with self.core.transaction(visitor(), Door.PAGE) as ctx:
            challenge = offer_setup(ctx, step.about, step.asker)
        steps.sent_again(FLOW, step, challenge or step.challenge, self.core.clock.now())
        flash(texts.SENT_AGAIN_PERHAPS)
        return self._to_code()

    def done(self) -> Response:
        """Say that the password is set, and how to go on."""
        with self.core.reading(visitor(), Door.PAGE) as ctx:
            goes_on = token_person(ctx, link_token()) is not None
        return views.page("password_done.html", token=link_token() if goes_on else "")

    def _begun(self, account: str) -> Step:
        now = self.core.clock.now()
        before = steps.current(FLOW, now)
        before = before if before and before.about == account else None
        asker = before.asker if before else new_token()
        with self.core.transaction(visitor(), Door.PAGE) as ctx:
            challenge = offer_setup(ctx, account, asker)
        kept = before.challenge if before else new_token()  # one that fits nothing looks like one that does
        return Step(account, challenge or kept, asker, now.isoformat(), (now + steps.LIVES).isoformat())

    def _step(self) -> Step | None:
        return steps.current(FLOW, self.core.clock.now())

    def _ask_page(self, form: Form) -> Response:
        status = views.WRONG if form.errors else 200
        return views.page("password_setup.html", status, form=form, token=link_token())

    def _code_page(self, step: Step, form: Form, status: int = views.WRONG) -> Response:
        return views.page(
            "password_code.html",
            status if form.errors else 200,
            form=form,
            token=link_token(),
            account=step.about,
            minutes=self.core.policy.otp_minutes,
            at_least=rules.PASSWORD_AT_LEAST,
            wait=self._wait(step),
        )

    def _wait(self, step: Step) -> int:
        return step.seconds_to_wait(self.core.clock.now(), self.core.policy.otp_resend_seconds)

    def _to_code(self) -> Response:
        return redirect(url_for("pages.password_code", linkToken=link_token() or None), views.SEE_OTHER)


def _errors(code: str, password: str, again: str) -> dict[str, str]:
    errors = {}
    if not code.strip():
        errors["code"] = texts.CODE_MISSING
    elif read_code(code) is None:
        errors["code"] = MALFORMED
    flaw = rules.flaw_of_password(password)
    if flaw is not None:
        errors["password"] = flaw.text
    elif password != again:
        errors["again"] = texts.PASSWORDS_DIFFER
    return errors
