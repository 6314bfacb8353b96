"""The numbers are the vendor's; the twin was written from the same page by somebody else."""

from datetime import UTC, datetime

import pytest

from bot.core.errors import Defect
from bot.core.sellers import KeyFacts, KeyKind, Right
from bot.marketplaces.wildberries.limits import METHODS, SELLER_WAREHOUSES, Limits, Profile
from bot.sandbox.wildberries.limits import Host, find_rule
from bot.sandbox.wildberries.limits import Profile as TwinProfile

TWINS = {
    KeyKind.PERSONAL: TwinProfile.PERSONAL,
    KeyKind.SERVICE: TwinProfile.SERVICE,
    KeyKind.BASE: TwinProfile.BASE,
}


def facts(kind: KeyKind, sid: str = "sid") -> KeyFacts:
    return KeyFacts(kind, frozenset(Right), sid, datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
@pytest.mark.parametrize("kind", list(TWINS))
@pytest.mark.parametrize("has_secret", [False, True])
def test_each_methods_allowance(method, kind, has_secret):
    rule = find_rule(method.verb, method.path.replace("{id}", "x"), Host(method.host.value))
    secret_counts = has_secret and kind is KeyKind.BASE
    theirs = rule.limit(TwinProfile.BASE_WITH_SECRET if secret_counts else TWINS[kind])
    limits = Limits(has_secret)
    if theirs is None:
        with pytest.raises(Defect):
            limits.allowance(method, facts(kind))
    else:
        ours = limits.allowance(method, facts(kind))
        assert (ours.interval_seconds, ours.burst) == (theirs.interval_seconds, theirs.burst)


def test_base_when_in_doubt():
    assert Limits().profile(KeyKind.BASE) is Profile.BASE
    assert Limits().profile(KeyKind.TEST) is Profile.BASE
    assert Limits(has_secret=True).profile(KeyKind.BASE) is Profile.FULL


def test_two_keys_of_one_seller_and_kind_share_a_bucket():
    limits = Limits()
    one = limits.bucket(SELLER_WAREHOUSES, facts(KeyKind.PERSONAL))
    assert one == limits.bucket(SELLER_WAREHOUSES, facts(KeyKind.PERSONAL))
    assert one != limits.bucket(SELLER_WAREHOUSES, facts(KeyKind.SERVICE))
    assert one != limits.bucket(SELLER_WAREHOUSES, facts(KeyKind.PERSONAL, "another"))


def test_the_scale_of_time_divides_intervals():
    allowance = Limits(time_scale=60).allowance(SELLER_WAREHOUSES, facts(KeyKind.PERSONAL))
    assert allowance.interval_seconds == pytest.approx(1 / 3)
