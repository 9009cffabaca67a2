"""A changed mailbox is how an account is taken over: what stands in the way (A25).

Asking, stopping and deciding are held in ``tests/core/accounts/requests``; here the way as a whole, and what is shown.
"""

from __future__ import annotations

import re

import pytest

from core.access import Actor
from core.accounts.models import Role
from core.accounts.requests import stopping
from core.accounts.requests.models import RequestState
from core.audit import Door
from core.context import Core
from core.errors import InvalidInput
from core.masking import mask_email
from tests.builders import a_bound_account
from tests.core.accounts.requests.asking import NEW, Asking, address_of, challenges, mails, row, somebody

OLD = "ak1551@ntpc.gov.tw"


def test_a25_from_a_phone_in_wrong_hands_the_mailbox_changes_by_approval_only_and_its_owner_stops_it(
    core_sqlite: Core,
) -> None:
    thief = Asking(core_sqlite, a_bound_account(core_sqlite, email=OLD).account)
    number = thief.files_email()
    assert challenges(core_sqlite)[0].id in mails(core_sqlite, NEW)[0]
    assert row(core_sqlite, number).state is RequestState.FILED
    assert address_of(core_sqlite, thief.account) == OLD
    somebody(core_sqlite, Role.HELPDESK).approves(number)
    assert address_of(core_sqlite, thief.account) == NEW
    link = re.search(r"/p/email-stop/(\d+)/([0-9a-f]+)", mails(core_sqlite, OLD)[-1])
    assert link
    with core_sqlite.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        stopping.stop_email_change(ctx, int(link[1]), link[2])
    assert address_of(core_sqlite, thief.account) == OLD


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ak1551@ntpc.gov.tw", "a***@ntpc.gov.tw"),
        ("ak1551@ntpс.gov.tw", "a***@xn--ntp-6ed.gov.tw"),
        ("ak1551@新北.tw", "a***@xn--djrr64b.tw"),
        ("ak1551@é" + "x" * 70 + ".tw", "a***@○"),
    ],
)
def test_a25_a_host_that_only_looks_alike_is_shown_as_punycode(address: str, shown: str) -> None:
    assert mask_email(address) == shown


@pytest.mark.parametrize("address", ["", "a", "@b.tw", "a@", "ab.tw"])
def test_a25_what_is_no_address_is_not_shown(address: str) -> None:
    with pytest.raises(InvalidInput):
        mask_email(address)
