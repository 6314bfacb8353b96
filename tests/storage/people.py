"""Sellers, shops, runs and figures for the storage suite."""

import secrets
from datetime import UTC, date, datetime, timedelta

from bot.core.metrics import ProductMetrics
from bot.core.period import Period
from bot.core.ports import StoredFigures
from bot.core.products import Remains, Snapshot, Source
from bot.core.report import Layout, history_row, lay_out
from bot.core.runs import RunKind
from bot.core.sellers import Access, ApiKey, KeyFacts, KeyKind, Profile, Right

NOW = datetime(2026, 11, 19, 21, 1, tzinfo=UTC)
TODAY = date(2026, 11, 20)
YESTERDAY = date(2026, 11, 19)
WEEK = Period.ending_before(TODAY, 7)
NOTHING_SHOWN = Layout()
PROFILE = Profile("Иван Плант", "plant@example.ru", "+79161234567")


def access(sid: str = "sid-1", key: str = "key.of.shop") -> Access:
    facts = KeyFacts(
        kind=KeyKind.PERSONAL,
        rights=frozenset(Right),
        sid=sid,
        expires_at=NOW + timedelta(days=90),
    )
    return Access(ApiKey(key), facts)


async def seller(storage, telegram_id: int = 77, profile: Profile = PROFILE):
    return await storage.stores.sellers.add(telegram_id, profile, language="ru", consented_at=NOW)


async def shop(storage, telegram_id: int = 77, sid: str = "sid-1"):
    """A shop that was connected yesterday, so that it has its night."""
    owner = await storage.stores.sellers.by_telegram_id(telegram_id)
    owner = owner or await seller(storage, telegram_id)
    return await storage.stores.shops.connect(owner.id, access(sid), now=NOW - timedelta(days=1))


async def many_shops(storage, count: int):
    owner = await seller(storage, telegram_id=secrets.randbelow(2**40))
    return [
        await storage.stores.shops.connect(owner.id, access(f"sid-{number}"), now=NOW)
        for number in range(count)
    ]


async def claimed(storage, one=None, *, owner: str = "me", now: datetime = NOW):
    """A claim of the run of a shop, made by a tap."""
    one = one or await shop(storage)
    await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=now)
    claim = await storage.stores.runs.claim(owner, now=now, lease_seconds=45)
    assert claim is not None
    return claim


def card(nm_id: int, **figures) -> ProductMetrics:
    blank = {
        "brand": "Бренд",
        "subject": "Кружки",
        "vendor_code": f"код-{nm_id}",
        "nm_id": nm_id,
        "orders_total": 7,
        "orders_wb_warehouses": 6,
        "orders_fbs_warehouses": 1,
        "orders_by_warehouse": {"Коледино": 6},
        "stocks_total": 12,
        "stocks_wb": 10,
        "stocks_mp": None,
        "stocks_by_warehouse": {"Коледино": 8, "Тула": 2},
        "in_transit_to_customer": 3,
        "in_transit_to_wb_warehouse": 0,
        "turnover_days": 12.0,
        "avg_orders_per_day": 1.0,
        "conversion_to_cart": 8.5,
        "buyout_percent": None,
    }
    return ProductMetrics(**{**blank, **figures})


def figures_of(metrics, *, before: Layout = NOTHING_SHOWN, period: Period = WEEK) -> StoredFigures:
    return StoredFigures(
        metrics=metrics,
        layout=lay_out(before, metrics),
        period=period,
        at=NOW,
        is_partial=False,
        about=[("Остатки", "данные на 20.11.2026 00:01")],
    )


async def save(storage, claim, metrics, **more):
    got = figures_of(metrics, **more)
    await storage.stores.tables.save_figures(claim, got, history_row(metrics, got.period))
    return got


def remains(*nm_ids: int) -> Snapshot[Remains]:
    return Snapshot(
        source=Source.REMAINS,
        taken_at=NOW,
        rows={nm_id: Remains(nm_id, by_warehouse={"Коледино": 5}) for nm_id in nm_ids},
    )
