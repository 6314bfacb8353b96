"""The ways home work from everywhere; nothing is met with silence."""

import pytest

from bot.core.sellers import ShopState
from tests.telegram.test_registration import to_email, to_name, to_phone

MENU = [
    "📊 Получить мою таблицу",
    "🔄 Обновить сейчас",
    "⚙️ Настройки",
    "ℹ️ О сервисе",
    "❓ Помощь",
]
STATES = {
    "name": (to_name, "Шаг 1 из 3"),
    "email": (to_email, "Шаг 2 из 3"),
    "phone": (to_phone, "Шаг 3 из 3"),
}


async def to_key(world, user):
    world.house.register(user.id)
    user.send("🔑 Добавить API ключ")
    await user.wait_for("Аналитика")


@pytest.fixture(params=[*STATES, "key"])
async def midway(request, world):
    """A user in one of the states, and the question that he was asked last."""
    user = world.user()
    if request.param == "key":
        await to_key(world, user)
        return user, "Аналитика"
    go, question = STATES[request.param]
    await go(user)
    return user, question


async def test_cancel_from_every_state(world, midway):
    user, _ = midway
    user.send("/cancel")
    await user.wait_for("Прервал")
    assert await world.state() is None
    assert not any(world.drafts.answers.values())
    user.send("Анна")
    await user.wait_for("Не понял" if world.house.sellers else "/start")


async def test_start_from_every_state(world, midway):
    user, _ = midway
    user.start()
    await user.wait_for("Здравствуйте")
    at_name = None if world.house.sellers else "RegistrationStates:GET_NAME"
    assert await world.state() == at_name
    assert not any(world.drafts.answers.values())


@pytest.mark.parametrize("words", ["/help", "❓ Помощь", "/privacy", "ℹ️ О сервисе", "/HELP"])
async def test_explanations_keep_the_form_and_repeat_its_question(world, midway, words):
    user, question = midway
    before = await world.state()
    user.send(words)
    await user.wait_for(question)
    assert await world.state() == before


@pytest.mark.parametrize("words", ["/sync", "⚙️ Настройки", "/status", "🔑 Добавить API ключ"])
async def test_sellers_buttons_before_registration(world, words):
    user = world.user()
    user.send(words)
    await user.wait_for("/start")
    await to_name(user)
    user.send(words)
    await user.wait_for("Шаг 1 из 3")


async def test_a_menu_button_leaves_the_key_form(world):
    user = world.user()
    await to_key(world, user)
    user.send("⚙️ Настройки")
    await user.wait_for("Что открыть?")
    assert await world.state() is None


async def test_start_with_a_payload(world):
    user = world.user()
    user.start("abc_123")
    await user.wait_for("Шаг 1 из 3")


@pytest.mark.parametrize("words", ["/start", "/menu", "/Menu"])
async def test_home_with_and_without_a_key(world, words):
    user = world.user()
    world.house.register(100)
    user.send(words)
    await user.wait_for("подключите магазин")
    assert user.keyboard == ["🔑 Добавить API ключ", "ℹ️ О сервисе", "❓ Помощь"]
    shop = world.house.add_shop(100)
    user.send(words)
    await user.wait_for("00:01 МСК")
    assert user.keyboard == MENU
    world.house.change(shop, state=ShopState.WITHOUT_KEY)
    user.send(words)
    await user.wait_for("подключите магазин")


async def test_nothing_to_cancel(world):
    user = world.user()
    user.send("/cancel")
    await user.wait_for("Прерывать нечего")


@pytest.mark.parametrize("registered", [True, False])
async def test_unknown_words_are_answered(world, registered):
    if registered:
        world.house.register(100)
    user = world.user()
    user.send("какая сегодня погода?")
    await user.wait_for("Не понял" if registered else "/start")
    user.send("/weather")
    await user.wait_for("Такой команды нет")
    user.forward("чужие слова")
    await user.wait_for("Не понял" if registered else "/start")


async def test_what_is_no_text_is_named(world):
    world.house.register(100)
    user = world.user()
    user.send_photo()
    await user.wait_for("Это фото")
    user.send_document("a.xlsx", b"x")
    await user.wait_for("Это файл")
    user.send_contact()
    await user.wait_for("Это контакт")


@pytest.mark.parametrize("inaccessible", [True, False])
async def test_a_button_of_an_earlier_version(world, inaccessible):
    world.house.register(100)
    user = world.user()
    user.send("⚙️ Настройки")
    screen = await user.wait_for("Что открыть?")
    user.tap(screen, "menu:old:17", inaccessible=inaccessible)
    await user.wait_for("Эта кнопка устарела")
    await world.settled()


async def test_a_button_before_registration(world):
    user = world.user()
    user.start()
    screen = await user.wait_for("Шаг 1")
    user.tap(screen, "go:settings")
    await user.wait_for("Шаг 1")
    await world.settled()


async def test_privacy_is_our_own_text_or_the_operators_page(start_bot):
    async with start_bot(support_contact="@<help>") as world:
        user = world.user()
        user.send("/privacy")
        said = await user.wait_for("Что храним")
        assert "@<help>" in said.words
        user.send("/help")
        assert "@<help>" in (await user.wait_for("Что я умею")).words
    async with start_bot(privacy_url="https://example.ru/privacy") as world:
        user = world.user(101)
        user.send("/privacy")
        said = await user.wait_for("политика")
        assert "https://example.ru/privacy" in said.links


async def test_english_for_english_telegram(world):
    world.house.register(100)
    user = world.user(100, "en-GB")
    user.send("/help")
    await user.wait_for("What I can do")
    user.send("❓ Помощь")
    await user.wait_for("What I can do")
