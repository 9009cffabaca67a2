"""What a registration needs, each rule at its edges, and everything that is wrong at once (ACC-1, ACC-4, ACC-5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.accounts.models import Permission, Role, UnitKind
from core.accounts.registration import rules
from core.accounts.registration.models import ProofKind
from core.accounts.registration.rules import Typed, Verdict
from core.policy import Policy
from tests.builders import a_national_id

HOSTS = ("gov.tw",)
NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
RIGHT = Typed(
    code=f"AB{a_national_id(1)[-4:]}",
    national_id=a_national_id(1),
    name="林書豪",
    title="輔導主任",
    phone="02-29603456#3718",
    unit_kind=UnitKind.SCHOOL,
    role=Role.CASEWORKER,
    permissions=frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS}),
)


def fields(**changed: Any) -> list[str]:
    return [each.field for each in rules.broken_rules(replace(RIGHT, **changed))]


def test_a_right_registration_breaks_nothing() -> None:
    assert rules.broken_rules(RIGHT) == ()


def test_an_empty_registration_breaks_everything_at_once_in_the_forms_order() -> None:
    empty = Typed("", "", "", "", "", None, None, frozenset())
    found = [each.field for each in rules.broken_rules(empty)]
    assert found == ["帳號", "身分證字號", "姓名", "職稱", "聯絡電話", "單位", "角色", "權限"]


def test_acc_1_the_code_ends_as_the_national_id_does() -> None:
    assert fields(code="AB0000") == fields(code="AB9999") == ["帳號"]
    assert fields(national_id="A123456788") == ["身分證字號"]  # its check digit is wrong


@pytest.mark.parametrize("other", [f"AA{RIGHT.code[2:]}", f"ZZ{RIGHT.code[2:]}"])
def test_acc_5_who_signed_on_with_the_city_asks_for_that_account_only(other: str) -> None:
    assert fields(city_account=RIGHT.code) == []
    (broken,) = rules.broken_rules(replace(RIGHT, city_account=other))
    assert (broken.rule, broken.field) == ("ACC-5", "帳號")
    assert other in broken.what
    assert fields(city_account=other, code="A1") == ["帳號"]  # what is no code is told as that alone


@pytest.mark.parametrize("permission", Permission)
def test_acc_4_a_school_may_apply_for_two_permissions_only(permission: Permission) -> None:
    broken = rules.broken_permission(UnitKind.SCHOOL, permission)
    assert (broken is None) == (permission in {Permission.CASEWORKER, Permission.MEAL_CHECKS})
    if broken:
        assert broken.rule == "ACC-4"
        assert "學校" in broken.what


def test_acc_4_the_analysis_is_for_the_intranet_only() -> None:
    broken = rules.broken_permission(UnitKind.BUREAU, Permission.ANALYSIS)
    assert broken
    assert "內網" in str(broken)
    others = [each for each in Permission if rules.broken_permission(UnitKind.BUREAU, each) is None]
    assert others == [each for each in Permission if each is not Permission.ANALYSIS]


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        (Role.CASEWORKER, UnitKind.SCHOOL, True),
        (Role.SUPERVISOR, UnitKind.SCHOOL, False),
        (Role.CENTER, UnitKind.SCHOOL, False),
        (Role.SUPERVISOR, UnitKind.BUREAU, True),
        (Role.CENTER, UnitKind.BUREAU, False),
        (Role.CENTER, UnitKind.CENTER, True),
    ],
)
def test_a_role_fits_its_unit(role: Role, kind: UnitKind, may: bool) -> None:
    assert rules.may_be(role, kind) is may
    assert fields(role=role, unit_kind=kind) == ([] if may else ["角色"])


def test_what_a_unit_allows_is_asked_once_the_unit_is_known() -> None:
    assert fields(permissions=frozenset({Permission.SUPERVISOR})) == ["權限"]
    assert fields(unit_kind=None, role=Role.SUPERVISOR) == ["單位"]


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.ADMIN])
def test_nobody_registers_as_who_looks_after_accounts(role: Role) -> None:
    assert fields(role=role, unit_kind=UnitKind.CENTER) == ["角色"]


@pytest.mark.parametrize(
    ("phone", "is_right"),
    [
        ("0229603456", True),
        ("02-29603456#3718", True),
        ("(02)2960-3456 #3718", True),
        ("29603456", True),
        ("2960345", False),
        ("2960-345", False),
        ("+886-2-2960-3456#371", True),
        ("0" * 15, True),
        ("0" * 16, False),
        ("請來電", False),
        ("", False),
    ],
)
def test_a_phone_number_can_be_dialled(phone: str, is_right: bool) -> None:
    assert (fields(phone=phone) == []) is is_right


@pytest.mark.parametrize(("length", "is_right"), [(0, False), (1, True), (60, True), (61, False)])
def test_names_and_titles_have_sixty_characters_at_most(length: int, is_right: bool) -> None:
    assert (fields(name="林" * length) == []) is is_right
    assert (fields(title="師" * length) == []) is is_right


@pytest.mark.parametrize(
    ("address", "proof", "is_right"),
    [
        ("a@ntpc.gov.tw", ProofKind.MAILBOX, True),
        ("a@gov.tw", ProofKind.MAILBOX, True),
        ("a@NTPC.GOV.TW", ProofKind.MAILBOX, True),
        ("a@notgov.tw", ProofKind.MAILBOX, False),
        ("a@gov.tw.example.com", ProofKind.MAILBOX, False),
        ("a@gmail.com", ProofKind.MAILBOX, False),
        ("a@gmail.com", ProofKind.CITY, True),
        ("a@xn--ntpc-abc.gov.tw", ProofKind.MAILBOX, False),
        ("а@ntpc.gov.tw", ProofKind.CITY, False),
        ("a@ntpc.gov.tw\nBcc: b@ntpc.gov.tw", ProofKind.MAILBOX, False),
        ("", ProofKind.MAILBOX, False),
    ],
)
def test_acc_5_a_government_mailbox_proves_somebody_or_the_citys_sign_on_does(
    address: str, proof: ProofKind, is_right: bool
) -> None:
    assert (rules.broken_by_mailbox(address, proof, HOSTS) is None) is is_right


def test_acc_5_private_schools_are_told_to_ask_the_education_bureau_first() -> None:
    broken = rules.broken_by_mailbox("a@gmail.com", ProofKind.MAILBOX, HOSTS)
    assert broken
    assert "私立學校" in broken.remedy
    assert "教育局" in broken.remedy


def test_each_permission_is_decided_and_each_refusal_has_its_reason() -> None:
    wanted = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
    yes, no = Verdict(approves=True), Verdict(approves=False, reason="訓練未完成")
    assert rules.broken_by_verdicts(wanted, {wanted[0]: yes, wanted[1]: no}) == ()
    assert [each.field for each in rules.broken_by_verdicts(wanted, {})] == ["90097", "2462"]
    for reason, is_right in (("", False), ("無", False), ("理" * 300, True), ("理" * 301, False)):
        broken = rules.broken_by_verdicts(wanted[:1], {wanted[0]: replace(no, reason=reason)})
        assert (broken == ()) is is_right


def test_a_mailbox_is_proved_for_half_an_hour() -> None:
    half = timedelta(minutes=30)
    assert rules.is_proved(NOW, NOW + half - timedelta(microseconds=1))
    assert not rules.is_proved(NOW, NOW + half)
    assert not rules.is_proved(NOW, NOW + 2 * half)
    assert not rules.is_proved(None, NOW)


def test_so_many_codes_go_to_strangers_in_an_hour() -> None:
    policy = Policy(registration_codes_an_hour=3)
    assert not rules.is_crowded(2, policy)
    assert rules.is_crowded(3, policy)
    assert rules.is_crowded(4, policy)
