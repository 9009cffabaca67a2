"""Numbers no source fixes (marked default in the rule book), with their defaults; a TOML file may change them.

A number that a source does fix is a constant beside its rule and is not here.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.closures.rules import MonthDay
from core.duties.plans import DEFAULT_PLANS, DutyKind, ReminderPlan
from core.errors import SetupError
from core.records.kinds import WindowPolicy

BEFORE_THE_NIGHT = timedelta(minutes=5)


class Policy(BaseModel):
    """All policy numbers of the house."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    returned_check_hours: int = Field(default=24, gt=0)
    """CHK-10: hours to correct a returned check."""
    returned_reply_days: int = Field(default=3, gt=0)
    """REPLY-11: days to correct a returned reply."""
    returned_closure_days: int = Field(default=3, gt=0)
    """CLOSE-9: days to correct or delete a returned closure form."""
    record_windows: WindowPolicy = WindowPolicy.THIRTY_DAYS
    """REC-3: how often an opened case needs a work record."""
    semester_looks: tuple[MonthDay, ...] = (MonthDay(2, 1), MonthDay(8, 30))
    """CLOSE-12: when units look their cases over."""
    digest_at: time = time(8, 30)
    """When the daily digest goes out on working days, Taipei time."""
    quiet_from: time = time(21, 0)
    quiet_until: time = time(7, 30)
    """Between these only codes, answers of a running conversation and urgent signs go out."""
    otp_minutes: int = Field(default=15, gt=0, le=15)
    """OTP-1: downwards only."""
    otp_resend_seconds: int = Field(default=60, ge=0)
    otp_sends_an_hour: int = Field(default=5, gt=0)
    otp_sends_a_day: int = Field(default=20, gt=0)
    """OTP-3."""
    otp_wrong_in_a_row: int = Field(default=10, gt=0)
    otp_wait_minutes: int = Field(default=15, gt=0)
    otp_wait_hours_at_most: int = Field(default=24, gt=0)
    otp_wrong_until_closed: int = Field(default=100, gt=0)
    """OTP-6."""
    otp_asker_wrong: int = Field(default=10, gt=0)
    otp_asker_minutes: int = Field(default=60, gt=0)
    """So many wrong tries of one asker over all accounts within so many minutes make the asker wait as long (A19).

    Three whole codes mistyped and one more: nobody reads eight digits so badly, and 240 guesses a day hit twice in a
    million days.
    """
    otp_alarm_wrong: int = Field(default=100, gt=0)
    otp_alarm_minutes: int = Field(default=60, gt=0)
    """So many wrong tries of everybody within so many minutes raise the alarm, which lasts as long.

    1,500 sign-ins an hour with one code in twenty mistyped stay below it; guessing that stays below hits once in a
    hundred years.
    """
    otp_alarm_resend_seconds: int = Field(default=300, ge=0)
    otp_alarm_sends_an_hour: int = Field(default=2, gt=0)
    """While the alarm lasts, askers not known to an account get codes more slowly; nobody is locked out."""
    source_wrong: int = Field(default=100, gt=0)
    source_minutes: int = Field(default=60, gt=0)
    """So many wrong passwords and codes of strangers from one network within so many minutes make strangers there wait
    as long (A19).

    The whole city may stand behind one address: 1,500 sign-ins an hour with one in twenty mistyped stay below it. It
    leaves 2,400 guesses a day, where three for each of 9,000 accounts every half hour would be 1,296,000.
    """
    argon2_memory_kib: int = Field(default=19_456, ge=8)
    argon2_passes: int = Field(default=2, gt=0)
    argon2_lanes: int = Field(default=1, gt=0)
    """How passwords are hashed: OWASP's first recommendation for Argon2id. Stored hashes follow at the next sign-in."""
    extension_days_before: int = Field(default=60, gt=0)
    extension_years: int = Field(default=1, gt=0)
    """ACC-6."""
    registration_hosts: tuple[str, ...] = ("gov.tw",)
    """ACC-5: a mailbox of such a host, or of one below it, proves that somebody works for the city."""
    registration_codes_an_hour: int = Field(default=200, gt=0)
    """ACC-5: to mailboxes of nobody yet, whoever asks."""
    link_minutes: int = Field(default=10, gt=0, le=10)
    """A link token and a nonce live as long (LINE: ten minutes)."""
    dialog_minutes: int = Field(default=30, gt=0)
    """A dialog left alone for so long is over."""
    api_calls_a_minute: int = Field(default=600, gt=0)
    api_calls_at_once: int = Field(default=100, gt=0)
    """How fast the key of another system may call: steadily, and in one go after a pause."""
    inbox_tries: int = Field(default=5, gt=0)
    """A stored event that fails so often is set aside."""
    inbox_kept_days: int = Field(default=30, ge=7)
    """Webhook events are known again so long; older ones are refused, for they may have been handled and forgotten."""
    inbox_a_minute: int = Field(default=30, gt=0)
    """So many messages of one person within a minute are handled: a tap every two seconds."""
    still_working_seconds: int = Field(default=45, gt=0, lt=60)
    """After so long without an answer its reply token is spent on saying that the answer is to come."""
    ready_queue_minutes: int = Field(default=15, gt=0)
    """An event that waits longer to be handled, or a notice to be sent, and ``readyz`` is red: the workers are down.

    A channel that refuses us is an alarm of the metrics, and no fault of who answers requests.
    """
    codes_kept_days: int = Field(default=30, ge=2)
    """One-time passwords and counts of wrong ones; the limits of a day are counted from them."""
    sessions_kept_days: int = Field(default=30, ge=1)
    """Sessions at the desk that are over; who signed in stays in the audit."""
    reply_token_seconds: int = Field(default=50, gt=0, lt=60)
    """How long a reply token is trusted; LINE says one minute and not to rely on it."""
    line_requests_a_second: int = Field(default=1800, gt=0, le=2000)
    """Over all workers; LINE takes 2,000. A request to many counts as ten: LINE takes 200 of those."""
    hold_after_hours: int = Field(default=24, gt=0)
    """A60: what should have gone so long ago waits for a person; urgent signs go all the same."""
    help_answer_hours: int = Field(default=4, gt=0)
    """HELP-6: working hours until the first answer."""
    help_solve_days: int = Field(default=3, gt=0)
    """HELP-6: working days until it is solved."""
    help_reopen_days: int = Field(default=7, gt=0)
    """A message within so many days opens a solved request again."""
    help_talk_hours: int = Field(default=72, gt=0)
    """So long after its newest entry a request still takes what its person writes."""
    help_file_days: int = Field(default=180, gt=0)
    """Pictures and files sent to the helpdesk are kept so long; that there was one stays."""
    quota_reserve_percent: int = Field(default=10, ge=0, le=100)
    """Of the month's paid messages: with less than this left, what is routine goes by mail."""
    export_rows_at_most: int = Field(default=2000, gt=0)
    exports_a_day: int = Field(default=20, gt=0)
    export_alarm_rows: int = Field(default=500, gt=0)
    """A64: rows in one file, files a day of one account, and the rows of a day from which somebody is to look."""
    help_mails_an_hour: int = Field(default=600, gt=0)
    help_mails_an_hour_network: int = Field(default=60, gt=0)
    help_mails_an_hour_each: int = Field(default=3, gt=0)
    """HELP-2: requests written on the web page, of everybody, from one network and of one mailbox.

    The whole city may stand behind one address, and sixty an hour are more than its desk answers.
    """
    help_page_days: int = Field(default=90, gt=0)
    """HELP-2: so long after it was solved the page behind its mails can be opened."""
    help_more_an_hour: int = Field(default=10, gt=0)
    """HELP-2: what is added to one request on its page behind a mail."""
    plans: dict[DutyKind, ReminderPlan] = DEFAULT_PLANS
    """DUTY-5."""

    @property
    def digest_until(self) -> time:
        """The latest a digest is said: what is written as the quiet hours begin sleeps until the morning."""
        return max((datetime.combine(date.max, self.quiet_from) - BEFORE_THE_NIGHT).time(), self.quiet_until)

    def digest_time(self, chosen: time | None = None) -> time:
        """Return when the digest of somebody who chose this time is said; None: at the time of the house."""
        return min(chosen or self.digest_at, self.digest_until)

    def plan(self, kind: DutyKind) -> ReminderPlan:
        """Return the reminder plan of a kind; a file that names some kinds leaves the others at their default."""
        return self.plans.get(kind, DEFAULT_PLANS[kind])


def load_policy(path: str) -> Policy:
    """Read the policy from a TOML file; an empty path gives the defaults. Raises ``SetupError`` naming the entry."""
    if not path:
        return Policy()
    try:
        return Policy.model_validate(tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise SetupError(f"FRONTDOOR_POLICY: no file at {path}") from error
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"FRONTDOOR_POLICY: {path} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SetupError(f"FRONTDOOR_POLICY: {place}: {first['msg']}") from error
