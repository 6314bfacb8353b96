import json

import msgspec
import pytest

from bot.core.errors import Code, Defect
from bot.core.products import PlaceKind, Remains
from bot.marketplaces.wildberries import mapping, wire
from tests.marketplaces.wildberries.conftest import moscow

PHOTO = {
    "product": {
        "nmId": 187654321,
        "title": "Фотоальбом",
        "vendorCode": "ALB-77/синий",
        "brandName": "Фотолавка",
        "subjectName": "Фотоальбомы",
        "stocks": {"wb": 210, "mp": 15, "balanceSum": 225},
    },
    "statistic": {
        "selected": {
            "openCount": 820,
            "cartCount": 98,
            "orderCount": 21,
            "orderSum": 18900,
            "buyoutCount": 14,
            "avgOrdersCountPerDay": 3,
            "timeToReady": {"days": 2, "hours": 5, "mins": 40},
            "conversions": {"addToCartPercent": 12, "cartToOrderPercent": 21, "buyoutPercent": 88},
        }
    },
}
ORDER = {
    "date": "2026-11-18T18:08:31",
    "lastChangeDate": "2026-11-19T10:11:07",
    "warehouseName": "Склад WB РФ",
    "warehouseType": "Склад WB",
    "oblastOkrugName": "Центральный федеральный округ",
    "supplierArticle": "ALB-77/синий",
    "nmId": 187654321,
    "subject": "Фотоальбомы",
    "brand": "Фотолавка",
    "isCancel": False,
    "cancelDate": "0001-01-01T00:00:00",
    "srid": "eAB.i000001.0.0",
}
FEED = {
    "nmId": 187654321,
    "srid": "eAB.i000001.0.0",
    "createdAt": "2026-11-18T15:08:31Z",
    "updatedAt": "2026-11-19T07:11:07.123456789Z",
    "status": "created",
    "warehouseName": "Склад WB",
    "isMp": False,
    "destinationDistrict": "Центральный федеральный округ",
}


def funnel(row=PHOTO):
    return mapping.sales_funnel(msgspec.json.decode(json.dumps(row), type=wire.FunnelRow))


def order(**changes):
    row = msgspec.json.decode(json.dumps(ORDER | changes), type=wire.OrderRow)
    return mapping.order(row, mapping.Names())


def feed_order(**changes):
    row = msgspec.json.decode(json.dumps(FEED | changes), type=wire.FeedRow)
    return mapping.feed_order(row, mapping.Names())


def remains(*rows) -> list[Remains]:
    tally = mapping.RemainsTally()
    tally.add(msgspec.json.decode(json.dumps(rows), type=list[wire.RemainsRow]))
    return list(tally.cards())


def shelves(*entries) -> Remains:
    listed = [{"warehouseName": name, "quantity": pieces} for name, pieces in entries]
    return remains({"nmId": 1, "warehouses": listed})[0]


def test_the_funnel_of_the_documentation():
    card = funnel()
    assert (card.nm_id, card.brand, card.subject) == (187654321, "Фотолавка", "Фотоальбомы")
    assert (card.opens, card.cart_adds, card.orders, card.orders_rub) == (820, 98, 21, 18900)
    assert (card.add_to_cart_percent, card.buyout_percent, card.orders_per_day) == (12, 88, 3)
    assert (card.stocks_wb, card.stocks_mp) == (210, 15)


def test_a_null_is_not_a_zero():
    card = funnel({"product": {"nmId": 5, "stocks": None}, "statistic": {"selected": None}})
    assert (card.orders, card.stocks_wb, card.buyout_percent) == (None, None, None)
    card = funnel({"product": {"nmId": 5, "stocks": {"wb": 0}}})
    assert (card.stocks_wb, card.stocks_mp) == (0, None)


@pytest.mark.parametrize("nm_id", [0, None, "", "0", 0.0])
def test_a_row_of_no_card_is_dropped(nm_id):
    assert funnel({"product": {"nmId": nm_id}}) is None
    assert order(nmId=nm_id) is None
    assert feed_order(nmId=nm_id) is None
    assert remains({"nmId": nm_id, "warehouses": []}) == []


@pytest.mark.parametrize("nm_id", [187654321, "187654321", 187654321.0])
def test_numbers_come_in_any_clothes(nm_id):
    assert funnel({"product": {"nmId": nm_id}}).nm_id == 187654321


def test_ids_beyond_the_reach_of_floats_keep_every_digit():
    assert funnel({"product": {"nmId": 9_007_199_254_740_993}}).nm_id == 9_007_199_254_740_993
    assert order(nmId="9223372036854775807").nm_id == 2**63 - 1


@pytest.mark.parametrize("nm_id", [9.1e15, 1.5, "abc", 2**63, "1e999"])
def test_an_id_that_lost_digits_is_a_defect(nm_id):
    with pytest.raises(Defect) as caught:
        funnel({"product": {"nmId": nm_id}})
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
    assert "nmId" in caught.value.detail


@pytest.mark.parametrize(
    ("written", "figure"), [("11,2", 11.2), (" 1 200 ", 1200), ("", None), (7.0, 7), (None, None)]
)
def test_a_percent_in_other_clothes(written, figure):
    row = {
        "product": {"nmId": 1},
        "statistic": {"selected": {"conversions": {"buyoutPercent": written}}},
    }
    assert funnel(row).buyout_percent == figure


def test_an_order():
    got = order()
    assert got.srid == "eAB.i000001.0.0"
    assert got.placed_at == moscow("2026-11-18T18:08:31")
    assert got.changed_at == moscow("2026-11-19T10:11:07")
    assert (got.place.name, got.place.kind) == ("Склад WB РФ", PlaceKind.AGGREGATE)
    assert not got.is_cancelled


@pytest.mark.parametrize("name", ["Склад WB РФ", "склад wb сгт рф", "Склад WB", " Склад\xa0WB "])
def test_aggregates_are_told_from_places(name):
    assert order(warehouseName=name).place.kind is PlaceKind.AGGREGATE


def test_a_real_name_is_a_warehouse_and_its_spaces_are_normalised():
    place = order(warehouseName=" Подольск\xa0 3 ").place
    assert (place.name, place.kind) == ("Подольск 3", PlaceKind.WAREHOUSE)
    assert order(warehouseName="Кои\u0306во").place.name == "Койво"


def test_a_sellers_warehouse_may_carry_a_name_of_the_vendors():
    place = order(warehouseName="Обухово МП", warehouseType="Склад продавца").place
    assert place.kind is PlaceKind.SELLER
    assert order(warehouseType="склад  продавца").place.kind is PlaceKind.SELLER


def test_an_order_without_a_place_left_some_warehouse_of_the_vendors():
    place = order(warehouseName=None, warehouseType=None).place
    assert (place.name, place.kind) == ("Склад WB", PlaceKind.AGGREGATE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"srid": None}, "srid"),
        ({"srid": " "}, "srid"),
        ({"date": None}, "date"),
        ({"date": "0001-01-01T00:00:00"}, "date"),
        ({"date": "yesterday"}, "date"),
        ({"warehouseType": "Склад партнёра"}, "warehouseType"),
    ],
)
def test_what_would_falsify_a_count_is_a_defect(changes, field):
    with pytest.raises(Defect) as caught:
        order(**changes)
    assert caught.value.detail == field


@pytest.mark.parametrize(
    ("changes", "cancelled"),
    [
        ({}, False),
        ({"isCancel": True}, True),
        ({"isCancel": 1}, True),
        ({"isCancel": "true"}, True),
        ({"isCancel": "false"}, False),
        ({"isCancel": None}, False),
        ({"isCancel": None, "cancelDate": "2026-11-19T00:00:00"}, True),
    ],
)
def test_cancelled(changes, cancelled):
    assert order(**changes).is_cancelled is cancelled


def test_dates_with_a_zone_keep_it():
    assert order(date="2026-11-18T15:08:31Z").placed_at == moscow("2026-11-18T18:08:31")
    assert order(lastChangeDate=None).changed_at == moscow("2026-11-18T18:08:31")


def test_an_order_of_the_feed():
    got = feed_order()
    assert got.placed_at == moscow("2026-11-18T18:08:31")
    assert (got.place.name, got.place.kind) == ("Склад WB", PlaceKind.AGGREGATE)
    assert got.district == "Центральный федеральный округ"
    assert feed_order(isMp=True, warehouseName="Мой").place.kind is PlaceKind.SELLER
    assert feed_order(status="cancel", cancelType="app").is_cancelled
    assert not feed_order(status="returnDefective").is_cancelled


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"status": "lost"}, "status"), ({"createdAt": None}, "createdAt"), ({"srid": ""}, "srid")],
)
def test_a_feed_that_is_not_understood(changes, field):
    with pytest.raises(Defect) as caught:
        feed_order(**changes)
    assert caught.value.detail == field


def test_ways_and_totals_are_no_shelves():
    card = shelves(
        ("В пути до получателей", 9),
        ("в пути возвраты на склад WB", 2),
        ("ВСЕГО  находится на\xa0складах", 216),
        ("Склад WB РФ", 150),
        ("Склад WB СГТ РФ", 6),
        ("Минск", 40),
        ("Остальные", 20),
        ("В пути на Марс", 1000),
    )
    assert card.by_warehouse == {
        "Склад WB РФ": 150,
        "Склад WB СГТ РФ": 6,
        "Минск": 40,
        "Остальные": 20,
    }
    assert (card.in_transit_to_customer, card.in_transit_to_wb_warehouse) == (9, 2)
    assert card.reported_total == 216


def test_lookalikes_stay_apart_and_spaces_do_not():
    card = shelves(("Подольск", 1), ("Подольск 3", 2), ("Подольск\xa0 3", 4))
    assert card.by_warehouse == {"Подольск": 1, "Подольск 3": 6}


def test_rows_of_one_card_are_summed():
    entries = [
        {"warehouseName": "Тула", "quantity": 3},
        {"warehouseName": "Всего находится на складах", "quantity": 3},
    ]
    row = {"nmId": 7, "brand": None, "warehouses": entries}
    (card,) = remains(row, row | {"brand": "Б"}, {"nmId": 7, "warehouses": None}, {"nmId": "7"})
    assert (card.by_warehouse, card.reported_total, card.brand) == ({"Тула": 6}, 6, "Б")


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"warehouseName": "Тула"}, "warehouses.quantity"),
        ({"warehouseName": "Тула", "quantity": "many"}, "warehouses.quantity"),
        ({"name": "Тула", "quantity": 3}, "warehouses.warehouseName"),
    ],
)
def test_an_entry_that_is_not_understood(entry, field):
    with pytest.raises(Defect) as caught:
        remains({"nmId": 7, "warehouses": [entry]})
    assert caught.value.detail == field


def test_quantities_in_other_clothes():
    entries = [
        {"warehouseName": "А", "quantity": 3.0},
        {"warehouseName": "Б", "quantity": "4"},
        {"warehouseName": "В", "quantity": None},
    ]
    assert remains({"nmId": 7, "warehouses": entries})[0].by_warehouse == {"А": 3, "Б": 4, "В": 0}


def test_unknown_ways_are_named_and_are_no_stock():
    tally = mapping.RemainsTally()
    listed = [
        wire.RemainsEntry("В пути на Марс", 7),
        wire.RemainsEntry("В пути до получателей", 2),
        wire.RemainsEntry("Тула", 3),
    ]
    tally.add([wire.RemainsRow(nm_id=1, warehouses=listed)])
    (card,) = tally.cards()
    assert (card.by_warehouse, card.in_transit_to_customer) == ({"Тула": 3}, 2)
    assert tally.unknown_ways == {"В пути на Марс"}
