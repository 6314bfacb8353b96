"""A table is made, shared and refreshed: with the fewest calls, and looking as it should."""

import pytest

from bot.outputs import look
from tests.outputs.google_sheets.conftest import SELLER

READ, WRITE = "batchGetByDataFilter", "batchUpdateByDataFilter"


async def test_creation_takes_four_calls_and_shares_the_table(desk):
    calls = await desk.publish()

    assert calls == ["create", "batchUpdate", WRITE, "create"]
    assert desk.seller.shared_with()[SELLER] == "writer"
    assert desk.notes["sharing"] == "done"
    assert desk.destination.state.url == (
        f"https://docs.google.com/spreadsheets/d/{desk.file_id}/edit#gid=7001"
    )
    share = desk.twin.calls.to("permissions.create")[0]
    assert share.query["sendNotificationEmail"] == ["false"]


async def test_a_refresh_is_one_read_and_one_write(desk):
    await desk.publish()
    desk.book.tomorrow()

    assert await desk.publish(desk.book.report(seed=2)) == [READ, WRITE]


async def test_the_table_shows_the_report(desk):
    report = desk.book.report()
    await desk.publish(report)

    rows = desk.rows()
    assert rows[0][0] == "Основная информация · обновлено 20.11.2026 00:07 МСК"
    assert rows[0][4] == "Общие метрики"
    assert rows[0][9] == "Маркетплейс"
    assert rows[1] == [column.title for column in report.columns]
    assert rows[2:] == [list(row) for row in report.rows]
    assert [tab.title for tab in desk.seller.tabs()] == ["Остатки", "История", "О таблице"]


async def test_the_table_is_dressed(desk):
    report = desk.book.report()
    await desk.publish(report)

    seller = desk.seller
    main = seller.tabs()[0]
    assert main.frozen == (2, 4)
    assert main.grid == (2 + 6, len(report.columns))
    assert seller.merges("Остатки")[:3] == ["A1:D1", "E1:I1", "J1:L1"]
    assert seller.note_on("Остатки", "D2") == "Артикул Wildberries"
    assert seller.format("Остатки", "D3")["numberFormat"]["pattern"] == "0"
    assert seller.format("Остатки", "E3")["numberFormat"]["pattern"] == "#,##0"
    assert seller.format("Остатки", "I3")["numberFormat"]["pattern"] == "0.0"
    assert seller.format("Остатки", "L8")["numberFormat"]["pattern"] == "0.0"
    assert seller.format("Остатки", "C3")["numberFormat"]["type"] == "TEXT"
    assert "left" in seller.format("Остатки", "J5")["borders"]
    assert seller.filter("Остатки")["range"]["startRowIndex"] == 1
    assert "endColumnIndex" not in seller.filter("Остатки")["range"]
    assert [each["warningOnly"] for each in seller.protections("Остатки")] == [True]
    assert seller.book.properties["locale"] == "ru_RU"
    assert seller.book.properties["timeZone"] == "Europe/Moscow"


async def test_one_colour_rule_covers_every_turnover_column(desk):
    report = desk.book.report()
    await desk.publish(report)

    (rule,) = desk.seller.rules("Остатки")
    coloured = [each["startColumnIndex"] for each in rule["ranges"]]
    wanted = [at for at, column in enumerate(report.columns) if "борач" in column.title]
    assert coloured == wanted
    low = rule["gradientRule"]["minpoint"]
    assert (low["type"], low["value"]) == ("NUMBER", str(look.TURNOVER_SCALE[0].days))


async def test_no_word_of_the_header_is_cut(desk):
    await desk.publish()

    assert desk.seller.column_width("Остатки", "I") >= 130  # «Оборачиваемость (дни)»
    assert desk.seller.column_width("Остатки", "C") >= 96


async def test_the_side_tabs_show_history_and_explanations(desk):
    await desk.publish()

    history = desk.rows("История")
    assert history[0][:3] == ["День", "Товары", "Остатки"]
    assert history[1][:2] == ["2026-11-19", 6]
    assert desk.rows("О таблице")[0] == ["Период", "7 дней: 13.11.2026 – 19.11.2026"]


async def test_history_has_one_row_a_day(desk):
    await desk.publish()
    await desk.publish(desk.book.report(seed=3))
    desk.book.tomorrow()
    await desk.publish(desk.book.report(seed=4))

    days = [row[0] for row in desk.rows("История")]
    assert days == ["День", "2026-11-19", "2026-11-20"]


async def test_history_follows_a_seller_who_has_turned_it_round(desk):
    await desk.publish()
    desk.book.tomorrow()
    await desk.publish(desk.book.report())
    seller = desk.seller
    older, newer = desk.rows("История")[1:3]
    for row, cells in ((2, newer), (3, older)):
        for letter, cell in zip("ABCDEF", cells, strict=True):
            text = f"'{cell}" if letter == "A" else cell
            seller.write("История", f"{letter}{row}", text)

    await desk.publish(desk.book.report(seed=5))

    assert [row[0] for row in desk.rows("История")] == ["День", "2026-11-20", "2026-11-19"]


async def test_shorter_explanations_leave_no_old_lines(desk):
    await desk.publish(desk.book.report(about=(("Период", "7 дней"), ("Сверка", "сходится"))))
    await desk.publish(desk.book.report(about=(("Период", "14 дней"),)))

    assert desk.rows("О таблице") == [["Период", "14 дней"]]


async def test_longer_explanations_get_room(desk):
    await desk.publish()
    lines = [(f"строка {number}", "текст") for number in range(130)]

    await desk.publish(desk.book.report(about=lines))

    assert len(desk.rows("О таблице")) == 130
    assert await desk.publish(desk.book.report(about=lines)) == [READ, WRITE]


async def test_years_of_history_get_room(desk):
    await desk.publish()
    desk.seller.cut_grid("История", 2, 6)
    desk.destination.state.notes["history_rows"] = 2
    desk.book.tomorrow()

    await desk.publish()

    assert [row[0] for row in desk.rows("История")][-1] == "2026-11-20"


async def test_what_looks_like_a_formula_arrives_as_text(desk):
    code = '=HYPERLINK("http://evil.example","цена")'
    await desk.publish(desk.book.report(vendor_code=code, brand="+7 999", subject="'апостроф"))
    (row,) = [row for row in desk.rows() if row[2] == code]

    assert row[0] == "+7 999"
    assert row[1] == "'апостроф"
    sheet = desk.seller.book.sheets[0]
    values = [cell for cells in sheet.layers["userEnteredValue"].rows for cell in cells]
    assert all(isinstance(cell, str | int | float | None) for cell in values)


async def test_unknown_figures_are_empty_and_clear_what_was_there(desk):
    first = desk.book.report(in_transit_to_customer=5)
    await desk.publish(first)
    report = desk.book.report(in_transit_to_customer=None)
    await desk.publish(report)

    nm_id = next(row[3] for row in report.rows if row[4] is None)
    assert desk.row_of(nm_id)[4] is None


async def test_a_shop_without_products_says_so_until_they_come(desk):
    desk.book.products = 0
    desk.book.places = 0
    await desk.publish()
    assert desk.rows()[2][0] == "Товаров пока нет"
    assert await desk.publish() == [READ, WRITE]
    assert desk.rows()[2][0] == "Товаров пока нет"

    desk.book.products = 3
    desk.book.places = 2
    report = desk.book.report()
    await desk.publish(report)

    assert desk.rows()[2:] == [list(row) for row in report.rows]
    assert desk.seller.tabs()[0].grid[0] == 2 + 3
    assert await desk.publish() == [READ, WRITE]


async def test_a_stale_source_is_told_in_the_stamp(desk):
    await desk.publish()
    await desk.publish(desk.book.report(is_partial=True))

    assert desk.rows()[0][0].endswith("МСК · частично")


@pytest.mark.parametrize("products", [1, 2])
async def test_the_smallest_tables(desk, products):
    desk.book.products = products
    await desk.publish()

    assert len(desk.rows()) == 2 + products
