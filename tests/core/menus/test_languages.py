"""In which language a phone's menu is: the account's, else the person's, and Chinese where neither is known."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from core.accounts.links import mark_blocked
from core.accounts.models import Account
from core.clock import FixedClock
from core.context import Core
from core.inbox.models import Conversation
from core.inbox.speaking import mark_reached, speak
from core.language.models import Language
from core.menus.models import MenuKind, RichMenu
from core.menus.service import KnownMenu
from scheduler.menus import Menus
from tests.builders import a_bound_account, an_account, bind, inside
from tests.core.menus.phones import ACCOUNT, AT_TWO, CASEWORK, Line, ends, learned, linked

IN_ENGLISH, ACCOUNT_IN_ENGLISH, UNBOUND_IN_ENGLISH = (
    "richmenu-casework-en",
    "richmenu-account-en",
    "richmenu-unbound-en",
)
ENGLISH_MENUS = (
    KnownMenu(UNBOUND_IN_ENGLISH, MenuKind.UNBOUND, is_first=True, language=Language.ENGLISH),
    KnownMenu(IN_ENGLISH, MenuKind.CASEWORK, is_first=True, language=Language.ENGLISH),
    KnownMenu(ACCOUNT_IN_ENGLISH, MenuKind.CASEWORK, is_first=False, language=Language.ENGLISH),
)


def a_talker(core: Core, line_user: str, language: Language | None) -> None:
    """Store somebody who wrote to us and asked to be spoken to in a language."""
    with inside(core) as ctx:
        person = ctx.vault.look_up("line_user", line_user)
        ctx.session.add(Conversation(person=person, line_user=ctx.vault.seal(line_user), language=language))


def says(core: Core, line_user: str, language: Language) -> None:
    with inside(core) as ctx:
        speak(ctx, ctx.vault.look_up("line_user", line_user), language)


def test_another_language_is_another_menu_and_the_way_back(core: Core, line: Line) -> None:
    learned(core, further=ENGLISH_MENUS)
    bound = a_bound_account(core)
    assert (linked(core, line), line.phones) == (1, {bound.line_user: CASEWORK})
    for language, menu in ((Language.ENGLISH, IN_ENGLISH), (Language.CHINESE, CASEWORK)):
        with inside(core) as ctx:
            ctx.session.get_one(Account, bound.account.id).language = language
        assert [linked(core, line), linked(core, line)] == [1, 0]
        assert line.phones == {bound.line_user: menu}


@pytest.mark.parametrize(
    ("of_account", "of_person", "menu"),
    [
        (None, None, CASEWORK),
        (None, Language.ENGLISH, IN_ENGLISH),
        (Language.ENGLISH, None, IN_ENGLISH),
        (Language.CHINESE, Language.ENGLISH, CASEWORK),
        (Language.ENGLISH, Language.CHINESE, IN_ENGLISH),
    ],
)
def test_what_the_account_chose_goes_before_what_was_asked_for_in_the_chat(
    core_sqlite: Core, line: Line, of_account: Language | None, of_person: Language | None, menu: str
) -> None:
    learned(core_sqlite, further=ENGLISH_MENUS)
    bound = a_bound_account(core_sqlite, language=of_account)
    a_talker(core_sqlite, bound.line_user, of_person)
    linked(core_sqlite, line)
    assert line.phones == {bound.line_user: menu}


def test_who_is_not_bound_gets_a_menu_only_in_another_language_than_chinese(core: Core, line: Line) -> None:
    learned(core, further=ENGLISH_MENUS)
    ann, ben, may = (f"U{number:032x}" for number in range(9, 12))
    a_talker(core, ann, Language.ENGLISH)
    a_talker(core, ben, Language.CHINESE)
    a_talker(core, may, None)
    assert [linked(core, line), linked(core, line)] == [1, 0]
    assert line.phones == {ann: UNBOUND_IN_ENGLISH}
    says(core, ann, Language.CHINESE)
    says(core, ben, Language.ENGLISH)
    assert linked(core, line) == 2
    assert line.phones == {ben: UNBOUND_IN_ENGLISH}


def test_who_is_not_bound_and_blocked_us_is_left_alone_until_they_are_back(core: Core, line: Line) -> None:
    learned(core, further=ENGLISH_MENUS)
    ann = f"U{9:032x}"
    a_talker(core, ann, Language.ENGLISH)
    assert linked(core, line) == 1
    for is_reached, menus, wishes in ((False, {}, [1, 0]), (True, {ann: UNBOUND_IN_ENGLISH}, [1, 0])):
        with inside(core) as ctx:
            mark_reached(ctx, ctx.vault.look_up("line_user", ann), is_reached=is_reached)
        assert [linked(core, line), linked(core, line)] == wishes
        assert line.phones == menus


def test_binding_and_unbinding_keep_the_language(core_sqlite: Core, line: Line) -> None:
    learned(core_sqlite, further=ENGLISH_MENUS)
    owner = an_account(core_sqlite)
    ann = f"U{9:032x}"
    a_talker(core_sqlite, ann, Language.ENGLISH)
    linked(core_sqlite, line)
    bound = bind(core_sqlite, owner, line_user=ann)
    linked(core_sqlite, line)
    assert line.phones == {ann: IN_ENGLISH}
    with inside(core_sqlite) as ctx:
        mark_blocked(ctx, bound.person)
    assert [linked(core_sqlite, line), linked(core_sqlite, line)] == [1, 0]
    assert line.phones == {}
    ends(core_sqlite, bound)
    assert [linked(core_sqlite, line), linked(core_sqlite, line)] == [1, 0]
    assert line.phones == {ann: UNBOUND_IN_ENGLISH}


def test_while_no_english_menus_stand_at_line_everybody_has_the_chinese_ones(core: Core, line: Line) -> None:
    learned(core)
    bound = a_bound_account(core, language=Language.ENGLISH)
    a_talker(core, f"U{9:032x}", Language.ENGLISH)
    assert [linked(core, line), linked(core, line)] == [1, 0]
    assert line.phones == {bound.line_user: CASEWORK}
    learned(core, further=ENGLISH_MENUS)
    assert linked(core, line) == 2
    assert line.phones == {bound.line_user: IN_ENGLISH, f"U{9:032x}": UNBOUND_IN_ENGLISH}


def test_a_language_only_a_newer_version_speaks_is_left_to_it(core: Core, line: Line) -> None:
    learned(core, further=ENGLISH_MENUS)
    bound = a_bound_account(core, language=Language.ENGLISH)
    with core.store.transaction() as session:
        session.execute(text("UPDATE accounts SET language = 'vi'"))
        session.execute(text("UPDATE rich_menus SET language = 'vi' WHERE language = 'en'"))
    assert [linked(core, line), linked(core, line)] == [1, 0]
    assert line.phones == {bound.line_user: CASEWORK}


def test_a_version_that_knows_no_languages_finds_one_first_tab_of_a_kind(core_sqlite: Core) -> None:
    learned(core_sqlite, further=ENGLISH_MENUS)
    with core_sqlite.store.reading() as session:
        kinds = session.scalars(select(RichMenu.kind).where(RichMenu.is_first)).all()
    assert sorted(kinds) == sorted(set(MenuKind))


def test_at_night_a_tab_of_the_other_language_is_the_wrong_one(
    core_sqlite: Core, line: Line, clock: FixedClock
) -> None:
    learned(core_sqlite, further=ENGLISH_MENUS)
    turned, other = (a_bound_account(core_sqlite, language=Language.ENGLISH) for _ in range(2))
    linked(core_sqlite, line)
    line.phones |= {turned.line_user: ACCOUNT_IN_ENGLISH, other.line_user: ACCOUNT}
    clock.at = AT_TWO
    assert Menus(line).check(core_sqlite, clock.now()) == 1
    linked(core_sqlite, line)
    assert line.phones == {turned.line_user: ACCOUNT_IN_ENGLISH, other.line_user: IN_ENGLISH}
