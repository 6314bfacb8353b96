"""Made-up shops: the same seed gives the same shop."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from uuid import UUID

from bot.sandbox.wildberries import names
from bot.sandbox.wildberries.places import Warehouse
from bot.sandbox.wildberries.world import Card, Order, OrderStatus, Shop

_DAY_SECONDS = 86_400
_FBS_SHARE = 0.12
_EMPTY_SHARE = 0.15


def make_shop(  # noqa: PLR0913 - each is a dimension of a shop
    seed: int = 1,
    *,
    now: datetime,
    cards: int = 50,
    warehouses: int = 12,
    orders: int = 500,
    days: int = 45,
    sid: str | None = None,
    warehouses_hidden: bool = True,
) -> Shop:
    """Return a shop whose orders were placed during the `days` before `now`.

    A seventh of the shelves is empty, an eighth of the orders leaves the seller's own
    warehouses, popular cards sell more than others. 10,000 cards with 300,000 orders take a few
    seconds.
    """
    dice = Random(seed)  # noqa: S311 - made-up goods, no secret
    number = dice.randrange(1, 999)
    shop = Shop(
        sid=sid or str(UUID(int=dice.getrandbits(128), version=4)),
        name=f"ИП Иванов И. И. ({number})",
        trade_mark=f"{dice.choice(names.BRANDS)} {number}",
        tin=f"77{dice.randrange(10**9, 10**10)}",
        warehouses_hidden=warehouses_hidden,
    )
    shelves, own = names.wb_warehouses(warehouses), names.seller_warehouses()
    shop.add_warehouses(*shelves, *own)
    shop.cards.extend(_cards(dice, cards, shelves, own))
    if cards:
        shop.add_orders(_orders(dice, shop.cards, shelves, own, orders, days, now))
    return shop


def _cards(
    dice: Random, amount: int, shelves: list[Warehouse], own: list[Warehouse]
) -> Iterator[Card]:
    nm_id = 180_000_000 + dice.randrange(10_000_000)
    for index in range(amount):
        nm_id += dice.randrange(1, 900)
        yield _card(dice, index, nm_id, shelves, own)


def _card(
    dice: Random, index: int, nm_id: int, shelves: list[Warehouse], own: list[Warehouse]
) -> Card:
    subject, subject_id, category = dice.choice(names.SUBJECTS)
    colour = dice.choice(names.COLOURS)
    odd = index < len(names.VENDOR_CODES)
    return Card(
        nm_id=nm_id,
        vendor_code=names.VENDOR_CODES[index]
        if odd
        else f"{subject[:3].upper()}-{index}/{colour}",
        brand=dice.choice(names.BRANDS),
        subject=subject,
        subject_id=subject_id,
        category=category,
        title=f"{subject}, {colour}",
        volume_l=round(dice.uniform(0.1, 12), 2),
        price_rub=dice.randrange(200, 5000),
        sizes=("42", "44", "46") if subject == "Футболки" else ("0",),
        stock={
            w.name: int(dice.random() ** 3 * 400) for w in shelves if dice.random() > _EMPTY_SHARE
        },
        seller_stock={own[0].name: dice.randrange(1, 40)} if dice.random() < _FBS_SHARE else {},
        to_customer=dice.randrange(30),
        from_customer=dice.randrange(8),
    )


def _orders(  # noqa: PLR0913, PLR0917 - an inner step of make_shop
    dice: Random,
    cards: list[Card],
    shelves: list[Warehouse],
    own: list[Warehouse],
    amount: int,
    days: int,
    now: datetime,
) -> Iterator[Order]:
    end = int(now.timestamp())
    for index in range(amount):
        card = cards[int(dice.random() ** 2 * len(cards))]
        age = int(dice.random() * days * _DAY_SECONDS)
        status, changed = _fate(dice, end - age, age)
        places = own if not shelves or dice.random() < _FBS_SHARE else shelves
        yield Order(
            f"e{dice.getrandbits(32):08x}.i{index:07d}.0.0",
            card.nm_id,
            end - age,
            changed,
            status,
            places[int(dice.random() ** 2 * len(places))],
            names.DESTINATIONS[int(dice.random() ** 2 * len(names.DESTINATIONS))],
            card.price_rub,
        )


def _fate(dice: Random, created_s: int, age_seconds: int) -> tuple[OrderStatus, int]:
    """Return the status and the instant of its last change, never after now."""
    after = int(dice.random() * min(age_seconds, 9 * _DAY_SECONDS))
    if after < _DAY_SECONDS // 4:
        return OrderStatus.CREATED, created_s + min(after, age_seconds)
    luck = dice.random()
    if luck < 0.72:  # noqa: PLR2004 - shares of fates
        return OrderStatus.BUYOUT, created_s + after
    cancelled = luck < 0.93  # noqa: PLR2004 - shares of fates
    return OrderStatus.CANCEL if cancelled else OrderStatus.RETURN, created_s + after
