"""Which concepts together mean which intent.

Each line of an intent is one rule: the concepts that must all be in the text, and a bonus where such a text means this
rather than what else has its concepts. A rule's weight is what its concepts weigh, and the bonus.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.chat.understanding.intents import Intent
from handlers.chat.understanding.lexicon import weight

MEANINGS: dict[Intent, str] = {
    Intent.DUTIES: """
        DUTY +1
        DUTY LEFT
        OPEN
        OPEN LEFT
        OPEN CASE_WORD
        OPEN THESE_DAYS
        OPEN LEFT RECORD
        OPEN LEFT CHECK
        OPEN CHECK
        SOON CASE_WORD
        SOON LEFT
        CASE_WORD LEFT THESE_DAYS
        DEADLINE LEFT THESE_DAYS
        LATE LEFT
        LATE HAVE
        LATE HAVE CASE_WORD
        LATE LEFT CASE_WORD
        LATE OPEN LEFT
        RETURNED LEFT
        RETURNED HAVE
        RETURNED HAVE CASE_WORD
        CHECK LEFT
        CHECK HAVE LEFT
    """,
    Intent.WORKING: """
        RECKONED
        RECKONED DEADLINE
        RECKONED LATE
        RECKONED WITHIN
        WHY DEADLINE
        WHY DATE
        WHY DATE DEADLINE
        WHY EXPIRE DATE
        WHY LATE +0.5
        WHY LATE CASE_WORD +0.5
    """,
    Intent.CASE: """
        NUMBER +1
        NUMBER STATUS +1
        NUMBER LOOK_UP +1
        LOOK_UP CASE_WORD
        LOOK_UP CASE_WORD STATUS
        LOOK_UP CASE_WORD RESULT
        CASE_WORD RESULT
        CASE_NUMBER +0.5
    """,
    Intent.CLOSING: """
        CLOSE
        CLOSE MAY
        CLOSE MAY CASE_WORD
        CLOSE WHEN
        CLOSE WHEN MAY
        CLOSE WANT
        CLOSE MISSING
        CLOSE NUMBER +2
        CLOSE NUMBER MISSING +2
        CLOSE NUMBER MAY +2
        CLOSE NUMBER CONDITION +2
        CLOSE APPLY WANT
    """,
    Intent.SERVICES: """
        CASES LIST
        CASES LIST HOLD
        CLOSE APPLY RESULT
        CLOSE RESULT
        CLOSE APPLY LIST
        CLOSE CASES LIST
    """,
    Intent.CODES: """
        CODE
        CODE LACK
        CODE LACK MAIL
        CODE LACK LOGIN
        CODE AGAIN +0.5
        CODE LACK AGAIN
        CODE HOW
    """,
    Intent.EMAIL: """
        MAIL
        MAIL CHANGE
        MAIL CHANGE HOW
        MAIL CHANGE REGISTER
    """,
    Intent.EXTENSION: """
        EXTEND
        EXTEND APPLY
        EXTEND PERMISSION
        EXTEND ACCOUNT
        EXTEND EXPIRE
        EXTEND APPLY EXPIRE
        PERMISSION EXPIRE +0.6
        PERMISSION SOON
        ACCOUNT EXPIRE
        ACCOUNT SOON
        PERMISSION EXPIRE REMIND
        ACCOUNT VALID
    """,
    Intent.PERMISSIONS: """
        PERMISSION
        PERMISSION ADD
        PERMISSION APPLY
        PERMISSION APPLY ADD
        PERMISSION ADD HOW
        PERMISSION HOLD
        PERMISSION HOLD WHICH
        PERMISSION LOOK_UP HOLD
        PERMISSION_CODE ADD
        PERMISSION_CODE APPLY
        PERMISSION_CODE PERMISSION ADD
        PERMISSION CHECK ADD
        SCREEN UNSEEN
        SCREEN ADD
    """,
    Intent.REMOVE_PERMISSION: """
        PERMISSION REMOVE +0.5
        PERMISSION REMOVE APPLY +0.5
        PERMISSION REMOVE HOLD +0.5
        PERMISSION_CODE REMOVE +0.5
        PERMISSION_CODE PERMISSION REMOVE +0.5
        PERMISSION REMOVE CHECK +0.5
    """,
    Intent.REGISTER: """
        REGISTER
        REGISTER HOW
        REGISTER ACCOUNT
        REGISTER WANT
        ACCOUNT APPLY
        ACCOUNT APPLY HOW
        NO_ACCOUNT
        NO_ACCOUNT APPLY
        NEWCOMER ACCOUNT
        NEWCOMER ACCOUNT APPLY
        NEWCOMER APPLY
        ACCOUNT ADD
    """,
    Intent.REQUESTS: """
        APPLY RESULT +0.5
        APPLY RESULT PERMISSION
        APPLY RESULT EXTEND
        APPLY RESULT MAIL CHANGE
        APPLY RESULT HOLD +0.5
        PERMISSION RESULT +0.5
        PERMISSION RESULT VALID
        EXTEND RESULT +0.5
        APPLY TRAIL
        APPLY LOOK_UP RESULT
    """,
    Intent.SETTINGS: """
        SETTINGS
        SETTINGS REMIND
        CODE TO_LINE +0.5
        CODE TO_LINE MAIL
        CODE LINE CHANGE +0.5
        CODE CHANGE MAIL
        CODE LINE
    """,
    Intent.DIGEST_TIME: """
        REMIND HOUR
        REMIND HOUR CHANGE +0.5
        REMIND CHANGE
    """,
    Intent.BIND: """
        BIND
        BIND LINE
        BIND ACCOUNT
        BIND LINE ACCOUNT
        BIND HOW
        BIND CHANGE LINE
    """,
    Intent.UNBIND: """
        UNBIND
        UNBIND ACCOUNT
        UNBIND LINE
        UNBIND SUCCESSOR
        UNDO BIND +0.5
        UNDO BIND LINE +0.5
        UNDO BIND ACCOUNT +0.5
    """,
    Intent.PERSON: """
        PERSON
        PERSON CALLS
        PERSON CALLS MAY
        PERSON WANT
    """,
    Intent.FAULT: """
        FAULT
    """,
    Intent.SIGN_IN: """
        CANT_LOGIN
        CANT_LOGIN ACCOUNT
        CANT_LOGIN PASSWORD
        CANT_LOGIN PASSWORD CHANGE
        PASSWORD +0.5
        PASSWORD FORGOT +0.5
        PASSWORD FORGOT LOCK
        PASSWORD CHANGE +0.5
        LOCK
        LOCK ACCOUNT
        LOCK ACCOUNT VALID
        LOCK PASSWORD
    """,
    Intent.OWN_HELP: """
        REPAIR DONE +1
        FAULT DONE
        PERSON DONE +0.5
    """,
    Intent.MENU: """
        MENU
        MENU LEFT
        MENU WHICH
    """,
    Intent.GREETING: """
        GREETING
    """,
    Intent.THANKS: """
        THANKS
    """,
    Intent.FAQ: """
        FAQ
    """,
    Intent.FAQ_MAY_APPLY: """
        PERMISSION SCHOOL WHICH
        PERMISSION SCHOOL APPLY MAY +0.5
        PERMISSION SCHOOL APPLY WHICH +0.5
        PERMISSION MAY APPLY WHICH +0.5
        PERMISSION TICK WHICH
        PERMISSION TICK SCHOOL +0.5
        TICK WHICH SCHOOL PERMISSION
        PERMISSION_CODE MAY APPLY +0.5
        PERMISSION_CODE SCHOOL APPLY +0.5
        PERMISSION_CODE PERMISSION WHICH +0.5
        PERMISSION_CODE PERMISSION MAY APPLY
        PERMISSION APPLY SUPERVISOR +0.5
        PERMISSION APPLY WHICH
    """,
    Intent.FAQ_PRIVATE: """
        PRIVATE
        PRIVATE APPLY
        PRIVATE APPLY ACCOUNT
        PRIVATE REGISTER
        PRIVATE ACCOUNT
        PRIVATE NO_ACCOUNT
        PRIVATE APPLY ASK_WHO
    """,
    Intent.FAQ_CHANGE: """
        SUCCESSOR
        SUCCESSOR CASE_WORD
        SUCCESSOR HOW
        SUCCESSOR SCHOOL
        SUCCESSOR ACCOUNT
        SUCCESSOR PERMISSION
        SUCCESSOR ACCOUNT APPLY
    """,
    Intent.FAQ_NEED: """
        NEED
        NEED CHECK
        NEED MEALS
        NEED TICK
        NEED CHECK TICK
        MEALS TICK
        MEALS CHECK TICK
    """,
    Intent.FAQ_CHECK_HOURS: """
        CHECK HOURS
        CHECK HOURS REPLY
        CHECK DEADLINE
        CHECK DEADLINE RECKONED
        CHECK LATE
        CHECK LATE HAPPENS
        CHECK HOURS DISPATCH
        CHECK HOURS WITHIN
        CHECK HOURS DAY_OFF
    """,
    Intent.FAQ_DITTO: """
        DITTO
        DITTO CHECK
        DITTO WRITE
        DITTO CHECK WRITE
    """,
    Intent.FAQ_TWO_UNITS: """
        TWO_UNITS
        TWO_UNITS DISPATCH
        TWO_UNITS WHY
        TWO_UNITS STILL
        TWO_UNITS REPLY
        TWO_UNITS OPEN
        TWO_UNITS DISPATCH OPEN
        TWO_UNITS CASE_WORD OPEN
        TWO_UNITS SCHOOL CASE_WORD
    """,
    Intent.FAQ_REPLY_DAYS: """
        DISPATCH WITHIN
        DISPATCH WITHIN REPLY
        DISPATCH WITHIN OPEN
        DISPATCH DATE
        DISPATCH DATE WITHIN
        DISPATCH DATE WITHIN OPEN
        DISPATCH TICK
        DISPATCH RECKONED
        DISPATCH RECKONED WITHIN
        DISPATCH TICK WITHIN
        DISPATCH DAY_OFF
        DISPATCH DAY_OFF WITHIN
        DISPATCH TEN_DAYS
        DISPATCH TEN_DAYS DAY_OFF
        TEN_DAYS
        TEN_DAYS RECKONED
        TEN_DAYS WITHIN
        REPLY DAY_OFF
        REPLY DAY_OFF TICK
        REPLY DEADLINE
        REPLY DEADLINE WITHIN
    """,
    Intent.FAQ_ASSESSMENT: """
        ASSESS
        ASSESS DISPATCH
        ASSESS WRITE
        ASSESS DISPATCH WRITE
        ASSESS RECKONED
        ASSESS REPLY
        ASSESS CHANGE
    """,
    Intent.FAQ_NOT_OPENING: """
        NOT_OPENING
        NOT_OPENING LEAVE
        NOT_OPENING REPLY
        NOT_OPENING WRITE
        NOT_OPENING HOW
        NOT_OPENING DISPATCH
        NOT_OPENING MAY
    """,
    Intent.FAQ_OPENING_KIND: """
        OPENING_KIND
        OPENING_KIND WHICH
        OPENING_KIND TICK
        OPENING_KIND CLOSE TICK
        OPENING_KIND HOW
    """,
    Intent.FAQ_OTHER_CHILD: """
        OTHER_CHILD
        OTHER_CHILD INDEX_CHILD
        OTHER_CHILD DISPATCH
        OTHER_CHILD RETURNED INDEX_CHILD
        OTHER_CHILD SERVED
        INDEX_CHILD SERVED
        INDEX_CHILD SERVED SIBLING
        INDEX_CHILD SIBLING
    """,
    Intent.FAQ_RETURNED: """
        RETURNED HOW
        RETURNED HOW WITHIN
        RETURNED HOW DISPATCH
        RETURNED HOW CHECK
        RETURNED DISPATCH
        RETURNED CHECK
        RETURNED WITHIN
        RETURNED CHANGE
        RETURNED LATE HOW
    """,
    Intent.FAQ_WINDOWS: """
        RECORD WITHIN
        RECORD EVERY
        RECORD EVERY WITHIN
        RECORD GAP
        RECORD GAP MAY
        RECORD COUNTS
        ASSESS RECORD
        ASSESS RECORD TICK
        ASSESS RECORD COUNTS
        DISPATCH RECORD COUNTS
        DISPATCH RECORD TICK
        DISPATCH RECORD EVERY
        RECORD VACATION
        RECORD VACATION WRITE
        RECORD DEADLINE
        EVERY
        EVERY WHEN
        EVERY WHEN RECKONED
        RECORD RECKONED
    """,
    Intent.FAQ_RECORD_FORM: """
        RECORD WRITE
        RECORD WRITE HOW
        RECORD SERVED
        RECORD SERVED WRITE
        RECORD SERVED CASES WRITE
        SERVED
        SERVED WRITE
    """,
    Intent.FAQ_LIGHTS: """
        LIGHT
        LIGHT WHY
        LIGHT HOW
        LIGHT SCHOOLING
    """,
    Intent.FAQ_CLOSING_RULES: """
        CLOSE CONDITION +0.5
        CLOSE CONDITION MAY +0.5
        CLOSE CONDITION WANT +0.5
        CLOSE CONDITION WHEN +0.5
        CONDITION WHEN
        CONDITION WHEN DISPATCH
        CONDITION RECKONED
        CONDITION REPORT_AGAIN
        CONDITION TICK
        CONDITION TICK DISPATCH
        CLOSE SCHOOLING
        CLOSE SCHOOLING MAY
        CLOSE WITHIN CONDITION
    """,
    Intent.FAQ_LEAVE: """
        LEAVE
        LEAVE CLOSE
        LEAVE CLOSE MAY
        LEAVE CLOSE CASES
        LEAVE RECORD
        LEAVE RECORD WRITE
        LEAVE SCHOOL
        LEAVE STILL
        LEAVE CLOSE STILL
        LEAVE CASES
        LEAVE HOW
    """,
    Intent.FAQ_TRANSFER: """
        TRANSFER
        TRANSFER CLOSE
        TRANSFER CLOSE MAY
        TRANSFER CLOSE WHEN
        TRANSFER CLOSE CASES
        TRANSFER RECORD
        TRANSFER RECORD WRITE
        TRANSFER STILL
        TRANSFER SCHOOL
        TRANSFER HOW
        TRANSFER CASES
        TRANSFER CASES RECORD WRITE
    """,
    Intent.FAQ_GRADUATION: """
        GRADUATION
        GRADUATION CLOSE
        GRADUATION CLOSE MAY
        GRADUATION CLOSE WHEN
        GRADUATION CLOSE WHEN MAY
        GRADUATION RECORD
        GRADUATION RECORD WRITE
        GRADUATION STILL
        GRADUATION WHEN
        GRADUATION CASES
        GRADUATION CASES HOW
        GRADUATION CONDITION
        GRADUATION CLOSE CONDITION
        GRADUATION WHY
        GRADUATION VACATION
    """,
    Intent.FAQ_REPORT_AGAIN: """
        REPORT_AGAIN
        REPORT_AGAIN DISPATCH
        REPORT_AGAIN RISK_LEFT
        REPORT_AGAIN STILL
        REPORT_AGAIN STILL RISK_LEFT
        REPORT_AGAIN HOW
        REPORT_AGAIN WHEN
        REPORT_AGAIN TRANSFER
        REPORT_AGAIN GRADUATION
        REPORT_AGAIN CASES
        REPORT_AGAIN MAY
        REPORT_AGAIN CLOSE
    """,
    Intent.FAQ_SIBLINGS: """
        SIBLING
        SIBLING CLOSE
        SIBLING CLOSE MAY
        SIBLING CLOSE_FORM
        SIBLING CLOSE_FORM WRITE
        SIBLING RECORD
        SIBLING RECORD WRITE
        SIBLING GRADUATION
        SIBLING GRADUATION CLOSE
        SIBLING TRANSFER
        SIBLING STILL
        SIBLING HOW
    """,
    Intent.FAQ_RETURNED_CLOSURE: """
        RETURNED CLOSE
        RETURNED CLOSE HOW
        RETURNED CLOSE CHANGE
        RETURNED CLOSE REMOVE
        RETURNED CLOSE REMOVE CHANGE
        RETURNED CLOSE APPLY
        RETURNED CLOSE APPLY HOW
        RETURNED CLOSE DEADLINE CHANGE
        RETURNED CLOSE_FORM
        RETURNED CLOSE_FORM REMOVE
        RETURNED CLOSE_FORM HOW
        RETURNED CLOSE_FORM WHY
    """,
    Intent.FAQ_CLOSING_FORM: """
        CLOSE_FORM
        CLOSE_FORM WRITE
        CLOSE_FORM WHEN
        CLOSE_FORM WRITE WHEN
        CLOSE WRITE
    """,
    Intent.FAQ_OVERDUE: """
        LATE UNSEEN
        LATE UNSEEN CASE_WORD
        LATE UNSEEN WHY
        LATE UNSEEN LEFT
        LATE UNSEEN CASE_WORD HAVE
        LATE STILL
        LATE STILL OPEN
        LATE STILL CASE_WORD OPEN
        LATE HAPPENS
        LATE HAPPENS CASE_WORD
    """,
    Intent.FAQ_CONTACTS: """
        PHONE
        PHONE PERSON +0.5
        OPENING_HOURS
        PERSON OPENING_HOURS +0.5
        PERSON OPENING_HOURS NIGHT
        PERSON NIGHT
        PERSON HOURS OPENING_HOURS
        ASK_WHO
        ASK_WHO RECORD
        ASK_WHO CHECK
        ASK_WHO CHECK FAULT
        ASK_WHO CLOSE
        ASK_WHO PERMISSION
    """,
    Intent.FAQ_CODE_RULES: """
        CODE VALID
        CODE VALID FORGOT
        CODE VALID HOW
        CODE VALID WHY
    """,
    Intent.FAQ_CERTIFICATE: """
        CERTIFICATE
        CERTIFICATE BIND
        CERTIFICATE LOGIN
        CERTIFICATE CANT_LOGIN
        CERTIFICATE EXPIRE
        CERTIFICATE REMIND
        CERTIFICATE EXPIRE REMIND
        CERTIFICATE FAULT
        CERTIFICATE UNSEEN
        CERTIFICATE MENU
    """,
    Intent.FAQ_REMINDERS: """
        REMIND
        REMIND WHEN
        REMIND BEFORE
        REMIND BEFORE EXPIRE
        REMIND NIGHT
        REMIND WHY
        REMIND WHICH
        REMIND LACK
        REMIND LACK WHY
        REMIND NIGHT HOUR +0.5
    """,
    Intent.FAQ_SESSION: """
        LOGOUT
        LOGOUT WHY
        LOGOUT VALID
    """,
}


@dataclass(frozen=True)
class Rule:
    """Concepts that together mean an intent."""

    intent: Intent
    needs: frozenset[str]
    weight: float


def _rules() -> Iterator[Rule]:
    for intent, lines in MEANINGS.items():
        for line in lines.split("\n"):
            words = line.split()
            needs = frozenset(word for word in words if not word.startswith("+"))
            bonus = sum(float(word) for word in words if word.startswith("+"))
            if needs:
                yield Rule(intent, needs, sum(weight(each) for each in needs) + bonus)


RULES = tuple(_rules())
