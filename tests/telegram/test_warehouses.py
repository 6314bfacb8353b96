"""«Не считать остаток складов»: a button per warehouse, also for names longer than a button."""

import pytest

from bot.core.runs import RunKind

pytestmark = pytest.mark.usefixtures("seller")
LONG = "Самара (Новосемейкино), очень длинное имя склада"


@pytest.fixture
def seller(house):
    return house.register(100)


async def open_screen(user):
    user.send("Не считать остаток складов")
    return await user.wait_for("Склады магазина")


async def test_a_warehouse_is_left_out_and_taken_back(world):
    world.house.add_shop(100)
    user = world.user()
    screen = await open_screen(user)
    assert screen.labels == ["✅ Склад WB РФ", "✅ Коледино", f"✅ {LONG[:40]}", "← Назад"]
    user.press("✅ Коледино")
    screen = await user.wait_for("Изменено")
    assert "🚫 Коледино" in screen.labels
    assert world.house.shops[0].uncounted_warehouses == {"Коледино"}
    assert world.house.open_run(1).kind is RunKind.TAPPED
    user.press("🚫 Коледино")
    await user.wait_until(lambda: not world.house.shops[0].uncounted_warehouses)


async def test_a_long_name_is_one_button(world):
    world.house.add_shop(100)
    user = world.user()
    await open_screen(user)
    user.press(f"✅ {LONG[:40]}")
    await user.wait_for("Изменено")
    assert world.house.shops[0].uncounted_warehouses == {LONG}


async def test_with_several_shops_it_asks_which_one(world):
    world.house.add_shop(100)
    world.house.add_shop(100, "Лютик")
    user = world.user()
    user.send("Не считать остаток складов")
    screen = await user.wait_for("магазин")
    assert screen.labels == ["Ромашка", "Лютик"]
    user.press("Лютик")
    await user.wait_for("Склады магазина «Лютик»")
