"""Deleting an account: the data first, two yeses, and nothing left to show."""

from dataclasses import replace

import pytest

from bot.core.errors import Code, Transient
from bot.core.runs import ProgressMessage
from bot.sandbox.telegram.hands import has_document
from bot.usecases.delete_account import Erased
from tests.support.usecases import NOON


@pytest.fixture
def shop(house):
    house.register(100)
    return house.add_shop(100)


async def ask(user):
    user.send("/settings")
    await user.wait_for("Что открыть?")
    user.press("🗑 Удалить аккаунт")
    return await user.wait_for("Удалить аккаунт?")


async def test_only_the_second_yes_deletes(world, shop):
    user = world.user()
    await ask(user)
    user.press("Да, удалить аккаунт")
    await user.wait_for("Точно удалить?")
    assert 100 in world.house.sellers
    user.press("Удалить навсегда")
    await user.wait_for("нажмите /start")
    await world.settled()
    assert world.house.sellers == {}
    assert shop not in world.house.shops
    assert user.keyboard == []
    user.start()
    await user.wait_for("Шаг 1 из 3")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("steps", [[], ["Да, удалить аккаунт"]])
async def test_a_no_at_either_step_keeps_it(world, steps):
    user = world.user()
    await ask(user)
    for step in steps:
        user.press(step)
        await user.wait_for("Точно удалить?")
    user.press("Оставить аккаунт")
    await user.wait_for("ничего не удалено")
    assert 100 in world.house.sellers


async def test_the_data_come_as_a_file_first(world, shop):
    world.house.figures.add(shop.id)
    user = world.user()
    await ask(user)
    user.press("📥 Скачать данные")
    sent = await user.wait_for(has_document)
    assert sent.file.filename.endswith(".xlsx")
    await user.wait_for("Удалить аккаунт?")


@pytest.mark.usefixtures("shop")
async def test_where_there_are_none_it_says_so(world):
    user = world.user()
    await ask(user)
    user.press("Скачать данные")
    await user.wait_for("скачивать нечего", since=0)
    assert 100 in world.house.sellers


@pytest.mark.usefixtures("shop")
async def test_a_watched_refresh_does_not_stay_at_its_hourglass(world):
    user = world.user()
    user.send("🔄 Обновить сейчас")
    message = await user.wait_for("Обновляю таблицу")
    await world.settled()
    screen = await ask(user)
    user.tap(screen, "account:erase")
    await user.wait_for("нажмите /start")
    await world.settled()
    assert "удалён" in message.words


@pytest.mark.usefixtures("shop")
async def test_a_refresh_that_is_erased_as_it_begins_leaves_no_hourglass(world):
    world.house.erased_runs.add(1)
    user = world.user()
    user.send("🔄 Обновить сейчас")
    message = await user.wait_for("Обновляю таблицу")
    await user.wait_for("shop_unknown")
    assert message.is_deleted


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("does", ["/start", "📊 Получить мою таблицу", "/sync", "что угодно"])
async def test_whatever_somebody_does_ends_a_deletion_that_was_cut_off(world, does):
    world.house.sellers[100] = replace(world.house.sellers[100], erasing_at=NOON)
    user = world.user()
    user.send(does)
    await user.wait_for("Аккаунт удалён")
    await user.wait_for("нажмите /start")
    await world.settled()
    assert (world.house.sellers, world.house.runs) == ({}, {})
    assert user.keyboard == []
    user.start()
    await user.wait_for("Шаг 1 из 3")
    assert world.house.journal.count("delete_account") == 1


@pytest.mark.usefixtures("shop")
async def test_who_presses_again_has_it_ended_and_who_is_refused_may_press_again(world):
    user = world.user()
    screen = await ask(user)
    world.house.sellers[100] = replace(world.house.sellers[100], erasing_at=NOON)
    world.house.trouble = Transient(Code.STORAGE_UNREACHABLE)
    user.tap(screen, "account:erase")
    await user.wait_for("storage_unreachable")
    assert 100 in world.house.sellers
    world.house.trouble = None
    user.tap(screen, "account:erase")
    await user.wait_for("нажмите /start")
    assert world.house.sellers == {}


@pytest.mark.usefixtures("shop")
async def test_a_deletion_that_is_ended_for_somebody_is_told_and_wakes_nobody(world):
    user = world.user()
    user.send("🔄 Обновить сейчас")
    message = await user.wait_for("Обновляю таблицу")
    await world.settled()
    watched = [run.progress for run in world.house.runs.values()]
    seller = world.house.sellers.pop(100)
    await world.farewell(seller, Erased(tuple(watched), ("https://x/1",)))
    told = await user.wait_for("Аккаунт удалён")
    assert "https://x/1" in told.words
    assert "нажмите /start" in told.words
    assert "удалён" in message.words
    assert told.silent


async def test_who_has_blocked_the_bot_holds_up_no_farewell(world):
    seller, user = world.house.register(100), world.user()
    user.start()
    await world.settled()
    user.block()
    await world.settled()
    await world.farewell(seller, Erased((ProgressMessage(100, 1),), ()))


async def test_a_button_pressed_after_the_end_leads_to_registration(world, shop):
    user = world.user()
    screen = await ask(user)
    for _ in range(2):
        user.tap(screen, "account:erase")
    await world.settled()
    assert world.house.journal.count("delete_account") == 1
    assert shop not in world.house.shops
