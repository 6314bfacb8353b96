"""The main story, in Russian and in English: /start, three answers, the key, the table."""

import pytest

from bot.core.runs import RunKind
from bot.sandbox.telegram.hands import has_button, has_document
from tests.support.usecases import GOOD_KEY, TABLE_URL

WORDS = {
    "ru": {
        "steps": ("Шаг 1 из 3", "Шаг 2 из 3", "Шаг 3 из 3"),
        "add_key": "🔑 Добавить API ключ",
        "how": "Аналитика",
        "connected": "подключён",
        "table": "📊 Получить мою таблицу",
        "open": "📊 Открыть таблицу",
        "menu": [
            "📊 Получить мою таблицу",
            "🔄 Обновить сейчас",
            "⚙️ Настройки",
            "ℹ️ О сервисе",
            "❓ Помощь",
        ],
        "menu_before": ["🔑 Добавить API ключ", "ℹ️ О сервисе", "❓ Помощь"],
        "refreshing": "Обновляю таблицу",
    },
    "en": {
        "steps": ("Step 1 of 3", "Step 2 of 3", "Step 3 of 3"),
        "add_key": "🔑 Add API key",
        "how": "Analytics",
        "connected": "is connected",
        "table": "📊 Get my table",
        "open": "📊 Open the table",
        "menu": ["📊 Get my table", "🔄 Refresh now", "⚙️ Settings", "ℹ️ About", "❓ Help"],
        "menu_before": ["🔑 Add API key", "ℹ️ About", "❓ Help"],
        "refreshing": "Refreshing the table",
    },
}


async def register(user, words):
    user.start()
    await user.wait_for(words["steps"][0])
    user.send("Анна <Иванова>")
    await user.wait_for(words["steps"][1])
    user.send(" Anna@Example.ru ")
    await user.wait_for(words["steps"][2])
    user.send_contact()
    return await user.wait_for(lambda message: "✅" in message.words)


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_from_start_to_the_table(world, language):
    words, user = WORDS[language], world.user(100, language)
    await register(user, words)
    assert user.keyboard == words["menu_before"]
    seller = world.house.sellers[100]
    assert (seller.profile.name, seller.language) == ("Анна <Иванова>", language)
    assert seller.profile.email == "Anna@example.ru"
    assert seller.profile.phone == "+79990000100"

    user.press(words["add_key"])
    await user.wait_for(words["how"])
    pasted = user.send(GOOD_KEY)
    await user.wait_for(words["refreshing"])
    assert pasted.is_deleted
    assert any(words["connected"] in message.words for message in user.screen)
    assert user.keyboard == words["menu"]
    assert world.house.pasted == [GOOD_KEY]
    await world.settled()
    run = world.house.runs[1]
    assert run.kind is RunKind.FIRST
    assert run.progress is not None

    world.house.figures.add(1)
    user.press(words["table"])
    table = await user.wait_for(has_button(words["open"]))
    assert TABLE_URL.format(shop_id=1) in table.links


async def test_without_google_the_table_is_a_document(world):
    world.house.with_links = False
    user = world.user()
    world.house.register(100)
    shop = world.house.add_shop(100)
    world.house.figures.add(shop.id)
    user.start()
    await user.wait_for("Здравствуйте")
    user.press("📊 Получить мою таблицу")
    message = await user.wait_for(has_document)
    assert message.file.filename == "Ромашка.xlsx"
    assert "20.11.2026 12:00 МСК" in message.words


async def test_before_the_first_figures_the_table_is_collected(world):
    user = world.user()
    world.house.register(100)
    world.house.add_shop(100)
    user.send("📊 Получить мою таблицу")
    progress = await user.wait_for("▫️ Заказы")
    await world.settled()
    run = world.house.runs[1]
    assert run.progress.message_id == progress.message_id
    assert await world.state() is None
