"""The account link: password or city sign-on, then the code from the mailbox, then on to LINE (product: bind).

Whose phone is being bound is known from the link token alone; no user id in an address or form counts (A14).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.accounts.identity import askers
from core.accounts.identity.askers import Asker
from core.accounts.identity.providers import Evidence, PasswordTyped, SignOnProved
from core.accounts.links import begin_link, token_line_user, token_person
from core.accounts.queries import known_by_id
from core.audit import Door
from core.context import Context, Core
from core.errors import Expired
from core.masking import mask_email
from core.otp.models import Purpose
from core.otp.service import (
    CodeMalformed,
    CodeRefused,
    CodeRight,
    CodeSent,
    CodeVoid,
    CodeWrong,
    send_code,
    verify,
)
from handlers.pages import first_step, known, steps, texts, views
from handlers.pages.settings import PageSettings
from handlers.pages.steps import Step
from handlers.pages.views import Form, link_token
from handlers.pages.visiting import visitor
from handlers.signon import proof

FLOW = "link"


@dataclass(frozen=True)
class Proceeds:
    """The code was right: the nonce for LINE, and the token by which the account knows this browser."""

    nonce: str
    browser: str


@dataclass(frozen=True)
class LinkPages:
    """The pages of the account link."""

    core: Core
    settings: PageSettings

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/link", "link", self.show, methods=["GET"])
        blueprint.add_url_rule("/link", "sign_in", self.sign_in, methods=["POST"])
        blueprint.add_url_rule("/link/city", "link_signed_on", self.signed_on, methods=["GET"])
        blueprint.add_url_rule("/link/code", "link_code", self.show_code, methods=["GET"])
        blueprint.add_url_rule("/link/code", "check_link_code", self.check_code, methods=["POST"])
        blueprint.add_url_rule("/link/resend", "resend_link_code", self.resend, methods=["POST"])

    def show(self) -> Response:
        """Show the form for account and password."""
        return self._sign_in_page(Form()) if self._is_live() else views.link_over()

    def sign_in(self) -> Response:
        """Check account and password; send the code when they are right."""
        account, password = request.form.get("account", ""), request.form.get("password", "")
        if not self._is_live():
            return views.link_over()
        missing = first_step.missing(account, password)
        if missing:
            return self._sign_in_page(Form({"account": account}, missing))
        with self.core.reading(visitor(), Door.PAGE) as ctx:
            asker = _asker(ctx)
        return self._go_on(PasswordTyped(account, password, asker), account)

    def signed_on(self) -> Response:
        """Go on with what the city's sign-on said, asked for with this very link token; the code follows."""
        if not self._is_live():
            return views.link_over()
        proved = proof.take_proved(FLOW, link_token(), self.core.clock.now())
        return self._go_on(SignOnProved(proved.account), proved.account) if proved else views.step_lost(link_token())

    def show_code(self) -> Response:
        """Show the form for the code."""
        step = self._step()
        return self._code_page(step, Form()) if step else self._nothing_under_way()

    def check_code(self) -> Response:
        """Check the code; right, the phone goes on to LINE with a fresh nonce."""
        step = self._step()
        if step is None:
            return self._nothing_under_way()
        typed = request.form.get("code", "")
        if not typed.strip():
            return self._code_page(step, Form(errors={"code": texts.CODE_MISSING}))
        try:
            outcome = self._nonce(step, typed)
        except Expired:  # between the look at the token and now
            return views.link_over()
        if not isinstance(outcome, Proceeds):
            return self._code_page(step, Form({"code": typed}, {"code": outcome.text}))
        steps.finish()
        query = urlencode({"linkToken": link_token(), "nonce": outcome.nonce})
        return known.keep(redirect(f"{self.settings.link_redirect}?{query}", views.SEE_OTHER), outcome.browser)

    def resend(self) -> Response:
        """Send another code."""
        step = self._step()
        if step is None:
            return self._nothing_under_way()
        with self.core.transaction(visitor(), Door.PAGE) as ctx:
            sent = _sent(ctx, int(step.about), step.asker)
        if isinstance(sent, CodeRefused):
            return self._code_page(step, Form(errors={"": sent.text}), views.TOO_MANY)
        steps.sent_again(FLOW, step, sent.challenge, self.core.clock.now())
        flash(texts.SENT_AGAIN)
        return self._to_code()

    def _go_on(self, evidence: Evidence, account: str) -> Response:
        with self.core.transaction(visitor(), Door.PAGE) as ctx:
            outcome = first_step.begun(ctx, FLOW, evidence, partial(_sent, ctx), self._token_key())
        if isinstance(outcome, str):
            return self._sign_in_page(Form({"account": account}, {"": outcome}))
        steps.begin(FLOW, outcome)
        return self._to_code()

    def _nonce(self, step: Step, typed: str) -> Proceeds | CodeWrong | CodeVoid | CodeMalformed:
        """Return the nonce for LINE, or what is wrong with the code. Returned, not raised: the try is kept."""
        with self.core.transaction(visitor(), Door.PAGE) as ctx:
            verdict = verify(ctx, step.challenge, typed, Purpose.LINK, step.asker)
            if not isinstance(verdict, CodeRight):
                return verdict
            nonce = begin_link(ctx, verdict.account_id, link_token())
            return Proceeds(nonce, askers.remember(ctx, verdict.account_id, known.browser()))

    def _step(self) -> Step | None:
        """Return the step under way in this browser for this link token."""
        step = steps.current(FLOW, self.core.clock.now())
        return step if step is not None and step.token == self._token_key() and self._is_live() else None

    def _nothing_under_way(self) -> Response:
        return views.step_lost(link_token()) if self._is_live() else views.link_over()

    def _sign_in_page(self, form: Form) -> Response:
        status = views.WRONG if form.errors else 200
        return views.page(
            "link.html",
            status,
            form=form,
            token=link_token(),
            line_name=self._line_name(),
            has_sign_on=self.settings.has_sign_on,
        )

    def _code_page(self, step: Step, form: Form, status: int = views.WRONG) -> Response:
        now = self.core.clock.now()
        with self.core.reading(visitor(), Door.PAGE) as ctx:
            known = known_by_id(ctx.session, int(step.about), ctx.today)
            address = mask_email(ctx.vault.open(known.email)) if known else ""
        return views.page(
            "link_code.html",
            status if form.errors else 200,
            form=form,
            token=link_token(),
            line_name=self._line_name(),
            account=known.code if known else "",
            address=address,
            minutes=self.core.policy.otp_minutes,
            wait=step.seconds_to_wait(now, self.core.policy.otp_resend_seconds),
        )

    def _to_code(self) -> Response:
        return redirect(url_for("pages.link_code", linkToken=link_token()), views.SEE_OTHER)

    def _is_live(self) -> bool:
        with self.core.reading(visitor(), Door.PAGE) as ctx:
            return token_person(ctx, link_token()) is not None

    def _line_name(self) -> str:
        """Return the display name of the LINE user about to be bound, so that a victim sees whose it is (A16)."""
        if self.settings.display_name is None:
            return ""
        with self.core.reading(visitor(), Door.PAGE) as ctx:
            line_user = token_line_user(ctx, link_token())
        return (self.settings.display_name(line_user) if line_user else None) or ""

    def _token_key(self) -> str:
        return self.core.vault.derive("page-token", link_token()).hex()


def _sent(ctx: Context, account_id: int, asker: str) -> CodeSent | CodeRefused:
    return send_code(ctx, account_id, Purpose.LINK, asker, known_as=askers.known_as(ctx, account_id, _asker(ctx)))


def _asker(ctx: Context) -> Asker:
    return Asker(known.browser(), token_person(ctx, link_token()))
