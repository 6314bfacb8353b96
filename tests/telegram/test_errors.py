"""Errors in words, with the code that the log holds; content is never repeated."""

import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.events import DefectFound
from bot.sandbox.telegram.faults import Fault, FaultKind
from bot.telegram.config import Pace
from tests.support.usecases import GOOD_KEY

SECRET = "anna@example.ru +79991234567"


@pytest.fixture(autouse=True)
def shop(house):
    house.register(100)
    return house.add_shop(100)


@pytest.mark.parametrize(
    "error",
    [
        SellerMustAct(Code.KEY_REJECTED),
        Transient(Code.STORAGE_UNREACHABLE),
        Defect(Code.STORED_DATA_SEALED),
        ExceptionGroup("both", [Transient(Code.RATE_LIMITED), Defect(Code.STORED_DATA_SEALED)]),
    ],
)
async def test_an_error_of_our_tree_is_a_sentence_with_its_code(world, error):
    world.house.trouble = error
    user = world.user()
    user.send("/sync")
    wanted = Code.STORED_DATA_SEALED if isinstance(error, ExceptionGroup) else error.code
    await user.wait_for(wanted)
    await world.settled()
    defects = [event for event in world.events if isinstance(event, DefectFound)]
    assert len(defects) == (wanted is Code.STORED_DATA_SEALED)


async def test_anything_else_is_a_calm_sentence_and_the_operators_business(world, capsys, caplog):
    caplog.set_level(0)
    world.house.trouble = RuntimeError(SECRET)
    user = world.user()
    user.send("📊 Получить мою таблицу")
    said = await user.wait_for("internal")
    assert "Данные на месте" in said.words
    await world.settled()
    (event,) = [one for one in world.events if isinstance(one, DefectFound)]
    assert event.problem is Code.INTERNAL
    assert event.detail.startswith("RuntimeError at usecases.py:")
    printed = capsys.readouterr()
    assert "handler_failed" in printed.out
    assert all(SECRET not in text for text in (printed.out, printed.err, caplog.text, repr(event)))


async def test_an_answer_that_fails_leaks_neither_error(world, capsys, caplog):
    caplog.set_level(0)
    world.house.trouble = RuntimeError(SECRET)
    world.twin.faults.add(Fault(FaultKind.RESET, methods=["sendMessage"], times=None))
    user = world.user()
    user.send("/sync")
    await world.settled()
    printed = capsys.readouterr()
    assert "not_told" in printed.out
    assert all(SECRET not in text for text in (printed.out, printed.err, caplog.text))


async def test_in_english(world):
    world.house.trouble = RuntimeError(SECRET)
    user = world.user(100, "en")
    user.send("/sync")
    await user.wait_for("Something went wrong on our side")


async def test_a_tap_that_fails_is_answered_too(world):
    user = world.user()
    user.send("/settings")
    await user.wait_for("Что открыть?")
    world.house.trouble = RuntimeError(SECRET)
    user.press("🏪 Магазины")
    await user.wait_for("internal")
    await user.wait_until(lambda: not user.unanswered_taps)


async def test_a_tap_that_is_too_old_is_handled_all_the_same(world):
    user = world.user()
    user.send("/settings")
    await user.wait_for("Что открыть?")
    fault = Fault(FaultKind.SERVER_ERROR, methods=["answerCallbackQuery"])
    world.twin.faults.add(fault)
    user.press("👤 Профиль")
    await user.wait_for("anna@example.ru")
    for tap in user.unanswered_taps:
        world.twin.world.taps.pop(tap.id)


@pytest.mark.parametrize(
    "kind", [FaultKind.FORBIDDEN, FaultKind.RESET, FaultKind.TOO_MANY, FaultKind.BAD_GATEWAY]
)
async def test_telegram_failing_in_the_middle_stops_nothing(world, kind):
    world.twin.faults.add(Fault(kind, methods=["sendMessage"], times=2))
    user = world.user()
    user.send("/status")
    await world.settled()
    world.twin.faults.clear()
    user.send("/status")
    await user.wait_for("Ромашка")


async def test_a_handler_that_hangs_is_ended(start_bot):
    async with start_bot(pace=Pace(handler_seconds=0.2)) as world:
        world.twin.faults.add(Fault(FaultKind.STALL, methods=["sendMessage"], seconds=1e6))
        user = world.user()
        user.send("/status")
        await user.wait_for("internal")


async def test_a_flood_is_slowed_down_and_told_once(start_bot):
    async with start_bot(pace=Pace(burst_per_user=5, waiting_per_user=50)) as world:
        user, other = world.user(), world.user(101)
        for _ in range(20):
            user.send("ку")
        await world.settled()
        said = [one.words for one in user.screen if one.from_bot]
        assert sum("Не понял" in words for words in said) == 5
        assert sum("Слишком быстро" in words for words in said) == 1
        other.send("/start")
        await other.wait_for("Шаг 1")
        await world.clock.advance(10)
        user.send("ку")
        await user.wait_for("Не понял")


async def test_a_key_is_deleted_also_in_a_flood(start_bot):
    async with start_bot(pace=Pace(burst_per_user=1)) as world:
        user = world.user()
        user.send("ку")
        await user.wait_for("Не понял")
        pasted = user.send(GOOD_KEY)
        await user.wait_for("Слишком быстро")
        assert pasted.is_deleted


async def test_taps_in_a_flood_are_answered(start_bot):
    async with start_bot(pace=Pace(burst_per_user=3)) as world:
        user = world.user()
        user.send("/settings")
        screen = await user.wait_for("Что открыть?")
        for _ in range(20):
            user.tap(screen, "go:profile")
        await world.settled()
        assert user.unanswered_taps == []
