"""Counting orders: the newest row per `srid`, by card, place and buyer's district."""

from collections import Counter, defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field
from struct import Struct

from bot.core.period import Period, moscow_day
from bot.core.products import CardOrders, Order, PlaceKind

# changed at, card, ordinal of the Moscow day, place, district, flags: 29 bytes an order
_ENTRY = Struct("<dqIIIB")
_CANCELLED = 1
_FBS = 2
_ENTRIES_AT_ONCE = 5_000
_CARDS_AT_ONCE = 500


class OrderBook:
    """Takes rows in any order, repeated or not; what it counts depends on neither.

    An order costs some 200 bytes, so that a book of 300,000 fits in 60 MB.
    """

    def __init__(self) -> None:
        self._entries: dict[str, bytes] = {}
        self._names: dict[int, tuple[bool, float, str, str, str]] = {}
        self._texts = _Texts()

    def __len__(self) -> int:
        """Return how many different orders the book holds."""
        return len(self._entries)

    def add(self, order: Order) -> bool:
        """Take one row; an older row of the same `srid` gives way. Say whether it was news."""
        changed_at = order.changed_at.timestamp()
        self._name(order, changed_at)
        is_fbs = order.place.kind is PlaceKind.SELLER
        entry = _ENTRY.pack(
            changed_at,
            order.nm_id,
            moscow_day(order.placed_at).toordinal(),
            self._texts.number(order.place.name),
            self._texts.number(order.district),
            _CANCELLED * order.is_cancelled + _FBS * is_fbs,
        )
        held = self._entries.get(order.srid)
        if held == entry or (held is not None and self._rank(entry) < self._rank(held)):
            return False
        self._entries[order.srid] = entry
        return True

    def count(self, period: Period) -> dict[int, CardOrders]:
        """Return the orders placed in `period`, one record per card, ordered by nm_id."""
        steps = self.counting(period)
        while True:
            try:
                next(steps)
            except StopIteration as done:
                counted: dict[int, CardOrders] = done.value
                return counted

    def counting(self, period: Period) -> Generator[None, None, dict[int, CardOrders]]:
        """Count as `count` does, pausing every few milliseconds; add nothing meanwhile."""
        tallies: defaultdict[int, _Tally] = defaultdict(_Tally)
        first, last = period.first.toordinal(), period.last.toordinal()
        for seen, entry in enumerate(self._entries.values(), start=1):
            _, nm_id, placed_on, place, district, flags = _ENTRY.unpack(entry)
            if first <= placed_on <= last:
                tallies[nm_id].add(place, district, flags)
            if seen % _ENTRIES_AT_ONCE == 0:
                yield
        cards: dict[int, CardOrders] = {}
        for nm_id in sorted(tallies):
            cards[nm_id] = self._card(nm_id, tallies[nm_id])
            if len(cards) % _CARDS_AT_ONCE == 0:
                yield
        return cards

    def _name(self, order: Order, changed_at: float) -> None:
        """Keep what the newest row that names the card calls it."""
        is_named = bool(order.brand or order.subject or order.vendor_code)
        names = (is_named, changed_at, order.brand, order.subject, order.vendor_code)
        held = self._names.get(order.nm_id)
        if held is None or names > held:
            self._names[order.nm_id] = names

    def _rank(self, entry: bytes) -> tuple[float, int, int, int, str, str]:
        """Return what the newest row of an order is told by, whatever came first."""
        changed_at, nm_id, placed_on, place, district, flags = _ENTRY.unpack(entry)
        place_name, district_name = self._texts.text(place), self._texts.text(district)
        return (changed_at, flags, nm_id, placed_on, place_name, district_name)

    def _card(self, nm_id: int, tally: "_Tally") -> CardOrders:
        _, _, brand, subject, vendor_code = self._names[nm_id]
        return CardOrders(
            nm_id=nm_id,
            brand=brand,
            subject=subject,
            vendor_code=vendor_code,
            placed=tally.placed,
            fbs=tally.fbs,
            by_warehouse=self._texts.by_text(tally.by_place),
            by_district=self._texts.by_text(tally.by_district),
        )


class _Texts:
    """Numbers for texts that repeat by the thousand; 0 is the empty one."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self._texts: list[str] = [""]

    def number(self, text: str) -> int:
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self._texts)
            self._texts.append(text)
        return found

    def text(self, number: int) -> str:
        return self._texts[number]

    def by_text(self, counts: Counter[int]) -> dict[str, int]:
        return dict(sorted((self._texts[number], pieces) for number, pieces in counts.items()))


@dataclass(slots=True)
class _Tally:
    """The counts of one card in the making."""

    placed: int = 0
    fbs: int = 0
    by_place: Counter[int] = field(default_factory=Counter)
    by_district: Counter[int] = field(default_factory=Counter)

    def add(self, place: int, district: int, flags: int) -> None:
        self.placed += 1
        if flags & _CANCELLED:
            return
        if district:
            self.by_district[district] += 1
        if flags & _FBS:
            self.fbs += 1
        else:
            self.by_place[place] += 1
