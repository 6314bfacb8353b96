"""The dialogues about a table's file; what they do at Google is in tests/e2e/test_sheet.py."""

import pytest

from bot.core.errors import Code, SellerMustAct, Transient
from tests.support.usecases import HOST

ACCESS = "🔗 Доступ к таблице"
OWN = "📄 Своя Google Таблица"
LINK = "https://docs.google.com/spreadsheets/d/abc/edit"


@pytest.fixture(autouse=True)
def shop(house):
    house.register(100)
    return house.add_shop(100)


async def invited(world):
    user = world.user()
    user.send(ACCESS)
    screen = await user.wait_for("Таблица магазина")
    user.press(OWN, message_id=screen.message_id)
    return user, await user.wait_for("sheets.new")


async def test_the_address_and_the_code_are_there_to_be_copied(world):
    _, asked = await invited(world)

    assert asked.labels == ["📋 Скопировать адрес", "📋 Скопировать код"]
    copied = [row[0]["copy_text"]["text"] for row in asked.markup["inline_keyboard"]]
    assert copied == [HOST.address, "ST-ABCD-2345"]
    assert HOST.address in asked.words
    assert await world.state() == "OwnSheetStates:WAITING_FOR_LINK"


async def test_a_good_link_ends_the_form_and_fills_the_table(world):
    user, _ = await invited(world)
    user.send(LINK)
    await user.wait_for("теперь живёт в вашем файле")
    await user.wait_for("Обновляю таблицу")
    await world.settled()

    assert await world.state() is None
    assert "adopt_sheet" in world.house.journal


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SellerMustAct(Code.SHEET_LINK_INVALID), "не ссылка на Google"),
        (SellerMustAct(Code.SHEET_NO_ACCESS), HOST.address),
        (SellerMustAct(Code.SHEET_READ_ONLY), "только просмотр"),
        (SellerMustAct(Code.SHEET_CODE_WRONG), "нет кода"),
        (SellerMustAct(Code.SHEET_TAKEN), "уже подключена"),
        (Transient(Code.GOOGLE_UNREACHABLE), "Google не отвечает"),
    ],
)
async def test_what_will_not_do_is_one_sentence_and_the_form_stays(world, error, said):
    user, _ = await invited(world)
    world.house.on_link = lambda _link: error
    user.send(LINK)
    await user.wait_for(said)
    world.house.on_link = lambda _link: None
    user.send(LINK)
    await user.wait_for("теперь живёт")


async def test_a_picture_is_no_link(world):
    user, _ = await invited(world)
    user.send_photo()
    await user.wait_for("жду ссылку")


async def test_an_old_code_offers_a_new_one(world):
    user, _ = await invited(world)
    world.house.on_link = lambda _link: SellerMustAct(Code.SHEET_CODE_EXPIRED)
    user.send(LINK)
    assert (await user.wait_for("Код устарел")).labels == [OWN]


async def test_the_form_can_be_left(world):
    user, _ = await invited(world)
    user.send("/cancel")
    await user.wait_for("Прервал")
    user.send(LINK)
    await user.wait_for("Не понял")
    assert "adopt_sheet" not in world.house.journal


async def test_an_address_that_google_does_not_know_is_explained(world):
    world.house.outcome = "no_google_account"
    user = world.user()
    user.send(ACCESS)
    screen = await user.wait_for("нет аккаунта Google")
    assert "anna@example.ru" in screen.words


async def test_by_link_only_after_a_warning(world):
    user = world.user()
    user.send(ACCESS)
    await user.wait_for("Таблица магазина")
    user.press("Открыть по ссылке")
    warning = await user.wait_for("Любой, кому попадёт ссылка")
    assert not any(done.startswith("set_link") for done in world.house.journal)
    user.press("Да, открыть по ссылке", message_id=warning.message_id)
    await user.wait_for("любой, у кого есть ссылка")
    assert "set_link True" in world.house.journal


async def test_somebody_elses_shop_is_unknown(world):
    world.house.register(200)
    other = world.house.add_shop(200)
    user = world.user()
    user.send(ACCESS)
    screen = await user.wait_for("Таблица магазина")
    user.tap(screen, f"sheet:open_link:{other.id}")
    await user.wait_for("Такого магазина нет")
