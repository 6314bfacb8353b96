import asyncio

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)

from tests.sandbox.telegram.referee import parse_update


async def test_updates_stay_until_a_higher_offset_confirms_them(bot, anna):
    anna.send("раз")
    first = await bot.get_updates()
    again = await bot.get_updates()
    assert [one.message.text for one in first] == ["/start", "раз"]
    assert [one.update_id for one in again] == [one.update_id for one in first]
    assert await bot.get_updates(offset=first[-1].update_id + 1) == []


async def test_a_negative_offset_keeps_only_the_last(bot, anna):
    anna.send("раз")
    anna.send("два")
    assert [one.message.text for one in await bot.get_updates(offset=-1)] == ["два"]
    assert [one.message.text for one in await bot.get_updates()] == ["два"]


async def test_limit_and_default_order(bot, anna):
    anna.send("раз")
    assert [one.message.text for one in await bot.get_updates(limit=1)] == ["/start"]


async def test_a_long_poll_ends_with_the_first_update(bot, twin):
    poll = asyncio.ensure_future(bot.get_updates(timeout=30))
    user = twin.user(7)
    await twin.wait_until(lambda: twin.updates.polls == 1)
    user.send("привет")
    [update] = await asyncio.wait_for(poll, 2)
    assert update.message.text == "привет"


async def test_the_older_of_two_pollers_is_sent_away(bot, twin, make_bot):
    older = asyncio.ensure_future(bot.get_updates(timeout=30))
    await twin.wait_until(lambda: twin.updates.polls == 1)
    newer = asyncio.ensure_future(make_bot(twin).get_updates(timeout=30))
    with pytest.raises(TelegramConflictError):
        await asyncio.wait_for(older, 2)
    twin.user(7).send("кто здесь?")
    assert len(await asyncio.wait_for(newer, 2)) == 1


async def test_only_wanted_kinds_are_queued(bot, anna):
    [_, *_rest] = await bot.get_updates(allowed_updates=["callback_query"])
    anna.send("не нужно")
    assert [one.message.text for one in await bot.get_updates()] == ["/start"]


@pytest.mark.usefixtures("anna")
async def test_a_repeat_comes_although_it_was_confirmed(bot, twin):
    [update] = await bot.get_updates()
    twin.updates.repeat(update.update_id)
    assert [one.update_id for one in await bot.get_updates(offset=update.update_id + 1)] == [
        update.update_id
    ]


async def test_poison_breaks_the_whole_batch_as_the_real_one_does(bot, anna):
    anna.send_poison()
    anna.send("после")
    with pytest.raises(ClientDecodeError):
        await bot.get_updates()


@pytest.mark.usefixtures("anna")
async def test_pending_updates_can_be_dropped_and_counted(bot):
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == []


async def test_a_wrong_token_and_an_unknown_method(make_bot, twin, bot):
    with pytest.raises(TelegramUnauthorizedError):
        await make_bot(twin, token="1:wrong").get_me()
    with pytest.raises(TelegramNotFound):
        await bot.get_my_star_balance()


async def test_every_kind_of_update_fits_aiograms_models(twin, anna):
    message = anna.send("правка /sync a@b.ru https://wb.ru")
    anna.edit(message, "правлено")
    anna.send_contact()
    anna.send_document("a.txt", b"x", "подпись")
    anna.send_photo(caption="фото")
    anna.forward("чужое")
    anna.block()
    anna.unblock()
    updates = [parse_update(update) for update in twin.updates.pending]
    assert [update.event_type for update in updates] == [
        "message",
        "message",
        "edited_message",
        *["message"] * 4,
        "my_chat_member",
        "my_chat_member",
    ]
    assert [entity.type for entity in updates[1].message.entities] == [
        "bot_command",
        "email",
        "url",
    ]
    assert updates[3].message.contact.user_id == anna.id
