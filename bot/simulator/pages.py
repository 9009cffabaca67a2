"""The pages a person opens in the browser: the end of the account link, and the mailbox. Templates escape all text."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from bot.simulator.mailbox import Mailbox
from bot.simulator.platform import Platform


def pages(platform: Platform, mailbox: Mailbox) -> Blueprint:
    """Return the blueprint with the link dialog and the mailbox."""
    site = Blueprint("pages", __name__)

    @site.get("/dialog/bot/accountLink")
    def account_link() -> Response:
        token, nonce = request.args.get("linkToken", ""), request.args.get("nonce", "")
        user = platform.finish_link(token, nonce)
        page = render_template("simulator_link.html", user=user)
        return make_response(page, 200 if user else 400)

    @site.get("/mailbox/")
    def mails() -> str:
        address = request.args.get("address", "").strip()
        found = tuple(reversed(mailbox.mails(address)))
        return render_template("simulator_mails.html", mails=found, address=address)

    @site.get("/mailbox/<int:number>")
    def mail(number: int) -> Response:
        found = mailbox.mail(number)
        return make_response(render_template("simulator_mail.html", mail=found), 200 if found else 404)

    return site
