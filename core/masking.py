"""How personal data is shown where others may look: the shape stays, the content does not (ACC-10)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.errors import InvalidInput

HIDDEN = "○"
_NATIONAL_ID = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Da-d1289][0-9]{8}(?![0-9])")


def mask_name(name: str) -> str:
    """Return a name with its middle hidden: 王小明 -> 王○明, 王明 -> 王○, 司馬小明 -> 司○○明."""
    if len(name) <= 1:
        return HIDDEN if name else ""
    if len(name) == 2:  # noqa: PLR2004 (a name of two characters has no middle)
        return name[0] + HIDDEN
    return name[0] + HIDDEN * (len(name) - 2) + name[-1]


def mask_national_id(national_id: str) -> str:
    """Return a national ID as A1****6789."""
    return f"{national_id[:2]}****{national_id[-4:]}"


def mask_in(text: str, names: Iterable[str]) -> str:
    """Return what somebody wrote, with these names and everything that looks like a national ID masked in it."""
    for name in names:
        text = text.replace(name, mask_name(name)) if len(name) > 1 else text
    return _NATIONAL_ID.sub(lambda found: mask_national_id(found[0]), text)


def mask_email(address: str) -> str:
    """Return an address as a***@ntpc.gov.tw; raises ``InvalidInput`` for what is no address.

    A host that is not plain ASCII is shown as punycode: letters that only look alike cannot pass for others (A25).
    """
    name, at, host = address.partition("@")
    if not (name and at and host):
        raise InvalidInput("電子郵件地址的格式不正確。", field="電子郵件")
    return f"{name[0]}***@{_plain(host)}"


def _plain(host: str) -> str:
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:  # no host at all
        return HIDDEN
