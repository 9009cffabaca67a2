"""Writing work records, and the duties of their windows (REC-1, REC-4, REC-5, REC-8), on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import UnitKind
from core.audit import Door
from core.clock import TAIPEI, FixedClock, end_of_day, start_of_day, taipei_date
from core.closures.notices import closing_answer
from core.closures.queries import can_close
from core.context import Core
from core.dispatches.assessment import AssessmentForm
from core.dispatches.facts import DispatchFacts
from core.dispatches.history import history
from core.dispatches.kinds import Contact, Decision, VisitWay
from core.dispatches.models import Dispatch, DispatchState, Opened, Opening
from core.dispatches.reply_form import ReplyForm
from core.dispatches.replying import save_assessment, save_reply, submit_assessment, submit_reply
from core.dispatches.reviewing import approve_reply
from core.dispatches.service import put_dispatch
from core.duties.explain import explain
from core.duties.models import Duty, Ending, SubjectKind
from core.duties.plans import DutyKind
from core.duties.queries import owed
from core.errors import Conflict, NotAllowed, NotFound, RulesBroken
from core.policy import Policy
from core.records.entries import record_entries
from core.records.following import follow_windows, open_windows
from core.records.form import RecordForm
from core.records.kinds import EducationLight, EntryKind, ProblemType, Schooling, WindowPolicy
from core.records.queries import contacts_of, record_draft, record_of, records_of, windows_of_service
from core.records.reported import keep_problems
from core.records.rules import Window
from core.records.service import add_record, correct_record, save_record_draft
from tests.builders import a_case, a_unit, an_account
from tests.databases import Beginnings
from tests.services import BEGUN, ENDING, Serving, a_service, a_serving_school, a_supervisor, acting, record

DISPATCHED = date(2018, 12, 19)
SERVED = [
    date(2018, 12, 21),
    date(2019, 1, 18),
    date(2019, 2, 25),
    date(2019, 3, 22),
    date(2019, 4, 26),
    date(2019, 5, 30),
    date(2019, 6, 5),
    date(2019, 7, 24),
]
ONE_DAY = timedelta(days=1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=TAIPEI)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(noon(date(2019, 7, 25)))


def spans(windows: Iterable[Window]) -> list[tuple[date, date]]:
    return [(each.first, each.last) for each in windows]


def open_spans(core: Core) -> list[tuple[date, date]]:
    """Return the spans of the open duties, as the duties have them."""
    found = select(Duty).where(Duty.kind == DutyKind.RECORD_WINDOW, Duty.ended_at.is_(None)).order_by(Duty.due_at)
    with core.store.reading() as session:
        return [(taipei_date(each.counted_from), taipei_date(each.due_at)) for each in session.scalars(found)]


def endings(core: Core) -> list[Ending | None]:
    with core.store.reading() as session:
        ended = select(Duty.ending).where(Duty.ended_at.is_not(None)).order_by(Duty.due_at, Duty.id)
        return list(session.scalars(ended))


@pytest.fixture
def serving(core: Core, beginnings: Beginnings) -> Serving:
    return replace(beginnings.of(core, begun), core=core)


def begun(core: Core) -> Serving:
    return a_serving_school(core, DISPATCHED)


@pytest.mark.usefixtures("serving")
def test_a_service_owes_every_window_that_has_begun(core: Core) -> None:
    assert open_spans(core)[0] == (date(2018, 12, 19), date(2019, 1, 17))
    assert open_spans(core)[-1] == (date(2019, 7, 17), date(2019, 8, 15))
    assert len(open_spans(core)) == 8


def test_the_book_s_example_lacks_exactly_window_six(core: Core, serving: Serving) -> None:
    serving.records(SERVED)
    assert open_spans(core) == [(date(2019, 6, 17), date(2019, 7, 16))]
    with serving.acting() as ctx:
        found = windows_of_service(ctx, serving.service.id)
    assert [window.index for window in found.missing] == [6]
    assert [state.window.index for state in found.states if state.has_record] == [0, 1, 2, 3, 4, 5, 7]


@pytest.mark.parametrize(
    ("served_on", "is_filled"),
    [
        (date(2019, 6, 16), False),
        (date(2019, 6, 17), True),
        (date(2019, 7, 16), True),
        (date(2019, 7, 17), False),
    ],
)
def test_a_gap_is_filled_by_the_service_date(core: Core, serving: Serving, served_on: date, is_filled: bool) -> None:
    serving.records(SERVED)
    serving.records([served_on])
    assert (open_spans(core) == []) is is_filled


def test_a_record_meets_its_window_and_a_correction_owes_it_again(core: Core, serving: Serving) -> None:
    with serving.acting() as ctx:
        written = add_record(ctx, serving.service.id, record(date(2019, 7, 24)))
    assert [window.index for window in written.owed] == [0, 1, 2, 3, 4, 5, 6]
    assert endings(core) == [Ending.MET]
    with serving.acting() as ctx:
        written = correct_record(ctx, written.record_id, record(date(2019, 7, 16)))
    assert [window.index for window in written.owed] == [0, 1, 2, 3, 4, 5, 7]
    assert endings(core) == [Ending.MET, Ending.MET]
    assert (date(2019, 7, 17), date(2019, 8, 15)) in open_spans(core)


@pytest.mark.parametrize(("today", "count"), [(date(2019, 8, 15), 8), (date(2019, 8, 16), 9)])
@pytest.mark.usefixtures("serving")
def test_the_next_window_opens_on_its_first_day(core: Core, clock: FixedClock, today: date, count: int) -> None:
    clock.at = start_of_day(today)
    with core.transaction(system("job"), Door.JOB) as ctx:
        assert open_windows(ctx, 10) == count - 8
        assert open_windows(ctx, 10) == 0
    assert len(open_spans(core)) == count


@pytest.mark.usefixtures("serving")
def test_after_an_outage_all_windows_are_there(core: Core, clock: FixedClock) -> None:
    clock.at = noon(date(2019, 11, 20))
    with core.transaction(system("job"), Door.JOB) as ctx:
        assert open_windows(ctx, 10) == 1
    assert len(open_spans(core)) == 12


def test_a_new_dispatch_moves_the_windows(core: Core, serving: Serving) -> None:
    serving.records(SERVED)
    with core.transaction(system("import"), Door.COMMAND) as ctx:
        service = ctx.session.get_one(Opened, serving.service.id)
        service.last_dispatched_on = date(2019, 7, 20)
        owed_now = follow_windows(ctx, service)
    assert spans(owed_now) == []
    assert open_spans(core) == []
    assert endings(core).count(Ending.VOID) == 1
    with core.transaction(system("import"), Door.COMMAND) as ctx:
        service = ctx.session.get_one(Opened, serving.service.id)
        service.last_dispatched_on = date(2019, 7, 25)
        owed_now = follow_windows(ctx, service)
    assert spans(owed_now) == [(date(2019, 7, 25), date(2019, 8, 23))]


def test_closing_makes_what_is_owed_void_and_no_window_opens_any_more(
    core: Core, serving: Serving, clock: FixedClock
) -> None:
    with core.transaction(system("import"), Door.COMMAND) as ctx:
        service = ctx.session.get_one(Opened, serving.service.id)
        service.closed_on = date(2019, 7, 25)
        assert follow_windows(ctx, service) == ()
    assert endings(core) == [Ending.VOID] * 8
    clock.at = noon(date(2019, 10, 1))
    with core.transaction(system("job"), Door.JOB) as ctx:
        assert open_windows(ctx, 10) == 0
    with serving.acting() as ctx, pytest.raises(Conflict, match="108/07/25"):
        add_record(ctx, serving.service.id, record(date(2019, 7, 24)))


def test_calendar_months_are_the_other_policy(core: Core, serving: Serving) -> None:
    months = replace(core, policy=Policy(record_windows=WindowPolicy.CALENDAR_MONTH))
    with months.transaction(system("job"), Door.JOB) as ctx:
        follow_windows(ctx, ctx.session.get_one(Opened, serving.service.id))
    assert open_spans(core)[:2] == [(date(2018, 12, 19), date(2018, 12, 31)), (date(2019, 1, 1), date(2019, 1, 31))]
    assert endings(core) == [Ending.VOID] * 8


def test_everything_wrong_is_said_at_once_and_the_draft_stands(serving: Serving) -> None:
    half = RecordForm(served_on=date(2018, 12, 18), served="案主", note="字" * 1001)
    with serving.acting() as ctx:
        save_record_draft(ctx, serving.service.id, half)
    with serving.acting() as ctx, pytest.raises(RulesBroken) as refused:
        add_record(ctx, serving.service.id, half)
    fields = [broken.field for broken in refused.value.broken]
    assert fields == ["服務日期", "服務方式", "主要服務對象", "服務內容", "就學情形", "工作說明"]
    with serving.acting() as ctx:
        assert record_draft(ctx, serving.service.id) == half
        add_record(ctx, serving.service.id, record(date(2018, 12, 19)))
        assert record_draft(ctx, serving.service.id) is None


@pytest.mark.parametrize(
    ("served_on", "rule_holds"),
    [(DISPATCHED, True), (DISPATCHED - ONE_DAY, False), (date(2019, 7, 25), True), (date(2019, 7, 26), False)],
)
def test_a_service_date_lies_between_dispatch_and_today(serving: Serving, served_on: date, rule_holds: bool) -> None:
    with serving.acting() as ctx:
        if rule_holds:
            add_record(ctx, serving.service.id, record(served_on))
        else:
            with pytest.raises(RulesBroken):
                add_record(ctx, serving.service.id, record(served_on))


def test_the_light_follows_the_latest_service_date(serving: Serving) -> None:
    serving.records([date(2019, 7, 1)], Schooling.STABLE)
    serving.records([date(2019, 6, 30)], Schooling.UNSTABLE)
    with serving.acting() as ctx:
        assert windows_of_service(ctx, serving.service.id).light is EducationLight.G
    serving.records([date(2019, 7, 1)], Schooling.BECOMING_STABLE)
    with serving.acting() as ctx:
        assert windows_of_service(ctx, serving.service.id).light is EducationLight.Y


def test_what_the_report_ticked_is_carried(core: Core, serving: Serving) -> None:
    with core.transaction(system("import"), Door.COMMAND) as ctx:
        problems = frozenset({ProblemType.NEGLECT, ProblemType.POVERTY})
        assert [keep_problems(ctx, serving.service.case_id, problems) for _ in range(2)] == [True, False]
    with serving.acting() as ctx:
        written = add_record(ctx, serving.service.id, record(date(2019, 7, 24)))
        assert record_of(ctx, written.record_id).problems == (ProblemType.POVERTY, ProblemType.NEGLECT)


def test_the_list_masks_names_and_counts_itself(serving: Serving) -> None:
    serving.records(SERVED)
    with serving.acting() as ctx:
        page = records_of(ctx, serving.service.id, 0, 3)
    assert (page.total, [row.served_on for row in page.rows]) == (8, sorted(SERVED, reverse=True)[:3])
    assert {(row.served, row.written_by) for row in page.rows} == {("王○明", "陳○君")}


def test_a_window_explains_itself(serving: Serving) -> None:
    serving.records(SERVED)
    with serving.acting() as ctx:
        row = owed(ctx, 0, 10).rows[0]
        found = explain(ctx, row.duty_id)
    assert (row.number, row.child, row.kind) == ("WK00017", "王○明", DutyKind.RECORD_WINDOW)
    assert (found.rule, found.event_at, found.due_at) == (
        "REC-1",
        start_of_day(DISPATCHED),
        end_of_day(date(2019, 7, 16)),
    )
    assert [(step.label, step.value) for step in found.steps] == [
        ("最後一次派案日（算第 1 天）", "107/12/19（三）"),
        ("每段期間", "每 30 天至少一筆"),
        ("更早的期間", "共 1 段"),
        ("第 2 段", "108/01/18 至 108/02/16"),
        ("第 3 段", "108/02/17 至 108/03/18"),
        ("第 4 段", "108/03/19 至 108/04/17"),
        ("第 5 段", "108/04/18 至 108/05/17"),
        ("第 6 段", "108/05/18 至 108/06/16"),
        ("第 7 段", "108/06/17 至 108/07/16"),
        ("這段期間的最後一天", "108/07/16（二）"),
        ("最後時刻", "當天 24:00"),
    ]


def test_another_school_sees_nothing_of_it(core: Core, serving: Serving) -> None:
    serving.records([date(2019, 7, 24)])
    stranger = an_account(core, a_unit(core, "海山國民小學"), starts_on=DISPATCHED)
    with acting(core, stranger) as ctx:
        for asked in (
            lambda: records_of(ctx, serving.service.id),
            lambda: record_of(ctx, 1),
            lambda: windows_of_service(ctx, serving.service.id),
            lambda: add_record(ctx, serving.service.id, record(date(2019, 7, 24))),
            lambda: correct_record(ctx, 1, record(date(2019, 7, 24))),
            lambda: save_record_draft(ctx, serving.service.id, RecordForm()),
        ):
            with pytest.raises(NotFound):
                asked()


def test_a_supervisor_reads_and_does_not_write(serving: Serving) -> None:
    serving.records([date(2019, 7, 24)])
    with serving.acting(serving.supervisor) as ctx:
        assert records_of(ctx, serving.service.id).total == 1
        with pytest.raises(NotAllowed):
            add_record(ctx, serving.service.id, record(date(2019, 7, 24)))


def test_a_history_shows_the_records_of_all_units(core: Core, serving: Serving) -> None:
    serving.records([date(2019, 7, 24), date(2019, 7, 1)])
    other = a_unit(core, "新店高級中學")
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        theirs = a_case(ctx, number="WK00018")
        ctx.session.flush()
        theirs.family_id = serving.service.family_id
        service = a_service(ctx, other, theirs, date(2019, 5, 1))
    writer = an_account(core, other, starts_on=DISPATCHED)
    with acting(core, writer) as ctx:
        add_record(ctx, service.id, record(date(2019, 7, 10)))
        found = list(record_entries(ctx, serving.service.family_id))
        shown = history(ctx, serving.service.family_id).entries.rows
    assert [(taipei_date(each.at).day, each.number, each.unit_name) for each in found] == [
        (1, "WK00017", "永平國民小學"),
        (10, "WK00018", "新店高級中學"),
        (24, "WK00017", "永平國民小學"),
    ]
    records = [entry for entry in shown if entry.kind is EntryKind.RECORD]
    assert [(entry.number, entry.by, entry.note) for entry in records] == [
        (number, "陳○君", "個案輔導") for number in ("WK00017", "WK00018", "WK00017")
    ]


def test_two_at_once_write_two_records_and_meet_the_window_once(core: Core, serving: Serving) -> None:
    start = Barrier(2)

    def work() -> None:
        start.wait()
        serving.records([date(2019, 7, 24)])

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with serving.acting() as ctx:
        assert records_of(ctx, serving.service.id).total == 2
    assert endings(core) == [Ending.MET]


@pytest.mark.usefixtures("serving")
def test_two_jobs_at_once_open_a_window_once(core: Core, clock: FixedClock) -> None:
    clock.at = noon(date(2019, 8, 16))
    start = Barrier(2)

    def work() -> None:
        start.wait()
        with core.transaction(system("job"), Door.JOB) as ctx:
            open_windows(ctx, 10)

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(open_spans(core)) == 9


def test_who_is_named_for_the_service_is_named_for_its_windows(core: Core, serving: Serving) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        service = ctx.session.get_one(Opened, serving.service.id)
        service.responsible_id = serving.caseworker.id
        follow_windows(ctx, service)
    with core.store.reading() as session:
        found = session.scalars(select(Duty).where(Duty.subject_kind == SubjectKind.WINDOW)).all()
    assert {duty.account_id for duty in found} == {serving.caseworker.id}
    assert {duty.unit_id for duty in found} == {serving.unit.id}


def test_an_import_opens_moves_and_ends_the_windows(core: Core) -> None:
    school = a_unit(core, "永平國民小學")
    clerk = system("import")

    def put(number: str, dispatched_on: date, state: DispatchState) -> None:
        facts = DispatchFacts(
            case_number=number,
            unit_code=school.code,
            dispatched_on=dispatched_on,
            received_on=dispatched_on,
            child_name="王小明",
            national_id="A199900018",
            state=state,
            opening=Opening.NEW if state is not DispatchState.WAITING else None,
            needs_assessment=False,
        )
        with core.transaction(clerk, Door.COMMAND) as ctx:
            put_dispatch(ctx, facts)

    put("WK00001", date(2019, 6, 1), DispatchState.ANSWERED)
    assert open_spans(core) == [(date(2019, 7, 1), date(2019, 7, 30))]
    put("WK00002", date(2019, 7, 20), DispatchState.WAITING)
    assert open_spans(core) == [(date(2019, 7, 20), date(2019, 8, 18))]
    put("WK00002", date(2019, 7, 20), DispatchState.CLOSED)
    assert open_spans(core) == []
    assert endings(core) == [Ending.VOID, Ending.MET, Ending.VOID]


@pytest.mark.parametrize(
    ("dispatched_on", "first_owed", "unknown"),
    [(date(2019, 6, 26), date(2019, 6, 26), 0), (date(2019, 6, 25), date(2019, 7, 25), 1)],
)
def test_of_a_case_that_came_in_open_only_windows_that_end_later_are_owed(
    core: Core, dispatched_on: date, first_owed: date, unknown: int
) -> None:
    """A window that ends on the day it came in is owed; one that ended the day before has its record elsewhere."""
    school = a_unit(core, "永平國民小學")
    caseworker = an_account(core, school, starts_on=BEGUN, ends_on=ENDING)
    facts = DispatchFacts("WK1", school.code, dispatched_on, dispatched_on, "王小明", DispatchState.ANSWERED,
                          needs_assessment=False, opening=Opening.NEW)  # fmt: skip
    with core.transaction(system("import"), Door.COMMAND) as ctx:
        put_dispatch(ctx, facts)
    assert open_spans(core)[0][0] == first_owed
    with acting(core, caseworker) as ctx:
        opened_id = ctx.session.scalars(select(Opened.id)).one()
        found = windows_of_service(ctx, opened_id)
        assert (len(found.unknown), found.missing) == (unknown, ())
        answer = closing_answer([can_close(ctx, opened_id)])
        assert ("到主系統確認" in str(answer)) is bool(unknown)
        assert ("匯入後的符合" in str(answer)) is bool(unknown)
        add_record(ctx, opened_id, record(dispatched_on))
        assert windows_of_service(ctx, opened_id).unknown == ()


def test_assessments_and_replies_are_no_work_records(core: Core) -> None:
    """A reply and an assessment of a day leave the window of that day owed (REC-2)."""
    bureau = a_unit(core, "教育局", kind=UnitKind.BUREAU)
    school = a_unit(core, "永平國民小學", parent=bureau)
    caseworker = an_account(core, school, starts_on=BEGUN, ends_on=ENDING)
    today = date(2019, 7, 25)
    facts = DispatchFacts("WK1", school.code, today, today, "王小明", DispatchState.WAITING, needs_assessment=True)
    reply = ReplyForm(
        contact=Contact.REACHED,
        contacted_on=today,
        visited_on=today,
        goal="穩定就學",
        decision=Decision.OPEN,
        opening=Opening.NEW,
        responsible="陳怡君",
        explanation="持續關懷。",
    )
    assessed = AssessmentForm(today, "陳怡君", "02-29603456", VisitWay.PHONE, no_risks=True)
    with core.transaction(system("import"), Door.COMMAND) as ctx:
        put_dispatch(ctx, facts)
        dispatch_id = ctx.session.scalars(select(Dispatch.id)).one()
    with acting(core, caseworker) as ctx:
        save_assessment(ctx, dispatch_id, assessed)
        submit_assessment(ctx, dispatch_id)
        save_reply(ctx, dispatch_id, reply)
        submit_reply(ctx, dispatch_id)
    with acting(core, a_supervisor(core, bureau)) as ctx:
        approve_reply(ctx, dispatch_id)
        service = ctx.session.scalars(select(Opened)).one()
        assert contacts_of(ctx.session, service) == ()
    assert open_spans(core) == [(today, date(2019, 8, 23))]
