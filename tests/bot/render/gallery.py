"""Every kind of card there is, as it is said to invented people; each is drawn, kept and looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

from core.accounts import notices as accounts
from core.accounts.models import CodeChannel, Permission
from core.accounts.preferences import Preferences
from core.accounts.requests import notices as request_notices
from core.accounts.requests.asked import Asked as Wanted
from core.accounts.requests.models import RequestKind, RequestState
from core.accounts.requests.service import Filed
from core.buttons import MoreDue
from core.calendar import WorkCalendar
from core.cards import Answer, said
from core.checks import notices as checks
from core.checks.models import CheckBucket, CheckState
from core.closures import notices as closures
from core.closures.explain import closing_working
from core.closures.kinds import Finding
from core.decision_words import decision_answer
from core.dispatches import notices as dispatches
from core.dispatches.models import DispatchBucket
from core.duties import notices as duties
from core.duties import unit_notices as units
from core.duties.plans import DutyKind
from core.duties.rules import StageKind
from core.duties.told import Why
from core.duties.working_notices import working_answer
from core.errors import NotFound
from core.helpdesk import notices as helpdesk
from core.helpdesk.models import HelpKind, HelpState
from core.helpdesk.rules import Alarm
from core.helpdesk.service import Asked
from core.helpdesk.words import NOBODY_THERE
from core.otp import notices as otp
from core.otp.models import Purpose
from core.otp.queries import LiveCode
from core.otp.service import CodeSent
from core.paging import Page
from core.policy import Policy
from core.records import notices as records
from core.records.missing import OpenWindows
from core.watch.kept import Kept
from core.watch.rules import Span
from handlers.chat.seen import Way
from handlers.chat.understanding.intents import Intent
from handlers.chat.urgent_signs import Sign
from handlers.chat.views import (
    apology,
    binding,
    choosing,
    codes,
    contacts,
    due_when,
    email_change,
    extension,
    fallback,
    faq,
    in_time,
    left,
    menu,
    permissions,
    registration,
    requests,
    settings,
    tour,
    urgent,
    welcome,
    workdays,
)
from handlers.chat.views import cases as case_views
from handlers.chat.views import closing as closing_views
from handlers.chat.views import duties as duty_views
from handlers.chat.views import helpdesk as help_views
from handlers.chat.views.faq_topics import TOPICS
from tests.bot.render import facts
from tests.bot.render.facts import NOW, SOON

WEEK = Span(date(2026, 3, 4), date(2026, 3, 8))
DAYS = [date(2026, 6, 19), date(2026, 6, 20), date(2026, 6, 21)]
REPLY_DAYS = next(each for each in TOPICS if each.intent is Intent.FAQ_REPLY_DAYS)
NEW_ADDRESS = Wanted(address="new.staff@ntpc.gov.tw")
Make = Callable[[], Answer]

BEGINNING: dict[str, Make] = {
    "welcome": welcome.welcome,
    "how_to_bind": binding.how_to_bind,
    "bound": lambda: accounts.bound_answer("AB1234", facts.UNIT),
    "bound_at_the_desk": lambda: accounts.bound_answer("CD5678", facts.UNIT, has_cases=False),
    "tour": lambda: tour.tour(facts.CASEWORKER),
    "moved_to_new_phone": lambda: accounts.moved_to_new_phone(NOW),
    "unbind": binding.unbind_question,
    "register": registration.how_to_register,
}

MENUS: dict[str, Make] = {
    "menu_unbound": lambda: menu.menu(None),
    "menu_caseworker": lambda: menu.menu(facts.CASEWORKER),
    "menu_supervisor": lambda: menu.menu(facts.SUPERVISOR),
    "menu_helpdesk": lambda: menu.menu(facts.HELPDESK),
}

DUTIES: dict[str, Make] = {
    "duties": lambda: duties.duties_answer(facts.overview(facts.owed(*facts.ROWS), facts.OTHERS)),
    "duties_none": lambda: duties.duties_answer(facts.overview(facts.owed())),
    "duties_200": lambda: duties.duties_answer(facts.many_duties()),
    "digest": lambda: duties.digest_answer(facts.overview(facts.owed(*facts.ROWS[:3])), time(8, 30)),
    "digest_units": lambda: duties.digest_answer(
        replace(facts.overview(facts.owed(*facts.ROWS[:2])), units=facts.units(7)), time(8, 30), (Why.GOES_UP,)
    ),
    "units": lambda: units.units_answer(facts.by_unit(4)),
    "units_200": lambda: units.units_answer(facts.by_unit(200)),
    "units_to_choose": lambda: units.choose_unit(Page(3, facts.units(3))),
    "unit": lambda: units.unit_answer(facts.unit_duties(facts.ROWS[0])),
    "unit_none": lambda: units.unit_answer(facts.unit_duties()),
    "reminder_late": lambda: duties.reminder_answer(facts.owed(facts.ROWS[0]), (StageKind.LATE,)),
    "reminder_today": lambda: duties.reminder_answer(facts.owed(facts.ROWS[1]), (StageKind.DUE_DAY,)),
    "escalation": lambda: duties.reminder_answer(facts.owed(facts.ROWS[0]), (StageKind.GOES_UP,), (Why.GOES_UP,)),
    "audit_of_the_first": lambda: duties.digest_answer(
        facts.overview(facts.owed(facts.ROWS[3])), time(8, 30), (Why.AUDIT,)
    ),
    "working": lambda: working_answer(facts.REPLY_WORKING),
    "working_of_hours": lambda: working_answer(facts.CHECK_WORKING),
}

CASES: dict[str, Make] = {
    "case": lambda: dispatches.case_answer(facts.CASE, NOW),
    "case_long_names": lambda: dispatches.case_answer(facts.case_of_long_names(), NOW),
    "returned_replies": lambda: dispatches.bucket_answer(DispatchBucket.RETURNED_LATE, Page(1, (facts.RETURNED,)), NOW),
    "new_check": lambda: duties.reminder_answer(
        facts.owed(facts.owed_row(DutyKind.CHECK, date(2022, 8, 5), "MS00001", "林○華")), (StageKind.ARISES,)
    ),
    "checks": lambda: checks.bucket_answer(
        CheckBucket.WAITING, Page(2, (facts.CHECK, replace(facts.CHECK, state=CheckState.RETURNED))), NOW
    ),
    "closing_not_yet": lambda: closures.closing_answer([facts.closing(is_free=False)]),
    "closing_free": lambda: closures.closing_answer([facts.closing(is_free=True)]),
    "closing_working": lambda: decision_answer(closing_working(facts.closing(is_free=False).assessment)),
    "closing_approved": lambda: closures.approved_answer("WK00655", date(2022, 8, 4)),
    "look_before_semester": lambda: said(
        closures.look_card("北新國民小學", 7, {Finding.PUPIL_LEFT: 1, Finding.MISSING_RECORDS: 3})
    ),
}

ASKED: dict[str, Make] = {
    "due_days": lambda: due_when.due(WEEK, facts.owed(*facts.ROWS[1:3]), MoreDue("2026-03-04", "2026-03-08", 2), 2),
    "left": lambda: left.left(facts.ROWS[:3], NOW),
    "left_one": lambda: left.left(facts.ROWS[:1], NOW),
    "late_by_days": lambda: left.late_by(3, facts.owed(*facts.ROWS[:1])),
    "return_reasons": lambda: left.reasons((replace(facts.ROWS[1], reason="請補充就學情形"), facts.ROWS[1])),
    "which_one": lambda: choosing.which_one(
        (Way(label="WK00701", does="案件 WK00701"), Way(label="WK00716", does="案件 WK00716"))
    ),
    "due_days_none": lambda: due_when.due(WEEK, facts.owed(), MoreDue("2026-03-04", "2026-03-08", 0), 0),
    "day_off": lambda: workdays.one_day(date(2026, 6, 19), WorkCalendar(), Span(DAYS[0], DAYS[2]), owes=True),
    "day_worked": lambda: workdays.one_day(date(2026, 6, 18), WorkCalendar(), None, owes=False),
    "days_off": lambda: workdays.several_days(DAYS, WorkCalendar()),
    "in_time": lambda: in_time.shares(date(2026, 3, 4), {DutyKind.REPLY: Kept(7, 1, 2)}, {}, facts.UNIT),
    "in_time_nothing_due": lambda: in_time.shares(date(2026, 3, 4), {}, {DutyKind.REPLY: Kept(3)}, ""),
    "windows": lambda: records.windows_answer(facts.open_windows(), NOW),
    "windows_none": lambda: records.windows_answer(OpenWindows(Page(0, ()), 0), NOW),
    "which_case": lambda: case_views.which_case(facts.CASES_ALIKE),
    "which_case_to_close": lambda: closing_views.which_case(Page(9, facts.SERVICES)),
    "who": lambda: contacts.listed(facts.ABOVE),
    "who_none": lambda: contacts.listed(()),
    "unit_not_found": duty_views.no_such_unit,
}

ACCOUNT: dict[str, Make] = {
    "code": lambda: otp.code_answer(facts.challenge(), "AB1234", 15),
    "codes_live": lambda: codes.live([LiveCode(Purpose.MAIN_SYSTEM, CodeChannel.MAIL, NOW, SOON, 3)]),
    "codes_none": lambda: codes.live(()),
    "code_sent_again": lambda: codes.sent_again(CodeSent("c-1", CodeChannel.LINE, "LINE", NOW)),
    "code_question": lambda: codes.code_question("a***@ntpc.gov.tw", NOW),
    "new_address": lambda: email_change.address_question("a***@ntpc.gov.tw"),
    "filed": lambda: codes.filed(Filed(7, RequestKind.EMAIL, NOW)),
    "requests": lambda: requests.listed(
        Page(len(RequestState), tuple(facts.request(each, "請改用公務信箱。") for each in RequestState))
    ),
    "decided": lambda: request_notices.decided(
        7, RequestKind.EMAIL, RequestState.REFUSED, NEW_ADDRESS, "請改用公務信箱。"
    ),
    "term_early": lambda: extension.term(facts.TERM),
    "term_in_time": lambda: extension.term(replace(facts.TERM, may_ask=True, days_left=30)),
    "permissions_school": lambda: permissions.askable(facts.SCHOOL),
    "permissions_bureau": lambda: permissions.askable(facts.BUREAU),
    "permissions_held": lambda: permissions.removable(replace(facts.BUREAU, held=tuple(Permission))),
    "settings": lambda: settings.shown(Preferences(time(8, 30), CodeChannel.MAIL, "a***@ntpc.gov.tw")),
    "languages": settings.languages,
}

HELP: dict[str, Make] = {
    "help_kinds": help_views.kind_question,
    "help_steps": help_views.login_steps,
    "help_waiting": lambda: help_views.taken_in(Asked(12, HelpKind.FAULT, SOON)),
    "help_after_hours": lambda: help_views.taken_in(Asked(12, HelpKind.FAULT, SOON), NOBODY_THERE),
    "help_answered": lambda: helpdesk.answered(12, "林小姐", "請清除 Cookie 後再登入一次。", is_solved=False),
    "help_solved": lambda: helpdesk.answered(12, "林小姐", "已經幫您解鎖，請再試一次。", is_solved=True),
    "help_rating": lambda: helpdesk.solved(12),
    "help_history": lambda: help_views.listed(
        Page(len(HelpState), tuple(facts.help_request(each) for each in HelpState)), NOW
    ),
    "help_alarm": lambda: helpdesk.waiting_time(12, HelpKind.CASE, next(iter(Alarm)), NOW),
}

QUESTIONS: dict[str, Make] = {
    "questions": faq.listed,
    **{f"question_{at:02d}": (lambda topic=topic: faq.answered(topic, Policy())) for at, topic in enumerate(TOPICS)},  # type: ignore[misc]
    "question_with_a_day": lambda: faq.reply_due(REPLY_DAYS, date(2022, 7, 28)),
}

ODD: dict[str, Make] = {
    "not_understood": lambda: fallback.not_understood(("待辦", "怎麼算的", "改信箱")),
    "still_not_understood": fallback.still_not_understood,
    "several": lambda: fallback.several(("待辦", "案件 WK00017", "改信箱", "展延", "設定")),
    "refused": lambda: fallback.refused(NotFound()),
    "error": apology.apology,
    "still_working": apology.still_working,
    "too_fast": apology.too_fast,
    "button_expired": lambda: fallback.button_expired(menu.menu(facts.CASEWORKER)),
    "code_in_chat": binding.code_in_chat,
    "danger": lambda: urgent.call_now(next(iter(Sign))),
    "danger_for_the_center": lambda: checks.urgent_words(checks.Reporter("AB1234", facts.UNIT), "LINE 聊天室", NOW),
}

SHEETS: dict[str, dict[str, Make]] = {
    "beginning": BEGINNING | MENUS,
    "duties": DUTIES,
    "cases": CASES,
    "asked": ASKED,
    "account": ACCOUNT,
    "help": HELP,
    "questions": QUESTIONS,
    "odd": ODD,
}
GALLERY: dict[str, Make] = {name: make for sheet in SHEETS.values() for name, make in sheet.items()}
