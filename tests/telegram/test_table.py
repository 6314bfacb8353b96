"""The table and its refreshing: one shop or several, taps that join, buttons that are forged."""

import pytest

from bot.core.errors import Code, Transient
from bot.core.products import Source
from bot.core.runs import SourceOutcome, Stage
from bot.core.sellers import ShopState
from bot.sandbox.telegram.hands import has_button
from tests.support.usecases import TABLE_URL

pytestmark = pytest.mark.usefixtures("seller")


@pytest.fixture
def seller(house):
    return house.register(100)


@pytest.mark.parametrize(
    "words", ["🔄 Обновить сейчас", "/sync", "обновить сейчас", "Refresh now"]
)
async def test_a_refresh_is_accepted_at_once(world, words):
    world.house.add_shop(100)
    user = world.user()
    user.send(words)
    progress = await user.wait_for("Обновляю таблицу магазина «Ромашка»")
    assert "▫️ Воронка продаж" in progress.words
    await world.settled()
    assert world.house.runs[1].progress.message_id == progress.message_id
    assert await world.state() is None


async def test_a_tap_joins_the_running_refresh_and_moves_its_message(world):
    world.house.add_shop(100)
    user = world.user()
    user.send("/sync")
    first = await user.wait_for("Обновляю")
    await world.settled()
    world.house.change_run(1, outcomes={Source.ORDERS: SourceOutcome(Stage.ARRIVED, rows=1_248)})
    user.send("/sync")
    second = await user.wait_for("✅ Заказы: 1\u202f248 строк")
    await world.settled()
    assert first.is_deleted
    assert len(world.house.runs) == 1
    assert world.house.runs[1].progress.message_id == second.message_id


async def test_many_taps_are_one_refresh_and_one_message(world):
    world.house.add_shop(100)
    user = world.user()
    for _ in range(10):
        user.send("🔄 Обновить сейчас")
    await world.settled()
    assert len(world.house.runs) == 1
    shown = [one for one in user.screen if one.from_bot and "Обновляю" in one.words]
    assert len(shown) == 1


async def test_the_table_of_one_of_several_shops(world):
    world.house.add_shop(100, "Ромашка")
    other = world.house.add_shop(100, None)
    world.house.figures.update({1, 2})
    user = world.user()
    user.send("📊 Получить мою таблицу")
    await user.wait_for("Какой магазин?")
    user.press("Магазин 2")
    table = await user.wait_for(has_button("📊 Открыть таблицу"))
    assert TABLE_URL.format(shop_id=other.id) in table.links


async def test_refreshing_one_of_several_shops(world):
    world.house.add_shop(100, "Ромашка")
    world.house.add_shop(100, "Лютик")
    user = world.user()
    user.send("/sync")
    await user.wait_for("Какой магазин?")
    user.press("Лютик")
    await user.wait_for("магазина «Лютик»")
    assert [run.shop_id for run in world.house.runs.values()] == [2]


@pytest.mark.parametrize(
    "act", ["table", "refresh", "key", "delete", "delete_sure", "check", "keep"]
)
async def test_a_forged_button_opens_nobody_elses_shop(world, act):
    world.house.add_shop(100)
    stranger = world.house.register(200)
    theirs = world.house.add_shop(stranger.id, "Чужой")
    world.house.figures.add(theirs.id)
    user = world.user()
    user.send("/settings")
    screen = await user.wait_for("Что открыть?")
    user.tap(screen, f"shop:{act}:{theirs.id}")
    await user.wait_for("Такого магазина нет")
    await world.settled()
    assert not any("Чужой" in message.words for message in user.transcript)
    assert world.house.runs == {}
    assert world.house.shops[1].state is ShopState.LIVE


@pytest.mark.parametrize("data", ["shop:table:abc", "shop:fly:1", "shop:table", "go:nowhere", "x"])
async def test_a_button_that_was_never_made(world, data):
    world.house.add_shop(100)
    user = world.user()
    user.send("/settings")
    screen = await user.wait_for("Что открыть?")
    user.tap(screen, data)
    await user.wait_for("Эта кнопка устарела")


async def test_without_a_shop_there_is_one_thing_to_do(world):
    user = world.user()
    for words in ("📊 Получить мою таблицу", "/sync", "/status", "🔑 API ключ", "🏪 Магазины"):
        user.send(words)
        said = await user.wait_for("Магазинов пока нет")
        assert has_button("🔑 Добавить API ключ")(said)
    user.press("🔑 Добавить API ключ")
    await user.wait_for("Аналитика")


async def test_without_a_key_the_refresh_says_what_to_do(world):
    world.house.add_shop(100, state=ShopState.WITHOUT_KEY)
    user = world.user()
    user.send("/sync")
    said = await user.wait_for("У магазина нет ключа")
    assert has_button("🔑 Добавить API ключ")(said)
    assert "key_missing" in said.words
    await world.settled()
    assert await world.state() is None


async def test_a_database_that_is_away(world):
    world.house.add_shop(100)
    world.house.trouble = Transient(Code.STORAGE_UNREACHABLE)
    user = world.user()
    user.send("/sync")
    said = await user.wait_for("через минуту")
    assert "storage_unreachable" in said.words


async def test_a_partly_refreshed_table_says_so(world):
    world.house.add_shop(100, "A & <B>")
    world.house.figures.add(1)
    world.house.is_partial = True
    user = world.user()
    user.send("📊 Получить мою таблицу")
    said = await user.wait_for("обновилась не вся")
    assert "«A & <B>»" in said.words


@pytest.mark.parametrize(
    ("sharing", "said"),
    [
        ("no_google_account", "Нужен e-mail с аккаунтом Google"),
        ("later", "пока не открыл доступ"),
        ("refused", "пока не открыл доступ"),
    ],
)
async def test_a_table_that_is_not_shared_yet(world, sharing, said):
    world.house.add_shop(100)
    world.house.figures.add(1)
    world.house.sharing = sharing
    user = world.user()
    user.send("📊 Получить мою таблицу")
    await user.wait_for(said)
