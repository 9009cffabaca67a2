"""Keys, and what is done with them: sealing personal data, looking it up by keyed hash, deriving seeds.

Nothing here is logged or printable: ``repr`` of a sealed value or of the vault shows no content. Data keys can be
several: the first seals, all open, so a key is changed by putting a new one in front (``core/resealing.py``).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import SetupError

KEY_BYTES = 32
NONCE_BYTES = 12
MARK_BYTES = 4  # the first bytes of a sealed value say which key sealed it


@dataclass(frozen=True)
class Sealed:
    """Encrypted text. Equal only to itself; shows nothing of its content."""

    token: bytes = field(repr=False)


class Vault:
    """Seals and opens personal data (AES-GCM), and makes the keyed hashes by which it is found again."""

    def __init__(self, secret_key: str, data_keys: Sequence[str]) -> None:
        """Take the secret key and the data keys (base64 of 32 bytes); raises ``SetupError`` naming the setting."""
        if len(secret_key) < KEY_BYTES:
            raise SetupError("FRONTDOOR_SECRET_KEY: at least 32 characters are needed; `frontdoor init` makes one")
        self._root = secret_key.encode()
        keys = [_decoded(key) for key in data_keys]
        if not keys:
            raise SetupError("FRONTDOOR_DATA_KEY: missing; `frontdoor init` makes one")
        self._ciphers = {_mark(key): AESGCM(key) for key in keys}
        self._first = _mark(keys[0])

    @property
    def mark(self) -> bytes:
        """The first ``MARK_BYTES`` of all that is sealed now."""
        return self._first

    @property
    def older_marks(self) -> tuple[bytes, ...]:
        """The marks of the keys that only open."""
        return tuple(mark for mark in self._ciphers if mark != self._first)

    def seal(self, text: str) -> Sealed:
        """Return the text encrypted with the first data key."""
        return self.seal_bytes(text.encode())

    def seal_bytes(self, content: bytes) -> Sealed:
        """Return a file's content encrypted with the first data key."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return Sealed(self._first + nonce + self._ciphers[self._first].encrypt(nonce, content, self._first))

    def open(self, sealed: Sealed) -> str:
        """Return the text; raises ``SetupError`` when none of the data keys fits or the value was altered."""
        return self.open_bytes(sealed).decode()

    def open_bytes(self, sealed: Sealed) -> bytes:
        """Return a file's content; raises as ``open`` does."""
        mark, rest = sealed.token[:MARK_BYTES], sealed.token[MARK_BYTES:]
        cipher = self._ciphers.get(mark)
        if cipher is None:
            raise SetupError("FRONTDOOR_DATA_KEY: the key that sealed this value is missing; add it behind the first")
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], mark)
        except InvalidTag as error:
            raise SetupError("a sealed value was altered in the database; restore it from a backup") from error

    def reseal(self, sealed: Sealed) -> Sealed:
        """Return the same content under the first data key; raises as ``open`` does."""
        return sealed if sealed.token.startswith(self._first) else self.seal_bytes(self.open_bytes(sealed))

    def look_up(self, kind: str, text: str) -> str:
        """Return the keyed hash by which sealed data of one kind is found: same text, same hash, without the text."""
        return self.derive(f"look-up:{kind}", folded(text)).hex()

    def derive(self, purpose: str, about: str) -> bytes:
        """Return 32 bytes that only this server can make, different for each purpose and subject."""
        return hmac.new(self._root, f"{purpose}\0{about}".encode(), hashlib.sha256).digest()


def folded(text: str) -> str:
    """Return the text as it is compared: full width as half width, no white space, capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def new_key() -> str:
    """Return a fresh data key as base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def new_token() -> str:
    """Return an unguessable token for links, nonces and leases."""
    return secrets.token_urlsafe(KEY_BYTES)


def _mark(key: bytes) -> bytes:
    return hashlib.sha256(b"mark" + key).digest()[:MARK_BYTES]


def _decoded(key: str) -> bytes:
    try:
        raw = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SetupError("FRONTDOOR_DATA_KEY: not base64; `frontdoor init` makes one") from error
    if len(raw) != KEY_BYTES:
        raise SetupError(
            f"FRONTDOOR_DATA_KEY: {len(raw)} bytes where {KEY_BYTES} are needed; `frontdoor init` makes one"
        )
    return raw
