import pytest

from bot.core.errors import Code, Defect
from bot.core.products import SellerStock, Source
from bot.sandbox.wildberries import Card, harms
from tests.support.marketplace import MemoryMemo

PATH = "/api/analytics/v1/stocks-report/seller-warehouses"


async def test_pieces_are_summed_by_card(wb, shop):
    shop.card(187654322).seller_stock["Дача"] = 4
    got = await wb.collect(Source.SELLER_STOCKS)
    assert got.rows == {187654322: SellerStock(187654322, 15)}
    assert got.period is None


async def test_nothing_is_an_answer_too(wb, shop):
    for card in shop.cards:
        card.seller_stock.clear()
    got = await wb.collect(Source.SELLER_STOCKS)
    assert got.rows == {}
    assert got.taken_at == wb.clock.now()


async def test_every_page(wb, shop):
    own = {"Обухово МП": 2}
    shop.cards.extend(Card(300_000 + i, "x", seller_stock=own) for i in range(50_000))
    memo = MemoryMemo()
    got = await wb.bring(Source.SELLER_STOCKS, memo)
    assert sum(stock.quantity for stock in got.rows.values()) == 100_011
    assert [call.body["offset"] for call in wb.twin.calls] == [0, 50_000]
    assert wb.twin.too_many == 0
    assert await wb.collect(Source.SELLER_STOCKS, memo) == got


@pytest.mark.parametrize(
    "harm",
    [
        harms.forbidden("base"),
        harms.forbidden("requirements"),
        harms.replace(403, {"title": "Authorization error", "detail": "no subscription"}),
        harms.disabled(),
        harms.path_not_found(),
        harms.replace(410, b""),
    ],
)
async def test_a_key_that_may_not_read_it_closes_the_source_and_nothing_more(wb, harm):
    wb.twin.faults.plant(harm, PATH)
    with pytest.raises(Defect) as caught:
        await wb.collect(Source.SELLER_STOCKS)
    assert caught.value.code is Code.METHOD_CLOSED_FOR_KEY


async def test_a_base_key_is_refused_before_it_asks(wb, base):
    with pytest.raises(Defect) as caught:
        await wb.collect(Source.SELLER_STOCKS, access=base)
    assert caught.value.code is Code.METHOD_CLOSED_FOR_KEY
    assert wb.twin.calls == []


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"data": {"rows": []}}, "data.items"),
        ({"data": {"items": [{"nmId": 1, "amount": 5}]}}, "quantity"),
        ({"data": {"items": [{"nm": 1, "quantity": 5}]}}, "data.items.nmId"),
    ],
)
async def test_a_change_that_is_not_understood(wb, answer, field):
    wb.twin.faults.plant(harms.replace(200, answer), PATH)
    with pytest.raises(Defect) as caught:
        await wb.collect(Source.SELLER_STOCKS)
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
    assert caught.value.detail == field
