"""What is left of a name, a national ID and an address where others may look (ACC-10)."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput
from core.masking import mask_email, mask_name, mask_national_id


@pytest.mark.parametrize(
    ("name", "shown"),
    [("", ""), ("王", "○"), ("王明", "王○"), ("王小明", "王○明"), ("司馬小明", "司○○明"), ("以莉·高露", "以○○○露")],
)
def test_acc_10_a_name_keeps_its_ends(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_acc_10_of_a_national_id_six_signs_are_left() -> None:
    assert mask_national_id("A123456789") == "A1****6789"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ak1551@ntpc.gov.tw", "a***@ntpc.gov.tw"),
        ("a@ntpc.gov.tw", "a***@ntpc.gov.tw"),
        ("a@ntp\u0441.gov.tw", "a***@xn--ntp-6ed.gov.tw"),
        (f"a@{'字' * 64}", "a***@○"),
    ],
)
def test_of_an_address_the_first_letter_and_the_host_are_left(address: str, shown: str) -> None:
    assert mask_email(address) == shown


@pytest.mark.parametrize("address", ["", "@", "a@", "@ntpc.gov.tw", "no address"])
def test_what_is_no_address_is_not_shown_as_one(address: str) -> None:
    with pytest.raises(InvalidInput):
        mask_email(address)
