"""The desk: what supervisors, the Center, caseworkers, administrators and the helpdesk open in a browser.

``desk(core, settings)`` is the blueprint. Whoever is signed in passes the gate on every page; a page is one row in
``_pages``, with the action it asks of the core. The pages work without scripts and load nothing from elsewhere.
"""

from __future__ import annotations

from flask import Blueprint
from flask_wtf.csrf import CSRFError

from core.access import Action
from core.actor_words import actor_words
from core.context import Core
from core.dates import roc, roc_moment
from core.due_words import roc_day
from core.helpdesk.words import subject_words
from core.masking import mask_email
from handlers.desk import (
    accounts,
    bringing_routes,
    buckets,
    calendar,
    decisions,
    duties,
    help_routes,
    messages,
    overview,
    refusals,
    registrations,
    requests,
    review_routes,
    succession,
    units,
    views,
    watch_routes,
)
from handlers.desk.gate import Gate
from handlers.desk.linked import linked
from handlers.desk.settings import DeskSettings
from handlers.desk.sign_in import SignInPages


def desk(core: Core, settings: DeskSettings) -> Blueprint:
    """Return the blueprint of the desk; the application brings CSRF protection and its secret key."""
    blueprint = Blueprint(
        "desk",
        __name__,
        url_prefix="/desk",
        template_folder="templates",
        static_folder="static",
    )
    gate = Gate(core, settings, blueprint)
    SignInPages(core, settings).add_to(blueprint)
    _pages(gate)
    blueprint.context_processor(views.around)
    blueprint.add_app_template_filter(actor_words)
    blueprint.add_app_template_filter(roc)
    blueprint.add_app_template_filter(roc_day)
    blueprint.add_app_template_filter(roc_moment)
    blueprint.add_app_template_filter(linked)
    blueprint.add_app_template_filter(mask_email)
    blueprint.add_app_template_filter(subject_words)
    blueprint.register_error_handler(CSRFError, refusals.form_too_old)
    return blueprint


def _pages(gate: Gate) -> None:
    gate.page("/", "overview", Action.USE_DESK, overview.show)
    gate.page("/duties", "duties", Action.SEE_DUTIES, duties.show_list)
    gate.page("/duties/<int:duty_id>", "working", Action.SEE_DUTIES, duties.show_working)
    gate.page("/dispatches/<bucket>", "dispatches", Action.SEE_DISPATCHES, buckets.show_dispatches)
    gate.page("/checks/<bucket>", "checks", Action.SEE_CHECKS, buckets.show_checks)
    gate.page("/cases/<path:number>/light", "light", Action.SEE_DISPATCHES, decisions.show_light)
    gate.page("/checks/<path:number>/why", "check_bucket", Action.SEE_CHECKS, decisions.show_check)
    _account_pages(gate)
    gate.page("/requests", "requests", Action.DECIDE_REQUESTS, requests.show_list)
    one = "/requests/<int:number>"
    gate.page(one, "request", Action.DECIDE_REQUESTS, requests.show_one)
    gate.page(f"{one}/approve", "approve_request", Action.DECIDE_REQUESTS, requests.approve, method="POST")
    gate.page(f"{one}/refuse", "refuse_request", Action.DECIDE_REQUESTS, requests.refuse, method="POST")
    review_routes.add_to(gate)
    bringing_routes.add_to(gate)
    messages.add_to(gate)
    gate.page("/calendar", "calendar", Action.CHANGE_CALENDAR, calendar.show)
    gate.page("/calendar", "amend_calendar", Action.CHANGE_CALENDAR, calendar.amend, method="POST")
    help_routes.add_to(gate)
    watch_routes.add_to(gate)
    gate.page("/renew", "renew", Action.USE_DESK, refusals.back, method="POST")
    gate.page("/<path:anything>", "nowhere", Action.USE_DESK, refusals.nowhere)
    gate.sign_out("/sign-out", "sign_out")


def _account_pages(gate: Gate) -> None:
    gate.page("/accounts", "accounts", Action.SEE_ACCOUNTS, accounts.show)
    one = "/accounts/<code>"
    gate.page(one, "account", Action.SEE_ACCOUNTS, accounts.show_one)
    gate.page(f"{one}/audit", "account_audit", Action.SEE_AUDIT, accounts.show_trail)
    gate.page(f"{one}/disable", "disable_account", Action.CHANGE_ACCOUNTS, accounts.disable, method="POST")
    gate.page(f"{one}/unbind", "unbind_account", Action.HELP_ACCOUNTS, accounts.unbind, method="POST")
    gate.page(f"{one}/reopen", "reopen_codes", Action.HELP_ACCOUNTS, accounts.reopen, method="POST")
    gate.page(f"{one}/successor", "succession", Action.CHANGE_ACCOUNTS, succession.show)
    gate.page(f"{one}/successor", "change_caseworker", Action.CHANGE_ACCOUNTS, succession.change, method="POST")
    gate.page("/units", "units", Action.SEE_ACCOUNTS, units.show_list)
    gate.page("/units/<int:unit_id>", "unit", Action.SEE_ACCOUNTS, units.show_one)
    gate.page("/registrations", "registrations", Action.DECIDE_REGISTRATIONS, registrations.show_list)
    one = "/registrations/<int:number>"
    gate.page(one, "registration", Action.DECIDE_REGISTRATIONS, registrations.show_one)
    gate.page(f"{one}/decide", "decide_registration", Action.DECIDE_REGISTRATIONS, registrations.decide, method="POST")


__all__ = ["DeskSettings", "desk"]
