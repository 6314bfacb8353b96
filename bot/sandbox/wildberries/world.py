"""The sellers behind the twin: cards, shelves, orders. Tests change them at will."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import NamedTuple

from bot.sandbox.wildberries.places import MOSCOW, Destination, Warehouse

MOSCOW_OFFSET_SECONDS = 3 * 3600


class OrderStatus(StrEnum):
    """What became of an order, in the words of the order feed."""

    CREATED = "created"
    BUYOUT = "buyout"
    CANCEL = "cancel"
    RETURN = "return"


class Order(NamedTuple):
    """One ordered piece. Instants are Unix seconds; the price is in roubles."""

    srid: str
    nm_id: int
    created_s: int
    changed_s: int
    status: OrderStatus
    warehouse: Warehouse
    destination: Destination
    price_rub: int

    @property
    def status_s(self) -> int:
        """The instant of the present status."""
        return self.created_s if self.status is OrderStatus.CREATED else self.changed_s


@dataclass(slots=True)
class Card:
    """One product. `stock` holds pieces per WB warehouse name, `seller_stock` per own one.

    A `deleted` card is hidden by `skipDeletedNm`; one that is not `in_funnel` is never in the
    funnel, though it may have stock and orders.
    """

    nm_id: int
    vendor_code: str
    brand: str = "Фотолавка"
    subject: str = "Фотоальбомы"
    subject_id: int = 640
    category: str = "Хобби"
    title: str = "Фотоальбом на 200 фото"
    volume_l: float = 1.9
    price_rub: int = 1547
    sizes: tuple[str, ...] = ("0",)
    stock: dict[str, int] = field(default_factory=dict)
    seller_stock: dict[str, int] = field(default_factory=dict)
    to_customer: int = 0
    from_customer: int = 0
    deleted: bool = False
    in_funnel: bool = True

    @property
    def chrt_id(self) -> int:
        """The number of the card's first size; the next sizes follow it."""
        return self.nm_id * 2 + 7

    @property
    def barcode(self) -> str:
        """The barcode of the card's first size."""
        return f"46{self.nm_id:011d}"


@dataclass(frozen=True, slots=True)
class Oddities:
    """What real answers do against their documentation: off, the referee's models accept all."""

    floats: bool = False
    nulls: bool = False
    unknown_fields: bool = False

    def __bool__(self) -> bool:
        """Say whether anything is odd."""
        return self.floats or self.nulls or self.unknown_fields


@dataclass(slots=True)
class Shop:
    """One seller's world. `warehouses_hidden` is how WB answers since 15 Aug 2026."""

    sid: str
    name: str = "ИП Иванов И. И."
    trade_mark: str = "Фотолавка"
    tin: str = "770000000000"
    cards: list[Card] = field(default_factory=list)
    warehouses: dict[str, Warehouse] = field(default_factory=dict)
    warehouses_hidden: bool = True
    oddities: Oddities = field(default_factory=Oddities)
    _orders: list[Order] = field(default_factory=list)
    _by_change: list[Order] | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def orders(self) -> Sequence[Order]:
        """Every order, in no particular order; change them by the methods below."""
        return self._orders

    @property
    def orders_by_change(self) -> Sequence[Order]:
        """Every order, the one that changed longest ago first."""
        if self._by_change is None:
            self._by_change = sorted(self._orders, key=lambda order: order.changed_s)
        return self._by_change

    def card(self, nm_id: int) -> Card:
        """Return the card of that number; StopIteration when there is none."""
        return next(card for card in self.cards if card.nm_id == nm_id)

    def add_warehouses(self, *warehouses: Warehouse) -> None:
        """Open warehouses; a card's stock names them."""
        self.warehouses.update({warehouse.name: warehouse for warehouse in warehouses})

    def add_orders(self, orders: Iterable[Order]) -> None:
        """Add many orders at once."""
        self._orders.extend(orders)
        self._by_change = None

    def place_order(  # noqa: PLR0913 - one argument per fact of an order
        self,
        nm_id: int,
        created_at: datetime,
        *,
        warehouse: str,
        status: OrderStatus = OrderStatus.CREATED,
        changed_at: datetime | None = None,
        destination: Destination = MOSCOW,
        price_rub: int = 1000,
        srid: str | None = None,
    ) -> Order:
        """Add one order from a warehouse that the shop has, and return it."""
        changed = changed_at or created_at + timedelta(minutes=5)
        order = Order(
            srid or f"eAB.i{next(self._numbers):06d}.0.0",
            nm_id,
            int(created_at.timestamp()),
            int(changed.timestamp()),
            status,
            self.warehouses[warehouse],
            destination,
            price_rub,
        )
        self.add_orders([order])
        return order

    def change_order(self, srid: str, status: OrderStatus, at: datetime) -> None:
        """Give an order another status at that instant."""
        for index, order in enumerate(self._orders):
            if order.srid == srid:
                changed = int(at.timestamp())
                self._orders[index] = order._replace(status=status, changed_s=changed)
        self._by_change = None

    def clear_orders(self) -> None:
        """Forget every order."""
        self._orders.clear()
        self._by_change = None


class World:
    """The shops by seller id."""

    def __init__(self, shops: Iterable[Shop] = ()) -> None:
        self.shops: dict[str, Shop] = {shop.sid: shop for shop in shops}

    def add(self, shop: Shop) -> Shop:
        """Let a seller in, replacing one of the same id."""
        self.shops[shop.sid] = shop
        return shop
