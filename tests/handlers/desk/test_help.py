"""客服 at the desk: lists as long as their numbers, answers that never pass each other, whatever is typed harmless.

Every test works without scripts, by forms alone.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk import answering, queries
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpDraft, HelpEntry, HelpKind, HelpState, Side
from core.helpdesk.rules import TEXT_AT_MOST
from core.helpdesk.service import Asker, ask, take_back
from core.notices.models import Notice, NoticeKind, NoticeState
from handlers.desk import help as lists
from tests.handlers.desk.agents import Agent, Sits, actor, entries, row, user_writes
from tests.handlers.desk.conftest import SETTINGS, Place, asked_for_help, session_of
from tests.handlers.pages.conftest import Browser


def test_every_number_is_as_long_as_its_list(core_sqlite: Core, place: Place, ann: Agent) -> None:
    mine, solved = asked_for_help(core_sqlite, place.asker), asked_for_help(core_sqlite, place.asker)
    for _ in range(20):
        asked_for_help(core_sqlite, place.asker, "另一件")
    ann.opens(f"/desk/help/{mine}")
    assert (ann.posts(f"{mine}/take"), ann.posts(f"{solved}/solve")) == (303, 303)
    ann.opens("/desk/help")
    numbers = re.findall(r'href="(/desk/help\?list=\w+)"[^>]*>[^<]*<span class="count">(\d+)', ann.text)
    assert [int(count) for _, count in numbers] == [1, 21, 0, 0, 22, 1, 23]
    assert [listed(ann, address) for address, _ in numbers] == [1, 21, 0, 0, 22, 1, 23]


@pytest.mark.parametrize(("bound", "counted", "everything"), [(2, "2", "5"), (1, "1+", "4+")])
def test_solved_ones_alone_are_counted_up_to_a_bound_and_all_listed(
    core_sqlite: Core,
    place: Place,
    ann: Agent,
    monkeypatch: pytest.MonkeyPatch,
    *,
    bound: int,
    counted: str,
    everything: str,
) -> None:
    for module in (queries, lists):
        monkeypatch.setattr(module, "SOLVED_COUNTED", bound)
    for number in (place.help, asked_for_help(core_sqlite, place.asker)):
        ann.opens(f"/desk/help/{number}")
        assert ann.posts(f"{number}/solve") == 303
    assert listed(ann, "/desk/help?list=solved") == 2
    assert f'已解決 <span class="count">{counted}</span>' in ann.text
    assert ("共 1+ 件" in ann.words) is (counted == "1+")
    for _ in range(3):
        asked_for_help(core_sqlite, place.asker)
    assert listed(ann, "/desk/help?list=unsolved") == 3
    assert '未解決 <span class="count">3</span>' in ann.text
    assert listed(ann, "/desk/help?list=all") == 5
    assert f'全部 <span class="count">{everything}</span>' in ann.text
    ann.opens("/desk/help?list=all")
    assert f"全部：共 {everything} 件" in ann.words


@pytest.mark.parametrize(("which", "says"), [("mine", "由我處理"), ("late", "太好了"), ("unsolved", "自動出現")])
def test_an_empty_list_says_so_and_what_to_do(ann: Agent, place: Place, which: str, says: str) -> None:
    ann.opens(f"/desk/help/{place.help}")
    assert ann.posts(f"{place.help}/solve") == 303
    ann.opens(f"/desk/help?list={which}")
    assert says in ann.words


def test_all_are_listed_newest_first_with_those_that_are_solved(core_sqlite: Core, place: Place, ann: Agent) -> None:
    newest = asked_for_help(core_sqlite, place.asker, "另一件")
    ann.opens(f"/desk/help/{newest}")
    assert ann.posts(f"{newest}/solve") == 303
    ann.opens("/desk/help?list=all")
    assert [int(each) for each in re.findall(r'data-row href="/desk/help/(\d+)"', ann.text)] == [newest, place.help]


def listed(browser: Browser, address: str) -> int:
    browser.opens(unescape(address))
    following = re.search(r'href="([^"]+)" rel="next"', browser.text)
    return browser.text.count("data-row") + (listed(browser, following[1]) if following else 0)


def test_a_list_nobody_made_is_not_there(ann: Agent) -> None:
    assert ann.opens("/desk/help?list=none").status_code == 404
    assert ann.opens("/desk/help/999").status_code == 404
    assert ann.opens(f"/desk/help/{2**31}").status_code == 404
    assert ann.opens("/desk/help/999/part").status_code == 404
    assert ann.opens("/desk/help/999/news").status_code == 404
    ann.opens("/desk/help")
    assert ann.posts("999/draft", text="x") == 404
    ann.opens("/desk/help")
    assert ann.posts("999/look") == 404


def test_whom_only_mail_reaches_is_said_before_answering(core_sqlite: Core, place: Place, ann: Agent) -> None:
    with core_sqlite.transaction(system("tests"), Door.PAGE) as ctx:
        asker = Asker(display_name="林小姐（清溪國小）", email="lin@ntpc.gov.tw")
        number = ask(ctx, asker, HelpKind.LOGIN, "", Written("登入不了")).number
    ann.opens(f"/desk/help/{number}")
    assert "以您的姓名寄到 l***@ntpc.gov.tw" in ann.words
    assert "還沒有核對身分" in ann.words
    ann.opens(f"/desk/help/{place.help}")
    assert "以您的姓名送到提問人的 LINE" in ann.words


def test_who_has_a_request_is_not_asked_to_take_it(place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    assert f"/{place.help}/take" in ann.text
    assert ann.posts(f"{place.help}/take") == 303
    ann.opens(f"/desk/help/{place.help}")
    assert f"/{place.help}/take" not in ann.text
    assert "這件由您處理。" in ann.words


def test_what_was_written_is_searched(core_sqlite: Core, place: Place, ann: Agent) -> None:
    number = asked_for_help(core_sqlite, place.asker, "列印時沒有反應")
    ann.opens("/desk/help?q=列印")
    assert f'href="/desk/help/{number}"' in ann.text
    assert "找到 1 件" in ann.words
    ann.opens("/desk/help?q=列隊")
    assert "找不到" in ann.words


def test_the_time_left_is_working_time(core_sqlite: Core, place: Place, ann: Agent, clock: FixedClock) -> None:
    def shown() -> str:
        ann.client.set_cookie(SETTINGS.cookie, session_of(core_sqlite, ann.account))
        return ann.reads(f"/desk/help/{place.help}")

    assert "115/03/04 14:00 剩 4 小時" in shown()
    clock.move(timedelta(hours=3))
    assert "剩 1 小時" in shown()
    assert '<span class="badge soon">剩 1 小時</span>' in ann.text
    clock.move(timedelta(hours=1))
    assert "剩 不到 1 分" in shown()
    clock.move(timedelta(minutes=12))
    assert "已逾時 12 分" in shown()
    clock.move(timedelta(hours=20))  # to 10:12 of the next day: the night does not count
    assert "已逾時 5 小時 12 分" in shown()


def test_an_answer_is_on_its_way_and_never_called_delivered(core_sqlite: Core, place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    assert ann.answers(place.help, "請清除 Cookie。\r\n再試一次。", then="wait") == 303
    ann.opens(f"/desk/help/{place.help}")
    assert "請清除 Cookie。\n再試一次。" in ann.text
    assert "待送出" in ann.words
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        notice = ctx.session.scalars(select(Notice).where(Notice.kind == NoticeKind.HELP)).one()
        notice.state, notice.reason = NoticeState.ACCEPTED, "accepted"
    ann.opens(f"/desk/help/{place.help}")
    assert "：已受理" in ann.words
    assert "已送達" not in ann.words
    assert row(core_sqlite, place.help).state is HelpState.WAITING


@pytest.mark.parametrize(
    ("then", "state"), [("wait", HelpState.WAITING), ("keep", HelpState.OPEN), ("solve", HelpState.SOLVED)]
)
def test_an_answer_says_what_the_request_is_after_it(
    core_sqlite: Core, place: Place, ann: Agent, then: str, state: HelpState
) -> None:
    ann.opens(f"/desk/help/{place.help}")
    assert ann.answers(place.help, "請重新登入。", then=then) == 303
    assert row(core_sqlite, place.help).state is state


def test_the_same_words_to_another_end_move_the_request_alone(core_sqlite: Core, place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    for then, told in (
        ("wait", "回覆已交付寄送"),
        ("solve", "沒有再送一次；這件已改為「已解決」"),
        ("keep", "沒有再送一次。這件目前是「已解決」"),
    ):
        assert ann.posts(f"{place.help}/answer", text="請重新登入。", seen="999", then=then) == 303
        assert told in ann.words
    assert row(core_sqlite, place.help).state is HelpState.SOLVED
    assert entries(core_sqlite, Side.AGENT) == 1


def test_a_late_answer_comes_back_with_what_came_in_between_and_can_be_sent_still(
    core_sqlite: Core, place: Place, ann: Agent, sits: Sits
) -> None:
    bob = sits("張大維")
    for agent in (ann, bob):
        agent.opens(f"/desk/help/{place.help}")
    assert ann.answers(place.help, "請清除 Cookie。") == 303
    assert bob.answers(place.help, "請重新開機。", then="keep") == 409
    assert "又多了 1 則訊息" in bob.words
    assert re.search(r'class="entry agent between".*?請清除 Cookie。', bob.text, re.DOTALL)
    assert "請重新開機。</textarea>" in bob.text
    assert 'value="keep" checked' in bob.text
    assert entries(core_sqlite, Side.AGENT) == 1
    user_writes(core_sqlite, place.asker.id, "我先試試看")
    assert bob.answers(place.help, "請重新開機。") == 409
    assert bob.answers(place.help, "請重新開機。") == 303
    assert entries(core_sqlite, Side.AGENT) == 2


def test_after_seeing_what_came_one_simply_sends_again(core_sqlite: Core, place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    user_writes(core_sqlite, place.asker.id, "好了，不用了")
    assert ann.answers(place.help, "請重新開機。") == 409
    assert ann.answers(place.help, "太好了。", then="solve") == 303


def test_what_cannot_be_sent_comes_back_with_the_text(core_sqlite: Core, place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    assert ann.answers(place.help, " ") == 422
    assert "內容是空白的" in ann.words
    long = "長" * TEXT_AT_MOST
    assert ann.answers(place.help, f"{long}長") == 422
    assert "超過 5000 字" in ann.words
    assert ann.answers(place.help, long) == 303
    assert ann.opens(f"/desk/help/{place.help}").status_code == 200
    assert ann.posts(f"{place.help}/note", note="") == 422
    assert entries(core_sqlite, Side.NOTE) == 0


def test_solved_meanwhile_by_another_the_text_is_kept(core_sqlite: Core, place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    with core_sqlite.transaction(actor(core_sqlite, ann), Door.DESK) as ctx:
        answering.solve(ctx, place.help)
    assert ann.answers(place.help, "再試一次") == 409
    assert "已經解決" in ann.words
    assert ann.posts(f"{place.help}/reopen") == 303
    ann.opens(f"/desk/help/{place.help}")
    assert "再試一次</textarea>" in ann.text


def test_a_draft_survives_a_reload_and_ends_with_the_answer(core_sqlite: Core, place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    assert ann.posts(f"{place.help}/draft", text="請清除") == 204
    ann.opens(f"/desk/help/{place.help}")
    assert "請清除</textarea>" in ann.text
    assert ann.answers(place.help, "請清除 Cookie。") == 303
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(HelpDraft)).all() == []


def test_a_canned_answer_is_filled_in_behind_what_is_typed(place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    assert ann.posts(f"{place.help}/fill", text="您好", canned=str(place.canned)) == 303
    ann.opens(f"/desk/help/{place.help}")
    assert "您好\n陳怡君您好，請清除 Cookie。</textarea>" in ann.text
    assert ann.posts(f"{place.help}/fill", text="您好", canned="") == 422
    assert "請先選一則罐頭回覆" in ann.words
    ann.opens(f"/desk/help/{place.help}")
    assert ann.posts(f"{place.help}/fill", text="您好", canned="999") == 404


def test_a_note_is_for_agents_alone(core_sqlite: Core, place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    assert ann.posts(f"{place.help}/note", note="等廠商") == 303
    ann.opens(f"/desk/help/{place.help}")
    assert "等廠商" in ann.words
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Notice).where(Notice.kind == NoticeKind.HELP)).all() == []


def test_it_is_given_to_oneself_to_another_to_the_least_loaded_and_to_nobody(
    core_sqlite: Core, place: Place, ann: Agent, sits: Sits
) -> None:
    bob = sits("張大維")
    one = place.help
    ann.opens(f"/desk/help/{one}")
    for path, typed, whose in (
        ("take", {}, ann.account.id),
        ("assign", {"agent": str(bob.account.id)}, bob.account.id),
        ("assign", {"agent": "nobody"}, None),
        ("share", {}, None),
    ):
        assert ann.posts(f"{one}/{path}", **typed) == 303
        assert row(core_sqlite, one).agent_id == whose
    assert "目前沒有人值班" in ann.words
    assert ann.posts("on-duty", on="1") == 303
    assert "您正在值班" in ann.reads("/desk/help")
    assert ann.posts(f"{one}/share") == 303
    assert row(core_sqlite, one).agent_id == ann.account.id
    ann.opens(f"/desk/help/{one}")
    assert "林怡君（值班，1 件）" in ann.text
    assert ann.posts(f"{one}/assign", agent="") == 422
    assert "請先選一位客服" in ann.words
    assert ann.posts(f"{one}/assign", agent=str(place.asker.id)) == 409
    ann.opens("/desk/help")
    assert ann.posts("on-duty", on="0") == 303
    assert "您目前沒有值班" in ann.reads("/desk/help")


def test_it_is_solved_and_opened_again(core_sqlite: Core, place: Place, ann: Agent) -> None:
    ann.opens(f"/desk/help/{place.help}")
    assert ann.posts(f"{place.help}/solve") == 303
    ann.opens(f"/desk/help/{place.help}")
    assert "先重新開啟" in ann.words
    assert ann.posts(f"{place.help}/reopen") == 303
    assert row(core_sqlite, place.help).state is HelpState.OPEN


def test_opening_it_is_reading_it_and_the_others_see_who_looks(
    core_sqlite: Core, place: Place, ann: Agent, sits: Sits
) -> None:
    bob = sits("張大維")
    ann.opens("/desk/help")
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(HelpEntry.read_at)).all() == [None]
    ann.opens(f"/desk/help/{place.help}")
    assert "同時在看" not in ann.words
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(HelpEntry.read_at)).all() == [core_sqlite.clock.now()]
    bob.opens(f"/desk/help/{place.help}")
    assert "同時在看 林怡君" in bob.words


def test_what_was_taken_back_leaves_only_a_trace(core_sqlite: Core, place: Place, ann: Agent) -> None:
    user_writes(core_sqlite, place.asker.id, "我的密碼是 abcd", "m1")
    with core_sqlite.transaction(system("tests"), Door.CHAT) as ctx:
        assert take_back(ctx, f"person-{place.asker.id}", "m1")
    ann.opens(f"/desk/help/{place.help}")
    assert "abcd" not in ann.text
    assert "已收回這則訊息" in ann.words
