"""What a seller decides about his table, over real sockets, from the chat to Google and back."""

import re
from dataclasses import replace

import pytest

from bot.core.errors import Code, SellerMustAct
from bot.sandbox.google import Fault
from bot.sandbox.wildberries import make_key
from tests.e2e.stage import (
    GET_TABLE,
    PATIENCE_SECONDS,
    REFRESH,
    ROBOT,
    SELLER_EMAIL,
    connect,
    holds_table,
    register,
)
from tests.sandbox.google.discovery import check_request

SELLER = 700100
TAB = "Остатки"


@pytest.fixture
def stage(google_stage):
    """Google's own documents judge every request."""
    google_stage.google._pipeline._world = _judged(google_stage.google)
    return google_stage


def _judged(google):
    return replace(google._pipeline._world, validate=check_request)


async def begin(stage):
    """Register and connect; return the seller."""
    user = stage.tg.user(SELLER)
    await register(user)
    (sid,) = stage.wb.world.shops
    await connect(user, make_key(sid=sid))
    return user


async def says(user, text):
    return await user.wait_for(text, timeout_seconds=PATIENCE_SECONDS)


async def open_access(user):
    user.send("/settings")
    await says(user, "Что открыть?")
    user.press("🔗 Доступ к таблице")
    return await says(user, "Таблица магазина")


async def test_the_way_to_a_sheet_of_ones_own(stage):
    async with stage.bot() as bot:
        user = await begin(stage)
        made_by_us = stage.the_sheet()
        await open_access(user)
        user.press("📄 Своя Google Таблица")
        asked = await says(user, "sheets.new")
        code = re.search(r"ST-\w{4}-\w{4}", asked.words)[0]
        assert ROBOT in asked.words
        sheet = stage.google.sellers_file(SELLER_EMAIL)
        link = f"вот: https://docs.google.com/spreadsheets/d/{sheet.file_id}/edit?gid=0#gid=0"

        user.send("https://example.com/table")
        await says(user, "не ссылка на Google")
        user.send(link)
        await says(user, "Я не вижу эту таблицу")
        sheet.share(ROBOT, "reader")
        user.send(link)
        await says(user, "только просмотр")
        sheet.share(ROBOT, "writer")
        user.send(link)
        await says(user, "нет кода")
        sheet.write(sheet.tabs()[0].title, "A1", code)
        user.send(f"https://docs.google.com/spreadsheets/d/{made_by_us.file_id}/edit")
        await says(user, "уже подключена")
        assert len(sheet.tabs()) == 1

        user.send(link)
        await says(user, "теперь живёт в вашем файле")
        done = await user.wait_for(holds_table, timeout_seconds=PATIENCE_SECONDS)
        assert any(sheet.file_id in address for address in done.links)
        (shop,) = await bot.backstage.stores.shops.of_seller(1)
        state = await bot.backstage.stores.tables.state(shop.id)
    assert [tab.title for tab in sheet.tabs()][1:] == [TAB, "История", "О таблице"]
    assert sheet.cell(sheet.tabs()[0].title, "A1") is None
    assert sheet.grid(TAB)[2:]
    assert state.file_id == sheet.file_id


async def test_a_code_of_an_hour_ago_is_no_good(stage):
    async with stage.bot() as bot:
        await begin(stage)
        seller = await bot.backstage.stores.sellers.by_telegram_id(SELLER)
        adopt = bot.backstage.usecases.adopt_sheet
        fresh = await adopt.invite(seller, 1)
        old = replace(fresh, expires_at=bot.backstage.clock.now())
        with pytest.raises(SellerMustAct) as refused:
            await adopt(seller, old, "https://docs.google.com/spreadsheets/d/" + "x" * 44)
    assert refused.value.code is Code.SHEET_CODE_EXPIRED
    assert fresh.expires_at > old.expires_at


async def test_who_may_see_it_is_the_sellers_choice(stage):
    async with stage.bot():
        user = await begin(stage)
        screen = await open_access(user)
        assert "можно править" in screen.words
        user.press("Сделать только чтение")
        await says(user, "только чтение")
        assert stage.the_sheet().shared_with()[SELLER_EMAIL] == "reader"
        user.press("Открыть по ссылке")
        await says(user, "Любой, кому попадёт ссылка")
        assert "anyone" not in stage.the_sheet().shared_with()
        user.press("Да, открыть по ссылке")
        await says(user, "любой, у кого есть ссылка")
        assert stage.the_sheet().shared_with()["anyone"] == "reader"
        user.press("Закрыть по ссылке")
        await says(user, "без приглашения")
        assert "anyone" not in stage.the_sheet().shared_with()


async def binned(stage, bot, user):
    """Let the table lie in the bin, as every night or `sync --all` finds it."""
    stage.the_sheet().trash()
    await bot.backstage.usecases.request_refresh.everybody()
    (shop,) = await bot.backstage.stores.shops.of_seller(1)
    tables = bot.backstage.stores.tables
    await user.wait_until(
        lambda: stage.google.calls.to("drive.changes.list"), timeout_seconds=PATIENCE_SECONDS
    )
    while (await tables.state(shop.id)).trouble is None:
        await bot.backstage.clock.sleep(0.01)
    while await bot.backstage.stores.runs.open_run(shop.id):
        await bot.backstage.clock.sleep(0.01)
    return shop


async def test_a_table_in_the_bin_is_found_and_restored(stage):
    async with stage.bot() as bot:
        user = await begin(stage)
        await binned(stage, bot, user)
        user.press(REFRESH)
        told = await says(user, "в корзине")
        user.press(GET_TABLE)
        await user.wait_for(lambda seen: seen.file is not None, timeout_seconds=PATIENCE_SECONDS)
        user.press("♻️ Восстановить", message_id=told.message_id)
        done = await user.wait_for(
            lambda seen: holds_table(seen) and seen.links, timeout_seconds=PATIENCE_SECONDS
        )
        assert any(stage.the_sheet().file_id in link for link in done.links)
        state = await bot.backstage.stores.tables.state(1)
    assert stage.the_sheet().file.trashed is False
    assert state.trouble is None


async def test_a_table_in_the_bin_is_made_anew(stage):
    async with stage.bot() as bot:
        user = await begin(stage)
        old = stage.the_sheet()
        await binned(stage, bot, user)
        user.press(REFRESH)
        told = await says(user, "в корзине")
        user.press("🆕 Создать новую", message_id=told.message_id)
        await user.wait_for(
            lambda seen: any("/spreadsheets/" in link for link in seen.links),
            timeout_seconds=PATIENCE_SECONDS,
        )
    _, new = stage.google.tables()
    assert old.file.trashed
    assert new.grid(TAB)[2:] == old.grid(TAB)[2:]
    assert len(new.grid("История")) == len(old.grid("История")) == 2
    assert new.shared_with()[SELLER_EMAIL] == "writer"


async def test_a_deleted_table_is_made_anew_when_the_seller_says_so(stage):
    async with stage.bot():
        user = await begin(stage)
        stage.the_sheet().delete_file()
        user.press(REFRESH)
        told = await says(user, "Таблица удалена")
        assert stage.google.tables() == []
        user.press("🆕 Создать новую", message_id=told.message_id)
        await user.wait_for(
            lambda seen: any("/spreadsheets/" in link for link in seen.links),
            timeout_seconds=PATIENCE_SECONDS,
        )
    assert stage.grid()[2:]


async def test_google_is_away_and_the_seller_gets_the_file(stage):
    async with stage.bot() as bot:
        user = await begin(stage)
        stage.google.faults.plant(Fault.UNAVAILABLE, "sheets.*", times=500)
        user.press(REFRESH)
        file = await user.wait_for(
            lambda seen: seen.file is not None, timeout_seconds=PATIENCE_SECONDS
        )
        assert "Google сейчас не принимает данные" in file.words
        run = await bot.backstage.stores.runs.open_run(1)
        assert run.problem.startswith("google_")
        stage.google.faults.clear()


@pytest.mark.parametrize("fault", [Fault.STORAGE_FULL, Fault.SERVICE_DISABLED])
async def test_what_the_operator_must_mend_is_told_him_and_the_seller_gets_the_file(stage, fault):
    stage.extra["admin_ids"] = "900"
    admin = stage.tg.user(900)
    admin.start()
    async with stage.bot():
        await admin.wait_for("зовут", timeout_seconds=PATIENCE_SECONDS)
        user = await begin(stage)
        stage.google.faults.plant(fault, "sheets.*", times=500)
        user.press(REFRESH)
        await user.wait_for(lambda seen: seen.file is not None, timeout_seconds=PATIENCE_SECONDS)
        code = Code.GOOGLE_STORAGE_FULL if fault is Fault.STORAGE_FULL else Code.GOOGLE_DISABLED
        await says(admin, code)
        stage.google.faults.clear()


async def test_without_a_place_for_files_the_seller_gets_a_file_and_may_bring_a_sheet(stage):
    del stage.extra["google_drive_folder_id"]
    async with stage.bot():
        user = await begin(stage)
        user.press(GET_TABLE)
        await user.wait_for(lambda seen: seen.file is not None, timeout_seconds=PATIENCE_SECONDS)
        screen = await open_access(user)
        assert "файлом Excel" in screen.words
        assert "📄 Своя Google Таблица" in screen.labels


async def test_an_account_that_is_deleted_takes_its_table_along(stage):
    async with stage.bot() as bot:
        await begin(stage)
        seller = await bot.backstage.stores.sellers.by_telegram_id(SELLER)
        erased = await bot.backstage.usecases.delete_account(seller)
    assert erased.left_behind == ()
    assert stage.the_sheet().file.trashed
