"""What is left of a name, a national ID and an address where others may look (ACC-10)."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput
from core.masking import mask_email, mask_in, mask_name, mask_national_id


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王小明與王小明的母親", "王○明與王○明的母親"),
        ("A199900018，a299900018", "A1****0018，a2****0018"),
        ("編號 XA199900018、A1999000181 與 A199 都不是", "編號 XA199900018、A1999000181 與 A199 都不是"),
        ("沒有姓名", "沒有姓名"),
    ],
)
def test_acc_10_in_what_somebody_wrote_names_that_are_known_and_ids_are_masked(text: str, shown: str) -> None:
    assert mask_in(text, ("王小明", "", "王")) == shown
