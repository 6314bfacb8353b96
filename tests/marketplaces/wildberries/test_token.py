import base64
import json

import pytest

from bot.core.errors import Code, SellerMustAct
from bot.core.sellers import KeyKind, Right
from bot.marketplaces.wildberries.token import read_key
from bot.sandbox.wildberries import make_key
from bot.sandbox.wildberries.keys import ANALYTICS, CONTENT, READ_ONLY, STATISTICS
from tests.marketplaces.wildberries.conftest import SID, moscow
from tests.support.marketplace import NOON

KEY = make_key(sid=SID)


def payload(claims) -> str:
    """Return a key around any JSON."""
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"eyJhbGciOiJFUzI1NiJ9.{middle}.c2lnbmF0dXJl"


def claims(**changes):
    usual = {"acc": 3, "s": 36, "sid": SID, "exp": 4_070_908_800, "t": False} | changes
    return payload({name: value for name, value in usual.items() if value is not None})


@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        f"  {KEY}\n",
        f"Bearer {KEY}",
        f"bearer:{KEY}",
        f"Authorization: Bearer {KEY}",
        f'"{KEY}"',
        f"«Bearer {KEY}»",
        f"`{KEY}`",
        f"\ufeff{KEY[:40]}\u200b\n\r {KEY[40:]}\u2060",
        "\xa0".join([KEY[:100], KEY[100:]]),
    ],
)
def test_what_copying_adds_is_taken_away(pasted):
    access = read_key(pasted, now=NOON)
    assert access.key.reveal() == KEY
    assert access.facts.sid == SID
    assert access.facts.kind is KeyKind.PERSONAL
    assert access.facts.rights == {Right.ANALYTICS, Right.STATISTICS}


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "привет",
        "a.b",
        "a..b",
        "one.two.three",
        KEY.replace(".", ""),
        KEY + ".four",
        KEY[:-1] + "ё",
        "x" * 9000 + "." + KEY,
        payload([1, 2]),
        payload("text"),
        payload(None),
        "e30.!!!.e30",
        claims(sid=None),
        claims(sid=""),
        claims(exp=None),
        claims(exp="soon"),
        claims(exp=10**18),
        claims(exp=True),
        claims(s="everything"),
    ],
)
def test_malformed(pasted):
    with pytest.raises(SellerMustAct) as caught:
        read_key(pasted, now=NOON)
    assert caught.value.code is Code.KEY_MALFORMED
    assert not pasted or pasted not in str(caught.value)


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        (make_key(kind=2, sid=SID), Code.KEY_TEST),
        (make_key(test=True, sid=SID), Code.KEY_TEST),
        (claims(t="true"), Code.KEY_TEST),
        (make_key(sid=SID, expires_at=NOON), Code.KEY_EXPIRED),
        (make_key(sid=SID, expires_at=moscow("2025-01-01T00:00:00")), Code.KEY_EXPIRED),
        (make_key(sid=SID, rights=STATISTICS | READ_ONLY), Code.KEY_LACKS_ANALYTICS),
        (make_key(sid=SID, rights=CONTENT), Code.KEY_LACKS_ANALYTICS),
        (claims(s=None), Code.KEY_LACKS_ANALYTICS),
        (make_key(sid=SID, kind=4), Code.KEY_FOREIGN_SERVICE),
        (make_key(sid=SID, kind=1, for_="asid:somebody"), Code.KEY_FOREIGN_SERVICE),
    ],
)
def test_each_refusal_has_its_code(pasted, code):
    with pytest.raises(SellerMustAct) as caught:
        read_key(pasted, now=NOON)
    assert caught.value.code is code


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        (claims(acc=1), KeyKind.BASE),
        (claims(acc=3), KeyKind.PERSONAL),
        (claims(acc=None), KeyKind.BASE),
        (claims(acc=77), KeyKind.BASE),
        (claims(acc="new"), KeyKind.BASE),
        (claims(acc=3.0), KeyKind.PERSONAL),
        (claims(acc="3"), KeyKind.PERSONAL),
    ],
)
def test_kind_is_base_unless_it_is_known(pasted, kind):
    assert read_key(pasted, now=NOON).facts.kind is kind


@pytest.mark.parametrize("mask", [36.0, "36", 1_073_741_860, 36 | CONTENT])
def test_rights_tolerate_other_clothes(mask):
    assert read_key(claims(s=mask), now=NOON).facts.rights == set(Right)


def test_analytics_alone_is_enough():
    facts = read_key(claims(s=ANALYTICS | READ_ONLY), now=NOON).facts
    assert facts.rights == {Right.ANALYTICS}


def test_expiry_tolerates_floats_and_text():
    for exp in (4_070_908_800.0, "4070908800"):
        assert read_key(claims(exp=exp), now=NOON).facts.expires_at.year == 2099


def test_a_service_reads_keys_that_are_bound_to_a_service():
    assert read_key(make_key(sid=SID, kind=4), now=NOON, has_secret=True).facts.kind == 4


def test_a_key_never_prints_itself():
    access = read_key(KEY, now=NOON)
    assert KEY not in f"{access} {access!r} {access.key}"
