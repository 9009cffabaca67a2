"""Signing in at the desk: password or city sign-on, then the code, by LINE or mail as chosen (ACC-3, OTP-4).

The browser's token is made when both are right and never before, so one planted earlier is worth nothing (A62).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.accounts import sessions
from core.accounts.identity import askers
from core.accounts.identity.askers import Asker
from core.accounts.identity.providers import Evidence, PasswordTyped, SignOnProved
from core.accounts.models import CodeChannel
from core.accounts.queries import known_by_id
from core.audit import Door
from core.context import Context, Core
from core.masking import mask_email
from core.otp.models import Purpose
from core.otp.queries import live_codes
from core.otp.service import CodeRefused, CodeRight, CodeSent, send_code, verify
from handlers.desk import refusals, session_cookie, views
from handlers.desk.place import to_kept_place
from handlers.desk.settings import DeskSettings
from handlers.pages import first_step, known, steps, texts
from handlers.pages.steps import Step
from handlers.pages.views import SEE_OTHER, TOO_MANY, WRONG, Form
from handlers.pages.visiting import visitor
from handlers.signon import proof

FLOW = "desk"


@dataclass(frozen=True)
class SignInPages:
    """The pages before the gate."""

    core: Core
    settings: DeskSettings

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/sign-in", "sign_in", self.show, methods=["GET"])
        blueprint.add_url_rule("/sign-in", "check_password", self.check_password, methods=["POST"])
        blueprint.add_url_rule("/sign-in/city", "signed_on", self.signed_on, methods=["GET"])
        blueprint.add_url_rule("/sign-in/code", "code", self.show_code, methods=["GET"])
        blueprint.add_url_rule("/sign-in/code", "check_code", self.check_code, methods=["POST"])
        blueprint.add_url_rule("/sign-in/resend", "resend_code", self.resend, methods=["POST"])

    def show(self) -> Response:
        """Show the form for account and password; somebody signed in goes straight on."""
        with self.core.reading(visitor(), Door.DESK) as ctx:
            signed_in = sessions.resume(ctx, self._token())
        return _to("desk.overview") if signed_in else self._password_page(Form())

    def check_password(self) -> Response:
        """Check account and password; send the code when they are right."""
        account, password = request.form.get("account", ""), request.form.get("password", "")
        missing = first_step.missing(account, password)
        if missing:
            return self._password_page(Form({"account": account}, missing))
        return self._go_on(PasswordTyped(account, password, Asker(known.browser())), account)

    def signed_on(self) -> Response:
        """Go on with what the city's sign-on said; the code follows all the same."""
        proved = proof.take_proved(FLOW, "", self.core.clock.now())
        return self._go_on(SignOnProved(proved.account), proved.account) if proved else refusals.step_lost()

    def show_code(self) -> Response:
        """Show the form for the code."""
        step = self._step()
        return self._code_page(step, Form()) if step else refusals.step_lost()

    def check_code(self) -> Response:
        """Check the code; right, a session begins and whatever this browser held before is over."""
        step = self._step()
        if step is None:
            return refusals.step_lost()
        typed = request.form.get("code", "")
        if not typed.strip():
            return self._code_page(step, Form(errors={"code": texts.CODE_MISSING}))
        with self.core.transaction(visitor(), Door.DESK) as ctx:
            verdict = verify(ctx, step.challenge, typed, Purpose.SIGN_IN, step.asker)
            tokens = self._tokens(ctx, verdict.account_id) if isinstance(verdict, CodeRight) else ("", "")
        if not isinstance(verdict, CodeRight):
            return self._code_page(step, Form({"code": typed}, {"code": verdict.text}))
        steps.finish()
        return self._with_cookies(to_kept_place(verdict.account_id), *tokens)

    def resend(self) -> Response:
        """Send another code."""
        step = self._step()
        if step is None:
            return refusals.step_lost()
        with self.core.transaction(visitor(), Door.DESK) as ctx:
            sent = _sent(ctx, int(step.about), step.asker)
        if isinstance(sent, CodeRefused):
            return self._code_page(step, Form(errors={"": sent.text}), TOO_MANY)
        steps.sent_again(FLOW, step, sent.challenge, self.core.clock.now())
        flash(texts.SENT_AGAIN)
        return _to("desk.code")

    def _go_on(self, evidence: Evidence, account: str) -> Response:
        with self.core.transaction(visitor(), Door.DESK) as ctx:
            outcome = first_step.begun(ctx, FLOW, evidence, partial(_sent, ctx))
        if isinstance(outcome, str):
            return self._password_page(Form({"account": account}, {"": outcome}))
        steps.begin(FLOW, outcome)
        return _to("desk.code")

    def _tokens(self, ctx: Context, account_id: int) -> tuple[str, str]:
        """Return fresh tokens: of the session, and by which the account knows this browser (A20, A62)."""
        sessions.end(ctx, self._token())
        return sessions.begin(ctx, account_id), askers.remember(ctx, account_id, known.browser())

    def _step(self) -> Step | None:
        return steps.current(FLOW, self.core.clock.now())

    def _code_page(self, step: Step, form: Form, status: int = WRONG) -> Response:
        with self.core.reading(visitor(), Door.DESK) as ctx:
            where = _where(ctx, int(step.about))
        return views.page(
            "sign_in_code.html",
            status if form.errors else 200,
            form=form,
            where=where,
            minutes=self.core.policy.otp_minutes,
            wait=step.seconds_to_wait(self.core.clock.now(), self.core.policy.otp_resend_seconds),
        )

    def _password_page(self, form: Form) -> Response:
        status = WRONG if form.errors else 200
        return views.page("sign_in.html", status, form=form, has_sign_on=self.settings.has_sign_on)

    def _with_cookies(self, response: Response, token: str, browser: str) -> Response:
        return known.keep(session_cookie.keep(response, self.settings, token), browser)

    def _token(self) -> str:
        return session_cookie.token(self.settings)


def _sent(ctx: Context, account_id: int, asker: str) -> CodeSent | CodeRefused:
    known_as = askers.known_as(ctx, account_id, Asker(known.browser()))
    return send_code(ctx, account_id, Purpose.SIGN_IN, asker, known_as=known_as)


def _where(ctx: Context, account_id: int) -> str:
    """Return where the code that is still good went: LINE, or the masked address; empty when none is good."""
    codes = live_codes(ctx, account_id)
    channel = next((code.channel for code in codes if code.purpose is Purpose.SIGN_IN), None)
    if channel is not CodeChannel.MAIL:
        return channel.label if channel else ""
    known = known_by_id(ctx.session, account_id, ctx.today)
    return mask_email(ctx.vault.open(known.email)) if known else ""


def _to(endpoint: str) -> Response:
    return redirect(url_for(endpoint), SEE_OTHER)
