"""What the seller does to his sheet survives; our figures never land beside a wrong product."""

from tests.outputs.google_sheets.test_publishing import READ, WRITE

TAB = "Остатки"


def by_nm_id(rows):
    return {row[3]: row for row in rows if isinstance(row[3], int)}


async def test_sorted_rows_keep_their_place(desk):
    await desk.publish()
    desk.seller.sort(TAB, "H", descending=True)
    order = [row[3] for row in desk.rows()[2:]]
    report = desk.book.report(seed=9)

    assert await desk.publish(report) == [READ, WRITE]

    assert [row[3] for row in desk.rows()[2:]] == order
    wanted = dict(zip(report.nm_ids, report.rows, strict=True))
    assert {row[3]: tuple(row) for row in desk.rows()[2:]} == wanted


async def test_what_is_written_beside_a_product_stays_beside_it(desk):
    await desk.publish()
    seller = desk.seller
    seller.insert_columns(TAB, "S", 1)
    for number, row in enumerate(desk.rows()[2:], 3):
        seller.write(TAB, f"S{number}", f"о товаре {row[3]}")
    seller.write(TAB, "S2", "Мои заметки")
    seller.sort(TAB, "D", descending=True)
    desk.book.products += 2
    desk.book.new_place()

    report = desk.book.report(seed=4)
    await desk.publish(report)

    rows = desk.rows()
    assert rows[1][21] == "Мои заметки"
    assert rows[0][18] == report.groups[-1].title
    assert len(by_nm_id(rows)) == 8
    for row in rows[2:8]:
        assert row[21] == f"о товаре {row[3]}"
    for row in rows[2:]:
        wanted = next(each for each in report.rows if each[3] == row[3])
        assert tuple(row[:21]) == wanted
    assert await desk.publish() == [READ, WRITE]


async def test_a_new_warehouse_is_dressed_like_the_others(desk):
    await desk.publish()
    width = len(desk.rows()[1])
    desk.book.new_place()

    calls = await desk.publish()

    assert calls == [READ, "get", "batchUpdate", WRITE]
    seller = desk.seller
    assert seller.tabs()[0].grid[1] == width + 3
    assert seller.merges(TAB)[-1] == "S1:U1"
    assert seller.format(TAB, "U3")["numberFormat"]["pattern"] == "0.0"
    assert seller.format(TAB, "S3")["numberFormat"]["pattern"] == "#,##0"
    assert seller.format(TAB, "S2")["textFormat"]["bold"] is True
    assert seller.note_on(TAB, "S2")
    (rule,) = seller.rules(TAB)
    assert rule["ranges"][-1]["startColumnIndex"] == width + 2
    assert seller.protections(TAB)[0]["range"]["endColumnIndex"] == width + 3


async def test_the_sellers_own_colour_rules_survive_a_new_warehouse(desk):
    await desk.publish()
    seller = desk.seller
    own = {
        "ranges": [{"sheetId": 7001, "startColumnIndex": 0, "endColumnIndex": 1}],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {}},
    }
    seller.book.sheets[0].conditional_formats.insert(0, own)
    desk.book.new_place()

    await desk.publish()

    first, second = desk.seller.rules(TAB)
    assert first == own
    assert len(second["ranges"]) == 5


async def test_new_products_come_at_the_bottom_above_his_own_rows(desk):
    await desk.publish()
    seller = desk.seller
    seller.insert_rows(TAB, 9, 1)
    seller.write(TAB, "A9", "Итого")
    seller.write(TAB, "H9", "=SUM(H3:H8)")
    desk.book.products += 1

    calls = await desk.publish()

    assert calls == [READ, "batchUpdate", WRITE]
    assert isinstance(desk.rows()[8][3], int)
    assert desk.rows()[9][0] == "Итого"
    assert desk.rows()[9][7] == "=SUM(H3:H8)"
    assert desk.seller.format(TAB, "I9")["numberFormat"]["pattern"] == "0.0"


async def test_his_rows_between_ours_are_left_alone(desk):
    await desk.publish()
    seller = desk.seller
    seller.insert_rows(TAB, 5, 2)
    seller.write(TAB, "A5", "— сезонное —")
    seller.write(TAB, "D6", 12345)
    seller.write(TAB, "E6", "моё")
    report = desk.book.report(seed=8)

    assert await desk.publish(report) == [READ, WRITE]

    rows = desk.rows()
    assert rows[4][0] == "— сезонное —"
    assert rows[4][7] is None
    assert rows[5][3:5] == [12345, "моё"]
    known = by_nm_id(rows)
    assert all(known[row[3]] == list(row) for row in report.rows)


async def test_a_deleted_row_comes_back_at_the_bottom(desk):
    report = desk.book.report()
    await desk.publish(report)
    desk.seller.delete_rows(TAB, 3)

    await desk.publish(report)

    assert desk.rows()[-1] == list(report.rows[0])
    assert len(desk.rows()) == 2 + 6


async def test_a_cleared_nm_id_makes_the_row_his_own(desk):
    report = desk.book.report()
    await desk.publish(report)
    desk.seller.write(TAB, "D4", None)
    desk.seller.write(TAB, "A4", "не трогать")

    await desk.publish(desk.book.report(seed=2))

    assert desk.rows()[3][0] == "не трогать"
    assert desk.rows()[-1][3] == report.nm_ids[1]


async def test_copied_rows_do_not_confuse_us(desk):
    report = desk.book.report()
    await desk.publish(report)
    seller = desk.seller
    seller.insert_rows(TAB, 9, 1)
    seller.write(TAB, "A9", "копия")
    seller.write(TAB, "D9", report.nm_ids[0])

    assert await desk.publish(desk.book.report(seed=2)) == [READ, WRITE]

    assert desk.rows()[8][0] == "копия"
    assert desk.rows()[8][5] is None


async def test_nm_ids_that_became_text_are_still_ours(desk):
    report = desk.book.report()
    await desk.publish(report)
    desk.seller.write(TAB, "D3", f"'{report.nm_ids[0]}")

    assert await desk.publish(report) == [READ, WRITE]

    assert desk.rows()[2] == list(report.rows[0])


async def test_his_columns_between_ours_are_left_alone(desk):
    await desk.publish()
    seller = desk.seller
    seller.insert_columns(TAB, "F", 1)
    seller.write(TAB, "F2", "Закупка, ₽")
    seller.write(TAB, "F3", 199)
    seller.insert_columns(TAB, "A", 1)
    seller.write(TAB, "A2", "Фото")
    report = desk.book.report(seed=5)

    await desk.publish(report)
    assert await desk.publish(report) == [READ, WRITE]

    rows = desk.rows()
    assert rows[1][0] == "Фото"
    assert [rows[1][6], rows[2][6]] == ["Закупка, ₽", 199]
    ours = [[cell for at, cell in enumerate(row) if at not in {0, 6}] for row in rows[2:]]
    assert ours == [list(row) for row in report.rows]


async def test_his_title_above_ours_is_left_alone(desk):
    await desk.publish()
    seller = desk.seller
    seller.insert_rows(TAB, 1, 1)
    seller.write(TAB, "A1", "Мой магазин")
    report = desk.book.report(seed=5)

    await desk.publish(report)
    assert await desk.publish(report) == [READ, WRITE]

    rows = desk.rows()
    assert rows[0][0] == "Мой магазин"
    assert rows[1][0].startswith("Основная информация · обновлено")
    assert rows[3:] == [list(row) for row in report.rows]


async def test_renamed_headers_get_their_names_back(desk):
    await desk.publish()
    seller = desk.seller
    seller.write(TAB, "G2", "Мои заказы")
    seller.write(TAB, "J1", "Мой склад")
    seller.write(TAB, "P1", "Последний склад")
    report = desk.book.report(seed=5)

    assert await desk.publish(report) == [READ, WRITE]

    assert desk.rows()[1] == [column.title for column in report.columns]
    assert desk.rows()[0][9] == "Маркетплейс"
    assert desk.rows()[0][15] == report.groups[-1].title
    assert desk.rows()[2:] == [list(row) for row in report.rows]


async def test_deleted_columns_come_back_where_they_were(desk):
    await desk.publish()
    seller = desk.seller
    seller.write(TAB, "A3", "x")
    seller.delete_columns(TAB, "G")
    seller.delete_columns(TAB, "K")
    report = desk.book.report(seed=5)

    await desk.publish(report)

    rows = desk.rows()
    assert rows[1] == [column.title for column in report.columns]
    assert rows[2:] == [list(row) for row in report.rows]
    assert desk.seller.merges(TAB)[:4] == ["A1:D1", "E1:I1", "J1:L1", "M1:O1"]
    (rule,) = desk.seller.rules(TAB)
    assert sorted(each["startColumnIndex"] for each in rule["ranges"]) == [8, 11, 14, 17]
    assert await desk.publish() == [READ, WRITE]


async def test_a_deleted_warehouse_comes_back_and_his_columns_stay(desk):
    await desk.publish()
    seller = desk.seller
    seller.insert_columns(TAB, "S", 3)
    for at, letter in enumerate("STU"):
        seller.write(TAB, f"{letter}2", f"моё {at}")
        seller.write(TAB, f"{letter}3", at)
    seller.delete_columns(TAB, "P", "R")
    report = desk.book.report(seed=5)

    await desk.publish(report)

    rows = desk.rows()
    assert rows[1][18:] == ["моё 0", "моё 1", "моё 2"]
    assert rows[2][18:] == [0, 1, 2]
    assert [row[:18] for row in rows[2:]] == [list(row) for row in report.rows]


async def test_notes_colours_filters_views_and_hidden_columns_survive(desk):
    await desk.publish()
    seller = desk.seller
    seller.note(TAB, "A3", "заказать до пятницы")
    seller.note(TAB, "D2", "моя заметка")
    seller.colour(TAB, "A3:D3", 1, 0.9, 0.5)
    seller.filter_by(TAB, "A", ["ORBITA"])
    seller.filter_view(TAB, "Мои товары", "A2:L8")
    seller.hide_columns(TAB, "E", "F")
    desk.book.new_place()
    desk.book.products += 1

    await desk.publish()

    seller = desk.seller
    assert seller.note_on(TAB, "A3") == "заказать до пятницы"
    assert seller.note_on(TAB, "D2") == "моя заметка"
    assert seller.format(TAB, "B3")["backgroundColor"] == {"red": 1, "green": 0.9, "blue": 0.5}
    assert seller.filter(TAB)["filterSpecs"][0]["filterCriteria"] == {"hiddenValues": ["ORBITA"]}
    assert [view["title"] for view in seller.filter_views(TAB)] == ["Мои товары"]
    assert seller.is_hidden(TAB, "E")
    assert not seller.is_hidden(TAB, "S")


async def test_own_tabs_and_new_names_survive(desk):
    await desk.publish()
    seller = desk.seller
    seller.add_tab("План")
    seller.write("План", "A1", "=VLOOKUP(178204310;Остатки!D:H;5;0)")
    seller.rename_tab(TAB, "Склады 2026")
    seller.rename_file("Моя таблица")
    seller.move_tab("История", 0)
    seller.hide_tab("О таблице")
    report = desk.book.report(seed=6)

    assert await desk.publish(report) == [READ, WRITE]

    assert desk.rows("Склады 2026")[2:] == [list(row) for row in report.rows]
    assert desk.rows("План")[0][0].startswith("=VLOOKUP")
    assert desk.seller.name == "Моя таблица"


async def test_our_figures_are_healed(desk):
    report = desk.book.report()
    await desk.publish(report)
    desk.seller.write(TAB, "H3", 999999)

    await desk.publish(report)

    assert desk.rows()[2] == list(report.rows[0])
