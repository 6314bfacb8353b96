"""Nobody reaches what is another's: use cases, buttons, and what only admins may."""

import ast
import inspect
from pathlib import Path

import pytest

from bot.core.errors import Code, SellerMustAct
from bot.core.sellers import Seller, Shop
from bot.sandbox.wildberries import make_key
from bot.telegram.keyboards import AccountAct, Act, Go, Screen, SetPeriod, ShopAct, Sure
from bot.usecases.app import UseCases
from tests.e2e.stage import (
    PATIENCE_SECONDS,
    connect,
    open_stage,
    register,
    small_shop,
)

ANNA, BORIS, STRANGER, ADMIN = 700600, 700601, 700602, 700603
SIDS = ("11111111-2222-4333-8444-555555555555", "66666666-7777-4888-8999-000000000000")
SECRET_NAME = "Тайна Анны"


@pytest.fixture
async def house(tmp_path, database_url):
    """Two sellers with a shop each, tables included, and an admin who is no seller."""
    shops = [small_shop(sid) for sid in SIDS]
    async with open_stage(tmp_path, database_url, with_google=True, shops=shops) as stage:
        stage.extra["admin_ids"] = frozenset({ADMIN})
        async with stage.bot() as bot:
            for number, sid in ((ANNA, SIDS[0]), (BORIS, SIDS[1])):
                user = stage.tg.user(number)
                await register(user)
                await connect(user, make_key(sid=sid))
            anna = await bot.backstage.stores.sellers.by_telegram_id(ANNA)
            (shop,) = await bot.backstage.stores.shops.of_seller(anna.id)
            await bot.backstage.stores.shops.rename(shop.id, SECRET_NAME)
            yield stage, bot, shop.id


def calls_with_a_shop(uc: UseCases):
    """Return every way into a use case that takes a seller and a shop's id, by its name."""
    found = {}
    for name in UseCases.__dataclass_fields__:
        use_case = getattr(uc, name)
        methods = {"": use_case.__call__} if callable(use_case) else {}
        methods |= {
            f".{word}": method
            for word, method in inspect.getmembers(use_case, inspect.ismethod)
            if not word.startswith("_")
        }
        for word, method in methods.items():
            taken = inspect.signature(method).parameters
            if "seller" in taken and "shop_id" in taken:
                found[name + word] = (method, [each for each in taken if each != "seller"])
    return found


VALUES = {"days": 30, "as_file": True, "wish": None, "role": None, "code": "x", "text": "x",
          "link": "https://docs.google.com/spreadsheets/d/x/edit", "uncounted": True}  # fmt: skip


async def test_no_use_case_takes_anothers_shop(house):
    _, bot, shop_id = house
    uc, stores = bot.backstage.usecases, bot.backstage.stores
    boris = await stores.sellers.by_telegram_id(BORIS)
    before = await stores.shops.by_id(shop_id)
    calls = calls_with_a_shop(uc)
    assert len(calls) >= 7
    for name, (method, taken) in calls.items():
        for foreign in (shop_id, 10**9, 0, -1):
            values = {word: VALUES.get(word) for word in taken if word != "shop_id"}
            with pytest.raises(SellerMustAct) as refused:
                await method(boris, shop_id=foreign, **values)
            assert refused.value.code is Code.SHOP_UNKNOWN, name
    after = await stores.shops.by_id(shop_id)
    assert _unworked(after) == _unworked(before)


async def test_a_seller_record_made_by_hand_opens_nothing_of_another(house):
    _, bot, shop_id = house
    shop = await bot.backstage.stores.shops.by_id(shop_id)
    assert isinstance(shop, Shop)
    boris = await bot.backstage.stores.sellers.by_telegram_id(BORIS)
    forged = Seller(id=boris.id, telegram_id=ANNA, profile=boris.profile)
    with pytest.raises(SellerMustAct):
        await bot.backstage.usecases.hand_over(forged, shop_id)


def every_button(shop_id: int):
    """Return what every button of the bot may carry, with this shop's id in it."""
    buttons = [Go(to=screen).pack() for screen in Screen]
    buttons += [ShopAct(act=act, shop_id=shop_id).pack() for act in Act]
    buttons += [SetPeriod(shop_id=shop_id, days=days).pack() for days in (7, 14, 30, 365)]
    return [*buttons, *_of_later_files(shop_id)]


def _of_later_files(shop_id: int):
    """Return buttons of every other kind of callback data, whichever file it stands in."""
    from aiogram.filters.callback_data import CallbackData  # noqa: PLC0415

    import bot.telegram.app  # noqa: PLC0415, F401 - every conversation is imported by it

    known = {Go, ShopAct, SetPeriod, AccountAct}
    for kind in set(CallbackData.__subclasses__()) - known:
        if not kind.__module__.startswith("bot."):
            continue
        yield from _filled(kind, shop_id)


def _filled(kind, shop_id):
    """Return one press per word of each choice, ids being the other's shop's."""
    values = {name: _value(field.annotation, shop_id) for name, field in kind.model_fields.items()}
    yield kind(**values).pack()
    for name, field in kind.model_fields.items():
        for word in getattr(field.annotation, "__members__", {}).values():
            yield kind(**{**values, name: word}).pack()


def _value(annotation, shop_id):
    words = list(getattr(annotation, "__members__", {}).values())
    if words:
        return words[0]
    return {int: shop_id, bool: True}.get(annotation, "x")


async def press(user, message, data):
    """Press, and wait until the press has been answered."""
    user.tap(message, data)
    await user.wait_until(lambda: not user.unanswered_taps, PATIENCE_SECONDS)


async def test_every_button_with_anothers_shop_shows_nothing_of_it(house):
    stage, bot, shop_id = house
    stores = bot.backstage.stores
    before = await stores.shops.by_id(shop_id)
    runs_before = await stores.runs.last_finished(shop_id)
    for number in (BORIS, STRANGER, ADMIN):
        user = stage.tg.user(number)
        user.send("/help")
        message = await user.wait_for("/", timeout_seconds=PATIENCE_SECONDS)
        for data in every_button(shop_id):
            await press(user, message, data)
        for act in Sure:
            if number != BORIS:
                user.tap(message, AccountAct(act=act).pack())
    await bot.telegram.stop(PATIENCE_SECONDS)
    for number in (BORIS, STRANGER, ADMIN):
        said = "\n".join(m.source or "" for m in stage.tg.user(number).transcript if m.from_bot)
        assert SECRET_NAME not in said
        if number != BORIS:
            assert not [m for m in stage.tg.user(number).transcript if m.from_bot and m.file]
    after = await stores.shops.by_id(shop_id)
    assert _unworked(after) == _unworked(before)
    assert await stores.runs.open_run(shop_id) is None
    assert (await stores.runs.last_finished(shop_id)).id == runs_before.id
    assert await stores.sellers.by_telegram_id(ANNA) is not None


async def test_a_command_of_admins_is_nobody_elses(house):
    stage, bot, shop_id = house
    stores = bot.backstage.stores
    before = (await stores.runs.last_finished(shop_id)).id
    for number in (BORIS, STRANGER):
        user = stage.tg.user(number)
        for words in ("/sync all", f"/sync {shop_id}", "/SYNC ALL", "/stats", "/invite"):
            user.send(words)
            said = await user.wait_for(lambda message: message.from_bot, PATIENCE_SECONDS)
            assert "Принял" not in said.words
            assert "t.me" not in said.words
    await bot.telegram.stop(PATIENCE_SECONDS)
    assert await stores.runs.open_run(shop_id) is None
    assert (await stores.runs.last_finished(shop_id)).id == before


async def test_an_admin_is_known_by_his_id_alone(house):
    stage, bot, shop_id = house
    impostor = stage.tg.user(STRANGER + 50, first_name=str(ADMIN))
    impostor.send(f"/sync {shop_id}")
    await impostor.wait_for("/start", PATIENCE_SECONDS)
    assert await bot.backstage.stores.runs.open_run(shop_id) is None
    admin = stage.tg.user(ADMIN)
    admin.send(f"/sync {shop_id}")
    await admin.wait_for("Принял", PATIENCE_SECONDS)


def test_every_handler_of_a_shops_button_checks_whose_it_is():
    """In the code: whoever reads `callback_data.shop_id` hands it to a check of the owner."""
    folder = Path(inspect.getfile(UseCases)).parents[1] / "telegram"
    checked = 0
    for path in sorted(folder.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.AsyncFunctionDef):
                continue
            source = ast.unparse(function)
            if "callback_data.shop_id" in source:
                checked += 1
                assert "seller" in source, f"{path.name}: {function.name}"
    assert checked >= 8


def _unworked(shop):
    """Return what a seller may have changed; a lease moves the fence as well."""
    return (shop.period_days, shop.paused, shop.state, shop.name, shop.uncounted_warehouses)
