"""Reading a key: a courtesy check of what it says of itself; only a live call is proof.

A key is a JWT whose signature nobody but the vendor can check.

Source: https://dev.wildberries.ru/openapi/api-information (read 2026-11-20)
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.core.errors import Code, SellerMustAct
from bot.core.sellers import Access, ApiKey, KeyFacts, KeyKind, Right

_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_QUOTES = "\"'`«»“”„‘’<>"
_BEARER = re.compile(r"^(authorization:)?(bearer:?)?", re.IGNORECASE)
_SHAPE = re.compile(r"^[\w-]+={0,2}\.[\w-]+={0,2}\.[\w-]+={0,2}$", re.ASCII)
_LONGEST_KEY = 8192
_RIGHTS = {Right.ANALYTICS: 1 << 2, Right.STATISTICS: 1 << 5}
_TRUE = (True, 1, "true", "1")


def read_key(text: str, *, now: datetime, has_secret: bool = False) -> Access:
    """Return the key in a pasted text together with what it says of itself.

    `has_secret`: we are a service of the vendor's catalogue, so that keys bound to a service can
    be ours.

    Raises:
        SellerMustAct: malformed, of the test world, expired, without the Analytics right, or
            bound to somebody else's service. The text is in no error.
    """
    key = clean(text)
    claims = _claims(key)
    facts = _facts(claims)
    if claims.get("t") in _TRUE or facts.kind is KeyKind.TEST:
        raise SellerMustAct(Code.KEY_TEST)
    if facts.expires_at <= now:
        raise SellerMustAct(Code.KEY_EXPIRED)
    if Right.ANALYTICS not in facts.rights:
        raise SellerMustAct(Code.KEY_LACKS_ANALYTICS)
    bound_to = str(claims.get("for") or "").strip().lower()
    if bound_to.startswith("asid:") and not has_secret:
        raise SellerMustAct(Code.KEY_FOREIGN_SERVICE)
    return Access(ApiKey(key), facts)


def clean(text: str) -> str:
    """Return `text` without what copying adds: blanks, line breaks, quotes, `Bearer `."""
    visible = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    return _BEARER.sub("", visible.strip(_QUOTES)).strip(_QUOTES)


def _claims(key: str) -> Mapping[str, Any]:
    if len(key) > _LONGEST_KEY or not _SHAPE.match(key):
        raise SellerMustAct(Code.KEY_MALFORMED, "not three segments")
    payload = key.split(".")[1].rstrip("=")
    try:
        decoded = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        claims = msgspec.json.decode(decoded)
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        claims = None
    if not isinstance(claims, dict):
        raise SellerMustAct(Code.KEY_MALFORMED, "the payload is no object")
    return claims


def _facts(claims: Mapping[str, Any]) -> KeyFacts:
    sid = str(claims.get("sid") or "").strip()
    expires = _whole(claims.get("exp"))
    mask = _whole(claims.get("s", 0))
    if not sid or expires is None or mask is None:
        raise SellerMustAct(Code.KEY_MALFORMED, "a claim is missing")
    try:
        expires_at = datetime.fromtimestamp(expires, UTC)
    except (OverflowError, ValueError, OSError):
        raise SellerMustAct(Code.KEY_MALFORMED, "exp is no instant") from None
    rights = frozenset(right for right, bit in _RIGHTS.items() if mask & bit)
    return KeyFacts(_kind(claims.get("acc")), rights, sid, expires_at)


def _kind(claim: Any) -> KeyKind:
    try:
        return KeyKind(_whole(claim) or KeyKind.BASE)
    except ValueError:
        return KeyKind.BASE


def _whole(claim: Any) -> int | None:
    """Return a number that may come as a float or as text, `None` for anything else."""
    if isinstance(claim, bool):
        return None
    try:
        return int(claim) if isinstance(claim, int) else int(float(claim))
    except (TypeError, ValueError, OverflowError):
        return None
