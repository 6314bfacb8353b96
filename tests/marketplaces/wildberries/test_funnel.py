import pytest

from bot.core.errors import Code, Defect, Transient
from bot.core.ports import Unfinished
from bot.core.products import Source
from bot.sandbox.wildberries import harms
from tests.marketplaces.wildberries.conftest import add_cards
from tests.support.marketplace import MemoryMemo

FUNNEL = "/api/analytics/v3/sales-funnel/products"


async def test_figures_of_the_period(wb):
    funnel = await wb.collect(Source.FUNNEL)
    assert set(funnel.rows) == {187654321, 187654322}
    assert funnel.rows[187654321].orders == 4
    assert funnel.rows[187654322].orders == 1
    assert (funnel.rows[187654322].stocks_wb, funnel.rows[187654322].stocks_mp) == (5, 11)
    assert funnel.period == wb.period
    assert funnel.complete
    assert funnel.taken_at == wb.clock.now()


@pytest.mark.parametrize(("cards", "calls"), [(0, 1), (996, 1), (997, 1), (998, 2), (2500, 3)])
async def test_every_page_until_a_short_one(wb, shop, cards, calls):
    add_cards(shop, cards)
    funnel = await wb.collect(Source.FUNNEL)
    assert len(funnel.rows) == cards + 2
    assert len(wb.twin.calls) == calls
    assert wb.twin.calls[0].body == {
        "selectedPeriod": {"start": "2026-11-13", "end": "2026-11-19"},
        "limit": 1000,
        "offset": 0,
    }


async def test_pacing_is_slept_and_provokes_nothing(wb, shop):
    add_cards(shop, 5000)
    began = wb.clock.monotonic()
    funnel = await wb.collect(Source.FUNNEL)
    assert len(funnel.rows) == 5002
    assert 60 <= wb.clock.monotonic() - began <= 60 * 1.1 + 2
    assert wb.twin.too_many == 0


async def test_a_base_key_goes_on_page_by_page(wb, shop, base):
    add_cards(shop, 2500)
    memo, began = MemoryMemo(), wb.clock.monotonic()
    with pytest.raises(Unfinished) as caught:
        await wb.collect(Source.FUNNEL, memo, base)
    assert caught.value.code is Code.BUDGET_SPENT
    assert 1790 < caught.value.retry_after_seconds <= 1801
    assert len(caught.value.so_far.rows) == 1000
    assert not caught.value.so_far.complete
    funnel = await wb.bring(Source.FUNNEL, memo, base)
    assert len(funnel.rows) == 2502
    assert funnel.complete
    assert [call.body["offset"] for call in wb.twin.calls] == [0, 1000, 2000]
    assert 3600 <= wb.clock.monotonic() - began <= 3600 * 1.1 + 2
    assert wb.twin.too_many == 0


async def test_what_was_kept_is_not_asked_for_again(wb):
    memo = MemoryMemo()
    first = await wb.collect(Source.FUNNEL, memo)
    again = await wb.collect(Source.FUNNEL, memo)
    assert again == first
    assert len(wb.twin.calls) == 1


async def test_cards_that_move_between_pages_are_replaced_not_summed(wb, shop):
    add_cards(shop, 2000)
    wb.twin.behaviour.unstable_funnel = True
    funnel = await wb.collect(Source.FUNNEL)
    assert funnel.rows[187654321].orders == 4
    assert 1900 < len(funnel.rows) <= 2002


async def test_a_vendor_that_ignores_the_offset_is_not_asked_for_ever(wb, shop):
    add_cards(shop, 1500)
    first_page = (await wb.collect(Source.FUNNEL)).rows
    same = {"data": {"products": [{"product": {"nmId": n}} for n in list(first_page)[:1000]]}}
    wb.twin.faults.plant(harms.replace(200, same), FUNNEL, count=None)
    funnel = await wb.collect(Source.FUNNEL)
    assert len(funnel.rows) == 1000


async def test_a_failure_in_the_middle_says_what_has_come(wb, shop):
    add_cards(shop, 2500)
    wb.twin.faults.plant(harms.server_error(502), FUNNEL, after=1, count=None)
    with pytest.raises(Unfinished) as caught:
        await wb.collect(Source.FUNNEL)
    assert caught.value.code is Code.VENDOR_FAILED
    assert len(caught.value.so_far.rows) == 1000


async def test_a_failure_on_the_first_page_is_transient(wb):
    wb.twin.faults.plant(harms.server_error(502), FUNNEL, count=None)
    with pytest.raises(Transient) as caught:
        await wb.collect(Source.FUNNEL)
    assert not isinstance(caught.value, Unfinished)
    assert caught.value.retry_after_seconds is None


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({}, "data"),
        ({"data": None}, "data"),
        ({"data": {"items": []}}, "data.products"),
        ({"data": {"products": {}}}, "data.products"),
        ({"data": {"products": [{"product": {"nmID": 5}}]}}, "nmId"),
        ({"data": {"products": [{"product": {"nmId": 5, "stocks": 7}}]}}, "product.stocks"),
        ({"data": {"products": [{"product": {"nmId": [5]}}]}}, "product.nmId"),
    ],
)
async def test_a_change_that_is_not_understood_names_the_field(wb, answer, field):
    wb.twin.faults.plant(harms.replace(200, answer), FUNNEL)
    with pytest.raises(Defect) as caught:
        await wb.collect(Source.FUNNEL)
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
    assert field in caught.value.detail


@pytest.mark.parametrize("products", [[], None])
async def test_no_cards(wb, products):
    wb.twin.faults.plant(harms.replace(200, {"data": {"products": products}}), FUNNEL)
    assert (await wb.collect(Source.FUNNEL)).rows == {}


async def test_no_content_is_no_cards(wb):
    wb.twin.faults.plant(harms.no_content(), FUNNEL)
    assert (await wb.collect(Source.FUNNEL)).rows == {}
