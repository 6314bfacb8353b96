"""How the service is, as numbers."""

from dataclasses import replace
from datetime import timedelta

from bot.core.vitals import Vitals
from tests.storage.people import NOW, card, claimed, save, shop
from tests.storage.test_outbox import NOTICE


async def test_an_empty_house_is_quiet(storage):
    assert await storage.stores.vitals.read(NOW) == Vitals()


async def test_figures_age_and_a_shop_without_any_counts_from_its_connection(storage):
    claim = await claimed(storage)
    await shop(storage, telegram_id=78, sid="sid-2")
    await save(storage, claim, [card(1)])
    seen = await storage.stores.vitals.read(NOW + timedelta(hours=12))
    assert seen.oldest_figures_seconds == 36 * 3600
    assert (seen.stale_shops, seen.open_runs) == (1, 1)


async def test_paused_shops_do_not_age(storage):
    one = await shop(storage)
    await storage.stores.shops.set_paused(one.id, paused=True, now=NOW)
    assert (await storage.stores.vitals.read(NOW)).oldest_figures_seconds is None


async def test_what_is_owed_and_who_is_gone_are_counted(storage):
    await shop(storage)
    await storage.stores.outbox.put(NOTICE)
    await storage.stores.outbox.put(replace(NOTICE, dedupe_key="2", not_before=NOTICE.expires_at))
    await storage.stores.sellers.set_blocked(77, NOW)
    seen = await storage.stores.vitals.read(NOW + timedelta(minutes=1))
    assert (seen.outbox_pending, seen.outbox_oldest_seconds) == (1, 60.0)
    assert seen.blocked_users == 1
