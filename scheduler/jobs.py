"""The table of jobs: what happens because time passes.

A job takes the moment, works in small batches, and says how much it did. Done twice, late, or on two machines it does
the same thing once: what is true stands in the database, not here. Whoever wires the process may add jobs of their own
behind these (sending, handling stored events): the scheduler does not know them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.context import Core
from scheduler.audits import audit_records, follow_graduates, look_before_semester, open_windows
from scheduler.bindings import end_bindings, mail_what_did_not_arrive
from scheduler.helpdesk import forget_files, ring_alarms
from scheduler.purging import forget_old
from scheduler.reminders import collect_reminders, say_digests, tell_unseen
from scheduler.sealing import seal_readable
from scheduler.uploads import forget_uploads


@dataclass(frozen=True)
class Job:
    """One entry of the table; ``function`` returns how much it did, 0 when nothing was left."""

    name: str
    cadence: timedelta
    function: Callable[[Core, datetime], int]
    sentence: str
    """What it does, for operators."""


JOBS = (
    Job(
        "open_windows",
        timedelta(minutes=10),
        open_windows,
        "Opens the duty of each span of an opened case that needs a work record, on its first day.",
    ),
    Job(
        "audit_records",
        timedelta(minutes=10),
        audit_records,
        "Audits every unit's work records on the 1st of a month, and tells what is missing in the next digest.",
    ),
    Job(
        "follow_graduates",
        timedelta(hours=1),
        follow_graduates,
        "Opens what cases of graduates owe from 1 July on: followed to the 31st, then closed.",
    ),
    Job(
        "look_before_semester",
        timedelta(hours=1),
        look_before_semester,
        "Asks every unit to look its open cases over before a semester, with what is to be put right.",
    ),
    Job(
        "collect_reminders",
        timedelta(seconds=30),
        collect_reminders,
        "Tells duties whose reminder has come: urgent ones at once in one notice a person, routine ones in the digest.",
    ),
    Job(
        "tell_unseen",
        timedelta(minutes=10),
        tell_unseen,
        "Tells supervisors, in their digest, what is due today and whose notices nobody has seen.",
    ),
    Job(
        "say_digests",
        timedelta(minutes=1),
        say_digests,
        "Says each person's daily digest on working days, once their time has come.",
    ),
    Job(
        "ring_alarms",
        timedelta(minutes=1),
        ring_alarms,
        "Tells the helpdesk of requests whose waiting time runs out, and its lead of those that are late.",
    ),
    Job(
        "forget_files",
        timedelta(hours=1),
        forget_files,
        "Deletes the pictures and files of requests that are kept no longer.",
    ),
    Job(
        "forget_uploads",
        timedelta(minutes=5),
        forget_uploads,
        "Deletes the lists that were sent to the desk an hour ago, whatever became of them.",
    ),
    Job(
        "end_bindings",
        timedelta(minutes=10),
        end_bindings,
        "Unbinds the phones of accounts that are disabled or over.",
    ),
    Job(
        "mail_what_did_not_arrive",
        timedelta(minutes=1),
        mail_what_did_not_arrive,
        "Sends by e-mail what LINE took for people who had blocked us: it delivers nothing to them.",
    ),
    Job(
        "forget_old",
        timedelta(hours=1),
        forget_old,
        "Deletes at night what is kept only so long: handled events, codes, link tokens, sessions; never the audit.",
    ),
    Job(
        "seal_readable",
        timedelta(minutes=10),
        seal_readable,
        "Seals days of birth that an older version, before an upgrade or beside this one, wrote readable.",
    ),
)
