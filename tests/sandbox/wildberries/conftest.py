from datetime import UTC, datetime

import httpx
import pytest

from bot.kit.clock import ManualClock
from bot.sandbox.wildberries import Card, Shop, Warehouse, WildberriesTwin, make_key
from bot.sandbox.wildberries.places import WB_OVERSIZE_RUSSIA

SID = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture
def shop():
    """Three cards; the first one is the one of the vendor's documentation."""
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
            Card(187654323, '=HYPERLINK("http://x";"y")', deleted=True),
        ]
    )
    return shop


@pytest.fixture
async def twin(clock, shop):
    async with WildberriesTwin(clock, [shop], secrets=["s3cret"]) as twin:
        yield twin


@pytest.fixture
def key():
    return make_key(sid=SID)


@pytest.fixture
async def api(twin, key):
    """Talk to the twin with a Personal key."""
    headers = {"Authorization": key}
    async with httpx.AsyncClient(base_url=twin.url, headers=headers, timeout=5) as client:
        yield client
