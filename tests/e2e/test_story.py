"""A seller's story over real sockets: registered, connected, a table, a refresh."""

import io
import re

import openpyxl
import pytest

from bot.sandbox.wildberries import make_key
from bot.sandbox.wildberries.harms import server_error, unauthorized
from tests.e2e.stage import (
    GET_TABLE,
    PATIENCE_SECONDS,
    REFRESH,
    connect,
    holds_table,
    register,
)

SELLER = 700100


def key_of(stage):
    (sid,) = stage.wb.world.shops
    return make_key(sid=sid)


def table_of(stage, message):
    """Return the main tab's cells, wherever the table lives."""
    if stage.with_google:
        return [list(row) for row in stage.grid()]
    book = openpyxl.load_workbook(io.BytesIO(message.file.content))
    return [list(row) for row in book["Остатки"].iter_rows(values_only=True)]


def row_of(cells, nm_id):
    return next(row for row in cells if row[3] == nm_id)


async def test_from_start_to_the_table(stage):
    user = stage.tg.user(SELLER)
    async with stage.bot():
        await register(user)
        await connect(user, key_of(stage))
        user.press(GET_TABLE)
        message = await user.wait_for(holds_table, timeout_seconds=PATIENCE_SECONDS)
    cells = table_of(stage, message)
    stamp = r"Основная информация · обновлено \d\d\.\d\d\.\d{4} \d\d:\d\d МСК"
    assert re.fullmatch(stamp, cells[0][0])
    assert cells[0][9] == "Минск"
    assert row_of(cells, 101)[4:12] == [3, 1, 7, 14, 14.0, 14, 7, 14.0]
    assert row_of(cells, 102)[2] == '=HYPERLINK("http://x";"y")'
    assert row_of(cells, 103)[4:8] == [0, 0, 0, 0]


async def test_a_failed_source_keeps_the_last_good_figures(stage):
    user = stage.tg.user(SELLER)
    async with stage.bot():
        await register(user)
        await connect(user, key_of(stage))
        stage.wb.faults.plant(server_error(), "/api/v1/warehouse_remains", count=None)
        (shop,) = stage.wb.world.shops.values()
        shop.card(101).stock["Минск"] = 999
        user.press(REFRESH)
        message = await user.wait_for(holds_table, timeout_seconds=PATIENCE_SECONDS)
    cells = table_of(stage, message)
    assert cells[0][0].endswith(" · частично")
    assert row_of(cells, 101)[7] == 14


async def test_a_refresh_brings_new_figures(stage):
    user = stage.tg.user(SELLER)
    async with stage.bot():
        await register(user)
        await connect(user, key_of(stage))
        (shop,) = stage.wb.world.shops.values()
        shop.card(101).stock["Минск"] = 21
        user.press(REFRESH)
        message = await user.wait_for(holds_table, timeout_seconds=PATIENCE_SECONDS)
    assert row_of(table_of(stage, message), 101)[7:9] == [21, 21.0]


async def test_a_shop_without_products_says_so(stage):
    (shop,) = stage.wb.world.shops.values()
    shop.cards.clear()
    shop.clear_orders()
    user = stage.tg.user(SELLER)
    async with stage.bot():
        await register(user)
        await connect(user, key_of(stage))
        user.press(GET_TABLE)
        message = await user.wait_for(holds_table, timeout_seconds=PATIENCE_SECONDS)
    assert table_of(stage, message)[2][0] == "Товаров пока нет"


async def test_the_keys_message_is_deleted_before_wildberries_is_asked(stage):
    user = stage.tg.user(SELLER)
    async with stage.bot():
        await register(user)
        await connect(user, key_of(stage))
    (pasted,) = [m for m in user.transcript if not m.from_bot and m.words.startswith("ey")]
    assert pasted.is_deleted
    deleted_at = next(c.at for c in stage.tg.calls if c.method.lower() == "deletemessage")
    assert all(call.at >= deleted_at for call in stage.wb.calls)


async def test_a_key_that_dies_is_told_once_and_nothing_is_lost(stage):
    user = stage.tg.user(SELLER)
    async with stage.bot() as bot:
        await register(user)
        await connect(user, key_of(stage))
        stage.wb.faults.plant(unauthorized(), "/api", count=None)
        user.press(REFRESH)
        await user.wait_for("ключ", timeout_seconds=PATIENCE_SECONDS)
        user.press(GET_TABLE)
        await user.wait_for(holds_table, timeout_seconds=PATIENCE_SECONDS)
        (shop,) = await bot.backstage.stores.shops.of_seller(1)
    assert shop.state == "needs_key"


@pytest.mark.parametrize("step", ["name", "email", "phone"])
async def test_a_restart_loses_no_half_typed_form(stage, step):
    user = stage.tg.user(SELLER)
    async with stage.bot():
        user.start()
        await user.wait_for("зовут", timeout_seconds=PATIENCE_SECONDS)
        if step in {"email", "phone"}:
            user.send("Анна")
            await user.wait_for("mail", timeout_seconds=PATIENCE_SECONDS)
        if step == "phone":
            user.send("anna@example.com")
            await user.wait_for("телефон", timeout_seconds=PATIENCE_SECONDS)
    rest = {"name": ["Анна", "anna@example.com", "89161234567"]}
    rest["email"] = rest["name"][1:]
    rest["phone"] = rest["name"][2:]
    asks = {"name": "зовут", "email": "mail", "phone": "телефон"}
    del asks[step]
    async with stage.bot() as bot:
        for answer in rest[step]:
            user.send(answer)
            await user.wait_for(lambda message: message.from_bot, PATIENCE_SECONDS)
        seller = await bot.backstage.stores.sellers.by_telegram_id(SELLER)
    assert (seller.profile.name, seller.profile.phone) == ("Анна", "+79161234567")
