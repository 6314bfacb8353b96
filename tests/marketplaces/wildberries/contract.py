"""What every source of orders promises, whichever of the vendor's methods it asks."""

from dataclasses import replace

import pytest

from bot.core.products import Source
from bot.kit.clock import ManualClock
from bot.sandbox.wildberries import OrderStatus
from tests.marketplaces.wildberries.conftest import moscow
from tests.support.marketplace import MemoryMemo, Setting

CENTRE = "Центральный федеральный округ"


class OrdersContract:
    """Subclasses give `orders` (an access) and say what a hidden warehouse is called."""

    hidden_name: str
    abroad_name: str

    @pytest.fixture
    def orders(self, wb):
        raise NotImplementedError

    async def test_orders_placed_in_the_period(self, wb: Setting, orders):
        got = await wb.collect(Source.ORDERS, access=orders)
        assert got.period == wb.period
        assert {n: card.placed for n, card in got.rows.items()} == {
            187654321: 4,
            187654322: 1,
            187654323: 1,
        }

    async def test_places(self, wb: Setting, orders):
        rows = (await wb.collect(Source.ORDERS, access=orders)).rows
        counted = {self.hidden_name: 3}
        counted[self.abroad_name] = counted.get(self.abroad_name, 0) + 1
        assert rows[187654321].by_warehouse == counted
        assert (rows[187654322].by_warehouse, rows[187654322].fbs) == ({}, 1)

    async def test_cancelled_orders_are_placed_and_counted_nowhere_else(self, wb, orders):
        card = (await wb.collect(Source.ORDERS, access=orders)).rows[187654323]
        assert (card.placed, card.by_warehouse, card.by_district) == (1, {}, {})

    async def test_districts_of_the_buyers(self, wb, orders):
        rows = (await wb.collect(Source.ORDERS, access=orders)).rows
        assert rows[187654321].by_district == {CENTRE: 4}
        assert rows[187654322].by_district == {CENTRE: 1}

    async def test_an_order_that_changes_is_one_order(self, wb, shop, orders):
        srid = shop.orders[1].srid
        shop.change_order(srid, OrderStatus.BUYOUT, moscow("2026-11-20T09:00:00"))
        rows = (await wb.collect(Source.ORDERS, access=orders)).rows
        assert rows[187654321].placed == 4
        shop.change_order(srid, OrderStatus.CANCEL, moscow("2026-11-20T10:00:00"))
        rows = (await wb.bring(Source.ORDERS, access=orders)).rows
        assert rows[187654321].placed == 4
        assert sum(rows[187654321].by_warehouse.values()) == 3

    async def test_an_old_order_that_changes_now_is_none_of_the_period(self, wb, shop, orders):
        old = shop.orders[0].srid
        shop.change_order(old, OrderStatus.BUYOUT, moscow("2026-11-18T09:00:00"))
        assert (await wb.collect(Source.ORDERS, access=orders)).rows[187654321].placed == 4

    async def test_no_orders(self, wb, shop, orders):
        shop.clear_orders()
        got = await wb.collect(Source.ORDERS, access=orders)
        assert got.rows == {}
        assert got.complete

    async def test_what_was_kept_is_not_asked_for_again(self, wb, orders):
        memo = MemoryMemo()
        first = await wb.bring(Source.ORDERS, memo, orders)
        calls = len(wb.twin.calls)
        assert await wb.collect(Source.ORDERS, memo, orders) == first
        assert len(wb.twin.calls) == calls

    async def test_it_can_go_on_at_another_hour_in_another_process(self, wb, clock, orders):
        memo = MemoryMemo()
        first = await wb.bring(Source.ORDERS, memo, orders)
        later = replace(wb, clock=ManualClock(clock.now()))
        assert await later.collect(Source.ORDERS, memo, orders) == first

    async def test_odd_answers_change_no_count(self, wb, shop, orders):
        plain = await wb.bring(Source.ORDERS, access=orders)
        shop.oddities = replace(shop.oddities, floats=True, unknown_fields=True)
        odd = await wb.bring(Source.ORDERS, access=orders)
        assert odd.rows == plain.rows

    async def test_thirty_days(self, wb, shop, orders):
        wb.period = wb.period.ending_before(moscow("2026-11-20T00:00:00").date(), 30)
        shop.place_order(187654322, moscow("2026-10-21T00:00:00"), warehouse="Тула")
        shop.place_order(187654322, moscow("2026-10-20T23:59:59"), warehouse="Тула")
        rows = (await wb.collect(Source.ORDERS, access=orders)).rows
        assert rows[187654322].placed == 2
