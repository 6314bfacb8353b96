"""Settings: the profile, the keys, the shops, by buttons and by their words."""

import pytest

from bot.core.errors import Code, SellerMustAct, Transient
from bot.core.sellers import KeyKind, ShopState
from bot.sandbox.telegram.hands import has_button

pytestmark = pytest.mark.usefixtures("seller")


@pytest.fixture
def seller(house):
    return house.register(100)


async def open_settings(user):
    user.send("⚙️ Настройки")
    return await user.wait_for("Что открыть?")


async def test_the_profile_and_back_on_one_screen(world):
    user = world.user()
    screen = await open_settings(user)
    user.press("👤 Профиль")
    profile = await user.wait_for("anna@example.ru")
    assert profile.message_id == screen.message_id
    assert "Анна <Иванова>" in profile.words
    assert "+79991234567" in profile.words
    user.press("← Назад")
    back = await user.wait_for("Что открыть?")
    assert back.message_id == screen.message_id


async def test_the_same_button_twice_changes_nothing(world):
    user = world.user()
    screen = await open_settings(user)
    user.tap(screen, "go:settings")
    user.tap(screen, "go:settings")
    await world.settled()
    assert len([one for one in user.screen if one.from_bot]) == 1


async def test_a_screen_that_was_deleted_comes_anew(world):
    user = world.user()
    screen = await open_settings(user)
    world.twin.world.remove(world.twin.world.chats[100], screen)
    user.tap(screen, "go:profile")
    await user.wait_for("anna@example.ru")


async def test_the_key_with_its_kind_and_term(world):
    world.house.add_shop(100, key_kind=KeyKind.PERSONAL)
    user = world.user()
    await open_settings(user)
    user.press("🔑 API ключ")
    screen = await user.wait_for("персональный")
    assert "до 18.02.2027" in screen.words
    assert screen.labels == ["Заменить", "Проверить", "Удалить", "← Назад"]


@pytest.mark.parametrize(
    ("state", "said"),
    [(ShopState.NEEDS_KEY, "Не действует"), (ShopState.WITHOUT_KEY, "Ключа нет")],
)
async def test_a_key_that_is_dead_or_gone(world, state, said):
    world.house.add_shop(100, state=state)
    user = world.user()
    user.send("🔑 API ключ")
    await user.wait_for(said)


async def test_a_key_is_deleted_only_after_a_second_yes(world):
    world.house.add_shop(100)
    user = world.user()
    user.send("🔑 API ключ")
    await user.wait_for("базовый")
    user.press("Удалить")
    await user.wait_for("Обновления прекратятся")
    user.press("Оставить")
    await user.wait_for("остался на месте")
    assert world.house.shops[0].state is ShopState.LIVE
    user.press("Удалить")
    await user.wait_for("Обновления прекратятся")
    user.press("Да, удалить ключ")
    await user.wait_for("Кнопки меню")
    assert world.house.shops[0].state is ShopState.WITHOUT_KEY
    assert user.keyboard == ["🔑 Добавить API ключ", "ℹ️ О сервисе", "❓ Помощь"]


async def test_a_second_yes_does_no_harm(world):
    world.house.add_shop(100)
    user = world.user()
    user.send("Удалить")
    screen = await user.wait_for("Обновления прекратятся")
    user.tap(screen, "shop:delete_sure:1")
    user.tap(screen, "shop:delete_sure:1")
    await world.settled()
    assert world.house.shops[0].state is ShopState.WITHOUT_KEY


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (None, "Wildberries принимает ключ"),
        (SellerMustAct(Code.KEY_REJECTED), "не принимает этот ключ"),
        (Transient(Code.VENDOR_UNREACHABLE), "Wildberries не отвечает"),
    ],
)
async def test_checking_a_key(world, outcome, said):
    world.house.add_shop(100)
    world.house.on_check = outcome
    user = world.user()
    user.send("🔑 API ключ")
    await user.wait_for("базовый")
    user.press("Проверить")
    await user.wait_for(said)


async def test_of_several_shops_one_is_chosen(world):
    world.house.add_shop(100, "Ромашка")
    world.house.add_shop(100, "Лютик", state=ShopState.NEEDS_KEY)
    user = world.user()
    for words, said in (("🔑 API ключ", "Не действует"), ("Проверить", "принимает")):
        user.send(words)
        await user.wait_for("Какой магазин?")
        user.press("Лютик")
        await user.wait_for(said)
    user.send("Удалить")
    await user.wait_for("Какой магазин?")
    user.press("Ромашка")
    await user.wait_for("Удалить ключ магазина «Ромашка»")


async def test_the_shops_and_how_to_add_one(world):
    world.house.add_shop(100, "Ромашка")
    world.house.add_shop(100, None, state=ShopState.WITHOUT_KEY)
    user = world.user()
    await open_settings(user)
    user.press("🏪 Магазины")
    screen = await user.wait_for("1. Ромашка – обновляется")
    assert "2. Магазин 2 – без ключа" in screen.words
    user.press("➕ Добавить магазин")
    await user.wait_for("Аналитика")
    assert await world.state() == "ApiKeyStates:WAITING_FOR_API_KEY"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("👤 Профиль", "anna@example.ru"),
        ("🏪 Магазины", "1. Ромашка"),
        ("/settings", "Что открыть"),
    ],
)
async def test_typed_words_open_the_same_screens(world, words, said):
    world.house.add_shop(100)
    user = world.user()
    user.send(words)
    await user.wait_for(said)


async def test_replacing_asks_for_a_key(world):
    world.house.add_shop(100)
    user = world.user()
    user.send("🔑 API ключ")
    await user.wait_for(has_button("Заменить"))
    user.press("Заменить")
    await user.wait_for("Аналитика")
