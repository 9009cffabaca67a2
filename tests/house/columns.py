"""Every column that may hold content and is not sealed, under a head that says why nobody is known by what it holds.

Left out are sealed columns, numbers of our own rows and of those they point to, flags, and enums: their type says what
they hold. Whoever adds another column decides whether it is personal: seal it, or list it here.
"""

from __future__ import annotations

KEYED = """
accounts: name_key national_id_key email_key listed_email_key
api_code_asks: account_key
api_keys: key_hash
api_unsent_wrong: account_key
api_writes: marker request
bindings: person
cases: child_name_key national_id_key
check_submissions: national_id_key text_key
checks: child_name_key
conversations: person
dispatches: listed_responsible_key
family_members: name_key national_id_key
help_entries: message_key
help_requests: person email_key network_key
help_words: word
inbox_events: person
known_askers: asker_key
link_nonces: nonce_key person
link_tokens: token_key person
menu_links: person
notices: person mailbox alike
otp_challenges: asker known_as
otp_tallies: key
registration_codes: email_key asker
registrations: email_key national_id_key
unknown_sign_ins: code_key
web_sessions: token_key
"""
"""Keyed hashes: whoever knows the text finds the row, nobody reads the text from it."""

CODES = """
account_requests: decided_by
accounts: code
audit_rows: actor
calendar_amendment_versions: decided_by
calendar_amendments: decided_by
check_drafts: writer
check_returns: reviewer
check_submissions: writer
registration_codes: city_account
registrations: code decided_by
"""
"""Six signs for an account, given by the city: the audit answers with them, and says no name."""

NUMBERED = """
audit_rows: subject
cases: number
checks: number
families: named_after
help_entries: notice_key
inbox_events: webhook_event_id
mailbox_mails: message_id
menu_links: menu_id
notices: dedupe_key request_id retry_key
otp_challenges: id resent_as
registration_codes: id
api_code_asks: id
rich_menus: menu_id
units: code path
"""
"""Numbers and names of rows, of the main system's, LINE's or our own: they say which, not who."""

OFFICIAL = """
accounts: title
api_keys: name scopes
calendar_amendment_versions: day reason was_reason
calendar_amendments: day reason
canned_answers: title text
cases: reported_by area
checks: chain shop area
exports: what
units: name
"""
"""What an office, a shop, a district or a system is called, and what the office says to everybody. ``reported_by`` is
the unit that reported (通報單位), ``exports.what`` the list's name without what was looked for."""

WORDS = """
account_requests: about
api_writes: lease
audit_head: chained
audit_rows: act fields chained
conversations: dialog step lease
digest_items: stage
doorways: name reason
help_files: reason media_type
inbox_events: kind reason
notice_duties: why
notices: reason lease
untold_stages: stage
urgent_items: stage why
accounts: password_hash listed_permissions
"""
"""Words of the program's own, seals of the chain, leases, and what a password is checked by."""

DAYS = """
accounts: starts_on ends_on listed_ends_on certificate_ends_on digest_at
cases: received_on
closures: closing_on
departures: left_on
digest_cards: on_day
digest_items: on_day
dispatches: dispatched_on
opened_services: opened_on last_dispatched_on known_from graduates_on closed_on
record_audit_rows: first last
record_audits: day
record_window_courses: next_on
record_windows: starts_on first last
semester_looks: day
work_records: served_on
"""
"""Days of the work, asked for by the database: whose case it was stands sealed beside them."""

MOMENTS = """
account_requests: filed_at decided_at stop_until stopped_at
accounts: disabled_at locked_until
api_code_asks: asked_at expires_at
api_keys: created_at last_used_at revoked_at full_until
api_unsent_wrong: wait_until closed_at tried_at
api_writes: begun_at
assessments: saved_at submitted_at
audit_rows: at
bindings: bound_at blocked_at ended_at
calendar_amendment_versions: decided_at
calendar_amendments: decided_at
check_drafts: saved_at
check_returns: returned_at
check_submissions: sent_at
checks: assigned_at happened_at returned_at
closure_drafts: saved_at
closure_steps: at
closures: sent_at
conversations: waiting_since minute_since lease_until dialog_until blocked_at
departures: noted_at
dispatches: returned_at
doorways: free_at slowed_at shut_at spent_at try_at
duties: counted_from arose_at due_at remind_at reminded_at look_at ended_at
exports: at
hand_overs: at
help_drafts: saved_at
help_entries: at read_at tell_after erased_at
help_files: not_before kept_at
help_looks: at
help_on_duty: since
help_requests: reply_token_at talks_until asked_at state_at answer_due_at solve_due_at warn_at first_answer_at solved_at
inbox_events: happened_at received_at done_at told_at
known_askers: last_seen_at locked_until
link_nonces: expires_at used_at
link_tokens: expires_at
mailbox_mails: sent_at
menu_links: linked_at busy_until checked_at
notices: reply_token_at created_at not_before lease_until first_tried_at settled_at seen_at released_at
otp_challenges: sent_at expires_at used_at voided_at
otp_tallies: since wait_until closed_at tried_at
otp_wrong_codes: wait_until closed_at
quota_readings: hour read_at
registration_codes: sent_at expires_at tried_at proved_at voided_at
registrations: filed_at decided_at
replies: saved_at submitted_at decided_at
said_cards: said_at
unknown_sign_ins: locked_until tried_at
untold_stages: at noted_at
uploads: at settled_at
urgent_items: at say_at
web_sessions: started_at last_used_at ended_at
work_record_drafts: saved_at
work_records: written_at corrected_at
"""
"""When something was done, seen or is due."""

COUNTS = """
accounts: wrong_passwords
api_code_asks: tries
api_unsent_wrong: in_a_row
api_writes: status
assessments: score
audit_head: last_row
check_tallies: change
conversations: in_minute misunderstood
dispatch_tallies: change
doorways: rate
duties: subject_id
exports: rows
help_files: size tries
help_requests: newest_entry solve_left answered_in solved_in rating
inbox_events: tries
known_askers: wrong
notices: rank tries failures
otp_challenges: tries
otp_tallies: wrong
otp_wrong_codes: in_a_row
quota_readings: allowed used planned told
record_audits: missing
record_windows: place
registration_codes: tries
service_tallies: change
unknown_sign_ins: wrong
uploads: added changed same
"""
"""How often, how many, how long, and which row of several tables."""

EMPTIED = """
checks: born_on
family_members: born_on
"""
"""Personal, and written by versions before 0034 only; it is sealed within minutes (``core/sealing.py``)."""

OF_PEOPLE = {
    "name",
    "child_name",
    "national_id",
    "birth_date",
    "email",
    "address",
    "phone",
    "line_user",
    "form",
    "body",
}
"""What columns about people are called: those of ours that are not sealed are names of units and systems."""

HEADS = (KEYED, CODES, NUMBERED, OFFICIAL, WORDS, DAYS, MOMENTS, COUNTS, EMPTIED)


def listed(head: str) -> list[str]:
    """Return a head's columns, each as ``table.column``."""
    lines = (line.partition(":") for line in head.split("\n") if line)
    return [f"{table}.{column}" for table, _, columns in lines for column in columns.split()]
