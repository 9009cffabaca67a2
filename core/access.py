"""The one gate: who may see or do what (ACC-10).

An ``Actor`` is loaded once per request from the account as it is at that moment, so that somebody disabled or
demoted in mid-conversation is refused at the next word (A26). Queries are scoped by ``actor.units``; services ask
``require``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.accounts.models import Permission, Role
from core.errors import NotAllowed, NotFound
from core.machines.models import Scope


class Action(StrEnum):
    """What may be asked of the core."""

    SEE_DISPATCHES = "see_dispatches"
    SEE_CHECKS = "see_checks"
    IMPORT = "import"
    SEE_ACCOUNTS = "see_accounts"
    CHANGE_ACCOUNTS = "change_accounts"
    SEE_AUDIT = "see_audit"
    USE_DESK = "use_desk"
    SEE_DUTIES = "see_duties"
    WATCH_UNITS = "watch_units"
    CHANGE_CALENDAR = "change_calendar"
    REPLY = "reply"
    REVIEW_REPLIES = "review_replies"
    HAND_OVER = "hand_over"
    SEE_FAMILIES = "see_families"
    SEE_SERVICES = "see_services"
    SEE_NAMES = "see_names"
    RECORD = "record"
    CLOSE = "close"
    REVIEW_CLOSURES = "review_closures"
    FILL_CHECKS = "fill_checks"
    RETURN_CHECKS = "return_checks"
    REVIEW = "review"
    DECIDE_REQUESTS = "decide_requests"
    DECIDE_REGISTRATIONS = "decide_registrations"
    HELP_ACCOUNTS = "help_accounts"
    ANSWER_HELP = "answer_help"
    SEE_MESSAGES = "see_messages"
    DECIDE_MESSAGES = "decide_messages"
    ASK_CODES = "ask_codes"
    SEND_NOTICES = "send_notices"
    KEEP_KEYS = "keep_keys"


_CASEWORK = frozenset({Permission.CASEWORKER, Permission.SUPERVISOR, Permission.CONTACT, Permission.CITY})
_CHECKING = frozenset({Permission.MEAL_CHECKS, Permission.SUPERVISOR, Permission.CONTACT, Permission.CITY})
_OVER_UNITS = frozenset({Role.SUPERVISOR, Role.CONTACT, Role.CENTER})

NEEDS_PERMISSION: dict[Action, frozenset[Permission]] = {
    Action.SEE_DISPATCHES: _CASEWORK,
    Action.SEE_CHECKS: _CHECKING,
    Action.REPLY: frozenset({Permission.CASEWORKER}),
    Action.REVIEW_REPLIES: frozenset({Permission.SUPERVISOR}),
    Action.HAND_OVER: _CASEWORK,
    Action.SEE_FAMILIES: _CASEWORK,
    Action.SEE_SERVICES: _CASEWORK,
    Action.SEE_NAMES: frozenset(
        {Permission.CASEWORKER, Permission.MEAL_CHECKS, Permission.SUPERVISOR, Permission.CITY}
    ),
    Action.RECORD: frozenset({Permission.CASEWORKER}),
    Action.CLOSE: frozenset({Permission.CASEWORKER}),
    Action.REVIEW_CLOSURES: frozenset({Permission.SUPERVISOR}),
    Action.REVIEW: frozenset({Permission.SUPERVISOR}),
    Action.FILL_CHECKS: frozenset({Permission.MEAL_CHECKS}),
}
NEEDS_ROLE: dict[Action, frozenset[Role]] = {
    Action.IMPORT: frozenset({Role.CENTER, Role.ADMIN}),
    Action.SEE_ACCOUNTS: frozenset({Role.HELPDESK, Role.ADMIN}),
    Action.CHANGE_ACCOUNTS: frozenset({Role.ADMIN}),
    Action.SEE_AUDIT: frozenset({Role.ADMIN}),
    Action.USE_DESK: frozenset(Role),
    Action.SEE_DUTIES: frozenset({Role.CASEWORKER, *_OVER_UNITS}),
    Action.WATCH_UNITS: _OVER_UNITS,
    Action.CHANGE_CALENDAR: frozenset({Role.ADMIN}),
    Action.RETURN_CHECKS: frozenset({Role.SUPERVISOR}),
    Action.REVIEW: frozenset({Role.SUPERVISOR}),
    Action.DECIDE_REQUESTS: frozenset({Role.HELPDESK, Role.ADMIN}),
    Action.DECIDE_REGISTRATIONS: frozenset({Role.ADMIN}),
    Action.HELP_ACCOUNTS: frozenset({Role.HELPDESK, Role.ADMIN}),
    Action.ASK_CODES: frozenset(),
    Action.SEND_NOTICES: frozenset(),
    Action.KEEP_KEYS: frozenset({Role.ADMIN}),
    Action.ANSWER_HELP: frozenset({Role.HELPDESK, Role.ADMIN}),
    Action.SEE_MESSAGES: frozenset({Role.HELPDESK, Role.ADMIN}),
    Action.DECIDE_MESSAGES: frozenset({Role.ADMIN}),
}
NEEDS_SCOPE: dict[Action, frozenset[Scope]] = {
    Action.ASK_CODES: frozenset({Scope.OTP}),
    Action.SEND_NOTICES: frozenset({Scope.NOTICES}),
    Action.IMPORT: frozenset({Scope.FACTS}),
    Action.SEE_DUTIES: frozenset({Scope.DUTIES}),
    Action.SEE_DISPATCHES: frozenset({Scope.DUTIES}),
    Action.SEE_CHECKS: frozenset({Scope.DUTIES}),
}
"""What the keys of other systems open; everything that is not here is closed to them."""


@dataclass(frozen=True)
class Units:
    """Which units an actor may see: all, or these."""

    everything: bool = False
    ids: frozenset[int] = frozenset()

    def holds(self, unit_id: int) -> bool:
        """Return whether a unit is among them."""
        return self.everything or unit_id in self.ids


@dataclass(frozen=True)
class Actor:
    """Who asks: an account as it is now, another system by its key, or this one itself (jobs, commands, import)."""

    name: str
    """The account's code, or what acts; stands in the audit."""
    account_id: int | None = None
    unit_id: int | None = None
    role: Role | None = None
    permissions: frozenset[Permission] = frozenset()
    units: Units = Units()
    is_system: bool = False
    key_id: int | None = None
    """The key of another system."""
    scopes: frozenset[Scope] = frozenset()
    source: str = ""
    """The network a visitor comes from, by which wrong tries are counted (A19); empty: this machine, or not known."""

    def may(self, action: Action) -> bool:
        """Return whether the actor may do this at all; on what is asked by ``units``."""
        if self.is_system:
            return True
        if self.key_id is not None:
            return not self.scopes.isdisjoint(NEEDS_SCOPE.get(action, ()))
        by_permission = bool(NEEDS_PERMISSION.get(action, frozenset()) & self.permissions)
        return by_permission or self.role in NEEDS_ROLE.get(action, ())


def system(name: str) -> Actor:
    """Return the actor of a job or command: sees everything, and is named in the audit."""
    return Actor(name=name, units=Units(everything=True), is_system=True)


def account_of(actor: Actor) -> int:
    """Return the account that acts and signs for it; raises ``NotAllowed`` for a job or another system."""
    if actor.account_id is None:
        raise NotAllowed
    return actor.account_id


def require(actor: Actor, action: Action, unit_id: int | None = None) -> None:
    """Pass, or raise: ``NotAllowed`` for the action, ``NotFound`` for another's unit, as if it did not exist (A28)."""
    if not actor.may(action):
        raise NotAllowed
    if unit_id is not None and not actor.units.holds(unit_id):
        raise NotFound
