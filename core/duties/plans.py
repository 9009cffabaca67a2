"""What kinds of duties there are, and when each is told: the last table of the rule book, as values (DUTY-5)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.labels import Labelled


class DutyKind(Labelled):
    """A kind of deadline."""

    CHECK = "check", "幸福保衛站檢核"
    RETURNED_CHECK = "returned_check", "退件檢核單"
    REPLY = "reply", "派案回覆"
    RETURNED_REPLY = "returned_reply", "退件回覆單"
    RECORD_WINDOW = "record_window", "工作紀錄"
    RETURNED_CLOSURE = "returned_closure", "退件結案單"
    CLOSURE_IN_MONTH = "closure_in_month", "當月結案"
    FOLLOW_TO_JULY = "follow_to_july", "追蹤至 7/31"
    ACCOUNT_END = "account_end", "帳號權限到期"
    CERTIFICATE_END = "certificate_end", "憑證到期"
    REQUEST_ANSWER = "request_answer", "客服回覆"
    REQUEST_SOLUTION = "request_solution", "客服解決"


class Arises(StrEnum):
    """When a new duty is first told."""

    AT_ONCE = "at_once"
    NEXT_DIGEST = "next_digest"
    NOT = "not"


class Late(StrEnum):
    """How often a late duty is told again."""

    NOT = "not"
    EVERY_12_HOURS = "every_12_hours"
    EVERY_WORKING_DAY = "every_working_day"
    WEEKLY = "weekly"
    ON_THE_DAY = "on_the_day"


class ReminderPlan(BaseModel):
    """When a kind of duty is told: hours or days before it is due (0 is the day itself), when late, when it goes up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    arises: Arises = Arises.NOT
    hours_before: tuple[int, ...] = ()
    days_before: tuple[int, ...] = ()
    late: Late = Late.NOT
    goes_up_after_hours: int | None = None
    """Hours after it became late until the supervisor or bureau contact is told; None: never."""


# What came back is pressed like what is late (CHK-2).
_RETURNED = ReminderPlan(arises=Arises.AT_ONCE, days_before=(1,), late=Late.EVERY_WORKING_DAY, goes_up_after_hours=72)

DEFAULT_PLANS: dict[DutyKind, ReminderPlan] = {
    DutyKind.CHECK: ReminderPlan(
        arises=Arises.AT_ONCE, hours_before=(12, 4), late=Late.EVERY_12_HOURS, goes_up_after_hours=24
    ),
    DutyKind.RETURNED_CHECK: _RETURNED,
    DutyKind.RETURNED_REPLY: _RETURNED,
    DutyKind.RETURNED_CLOSURE: _RETURNED,
    DutyKind.REPLY: ReminderPlan(
        arises=Arises.NEXT_DIGEST, days_before=(3, 1, 0), late=Late.EVERY_WORKING_DAY, goes_up_after_hours=72
    ),
    DutyKind.RECORD_WINDOW: ReminderPlan(days_before=(7, 1, 0), late=Late.WEEKLY),
    DutyKind.CLOSURE_IN_MONTH: ReminderPlan(
        arises=Arises.AT_ONCE, days_before=(7, 1, 0), late=Late.EVERY_WORKING_DAY, goes_up_after_hours=72
    ),
    DutyKind.FOLLOW_TO_JULY: ReminderPlan(
        arises=Arises.NEXT_DIGEST, days_before=(7,), late=Late.WEEKLY, goes_up_after_hours=168
    ),
    DutyKind.ACCOUNT_END: ReminderPlan(days_before=(30, 14, 7, 1), late=Late.ON_THE_DAY),
    DutyKind.CERTIFICATE_END: ReminderPlan(days_before=(30, 7)),
    DutyKind.REQUEST_ANSWER: ReminderPlan(),  # HELP-6: told by the helpdesk itself, in working time
    DutyKind.REQUEST_SOLUTION: ReminderPlan(),
}
