import pytest

from bot.sandbox.wildberries import Shop

from .calls import PER_CARD, REMAINS, create, download, status
from .conftest import SID


@pytest.fixture(autouse=True)
def unlimited(twin):
    twin.behaviour.limits_on = False


async def rows(clock, api, **query):
    task = await create(api, **query)
    await clock.advance(20)
    return (await download(api, task)).json()


async def test_a_report_is_new_then_processing_then_done_then_purged(clock, api):
    task = await create(api)
    assert await status(api, task) == "new"
    assert (await download(api, task)).status_code == 404
    await clock.advance(5)
    assert await status(api, task) == "processing"
    await clock.advance(15)
    assert await status(api, task) == "done"
    assert (await download(api, task)).status_code == 200
    await clock.advance(7200)
    assert await status(api, task) == "purged"
    gone = await download(api, task)
    assert (gone.status_code, gone.json()["title"]) == (404, "Not Found")


@pytest.mark.parametrize("how", ["purged", "canceled"])
async def test_a_report_can_be_ended(clock, twin, api, how):
    task = await create(api)
    await clock.advance(30)
    assert twin.remains.end_all(how) == 1
    assert await status(api, task) == how
    assert (await download(api, task)).status_code == 404


async def test_a_report_of_nobody_or_of_another_seller_is_not_found(twin, api):
    task = await create(api)
    twin.remains.tasks[task].sid = "another"
    for task_id in (task, "no-such-task"):
        assert (await api.get(f"{REMAINS}/tasks/{task_id}/status")).status_code == 404


async def test_hidden_warehouses_are_summed_and_named_as_the_vendor_does(clock, api):
    row = next(one for one in await rows(clock, api) if one["nmId"] == 187654321)
    assert {one["warehouseName"]: one["quantity"] for one in row["warehouses"]} == {
        "В пути до получателей": 9,
        "В пути возвраты на склад WB": 2,
        "Всего находится на складах": 216,
        "Склад WB РФ": 150,
        "Склад WB СГТ РФ": 6,
        "Минск": 40,
        "Коледино": 20,
    }


async def test_shown_warehouses_keep_their_names_hard_spaces_and_all(clock, shop, api):
    shop.warehouses_hidden = False
    row = next(one for one in await rows(clock, api) if one["nmId"] == 187654321)
    names = [one["warehouseName"] for one in row["warehouses"]][3:]
    assert names == ["Тула", "Подольск\xa03", "СГТ Шелепаново", "Минск", "Коледино"]


async def test_own_warehouses_and_empty_cards_are_never_in_it(clock, api):
    found = await rows(clock, api)
    assert {row["nmId"] for row in found} == {187654321, 187654322}
    assert "Обухово МП" not in str(found)


async def test_groupings_that_are_off_remove_their_fields(clock, api):
    (first, *_) = await rows(clock, api, groupByBrand="true")
    assert set(first) == {"brand", "warehouses"}
    (first, *_) = await rows(clock, api, **PER_CARD)
    assert set(first) == {"brand", "subjectName", "vendorCode", "nmId", "volume", "warehouses"}
    (first, *_) = await rows(clock, api, groupBySize="true", groupByBarcode="true")
    assert set(first) == {"barcode", "techSize", "warehouses"}


@pytest.mark.parametrize("query", [{"groupByNm": ""}, {"groupByNm": "True"}, {"locale": "de"}])
async def test_a_wrong_flag_is_a_bad_request(api, query):
    assert (await api.get(REMAINS, params=query)).status_code == 400


async def test_a_card_may_have_several_rows_that_sum_to_the_same(clock, shop, twin, api):
    twin.behaviour.remains_rows_per_card = 3
    parts = [row for row in await rows(clock, api) if row["nmId"] == 187654321]
    assert len(parts) == 3
    shelves = [one for row in parts for one in row["warehouses"]]
    total = [one["quantity"] for one in shelves if one["warehouseName"].startswith("Всего")]
    real = [one["quantity"] for one in shelves if not one["warehouseName"].startswith("В")]
    assert sum(total) == sum(real) == sum(shop.cards[0].stock.values())


async def test_with_sizes_there_is_a_row_per_size(clock, shop, api):
    shop.cards[0].sizes = ("42", "44")
    found = await rows(clock, api, groupByNm="true", groupBySize="true")
    assert [row["techSize"] for row in found if row["nmId"] == 187654321] == ["42", "44"]


async def test_a_shop_without_goods_gets_204(clock, twin, api):
    twin.world.add(Shop(sid=SID))
    task = await create(api)
    await clock.advance(20)
    answer = await download(api, task)
    assert (answer.status_code, answer.content) == (204, b"")
