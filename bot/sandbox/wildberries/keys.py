"""Fake Wildberries keys: the shape of the real ones, signed by nobody.

Source: https://dev.wildberries.ru/openapi/api-information (read 2026-11-20)
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import orjson

CONTENT = 1 << 1
ANALYTICS = 1 << 2
MARKETPLACE = 1 << 4
STATISTICS = 1 << 5
READ_ONLY = 1 << 30
DEFAULT_RIGHTS = ANALYTICS | STATISTICS | READ_ONLY

DEFAULT_SID = "b1c5f9a0-6d3e-4f27-9a51-0c8e7d2f4a60"
FAR_FUTURE = datetime(2099, 1, 1, tzinfo=UTC)


class KeyKind(IntEnum):
    """The claim `acc`."""

    BASE = 1
    TEST = 2
    PERSONAL = 3
    SERVICE = 4


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a key says of itself; never the key."""

    sid: str
    kind: KeyKind
    rights: int
    expires_at: datetime
    service_id: str | None
    test: bool
    key_id: str


def make_key(  # noqa: PLR0913 - one argument per claim reads best
    *,
    kind: KeyKind | int | None = KeyKind.PERSONAL,
    rights: int = DEFAULT_RIGHTS,
    sid: str = DEFAULT_SID,
    expires_at: datetime = FAR_FUTURE,
    for_: str | None = None,
    test: bool | None = None,
    **claims: Any,
) -> str:
    """Return a key of three segments.

    `kind` None leaves `acc` out, as in keys of 2025. `for_` None takes what the kind has:
    `self` for Personal, a made-up `asid:…` for Service, nothing otherwise. `test` None is true
    for the Test kind only. Further `claims` are added as they are; None removes one.
    """
    expires = int(expires_at.timestamp())
    bound = for_ if for_ is not None else _usual_binding(kind)
    facts: dict[str, Any] = {
        "acc": kind,
        "ent": 1,
        "exp": expires,
        "for": bound,
        "id": str(uuid5(NAMESPACE_OID, f"{sid}/{kind}/{rights}/{expires}/{bound}")),
        "s": rights,
        "sid": sid,
        "t": kind == KeyKind.TEST if test is None else test,
    } | claims
    present = {name: value for name, value in facts.items() if value is not None}
    header = {"alg": "ES256", "kid": "20260217v1", "typ": "JWT"}
    signed = f"{_segment(orjson.dumps(header))}.{_segment(orjson.dumps(present))}"
    return f"{signed}.{_segment(hashlib.sha512(signed.encode()).digest())}"


def read_key(text: str) -> KeyFacts | None:
    """Return what the key says of itself, or None when it is no key at all.

    The signature is not looked at: nobody but the vendor can check it.
    """
    segments = text.split(".")
    if len(segments) != 3 or not all(segments):  # noqa: PLR2004 - header, payload, signature
        return None
    try:
        return _facts(orjson.loads(_unsegment(segments[1])))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, binascii.Error):
        return None


def _facts(claims: Any) -> KeyFacts:
    bound = claims.get("for")
    return KeyFacts(
        sid=str(claims["sid"]),
        kind=KeyKind(claims.get("acc", KeyKind.BASE)),
        rights=int(claims["s"]),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        service_id=bound.removeprefix("asid:") if bound and bound.startswith("asid:") else None,
        test=bool(claims.get("t", False)),
        key_id=str(claims.get("id", "")),
    )


def _usual_binding(kind: KeyKind | int | None) -> str | None:
    if kind == KeyKind.PERSONAL:
        return "self"
    return "asid:3f1a7c52-88b4-4f0e-9d0b-5b7a1c2e6d90" if kind == KeyKind.SERVICE else None


def _segment(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unsegment(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
