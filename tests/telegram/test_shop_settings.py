"""Period, pause and resume, by buttons and by their words."""

import pytest

from bot.core.errors import Code
from bot.core.runs import ProgressMessage, RunKind, RunStatus
from bot.sandbox.telegram.hands import has_button
from tests.telegram.test_notifier import finished

pytestmark = pytest.mark.usefixtures("seller")


@pytest.fixture
def seller(house):
    return house.register(100)


LEAVE_OUT = "🏬 Не считать остаток складов"
ACCESS = "🔗 Доступ к таблице"


async def open_settings(user):
    user.send("/settings")
    return await user.wait_for("Что открыть?")


async def test_settings_show_what_the_shops_have_a_use_for(world):
    user = world.user()
    screen = await open_settings(user)
    assert screen.labels == ["👤 Профиль", "🔑 API ключ", "🏪 Магазины", "🗑 Удалить аккаунт"]
    world.house.add_shop(100)
    screen = await open_settings(user)
    assert screen.labels[3:] == ["📅 Период", LEAVE_OUT, "⏸ Пауза", ACCESS, "🗑 Удалить аккаунт"]
    world.house.add_shop(100, "Лютик", paused=True)
    screen = await open_settings(user)
    assert screen.labels[3:] == [
        "📅 Период",
        LEAVE_OUT,
        "⏸ Пауза",
        "▶️ Возобновить",
        ACCESS,
        "🗑 Удалить аккаунт",
    ]


async def test_switching_the_period_collects_anew(world):
    world.house.add_shop(100)
    user = world.user()
    await open_settings(user)
    user.press("📅 Период")
    screen = await user.wait_for("Сейчас: 7 дней")
    assert screen.labels == ["✓ 7 дней", "14 дней", "30 дней", "← Назад"]
    user.press("30 дней")
    await user.wait_for("Обновляю таблицу магазина «Ромашка»")
    assert world.house.shops[0].period_days == 30
    assert world.house.open_run(1).kind is RunKind.TAPPED


async def test_the_same_period_starts_nothing(world):
    world.house.add_shop(100)
    user = world.user()
    user.send("Период")
    await user.wait_for("Сейчас: 7 дней")
    user.press("✓ 7 дней")
    await user.wait_for("Период магазина «Ромашка»: 7 дней")
    await world.settled()
    assert world.house.runs == {}


async def test_pause_and_resume(world):
    world.house.add_shop(100)
    user = world.user()
    await open_settings(user)
    user.press("⏸ Пауза")
    await user.wait_for("на паузе")
    assert world.house.shops[0].paused
    user.send("🏪 Магазины")
    await user.wait_for("1. Ромашка – на паузе")
    user.send("▶️ Возобновить")
    await user.wait_for("снова обновляется каждую ночь")
    assert not world.house.shops[0].paused


async def test_of_several_shops_only_those_in_question_are_offered(world):
    world.house.add_shop(100, "Ромашка")
    world.house.add_shop(100, "Лютик")
    world.house.add_shop(100, "Василёк", paused=True)
    user = world.user()
    user.send("⏸ Пауза")
    screen = await user.wait_for("Какой магазин?")
    assert screen.labels == ["Ромашка", "Лютик"]
    user.press("Лютик")
    await user.wait_for("Магазин «Лютик» на паузе")
    user.send("Возобновить")
    screen = await user.wait_for("Какой магазин?")
    assert screen.labels == ["Лютик", "Василёк"]


async def test_without_shops_the_first_step_is_offered(world):
    user = world.user()
    for words in ("Период", "Пауза", "Возобновить"):
        user.send(words)
        await user.wait_for("Магазинов пока нет")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (Code.PAUSED, "остановлено. Магазин на паузе"),
        (Code.KEY_MISSING, "остановлено. У магазина нет ключа"),
        (Code.SUPERSEDED, "сменилось новым"),
    ],
)
async def test_a_run_that_was_cut_off_says_why(world, code, said):
    world.house.add_shop(100)
    user = world.user()
    user.send("🔄 Обновить сейчас")
    message = await user.wait_for("Обновляю таблицу")
    await world.settled()
    run = world.house.change_run(1, status=RunStatus.SUPERSEDED)
    assert run.progress == ProgressMessage(100, message.message_id)
    cut = finished(RunStatus.SUPERSEDED, code, message_id=message.message_id)
    await world.notifier.deliver(cut)
    ended = await user.wait_for(said)
    assert ended.message_id == message.message_id
    assert not has_button("Заменить ключ")(ended)
