import asyncio

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.sandbox.telegram import Fault, FaultKind


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.TOO_MANY, TelegramRetryAfter),
        (FaultKind.BAD_GATEWAY, ClientDecodeError),
        (FaultKind.SERVER_ERROR, TelegramServerError),
        (FaultKind.UNAUTHORIZED, TelegramUnauthorizedError),
        (FaultKind.CONFLICT, TelegramConflictError),
        (FaultKind.FORBIDDEN, TelegramForbiddenError),
        (FaultKind.RESET, TelegramNetworkError),
        (FaultKind.CUT_BODY, ClientDecodeError),
        (FaultKind.LOST, TelegramNetworkError),
    ],
)
async def test_each_fault_looks_to_aiogram_like_the_real_one(bot, anna, twin, kind, error):
    arrives = kind in {FaultKind.CUT_BODY, FaultKind.LOST}
    fault = twin.faults.add(Fault(kind, methods={"sendMessage"}))
    with pytest.raises(error):
        await bot.send_message(anna.id, "раз")
    assert [one.words for one in anna.screen if one.from_bot] == (["раз"] if arrives else [])
    assert twin.faults.met(fault) == 1
    assert twin.called("sendMessage")[-1].fault is kind
    await bot.send_message(anna.id, "два")
    assert anna.screen[-1].words == "два"


async def test_the_wait_is_named(bot, anna, twin):
    twin.faults.add(Fault(FaultKind.TOO_MANY, retry_after=17))
    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.send_message(anna.id, "x")
    assert refusal.value.retry_after == 17


async def test_a_stalled_call_is_served_later(bot, anna, twin, clock):
    twin.faults.add(Fault(FaultKind.STALL, seconds=30))
    async with clock.autorun():
        await bot.send_message(anna.id, "дождались")
    assert clock.monotonic() == 30


async def test_a_caller_who_gives_up_a_stalled_call_is_not_served(bot, anna, twin):
    fault = twin.faults.add(Fault(FaultKind.STALL, seconds=30))
    sending = asyncio.ensure_future(bot.send_message(anna.id, "x"))
    await twin.wait_until(lambda: twin.faults.met(fault) == 1)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert len(anna.screen) == 1


async def test_faults_can_be_narrowed_spread_and_cleared(bot, anna, twin):
    other = twin.user(77)
    other.start()
    twin.faults.add(Fault(FaultKind.SERVER_ERROR, chat_id=77, times=None, skip=1, share=0.5))
    outcomes = []
    for _ in range(5):
        await bot.send_message(anna.id, "x")
        try:
            await bot.send_message(77, "x")
            outcomes.append("ok")
        except TelegramServerError:
            outcomes.append("failed")
    assert outcomes == ["ok", "ok", "failed", "ok", "failed"]
    twin.faults.clear()
    await bot.send_message(77, "x")
    await bot.send_message(77, "x")


@pytest.mark.usefixtures("anna")
async def test_an_outage_keeps_everything_and_the_address(bot, twin):
    port = int(twin.url.rpartition(":")[2])
    await twin.stop()
    with pytest.raises(TelegramNetworkError):
        await bot.get_updates()
    await twin.start(port=port)
    assert [one.message.text for one in await bot.get_updates()] == ["/start"]


async def test_the_record_of_calls_holds_no_token(bot, anna, twin):
    await bot.send_message(anna.id, "x")
    [call] = twin.called("sendmessage")
    assert (call.method, call.params["chat_id"], call.status) == ("sendMessage", str(anna.id), 200)
    assert twin.token not in repr(twin.calls)
