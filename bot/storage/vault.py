"""Sealing at rest: Fernet in an envelope that names its key and is bound to its owner."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from enum import StrEnum

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from bot.core.errors import Code, Defect
from bot.storage.errors import Misconfigured

_VERSION = "v1"
_KID_CHARACTERS = 8
_KEY_BYTES = 32
ENVELOPE_PREFIX_CHARACTERS = len(f"{_VERSION}:") + _KID_CHARACTERS


class Purpose(StrEnum):
    """What a sealed text is; a text sealed for one purpose cannot be opened for another."""

    PROFILE = "seller.profile"
    SHOP_KEY = "shop.key"
    SHOP_NAME = "shop.name"
    TABLE_STATE = "shop.table"
    DRAFT = "draft.answers"


class Vault:
    """Seals with the first key, opens with whichever key the envelope names.

    An envelope is `v1:<kid>:<token>`; inside the token stand purpose and owner, so that a row
    that was moved to another owner does not open.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Take Fernet keys, the one that seals first. Raises: Misconfigured."""
        if not keys:
            raise Misconfigured(Code.STORED_DATA_SEALED, "ENCRYPTION_KEYS is empty")
        self._fernets = {key_id(key): Fernet(key) for key in keys}
        self.current_kid = key_id(keys[0])

    def seal(self, purpose: Purpose, owner: int | str, text: str) -> str:
        """Return `text` sealed for this purpose and owner."""
        inside = msgspec.json.encode((purpose.value, str(owner), text))
        token = self._fernets[self.current_kid].encrypt(inside).decode("ascii")
        return f"{_VERSION}:{self.current_kid}:{token}"

    def open(self, purpose: Purpose, owner: int | str, sealed: str) -> str:
        """Return the text again.

        Raises:
            Defect: the key is not among ours, the text was altered, or it is somebody else's
                (`Code.STORED_DATA_SEALED`).
        """
        version, _, rest = sealed.partition(":")
        kid, _, token = rest.partition(":")
        fernet = self._fernets.get(kid)
        if version != _VERSION or fernet is None:
            raise _sealed(purpose, f"sealed by a key that is not in ENCRYPTION_KEYS ({kid[:8]})")
        try:
            inside = fernet.decrypt(token.encode("ascii"))
            sealed_for, sealed_of, text = msgspec.json.decode(inside, type=tuple[str, str, str])
        except (InvalidToken, UnicodeEncodeError, msgspec.DecodeError):
            raise _sealed(purpose, "altered") from None
        if sealed_for != purpose.value or sealed_of != str(owner):
            raise _sealed(purpose, "of another owner or purpose")
        return text


def kid_of(sealed: str) -> str:
    """Return the id of the key that an envelope was sealed by."""
    return sealed.split(":", 2)[1] if sealed.count(":") > 1 else ""


def key_id(key: str) -> str:
    """Return the short public name of a key. Raises: Misconfigured when it is no Fernet key."""
    try:
        secret = base64.urlsafe_b64decode(key.encode("ascii"))
    except (binascii.Error, UnicodeEncodeError):
        secret = b""
    if len(secret) != _KEY_BYTES:
        raise Misconfigured(
            Code.STORED_DATA_SEALED,
            "ENCRYPTION_KEYS must be Fernet keys (32 bytes in URL-safe base64), comma-separated",
        )
    return hashlib.sha256(secret).hexdigest()[:_KID_CHARACTERS]


def _sealed(purpose: Purpose, why: str) -> Defect:
    return Defect(Code.STORED_DATA_SEALED, f"{purpose}: {why}")
