import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.products import Source
from bot.sandbox.wildberries import KeyKind, harms, make_key
from bot.sandbox.wildberries.keys import ANALYTICS
from tests.marketplaces.wildberries.conftest import SECRET, SID
from tests.support.marketplace import wildberries_at


async def test_a_good_key_is_verified_by_two_pings(wb):
    await wb.adapter.verify(wb.access)
    assert wb.paths() == ["ping", "ping"]


async def test_a_key_without_statistics_by_one(wb):
    access = wb.adapter.read_key(make_key(sid=SID, rights=ANALYTICS))
    await wb.adapter.verify(access)
    assert wb.paths() == ["ping"]


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize(
    "harm", [harms.unauthorized(), harms.forbidden(), harms.forbidden("service")]
)
async def test_a_refused_key(wb, harm, after):
    wb.twin.faults.plant(harm, "/ping", after=after)
    with pytest.raises(SellerMustAct) as caught:
        await wb.adapter.verify(wb.access)
    assert caught.value.code is Code.KEY_REJECTED


@pytest.mark.parametrize(
    "harm",
    [
        harms.server_error(503),
        harms.html_ok(),
        harms.reset(),
        harms.global_limiter(),
        harms.too_many(3600),
        harms.replace(200, b"pong"),
    ],
)
async def test_who_could_not_be_asked_has_refused_nobody(wb, harm):
    wb.twin.faults.plant(harm, "/ping", count=None)
    with pytest.raises(Transient):
        await wb.adapter.verify(wb.access)


async def test_402_is_no_fault_of_the_key(wb):
    wb.twin.faults.plant(harms.payment_required(), "/ping")
    with pytest.raises(Defect):
        await wb.adapter.verify(wb.access)


async def test_the_shops_name_is_asked_for_within_its_budget(wb, base):
    assert await wb.adapter.shop_name(base) == "ИП Иванов И. И."
    assert await wb.adapter.shop_name(base) is None
    assert wb.paths() == ["seller-info"]


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ({"name": " ИП\u00a0 Петров \n"}, "ИП Петров"),
        ({"name": None, "tradeMark": "Лавка"}, "Лавка"),
        ({"name": "", "tradeMark": None}, None),
        ({}, None),
        ({"name": "x" * 500}, "x" * 100),
        ([], None),
    ],
)
async def test_a_name_may_be_anything(wb, answer, name):
    wb.twin.faults.plant(harms.replace(200, answer), "/api/v1/seller-info")
    assert await wb.adapter.shop_name(wb.access) == name


@pytest.mark.parametrize(
    "harm", [harms.server_error(), harms.unauthorized(), harms.forbidden(), harms.reset()]
)
async def test_a_name_that_is_not_told_is_asked_for_once(wb, harm):
    wb.twin.faults.plant(harm, "/api/v1/seller-info", count=None)
    assert await wb.adapter.shop_name(wb.access) is None
    assert len(wb.twin.calls) == 1


@pytest.mark.parametrize(
    ("kind", "secret", "own_stock"),
    [
        (KeyKind.PERSONAL, None, True),
        (KeyKind.SERVICE, SECRET, True),
        (KeyKind.BASE, None, False),
        (KeyKind.BASE, SECRET, False),
        (None, None, False),
    ],
)
async def test_sources_of_a_kind_of_key(clock, kind, secret, own_stock):
    async with wildberries_at("http://127.0.0.1:9", clock, client_secret=secret) as adapter:
        facts = adapter.read_key(make_key(sid=SID, kind=kind)).facts
        sources = set(adapter.sources(facts))
    assert {Source.FUNNEL, Source.REMAINS, Source.ORDERS} <= sources
    assert (Source.SELLER_STOCKS in sources) is own_stock
