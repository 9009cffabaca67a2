"""What changes between writing and sending: what is no longer its person's, or of its day, is not sent (A26)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from core.access import system
from core.accounts.models import Account, Grant, Permission, Role, UnitKind
from core.amendments import CalendarAmendment
from core.audit import Door
from core.clock import FixedClock
from core.closures.notices import look_card
from core.context import Core
from core.dates import parse_moment
from core.duties.models import DigestCard, Duty
from core.duties.reminders import tell_in_digest, tell_those_over
from core.duties.riding import say_with_digest
from core.duties.service import NewDuty, open_duty
from core.duties.told import Why
from core.notices.channel import Outcome
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import ToAccount, ToAddress, release
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import Bound, a_bound_account, a_check, a_dispatch, a_unit, an_account
from tests.duties import owe
from tests.scheduler.mornings import at, away, digests, owes, spoken_of
from tests.scheduler.post import Post, a_post

BOTH = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
LOOK = "開學前請檢視開案中的個案。"
MORNING, LATER, NEXT = "2026-03-05 08:30", "2026-03-05 08:35", "2026-03-06 08:30"
NOT_THEIRS = (NoticeState.DROPPED, "not_theirs")
SENT = (NoticeState.ACCEPTED, "accepted")


@pytest.fixture
def post(core_sqlite: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core_sqlite, clock) as office:
        yield office


@pytest.fixture
def ann(post: Post) -> Bound:
    """Somebody with a phone, who does cases and checks; it is Wednesday, after the digest."""
    return a_bound_account(post.core, permissions=BOTH)


def _digest(post: Post, ann: Bound) -> None:
    owes(post, ann)


def _card(post: Post, ann: Bound) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unit_id = ctx.session.get_one(Account, ann.account.id).unit_id
        say_with_digest(ctx, ann.account.id, look_card("永平國民小學", 3, {}), unit_id)


def _reminder(post: Post, ann: Bound) -> None:
    post.clock.at += timedelta(hours=22)  # to eight in the morning
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unit = ctx.session.get_one(Account, ann.account.id).unit
    owe(post.core, a_check(post.core, unit, assigned_at=post.clock.at))


KINDS = {"digest": _digest, "card": _card, "reminder": _reminder}


def changes(post: Post, ann: Bound, **columns: object) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.execute(update(Account).where(Account.id == ann.account.id).values(**columns))


def _moves(post: Post, ann: Bound) -> None:
    changes(post, ann, unit_id=a_unit(post.core, "秀朗國民小學").id)


def _loses_permissions(post: Post, ann: Bound) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.execute(delete(Grant).where(Grant.account_id == ann.account.id))


def _to_the_helpdesk(post: Post, ann: Bound) -> None:
    changes(post, ann, role=Role.HELPDESK)


def _duty_to_another_unit(post: Post, ann: Bound) -> None:  # noqa: ARG001 (one of several changes)
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.execute(update(Duty).values(unit_id=a_unit(ctx, "秀朗國民小學").id))


def _is_given_more(post: Post, ann: Bound) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.add(Grant(account_id=ann.account.id, permission=Permission.ANALYSIS))


def _becomes_supervisor(post: Post, ann: Bound) -> None:
    changes(post, ann, role=Role.SUPERVISOR)


def _another_is_named(post: Post, ann: Bound) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        other = an_account(ctx, ctx.session.get_one(Account, ann.account.id).unit, permissions=BOTH)
        ctx.session.flush()
        ctx.session.execute(update(Duty).values(account_id=other.id))


LOST = {each.__name__: each for each in (_moves, _loses_permissions, _to_the_helpdesk, _duty_to_another_unit)}
KEPT = {each.__name__: each for each in (_is_given_more, _becomes_supervisor, _another_is_named)}
Change = Callable[[Post, Bound], None]


def notices(post: Post) -> list[Notice]:
    with post.core.store.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def waits(post: Post, ann: Bound, kind: str, outcome: Outcome = Outcome.UNREACHED) -> None:
    """Write something of a kind that is not sent at once, for LINE cannot be reached."""
    KINDS[kind](post, ann)
    post.line.next.append(outcome)
    at(post, MORNING)
    assert len(post.line.said) == 1
    post.line.said.clear()


@pytest.mark.parametrize(
    ("kind", "change"),
    [(kind, name) for kind in KINDS for name in LOST if (kind, name) != ("card", "_duty_to_another_unit")],
)
def test_a26_what_is_no_longer_its_persons_is_not_sent(post: Post, ann: Bound, kind: str, change: str) -> None:
    waits(post, ann, kind)
    LOST[change](post, ann)
    at(post, LATER, "2026-03-05 12:00")
    assert (post.line.said, post.mail.said) == ([], [])
    assert [(each.state, each.reason) for each in notices(post)] == [NOT_THEIRS]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", KEPT)
def test_a26_what_still_is_theirs_is_sent(post: Post, ann: Bound, kind: str, change: str) -> None:
    waits(post, ann, kind)
    KEPT[change](post, ann)
    at(post, LATER)
    assert [(each.state, each.reason) for each in notices(post)] == [SENT]


@pytest.mark.parametrize("kind", KINDS)
def test_a26_what_may_be_out_is_tried_no_more_either(post: Post, ann: Bound, kind: str) -> None:
    waits(post, ann, kind, Outcome.AMBIGUOUS)
    _moves(post, ann)
    at(post, LATER)
    assert (post.line.said, [(each.state, each.reason) for each in notices(post)]) == ([], [NOT_THEIRS])


def test_a26_what_still_concerns_them_stands_in_the_next_digest(post: Post, ann: Bound) -> None:
    mine, lost = owes(post, ann), owes(post, ann)
    post.line.next.append(Outcome.UNREACHED)
    at(post, MORNING)
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.get_one(Duty, lost.id).unit_id = a_unit(ctx, "秀朗國民小學").id
    at(post, LATER, NEXT)
    old, new = digests(post)
    assert [(each.state, each.reason) for each in (old, new)] == [NOT_THEIRS, SENT]
    assert (spoken_of(post, old), spoken_of(post, new)) == ({mine.id, lost.id}, {mine.id})


def test_a26_a_card_that_still_concerns_them_goes_with_the_next_digest(post: Post, ann: Bound) -> None:
    _card(post, ann)
    other = a_unit(post.core, "秀朗國民小學")
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        say_with_digest(ctx, ann.account.id, look_card("秀朗國民小學", 3, {}), other.id)
    at(post, MORNING)
    first, unsaid = sorted(notices(post), key=lambda each: each.state)
    assert [(each.state, each.reason) for each in (first, unsaid)] == [SENT, NOT_THEIRS]
    assert "秀朗" not in post.core.vault.open(first.said)
    assert "秀朗" in post.core.vault.open(unsaid.said)


def test_a26_who_stood_over_units_is_told_of_them_no_more(post: Post) -> None:
    bureau = a_unit(post.core, "教育局", kind=UnitKind.BUREAU)
    school = a_unit(post.core, parent=bureau)
    boss = a_bound_account(post.core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    duty = owe(post.core, a_dispatch(post.core, school))
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        tell_those_over(ctx, [duty], Why.UNSEEN)
    post.line.next.append(Outcome.UNREACHED)
    at(post, MORNING)
    changes(post, boss, role=Role.CASEWORKER)
    at(post, LATER)
    assert [(each.state, each.reason) for each in digests(post)] == [NOT_THEIRS]


@pytest.mark.parametrize("first", ["digest", "decision"])
def test_a26_of_several_in_a_request_that_may_be_out_a_person_decides_about_the_others(
    post: Post, ann: Bound, first: str
) -> None:
    """Whichever of them carries the request: its bytes show what is no longer theirs."""
    _digest(post, ann)
    post.clock.at = parse_moment(MORNING)
    collect_reminders(post.core, post.clock.now())
    say_digests(post.core, post.clock.now())
    urgency = Urgency.ALWAYS if first == "decision" else Urgency.ROUTINE
    post.say(ToAccount(ann.account.id), "decision", kind=NoticeKind.DECISION, urgency=urgency)
    post.line.next.append(Outcome.AMBIGUOUS)
    post.run()
    _moves(post, ann)
    at(post, LATER)
    assert [(each.kind, each.state, each.reason) for each in notices(post)] == [
        (NoticeKind.DIGEST, *NOT_THEIRS),
        (NoticeKind.DECISION, NoticeState.GIVEN_UP, "parted"),
    ]
    assert len(post.line.said) == 1


def test_a26_what_only_they_were_told_is_told_to_whose_it_is_now(post: Post, ann: Bound) -> None:
    waits(post, ann, "digest")
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unit = ctx.session.get_one(Account, ann.account.id).unit
    _moves(post, ann)
    bob = a_bound_account(post.core, unit, permissions=BOTH)
    at(post, LATER, NEXT)
    assert [(each.account_id, each.state) for each in digests(post)] == [
        (ann.account.id, NoticeState.DROPPED),
        (bob.account.id, NoticeState.ACCEPTED),
    ]


def test_a26_what_a_colleague_was_told_too_is_not_told_again(post: Post, ann: Bound) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unit = ctx.session.get_one(Account, ann.account.id).unit
    a_bound_account(post.core, unit, permissions=BOTH)
    _digest(post, ann)
    post.line.next.append(Outcome.UNREACHED)
    at(post, MORNING)
    _moves(post, ann)
    at(post, LATER, NEXT)
    assert sorted(each.state for each in digests(post)) == [NoticeState.ACCEPTED, NoticeState.DROPPED]


@pytest.mark.parametrize("change", [_moves, lambda post, ann: changes(post, ann, disabled_at=post.clock.now())])
def test_a26_what_waits_for_the_digest_is_told_to_whose_it_is_when_it_is_said(
    post: Post, ann: Bound, change: Change
) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unit = ctx.session.get_one(Account, ann.account.id).unit
    _digest(post, ann)
    at(post, "2026-03-05 08:29")
    change(post, ann)
    bob = a_bound_account(post.core, unit, permissions=BOTH)
    at(post, MORNING, LATER)
    assert [each.account_id for each in digests(post)] == [bob.account.id]


def test_a_duty_that_moved_is_told_anew_and_not_as_it_was(post: Post, ann: Bound) -> None:
    waits(post, ann, "reminder")
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        duty = ctx.session.scalars(select(Duty)).one()
        post.clock.at += timedelta(minutes=1)
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        later = duty.due_at + timedelta(hours=1)
        open_duty(
            ctx, NewDuty(duty.kind, duty.subject_kind, duty.subject_id, duty.unit_id, None, duty.counted_from, later)
        )
    at(post, LATER)
    old, new = notices(post)
    assert [(each.state, each.reason) for each in (old, new)] == [(NoticeState.DROPPED, "duties_moved"), SENT]


@pytest.mark.parametrize("kind", ["digest", "card"])
@pytest.mark.parametrize("is_off", [True, False])
def test_duty_5_what_is_routine_is_not_said_on_a_day_that_was_made_a_day_off(
    post: Post, ann: Bound, kind: str, *, is_off: bool
) -> None:
    waits(post, ann, kind)
    _amend(post, is_working=not is_off)
    at(post, LATER, "2026-03-05 12:00")
    assert len(post.line.said) == (not is_off)
    at(post, "2026-03-06 07:30", NEXT)
    states = [(each.state, each.reason) for each in notices(post)]
    assert states == ([(NoticeState.DROPPED, "day_off"), SENT] if is_off else [SENT])
    assert len(post.line.said) == 1


def test_duty_5_a_reminder_goes_on_a_day_off(post: Post, ann: Bound) -> None:
    waits(post, ann, "reminder")
    _amend(post, is_working=False)
    at(post, LATER)
    assert [(each.state, each.reason) for each in notices(post)] == [SENT]


def test_a_digest_that_somebody_released_goes_on_a_day_off_as_well(post: Post, ann: Bound) -> None:
    waits(post, ann, "digest")
    _amend(post, is_working=False)
    with post.core.transaction(system("test"), Door.DESK) as ctx:
        ctx.session.execute(update(Notice).values(state=NoticeState.HELD))
        assert release(ctx, [each.id for each in digests(post)]) == 1
    at(post, LATER)
    assert len(post.line.said) == 1


def _amend(post: Post, *, is_working: bool) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        day = {"day": ctx.today, "reason": "颱風", "decided_by": "AA0001", "decided_at": ctx.now}
        ctx.session.add(CalendarAmendment(**day, is_working=is_working))


@pytest.mark.parametrize(
    ("why", "sentence"), [(Why.AUDIT, "本月 1 日稽核查到的工作紀錄缺漏"), (Why.UNSEEN, "承辦人可能還沒看到提醒")]
)
def test_what_is_told_again_is_told_for_its_reason(post: Post, why: Why, sentence: str) -> None:
    bureau = a_unit(post.core, "教育局", kind=UnitKind.BUREAU)
    school = a_unit(post.core, parent=bureau)
    a_bound_account(post.core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    duty = owe(post.core, a_dispatch(post.core, school))
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        (tell_in_digest if why is Why.AUDIT else tell_those_over)(ctx, [duty], why)
    away(post, "2026-03-05")
    at(post, "2026-03-06 07:30", NEXT)
    old, new = digests(post)
    assert (old.reason, new.state) == ("newer_digest", NoticeState.ACCEPTED)
    assert all(sentence in post.core.vault.open(each.said) for each in (old, new))


def test_duty_5_yesterdays_cards_ride_with_the_digest_of_the_day(post: Post, ann: Bound) -> None:
    _digest(post, ann)
    _card(post, ann)
    away(post, "2026-03-05")
    at(post, "2026-03-06 07:30", "2026-03-06 08:29")
    assert post.line.said == []
    at(post, NEXT)
    assert [LOOK.encode("unicode_escape") in each.body for each in post.line.said] == [True]
    assert [each.via for each in digests(post)] == [Via.PUSH, Via.PUSH]
    assert not _waiting_cards(post)


def test_duty_5_yesterdays_cards_alone_wait_for_the_persons_hour_of_a_working_day(post: Post, ann: Bound) -> None:
    _card(post, ann)
    away(post, "2026-03-06")
    at(post, "2026-03-07 08:30", "2026-03-09 07:30", "2026-03-09 08:29")
    assert (post.line.said, len(_waiting_cards(post))) == ([], 1)
    at(post, "2026-03-09 08:30")
    assert len(post.line.said) == 1


def _waiting_cards(post: Post) -> list[DigestCard]:
    with post.core.store.reading() as session:
        return list(session.scalars(select(DigestCard)))


MAILED = {
    "unbound": "目前沒有綁定 LINE",
    "blocked": "封鎖了我們的官方帳號",
    "refused": "LINE 沒有收下",
    "quota": "額度已經用完",
}


@pytest.mark.parametrize("why", MAILED)
def test_a_mail_says_why_it_is_one(post: Post, why: str) -> None:
    if why == "unbound":
        account = an_account(post.core)
    else:
        account = a_bound_account(post.core, blocked_at=post.clock.now() if why == "blocked" else None).account
    post.line.next.extend([Outcome(why)] if why in ("refused", "quota") else [])
    post.say(ToAccount(account.id))
    post.run()
    (foot,) = post.mail.feet
    assert MAILED[why] in foot
    assert post.notice().why_mail == why


def test_a_mail_to_a_mailbox_that_was_meant_says_nothing_of_line(post: Post) -> None:
    account = an_account(post.core)
    post.say(ToAddress(account.id, account.email))
    post.run()
    assert (post.mail.feet, post.notice().why_mail) == ([""], None)


def test_a_mail_goes_to_the_address_that_is_registered_when_it_is_sent(post: Post) -> None:
    account = an_account(post.core, email="old@example.gov.tw")
    post.say(ToAccount(account.id), "follows")
    post.say(ToAddress(account.id, account.email), "stays")
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.get_one(Account, account.id).email = ctx.vault.seal("new@example.gov.tw")
    post.run()
    assert sorted(each.to for each in post.mail.said) == ["new@example.gov.tw", "old@example.gov.tw"]


OF_THE_ACCOUNT = {NoticeKind.ACCOUNT, NoticeKind.BINDING, NoticeKind.CODE, NoticeKind.HELP}
"""Kinds that go to a mailbox although its account is over: what was decided about it, and what it asked."""


@pytest.mark.parametrize("is_over", [True, False])
@pytest.mark.parametrize("kind", NoticeKind)
def test_a26_no_mail_of_the_work_goes_to_an_account_that_ended_meanwhile(
    post: Post, kind: NoticeKind, *, is_over: bool
) -> None:
    account = an_account(post.core)
    post.say(ToAccount(account.id), kind=kind, urgency=Urgency.ALWAYS)
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.get_one(Account, account.id).disabled_at = ctx.now if is_over else None
    post.run()
    is_sent = not is_over or kind in OF_THE_ACCOUNT
    assert len(post.mail.said) == is_sent
    assert (post.notice().state, post.notice().reason) == (SENT if is_sent else (NoticeState.DROPPED, "account_ended"))


def test_a26_in_either_database_what_is_not_sent_is_told_where_it_belongs(core: Core, clock: FixedClock) -> None:
    """Ann is moved: Bob, who came after her, is told what only she was; her card about the school goes nowhere."""
    with a_post(core, clock) as post:
        ann = a_bound_account(core, permissions=BOTH)
        _digest(post, ann)
        _card(post, ann)
        post.line.next.append(Outcome.UNREACHED)
        at(post, MORNING)
        with core.transaction(system("test"), Door.JOB) as ctx:
            unit = ctx.session.get_one(Account, ann.account.id).unit
        _moves(post, ann)
        bob = a_bound_account(core, unit, permissions=BOTH)
        at(post, LATER, NEXT)
        stands = [(each.account_id, each.kind, each.state, each.reason) for each in notices(post)]
        assert stands == [
            (ann.account.id, NoticeKind.DIGEST, *NOT_THEIRS),
            (ann.account.id, NoticeKind.REMINDER, *NOT_THEIRS),
            (bob.account.id, NoticeKind.DIGEST, *SENT),
        ]
        assert not _waiting_cards(post)
