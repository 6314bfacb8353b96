"""Sellers and their shops: registering, connecting, the night, and being forgotten."""

from datetime import timedelta

import pytest

from bot.core.errors import Code, SellerMustAct
from bot.core.events import Notice, NoticeKind
from bot.core.runs import RunKind
from bot.core.sellers import GONE_AFTER, Profile, ShopState
from tests.storage.people import (
    NOW,
    PROFILE,
    TODAY,
    access,
    card,
    claimed,
    remains,
    save,
    seller,
    shop,
)


async def test_a_seller_is_found_by_either_id(storage):
    one = await seller(storage, 2**52)
    assert one.profile == PROFILE
    assert await storage.stores.sellers.by_telegram_id(2**52) == one
    assert await storage.stores.sellers.by_id(one.id) == one
    assert await storage.stores.sellers.by_id(one.id + 1) is None


async def test_registering_again_replaces_the_profile(storage):
    one = await seller(storage)
    await storage.stores.sellers.set_blocked(77, NOW)
    new = Profile("Пётр", "p@example.ru", "+79990000000")
    again = await seller(storage, 77, new)
    assert (again.id, again.profile, again.blocked_at) == (one.id, new, None)


async def test_the_first_time_that_the_bot_was_blocked_counts(storage):
    await seller(storage)
    await storage.stores.sellers.set_blocked(77, NOW)
    await storage.stores.sellers.set_blocked(77, NOW + timedelta(days=1))
    assert (await storage.stores.sellers.by_telegram_id(77)).blocked_at == NOW
    await storage.stores.sellers.set_blocked(77, None)
    assert (await storage.stores.sellers.by_telegram_id(77)).blocked_at is None


async def test_a_key_of_a_new_sid_is_a_new_shop_and_of_a_known_one_replaces_its_key(storage):
    first = await shop(storage)
    second = await shop(storage, sid="sid-2")
    assert (first.number, second.number) == (1, 2)
    again = await storage.stores.shops.connect(first.seller_id, access(key="new.key"), now=NOW)
    assert (again.id, again.connected_at) == (first.id, first.connected_at)
    assert (await storage.stores.shops.access(first.id)) == access(key="new.key")
    assert len(await storage.stores.shops.of_seller(first.seller_id)) == 2


async def test_a_shop_without_key_that_gets_one_is_connected_anew(storage):
    one = await shop(storage)
    await storage.stores.shops.delete_key(one.id, now=NOW)
    without = await storage.stores.shops.by_id(one.id)
    assert without.state is ShopState.WITHOUT_KEY
    assert without.key_kind is None
    assert await storage.stores.shops.access(one.id) is None
    again = await storage.stores.shops.connect(one.seller_id, access(), now=NOW)
    assert (again.id, again.state, again.connected_at) == (one.id, ShopState.LIVE, NOW)


async def test_nobody_connects_a_shop_before_registering(storage):
    with pytest.raises(SellerMustAct) as refused:
        await storage.stores.shops.connect(404, access(), now=NOW)
    assert refused.value.code is Code.NOT_REGISTERED


async def test_settings_of_a_shop_are_kept(storage):
    one = await shop(storage)
    assert one.title == "Магазин 1"
    await storage.stores.shops.rename(one.id, "ИП Иванов И. И.")
    await storage.stores.shops.set_period(one.id, 30, now=NOW)
    await storage.stores.shops.set_uncounted(one.id, {"Склад «Ёлка»", "Тула"})
    found = await storage.stores.shops.by_id(one.id)
    assert (found.title, found.period_days) == ("ИП Иванов И. И.", 30)
    assert found.uncounted_warehouses == {"Склад «Ёлка»", "Тула"}
    run, _ = await storage.stores.runs.request(found, RunKind.TAPPED, day=TODAY, now=NOW)
    assert run.period_days == 30


async def test_the_night_is_for_live_shops_of_people_who_are_there(storage):
    kept = await shop(storage, 1)
    paused, keyless, gone = [await shop(storage, number) for number in (2, 3, 4)]
    recent = await shop(storage, 5)
    just_gone = await shop(storage, 6)
    await storage.stores.shops.set_paused(paused.id, paused=True, now=NOW)
    await storage.stores.shops.delete_key(keyless.id, now=NOW)
    await storage.stores.sellers.set_blocked(4, NOW - timedelta(days=15))
    await storage.stores.sellers.set_blocked(6, NOW - timedelta(days=13))
    await storage.stores.shops.delete_key(recent.id, now=NOW)
    await storage.stores.shops.connect(recent.seller_id, access(), now=NOW)
    found = await storage.stores.shops.eligible(NOW, NOW - GONE_AFTER)
    assert [one.id for one in found] == [kept.id, just_gone.id]
    assert gone.id not in {one.id for one in found}
    await storage.stores.shops.set_paused(paused.id, paused=False, now=NOW)
    assert len(await storage.stores.shops.eligible(NOW, NOW - GONE_AFTER)) == 3


async def test_an_erased_seller_leaves_nothing_and_others_keep_theirs(storage, rows_of):
    other = await shop(storage, 99)
    claim = await claimed(storage)
    await save(storage, claim, [card(1)])
    await storage.stores.snapshots.replace(claim, "sid-1", 7, remains(1))
    await storage.stores.drafts.save_answers("42:77:77", {"name": "Иван"}, now=NOW)
    await storage.stores.drafts.save_answers("42:770:770", {"name": "Пётр"}, now=NOW)
    await storage.stores.outbox.put(
        Notice(NoticeKind.MORNING_TABLE, 77, "a", {}, NOW, NOW + timedelta(hours=1))
    )
    owner = (await storage.stores.sellers.by_telegram_id(77)).id
    await storage.stores.sellers.erase(owner)
    await storage.stores.sellers.erase(owner)
    left = {table: len(rows) for table, rows in (await rows_of(storage)).items() if rows}
    assert left == {"sellers": 1, "shops": 1, "drafts": 1}
    assert await storage.stores.shops.by_id(other.id) == other


async def test_ids_of_the_erased_are_never_given_again(storage):
    one = await shop(storage)
    await storage.stores.sellers.erase(one.seller_id)
    again = await shop(storage)
    assert again.seller_id > one.seller_id
    assert again.id > one.id


async def test_a_tap_on_an_erased_shop_says_so(storage):
    one = await shop(storage)
    await storage.stores.sellers.erase(one.seller_id)
    with pytest.raises(SellerMustAct) as refused:
        await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=NOW)
    assert refused.value.code is Code.SHOP_UNKNOWN
