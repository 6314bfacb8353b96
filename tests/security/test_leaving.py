"""Cutting into a real refresh, over real sockets: nothing of the old one appears afterwards."""

import asyncio

import pytest

from bot.sandbox.wildberries import make_key
from bot.sandbox.wildberries.harms import stall
from tests.e2e.stage import PATIENCE_SECONDS, REFRESH, connect, open_stage, register, small_shop

SELLER = 700700


@pytest.fixture
async def stage(tmp_path, database_url):
    async with open_stage(tmp_path, database_url, with_google=True, shops=[small_shop()]) as it:
        yield it


async def connected(stage):
    user = stage.tg.user(SELLER)
    (sid,) = stage.wb.world.shops
    await register(user)
    await connect(user, make_key(sid=sid))
    return user


async def test_a_deleted_account_leaves_no_file_no_row_and_no_hourglass(stage):
    async with stage.bot() as bot:
        user = await connected(stage)
        assert len(stage.google.tables()) == 1
        user.press(REFRESH)
        message = await user.wait_for("Обновляю", timeout_seconds=PATIENCE_SECONDS)
        user.send("🗑 Удалить аккаунт")
        screen = await user.wait_for("Удалить аккаунт?", timeout_seconds=PATIENCE_SECONDS)
        user.tap(screen, "account:erase")
        await user.wait_for("нажмите /start", timeout_seconds=PATIENCE_SECONDS)
        assert await bot.backstage.stores.sellers.by_telegram_id(SELLER) is None
        user.send("/status")
        await user.wait_for("/start", timeout_seconds=PATIENCE_SECONDS)
    drive = stage.google.drive
    left = [drive.files[file_id] for file_id in drive.books]
    assert all(file.trashed for file in left), "in a shared drive a bot may only bin its file"
    assert "⏳" not in message.words


async def test_a_paused_shop_shows_its_end_and_stays_as_it_was(stage):
    async with stage.bot():
        user = await connected(stage)
        (shop,) = stage.wb.world.shops.values()
        shop.card(101).stock["Минск"] = 777
        stage.wb.faults.plant(stall(2.0), "/api", count=None)
        user.press(REFRESH)
        message = await user.wait_for("Обновляю", timeout_seconds=PATIENCE_SECONDS)
        user.send("⏸ Пауза")
        await user.wait_for("на паузе", timeout_seconds=PATIENCE_SECONDS)
        await user.wait_until(lambda: "остановлено" in message.words, PATIENCE_SECONDS)
        stage.wb.faults.clear()
        await asyncio.sleep(1.5)
    assert [row[7] for row in stage.grid() if row[3] == 101] == [14]


async def test_a_new_period_brings_its_own_figures_and_the_old_run_ends(stage):
    async with stage.bot() as bot:
        user = await connected(stage)
        stage.wb.faults.plant(stall(2.0), "/api/v1/warehouse_remains", count=1)
        user.press(REFRESH)
        message = await user.wait_for("Обновляю", timeout_seconds=PATIENCE_SECONDS)
        user.send("📅 Период")
        await user.wait_for("Сейчас: 7 дней", timeout_seconds=PATIENCE_SECONDS)
        user.press("30 дней")
        await user.wait_for("готова", timeout_seconds=PATIENCE_SECONDS)
        await user.wait_until(lambda: "сменилось новым" in message.words, PATIENCE_SECONDS)
        (shop,) = await bot.backstage.stores.shops.of_seller(1)
        figures = await bot.backstage.stores.tables.figures(shop.id)
    assert figures.period.days == 30
