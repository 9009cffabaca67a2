"""Changing rows: only what differs is touched, sealed values are compared by content."""

from __future__ import annotations

from core import changes
from core.dispatches.models import Case
from core.secrets import Vault


def a_case(vault: Vault) -> Case:
    return Case(number="WK1", area="永和區", child_name=vault.seal("王小明"), household=None)


def test_same_facts_change_nothing_and_keep_the_cipher_text(vault: Vault) -> None:
    case = a_case(vault)
    before = case.child_name
    assert changes.apply(case, vault, {"area": "永和區"}, {"child_name": "王小明", "household": ""}) == ()
    assert case.child_name is before


def test_what_differs_is_set_and_named(vault: Vault) -> None:
    case = a_case(vault)
    plain = {"area": "板橋區", "child_name_key": "x"}
    assert changes.apply(case, vault, plain, {"child_name": "王小華", "household": "王大明"}) == (
        "child_name",
        "household",
        "area",
    )
    assert (case.area, case.child_name_key, vault.open(case.child_name)) == ("板橋區", "x", "王小華")


def test_sealed_value_is_taken_away_by_nothing(vault: Vault) -> None:
    case = a_case(vault)
    case.household = vault.seal("王大明")
    assert changes.apply(case, vault, {}, {"household": None}) == ("household",)
    assert case.household is None
