"""Counting orders: the newest row per `srid`, by card, place and buyer's district."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.core.period import Period, moscow_day
from bot.core.products import CardOrders, Order, PlaceKind


class _Entry(NamedTuple):
    """One order, as small as it gets; the greatest entry of an `srid` is the newest one."""

    changed_at: float
    is_cancelled: bool
    nm_id: int
    placed_on: int  # a proleptic ordinal of the Moscow day
    is_fbs: bool
    place: str
    district: str


class OrderBook:
    """Takes rows in any order, repeated or not; what it counts depends on neither."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._names: dict[int, tuple[float, str, str, str]] = {}
        self._known: dict[str, str] = {}

    def __len__(self) -> int:
        """Return how many different orders the book holds."""
        return len(self._entries)

    def add(self, order: Order) -> None:
        """Take one row; an older row of the same `srid` gives way."""
        changed_at = order.changed_at.timestamp()
        entry = _Entry(
            changed_at=changed_at,
            is_cancelled=order.is_cancelled,
            nm_id=order.nm_id,
            placed_on=moscow_day(order.placed_at).toordinal(),
            is_fbs=order.place.kind is PlaceKind.SELLER,
            place=self._one(order.place.name),
            district=self._one(order.district),
        )
        held = self._entries.get(order.srid)
        if held is None or entry > held:
            self._entries[order.srid] = entry
        names = (changed_at, order.brand, order.subject, order.vendor_code)
        self._names[order.nm_id] = max(names, self._names.get(order.nm_id, names))

    def count(self, period: Period) -> dict[int, CardOrders]:
        """Return the orders placed in `period`, one record per card, ordered by nm_id."""
        tallies: defaultdict[int, _Tally] = defaultdict(_Tally)
        first, last = period.first.toordinal(), period.last.toordinal()
        for entry in self._entries.values():
            if first <= entry.placed_on <= last:
                tallies[entry.nm_id].add(entry)
        return {nm_id: self._card(nm_id, tallies[nm_id]) for nm_id in sorted(tallies)}

    def _card(self, nm_id: int, tally: "_Tally") -> CardOrders:
        _, brand, subject, vendor_code = self._names[nm_id]
        return CardOrders(
            nm_id=nm_id,
            brand=brand,
            subject=subject,
            vendor_code=vendor_code,
            placed=tally.placed,
            fbs=tally.fbs,
            by_warehouse=dict(sorted(tally.by_warehouse.items())),
            by_district=dict(sorted(tally.by_district.items())),
        )

    def _one(self, text: str) -> str:
        """Return the one copy of `text` that the book keeps: names repeat by the thousand."""
        return self._known.setdefault(text, text)


@dataclass(slots=True)
class _Tally:
    """The counts of one card in the making."""

    placed: int = 0
    fbs: int = 0
    by_warehouse: Counter[str] = field(default_factory=Counter)
    by_district: Counter[str] = field(default_factory=Counter)

    def add(self, entry: _Entry) -> None:
        self.placed += 1
        if entry.is_cancelled:
            return
        if entry.district:
            self.by_district[entry.district] += 1
        if entry.is_fbs:
            self.fbs += 1
        else:
            self.by_warehouse[entry.place] += 1
