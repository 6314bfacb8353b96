"""The numbers of a shop, from the twin to the published report, on a real database."""

import pytest
import pytest_asyncio

from bot.core.period import moscow_day
from bot.core.products import Source
from bot.core.runs import RunStatus, Stage
from bot.core.sellers import ShopState
from bot.sandbox.wildberries import KeyKind, OrderStatus
from bot.sandbox.wildberries.harms import disabled, forbidden, server_error
from bot.usecases.shop_status import ShopStatus
from tests.support.refreshing import refreshing

FUNNEL = "/api/analytics/v3/sales-funnel"
ORDERS = "/api/v1/supplier/orders"
REMAINS = "/api/v1/warehouse_remains"
SELLER_STOCKS = "/api/analytics/v1/stocks-report/seller-warehouses"
DAY_SECONDS = 24 * 3600.0


@pytest_asyncio.fixture
async def home(storage):
    async with refreshing(storage) as opened:
        yield opened


async def refreshed(home, here, shop):
    run = await home.request(shop)
    return await home.until_done(here, run.id)


async def stored(home, shop):
    return await home.world.stores.tables.figures(shop.id)


def totals(figures):
    return {card.nm_id: card.stocks_total for card in figures.metrics}


class TestUncounted:
    async def test_the_table_follows_without_a_call_and_the_columns_stay(self, home):
        shop = await home.connect(kind=KeyKind.PERSONAL)
        async with home.process() as here:
            await refreshed(home, here, shop)
            before, calls = await stored(home, shop), len(home.twin.calls)
            await home.world.clock.advance(7200)
            seller = await home.world.stores.sellers.by_telegram_id(77)
            choose = home.counted(here)
            name = (await choose.view(seller, shop.id)).names[0]
            view = await choose(seller, shop.id, name, counts=False)
            assert (await home.until_done(here, view.requested.run.id)).status is RunStatus.DONE
            after = await stored(home, shop)
            again = await choose(seller, shop.id, name, counts=True)
            await home.until_done(here, again.requested.run.id)
        assert len(home.twin.calls) == calls
        assert (after.at, after.period) == (before.at, before.period)
        for left, right in zip(before.metrics, after.metrics, strict=True):
            gone = (left.stocks_by_warehouse or {}).get(name, 0)
            assert right.stocks_wb == left.stocks_wb - gone
            assert right.stocks_by_warehouse == left.stocks_by_warehouse
        assert name in dict(after.about)["Склады вне итогов"]
        assert len(home.tables.reports) == 3
        assert home.tables.reports[1].groups[1:] == home.tables.reports[0].groups[1:]
        assert totals(await stored(home, shop)) == totals(before)

    async def test_a_run_that_waits_shows_the_change_and_keeps_what_it_has(self, home):
        shop = await home.connect()
        home.twin.faults.plant(server_error(), FUNNEL, count=None)
        async with home.process() as here:
            run = await home.request(shop)
            await home.one_pass(here, run.id)
            await home.world.clock.advance(70)
            assert (await home.one_pass(here, run.id)).status is RunStatus.OPEN
            seller = await home.world.stores.sellers.by_telegram_id(77)
            choose = home.counted(here)
            name = (await choose.view(seller, shop.id)).names[0]
            asked = [call.path for call in home.twin.calls if FUNNEL not in call.path]
            await choose(seller, shop.id, name, counts=False)
            await home.one_pass(here, run.id)
        assert name in dict((await stored(home, shop)).about)["Склады вне итогов"]
        assert [call.path for call in home.twin.calls if FUNNEL not in call.path] == asked


class TestPeriod:
    async def test_another_length_is_collected_before_it_is_shown(self, home):
        shop = await home.connect(kind=KeyKind.PERSONAL)
        stores, clock = home.world.stores, home.world.clock
        async with home.process() as here:
            await refreshed(home, here, shop)
            await clock.advance(7200)
            home.twin.faults.plant(server_error(), FUNNEL, count=None)
            home.twin.faults.plant(server_error(), ORDERS, count=None)
            await stores.shops.set_period(shop.id, 30, now=clock.now())
            shop = await stores.shops.by_id(shop.id)
            run = await home.request(shop)
            await home.one_pass(here, run.id)
            held = await stores.snapshots.load(shop.id, shop.sid, 30)
            assert (held.funnel, held.funnel_so_far, held.orders) == (None, None, None)
            assert (await stores.snapshots.load(shop.id, "another sid", 7)).remains is None
            half = await stored(home, shop)
            assert {card.orders_total for card in half.metrics} == {None}
            home.twin.faults.clear()
            await clock.advance(3600)
            await home.until_done(here, run.id)
        whole = await stored(home, shop)
        assert whole.period.days == 30
        placed = [o for o in home.wb_shop.orders if whole.period.start.timestamp() <= o.created_s]
        end = whole.period.start.timestamp() + 30 * DAY_SECONDS
        expected = sum(1 for order in placed if order.created_s < end)
        assert sum(card.orders_total for card in whole.metrics) == expected


class TestFreshness:
    async def test_a_stale_funnel_never_beats_fresh_orders(self, home):
        shop = await home.connect(kind=KeyKind.PERSONAL)
        async with home.process() as here:
            await refreshed(home, here, shop)
            await home.world.clock.advance(DAY_SECONDS)
            home.twin.faults.plant(disabled(), FUNNEL, count=None)
            await refreshed(home, here, shop)
        figures = await stored(home, shop)
        first = figures.period.start.timestamp()
        last = first + figures.period.days * DAY_SECONDS
        in_period = [o for o in home.wb_shop.orders if first <= o.created_s < last]
        for card in figures.metrics:
            assert card.orders_total == sum(1 for o in in_period if o.nm_id == card.nm_id)
        about = dict(figures.about)
        assert "сравнить нельзя" in about["Сверка заказов"]
        assert "Wildberries временно отключил" in about["Источник: воронка продаж"]
        assert about["Ждут воронку продаж"].startswith(f"товаров: {len(figures.metrics)}")
        assert figures.is_partial

    async def test_a_night_without_an_answer_pretends_nothing(self, home):
        shop = await home.connect(kind=KeyKind.PERSONAL)
        tables, clock = home.world.stores.tables, home.world.clock
        async with home.process() as here:
            await refreshed(home, here, shop)
            before, days = await stored(home, shop), await tables.history(shop.id, last=9)
            await clock.advance(DAY_SECONDS)
            home.twin.faults.plant(disabled(), "/api", count=None)
            await refreshed(home, here, shop)
            after = await stored(home, shop)
            assert (after.at, after.is_partial) == (before.at, True)
            assert totals(after) == totals(before)
            assert await tables.history(shop.id, last=9) == days
            home.twin.faults.clear()
            await clock.advance(600)
            await refreshed(home, here, shop)
        assert (await stored(home, shop)).at > before.at
        assert len(await tables.history(shop.id, last=9)) == len(days) + 1

    async def test_a_day_without_its_orders_says_that_they_are_not_known(self, home):
        shop = await home.connect(kind=KeyKind.PERSONAL)
        async with home.process() as here:
            await refreshed(home, here, shop)
            await home.world.clock.advance(DAY_SECONDS)
            for path in (FUNNEL, ORDERS, "/api/analytics/v1/order-feed"):
                home.twin.faults.plant(disabled(), path, count=None)
            await refreshed(home, here, shop)
        _, today = await home.world.stores.tables.history(shop.id, last=9)
        assert (today.orders, today.stock) == (
            None,
            sum(totals(await stored(home, shop)).values()),
        )

    async def test_a_tap_while_waiting_says_when_the_rest_comes(self, home):
        shop = await home.connect()
        async with home.process() as here:
            await refreshed(home, here, shop)
            await home.world.clock.advance(600)
            run = await home.request(shop)
            waiting = await home.one_pass(here, run.id)
        assert waiting.status is RunStatus.OPEN
        late = {s: o for s, o in waiting.outcomes.items() if o.stage is Stage.LATE}
        assert late
        assert all(o.next_try_at > home.world.clock.now() for o in late.values())
        assert home.twin.too_many == 0
        about = dict((await stored(home, shop)).about)
        assert "спросим снова в" in about["Источник: заказы"]

    async def test_a_tap_hours_later_asks_anew_for_what_the_budget_allows(self, home):
        shop = await home.connect()
        home.twin.faults.plant(server_error(), FUNNEL, count=None)
        async with home.process() as here:
            run = await home.request(shop)
            await home.one_pass(here, run.id)
            await home.world.clock.advance(70)
            await home.one_pass(here, run.id)
            before = [call.path for call in home.twin.calls].count(REMAINS)
            await home.world.clock.advance(2 * 3600)
            assert (await home.request(shop)).id == run.id
            await home.one_pass(here, run.id)
        assert [call.path for call in home.twin.calls].count(REMAINS) == before + 1
        assert home.twin.too_many == 0

    async def test_from_the_evening_on_the_orders_call_is_kept_for_the_night(self, home):
        clock = home.world.clock
        shop = await home.connect()
        await clock.advance(22 * 3600)  # from 00:01 to 22:01 in Moscow
        async with home.process() as here:
            run = await home.request(shop)
            waiting = await home.one_pass(here, run.id)
        assert not any(call.path == ORDERS for call in home.twin.calls)
        assert any(REMAINS in call.path for call in home.twin.calls)
        kept_until = waiting.outcomes[Source.ORDERS].next_try_at
        assert abs((kept_until - clock.now()).total_seconds() - 7200) < 60
        assert moscow_day(kept_until) > moscow_day(clock.now())

    @pytest.mark.parametrize("closed_by", ["another key", "a refusal"])
    async def test_what_the_key_may_not_ask_for_any_more_is_forgotten(self, home, closed_by):
        shop = await home.connect(kind=KeyKind.PERSONAL)
        stores, clock = home.world.stores, home.world.clock
        async with home.process() as here:
            await refreshed(home, here, shop)
            held = await stores.snapshots.load(shop.id, shop.sid, 7)
            assert held.seller_stocks is not None
            await clock.advance(2 * DAY_SECONDS)
            if closed_by == "another key":
                shop = await home.replace_key(shop, kind=KeyKind.BASE)
            else:
                home.twin.faults.plant(forbidden("base"), SELLER_STOCKS, count=None)
            await refreshed(home, here, shop)
        held = await stores.snapshots.load(shop.id, shop.sid, 7)
        assert held.seller_stocks is None
        assert (await stores.vitals.read(clock.now())).stale_shops == 0
        of_funnel = {nm_id: row.stocks_mp for nm_id, row in held.funnel.rows.items()}
        for card in (await stored(home, shop)).metrics:
            assert card.stocks_mp == of_funnel.get(card.nm_id, 0)

    async def test_status_tells_each_source(self, home):
        shop = await home.connect(kind=KeyKind.PERSONAL)
        async with home.process() as here:
            await refreshed(home, here, shop)
        stores = home.world.stores
        seller = await stores.sellers.by_telegram_id(77)
        view = await ShopStatus(stores.shops, stores.runs, stores.tables)(seller, shop.id)
        about = dict(view.about)
        for source in ("воронка продаж", "остатки на складах WB", "заказы"):
            assert about[f"Источник: {source}"].startswith("данные на")
        assert "сходится" in about["Сверка остатков"]
        assert "воронка: " in about["Сверка заказов"]
        assert "Сверка заказов в день" in about


class TestRefusals:
    @pytest.mark.parametrize("meaning", ["base", "base_without_secret", "requirements", "service"])
    @pytest.mark.parametrize("path", [FUNNEL, SELLER_STOCKS, ORDERS, REMAINS])
    async def test_a_403_degrades_one_source_and_kills_no_key(self, home, meaning, path):
        shop = await home.connect(kind=KeyKind.PERSONAL)
        home.twin.faults.plant(forbidden(meaning), path, count=None)
        async with home.process() as here:
            run = await refreshed(home, here, shop)
        assert run.status is RunStatus.DONE
        assert (await home.world.stores.shops.by_id(shop.id)).state is ShopState.LIVE
        stages = [outcome.stage for outcome in run.outcomes.values()]
        assert sorted(stages).count(Stage.ARRIVED) == 3
        assert (await stored(home, shop)).metrics

    async def test_a_403_everywhere_kills_no_key(self, home):
        shop = await home.connect()
        home.twin.faults.plant(forbidden("base"), "/api", count=None)
        async with home.process() as here:
            run = await refreshed(home, here, shop)
        assert run.status is RunStatus.FAILED
        assert (await home.world.stores.shops.by_id(shop.id)).state is ShopState.LIVE


async def test_orders_switched_off_come_from_the_feed(home):
    shop = await home.connect(kind=KeyKind.PERSONAL)
    home.twin.faults.plant(disabled(), ORDERS, count=None)
    async with home.process() as here:
        run = await refreshed(home, here, shop)
    assert run.status is RunStatus.DONE
    figures = await stored(home, shop)
    assert not figures.is_partial
    kept = [o for o in home.wb_shop.orders if o.status is not OrderStatus.CANCEL]
    first = figures.period.start.timestamp()
    last = first + figures.period.days * DAY_SECONDS
    sold = sum(1 for o in kept if first <= o.created_s < last)
    counted = sum(c.orders_wb_warehouses + c.orders_fbs_warehouses for c in figures.metrics)
    assert counted == sold
