"""/status, and what only the operator's people may do."""

import pytest

from bot.core.errors import Code
from bot.core.products import Source
from bot.core.runs import RunStatus, SourceOutcome, Stage
from bot.core.sellers import ShopState
from tests.support.usecases import NOON
from tests.telegram.conftest import ADMIN


@pytest.fixture
def shop(house):
    house.register(100)
    return house.add_shop(100)


async def test_status_of_a_fresh_shop(world, shop):
    world.house.figures.add(shop.id)
    user = world.user()
    user.send("/status")
    said = await user.wait_for("Ромашка")
    assert "обновляется" in said.words
    assert "Данные: 20.11.2026 12:00 МСК." in said.words
    assert "данные на 20.11.2026 12:00 МСК, товаров: 3" in said.words
    assert "Период" not in said.words
    assert "00:01 МСК" in said.words


async def test_status_of_a_refresh_that_waits(world, shop):
    world.house.is_partial = True
    world.house.figures.add(shop.id)
    user = world.user()
    user.send("/sync")
    await user.wait_for("Обновляю")
    await world.settled()
    outcomes = {
        Source.FUNNEL: SourceOutcome(Stage.LATE, Code.BUDGET_SPENT, NOON),
        Source.REMAINS: SourceOutcome(Stage.FAILED, Code.VENDOR_FAILED),
        Source.ORDERS: SourceOutcome(Stage.CLOSED, Code.METHOD_CLOSED_FOR_KEY),
        Source.SELLER_STOCKS: SourceOutcome(Stage.WAITING),
    }
    world.house.change_run(1, outcomes=outcomes)
    user.send("/status")
    said = await user.wait_for("Сейчас обновляется")
    assert "частично" in said.words
    assert "🕒 Воронка продаж: придёт позже, попробую снова в 12:00 МСК" in said.words
    assert "⚠️ Остатки на складах: не получено" in said.words
    assert "➖ Заказы: этому ключу недоступно" in said.words
    assert "⏳ Остатки на ваших складах" in said.words


@pytest.mark.usefixtures("shop")
async def test_status_after_a_failure(world):
    user = world.user()
    user.send("/sync")
    await user.wait_for("Обновляю")
    await world.settled()
    world.house.change_run(1, status=RunStatus.FAILED, problem=Code.VENDOR_FAILED)
    user.send("/status")
    said = await user.wait_for("В последний раз не получилось")
    assert "Данных ещё нет" in said.words


@pytest.mark.usefixtures("shop")
async def test_status_of_many_shops_fits_a_message(world):
    for _ in range(15):
        world.house.add_shop(
            100, "Очень длинное название магазина " * 3, state=ShopState.NEEDS_KEY
        )
    user = world.user()
    user.send("/status")
    await user.wait_for("Ромашка")


@pytest.mark.usefixtures("shop")
async def test_an_admin_refreshes_everybody(world):
    world.house.register(101)
    world.house.add_shop(101)
    world.house.add_shop(101, state=ShopState.WITHOUT_KEY)
    admin = world.user(ADMIN)
    admin.send("/sync all")
    await admin.wait_for("обновляю 2 магазина")
    assert len(world.house.runs) == 2


async def test_an_admin_refreshes_one_shop(world, shop):
    admin = world.user(ADMIN)
    admin.send(f"/sync {shop.id}")
    await admin.wait_for("обновляю магазин 1")
    admin.send(f"/sync {shop.id}")
    await admin.wait_for("уже обновляется")
    admin.send("/sync 77")
    await admin.wait_for("Такого магазина нет")
    assert world.house.runs[1].progress is None


@pytest.mark.parametrize("argument", ["everything", "1 2", "-1", "9" * 40, "²"])
async def test_an_argument_that_is_none(world, argument):
    admin = world.user(ADMIN)
    admin.send(f"/sync {argument}")
    await admin.wait_for("/sync all")
    assert world.house.runs == {}


async def test_nobody_to_refresh(world):
    admin = world.user(ADMIN)
    admin.send("/SYNC ALL")
    await admin.wait_for("Обновлять нечего")


@pytest.mark.parametrize("argument", ["all", "2"])
async def test_a_seller_refreshes_only_his_own(world, shop, argument):
    world.house.register(200)
    world.house.add_shop(200)
    user = world.user()
    user.send(f"/sync {argument}")
    await user.wait_for("Обновляю таблицу магазина «Ромашка»")
    await world.settled()
    assert [run.shop_id for run in world.house.runs.values()] == [shop.id]
    assert "request_refresh.everybody" not in world.house.journal
