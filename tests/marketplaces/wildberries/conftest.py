from datetime import date, datetime, timedelta

import pytest

from bot.core.period import Period
from bot.kit.clock import ManualClock
from bot.sandbox.wildberries import (
    Card,
    KeyKind,
    OrderStatus,
    Shop,
    Warehouse,
    WildberriesTwin,
    make_key,
)
from bot.sandbox.wildberries.places import WB_OVERSIZE_RUSSIA
from tests.support.marketplace import NOON, MemoryBudget, Setting, wildberries_at

SID = "11111111-2222-4333-8444-555555555555"
SECRET = "a-service-secret"


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+03:00")


@pytest.fixture
def clock():
    return ManualClock(NOON)


@pytest.fixture
def period():
    return Period.ending_before(date(2026, 11, 20), 7)


@pytest.fixture
def shop():
    shop = Shop(sid=SID)
    shop.add_warehouses(
        Warehouse("Тула", 507),
        Warehouse("Подольск\xa03", 518),
        Warehouse("СГТ Шелепаново", 529, hidden_as=WB_OVERSIZE_RUSSIA),
        Warehouse("Коледино", 540, still_named=True),
        Warehouse("Минск", 551, region="Беларусь", hidden_as=None),
        Warehouse("Обухово МП", 1300000, hidden_as=None, seller=True),
    )
    stock = {"Тула": 100, "Подольск\xa03": 50, "СГТ Шелепаново": 6, "Минск": 40, "Коледино": 20}
    shop.cards.extend(
        [
            Card(187654321, "ALB-77/синий", stock=stock, to_customer=9, from_customer=2),
            Card(187654322, "ALB-78", stock={"Тула": 5}, seller_stock={"Обухово МП": 11}),
            Card(187654323, '=HYPERLINK("http://x";"y")', in_funnel=False, stock={"Тула": 3}),
        ]
    )
    for day in ("2026-11-12", "2026-11-13", "2026-11-16", "2026-11-19", "2026-11-20"):
        shop.place_order(187654321, moscow(f"{day}T10:00:00"), warehouse="Тула")
    shop.place_order(187654321, moscow("2026-11-13T00:00:00"), warehouse="Минск")
    shop.place_order(187654322, moscow("2026-11-19T23:59:59"), warehouse="Обухово МП")
    shop.place_order(
        187654323,
        moscow("2026-11-15T12:00:00"),
        warehouse="Тула",
        status=OrderStatus.CANCEL,
        changed_at=moscow("2026-11-16T12:00:00"),
    )
    return shop


@pytest.fixture
async def twin(clock, shop):
    async with WildberriesTwin(clock, [shop], secrets=[SECRET]) as twin:
        yield twin


@pytest.fixture
async def wb(twin, clock, period):
    """The adapter on the twin; hours of pacing pass by themselves."""
    budget = MemoryBudget(clock)
    async with wildberries_at(twin.url, clock, budget=budget) as adapter, clock.autorun():
        access = adapter.read_key(make_key(sid=SID))
        yield Setting(twin, clock, budget, adapter, access, period)


@pytest.fixture
def base(wb):
    """What a Base key gives."""
    return wb.adapter.read_key(make_key(sid=SID, kind=KeyKind.BASE))


def add_cards(shop: Shop, amount: int) -> None:
    shop.cards.extend(
        Card(200_000_000 + i, f"V-{i}", stock={"Тула": i % 7}) for i in range(amount)
    )


def place_many(shop, amount: int) -> None:
    days = [moscow(f"2026-11-{13 + i}T12:00:00") for i in range(7)]
    for i in range(amount):
        when = days[i % 7] + timedelta(seconds=i // 10)
        shop.place_order(187654322, when, warehouse="Тула")
