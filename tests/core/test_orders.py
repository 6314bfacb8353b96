from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.orders import OrderBook
from bot.core.period import MOSCOW, Period
from bot.core.products import CardOrders, Order, Place, PlaceKind

PERIOD = Period.ending_before(date(2026, 11, 20), 7)
TULA = Place("Тула", PlaceKind.WAREHOUSE)
RUSSIA = Place("Склад WB РФ", PlaceKind.AGGREGATE)
OWN = Place("Тула", PlaceKind.SELLER)
NOON = datetime(2026, 11, 15, 12, tzinfo=MOSCOW)


def order(srid="s", *, placed=NOON, changed=None, place=TULA, **fields) -> Order:
    fields.setdefault("nm_id", 1)
    return Order(srid=srid, placed_at=placed, changed_at=changed or placed, place=place, **fields)


def counted(*orders: Order) -> dict[int, CardOrders]:
    book = OrderBook()
    for one in orders:
        book.add(one)
    return book.count(PERIOD)


def test_by_place_and_district():
    got = counted(
        order("a", district="ЦФО"),
        order("b", place=RUSSIA, district="ЦФО"),
        order("c", place=OWN, district="СФО"),
        order("d", is_cancelled=True, district="ЦФО"),
    )[1]
    assert got.placed == 4
    assert got.by_warehouse == {"Тула": 1, "Склад WB РФ": 1}
    assert got.fbs == 1
    assert got.by_district == {"ЦФО": 2, "СФО": 1}


def test_the_newest_row_of_an_order_counts():
    later = NOON + timedelta(hours=5)
    got = counted(order("a", is_cancelled=True, changed=later), order("a"))[1]
    assert (got.placed, got.by_warehouse) == (1, {})


def test_both_ends_of_the_period_are_moscow_days():
    first = datetime(2026, 11, 12, 21, tzinfo=UTC)
    last = datetime(2026, 11, 19, 20, 59, 59, tzinfo=UTC)
    second = timedelta(seconds=1)
    got = counted(
        order("a", placed=first),
        order("b", placed=last),
        order("c", placed=first - second),
        order("d", placed=last + second),
    )
    assert got[1].placed == 2


def test_names_come_from_the_newest_row_that_has_any():
    got = counted(
        order("a", brand="Старый", vendor_code="V"),
        order("b", brand="Новый", changed=NOON + timedelta(hours=1)),
        order("c", changed=NOON + timedelta(hours=2)),
    )[1]
    assert (got.brand, got.vendor_code) == ("Новый", "")


def test_what_is_news():
    book = OrderBook()
    assert book.add(order("a"))
    assert not book.add(order("a"))
    assert book.add(order("a", changed=NOON + timedelta(hours=1)))
    assert not book.add(order("a"))
    assert len(book) == 1


def test_ids_of_63_bits():
    assert counted(order(nm_id=2**63 - 1))[2**63 - 1].placed == 1


moments = st.integers(0, 60 * 24 * 12).map(
    lambda n: datetime(2026, 11, 10, tzinfo=MOSCOW) + timedelta(minutes=n)
)
orders = st.lists(
    st.builds(
        Order,
        srid=st.sampled_from("abcdefgh"),
        nm_id=st.integers(1, 3),
        placed_at=moments,
        changed_at=moments,
        place=st.sampled_from([TULA, RUSSIA, OWN]),
        is_cancelled=st.booleans(),
        brand=st.sampled_from(["", "А", "Б"]),
        subject=st.just(""),
        vendor_code=st.just(""),
        district=st.sampled_from(["", "ЦФО"]),
    ),
    max_size=20,
)


@given(rows=orders, dice=st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(rows, dice):
    straight = counted(*rows)
    repeated = rows + dice.sample(rows, len(rows) // 2)
    assert counted(*dice.sample(repeated, len(repeated))) == straight


@given(rows=orders)
def test_every_order_of_the_period_is_placed_once(rows):
    newest: dict[str, Order] = {}
    for one in rows:
        held = newest.get(one.srid)
        if held is None or one.changed_at > held.changed_at:
            newest[one.srid] = one
    if len({(one.srid, one.changed_at) for one in rows}) == len(rows):
        inside = [o for o in newest.values() if PERIOD.holds(o.placed_at.date())]
        assert sum(card.placed for card in counted(*rows).values()) == len(inside)
    for card in counted(*rows).values():
        assert sum(card.by_warehouse.values()) + card.fbs <= card.placed


def test_counting_can_pause():
    book = OrderBook()
    for i in range(12_000):
        book.add(order(f"s{i}", nm_id=1 + i % 1500))
    steps = book.counting(PERIOD)
    assert sum(1 for _ in steps) >= 4
    assert sum(card.placed for card in book.count(PERIOD).values()) == 12_000
