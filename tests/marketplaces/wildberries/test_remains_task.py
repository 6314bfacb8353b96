import pytest

from bot.core.errors import Code, Defect, Transient
from bot.core.ports import Unfinished
from bot.core.products import Source
from bot.sandbox.wildberries import harms
from tests.support.marketplace import MemoryMemo

REMAINS = "/api/v1/warehouse_remains"
TASKS = REMAINS + "/tasks"


async def test_what_lies_on_the_shelves(wb):
    remains = await wb.collect(Source.REMAINS)
    card = remains.rows[187654321]
    assert card.by_warehouse == {
        "Склад WB РФ": 150,
        "Склад WB СГТ РФ": 6,
        "Минск": 40,
        "Коледино": 20,
    }
    assert (card.in_transit_to_customer, card.in_transit_to_wb_warehouse) == (9, 2)
    assert card.reported_total == 216
    assert (card.vendor_code, card.brand) == ("ALB-77/синий", "Фотолавка")
    assert remains.period is None


async def test_names_come_back_by_themselves(wb, shop):
    shop.warehouses_hidden = False
    remains = await wb.collect(Source.REMAINS)
    assert remains.rows[187654321].by_warehouse["Подольск 3"] == 50


async def test_the_report_is_asked_for_by_card_in_russian(wb):
    await wb.collect(Source.REMAINS)
    assert wb.twin.calls[0].query == {
        "locale": "ru",
        "groupByNm": "true",
        "groupBySa": "true",
        "groupByBrand": "true",
        "groupBySubject": "true",
    }


async def test_rows_by_size_are_summed(wb):
    whole = await wb.collect(Source.REMAINS)
    wb.twin.behaviour.remains_rows_per_card = 3
    assert (await wb.bring(Source.REMAINS)).rows == whole.rows


@pytest.mark.parametrize("generation", [0.0, 4.0, 20.0, 33.0, 180.0])
async def test_it_takes_as_long_as_the_report_is_made(wb, generation):
    wb.twin.behaviour.remains_generation_seconds = generation
    began = wb.clock.monotonic()
    await wb.bring(Source.REMAINS)
    assert wb.clock.monotonic() - began <= (generation + 5) * 1.1 + 2
    assert wb.twin.too_many == 0


async def test_a_long_report_gives_the_slot_up(wb):
    wb.twin.behaviour.remains_generation_seconds = 100.0
    memo, began = MemoryMemo(), wb.clock.monotonic()
    with pytest.raises(Unfinished) as caught:
        await wb.collect(Source.REMAINS, memo)
    assert caught.value.code is Code.REPORT_IN_THE_MAKING
    assert caught.value.retry_after_seconds == pytest.approx(5, abs=0.5)
    assert wb.clock.monotonic() - began <= 21
    await wb.bring(Source.REMAINS, memo)
    assert wb.paths().count("warehouse_remains") == 1


async def test_a_base_key_looks_after_a_minute_and_then_rarely(wb, base):
    memo, began = MemoryMemo(), wb.clock.monotonic()
    with pytest.raises(Unfinished) as caught:
        await wb.collect(Source.REMAINS, memo, base)
    assert caught.value.code is Code.REPORT_IN_THE_MAKING
    assert caught.value.retry_after_seconds == pytest.approx(60, abs=0.5)
    await wb.bring(Source.REMAINS, memo, base)
    assert wb.paths() == ["warehouse_remains", "status", "download"]
    assert wb.clock.monotonic() - began <= 60 * 1.1 + 2


async def test_a_slow_report_on_a_base_key(wb, base):
    wb.twin.behaviour.remains_generation_seconds = 1000.0
    began = wb.clock.monotonic()
    await wb.bring(Source.REMAINS, access=base)
    assert wb.paths() == ["warehouse_remains", "status", "status", "status", "download"]
    assert wb.clock.monotonic() - began < 1900
    assert wb.twin.too_many == 0


async def test_called_too_early_again_it_still_waits_for_its_minute(wb, base):
    memo = MemoryMemo()
    for _ in range(3):
        with pytest.raises(Unfinished):
            await wb.collect(Source.REMAINS, memo, base)
    assert wb.paths() == ["warehouse_remains"]


@pytest.mark.parametrize("how", ["purged", "canceled"])
async def test_a_report_that_is_gone_is_ordered_anew(wb, how):
    wb.twin.behaviour.remains_generation_seconds = 60.0
    memo = MemoryMemo()
    with pytest.raises(Unfinished):
        await wb.collect(Source.REMAINS, memo)
    wb.twin.remains.end_all(how)
    wb.twin.behaviour.remains_generation_seconds = 1.0
    remains = await wb.bring(Source.REMAINS, memo)
    assert len(remains.rows) == 3
    assert wb.paths().count("warehouse_remains") == 2


@pytest.mark.parametrize("path", ["status", "download"])
async def test_a_report_that_is_not_found_is_ordered_anew(wb, path):
    after = 0 if path == "status" else 4
    wb.twin.faults.plant(harms.not_found(), TASKS, after=after)
    assert len((await wb.bring(Source.REMAINS)).rows) == 3
    assert wb.paths().count("warehouse_remains") == 2
    assert wb.twin.too_many == 0


async def test_it_is_not_ordered_for_ever(wb):
    wb.twin.faults.plant(harms.not_found(), TASKS, count=None)
    with pytest.raises(Transient) as caught:
        await wb.bring(Source.REMAINS)
    assert caught.value.code is Code.REPORT_GONE
    assert wb.paths().count("warehouse_remains") == 3


async def test_no_content_is_a_shop_without_stock(wb, shop):
    shop.cards.clear()
    remains = await wb.collect(Source.REMAINS)
    assert remains.rows == {}
    assert remains.complete


async def test_what_was_kept_is_not_asked_for_again(wb):
    memo = MemoryMemo()
    first = await wb.collect(Source.REMAINS, memo)
    calls = len(wb.twin.calls)
    assert await wb.collect(Source.REMAINS, memo) == first
    assert len(wb.twin.calls) == calls


@pytest.mark.parametrize(
    ("harm", "after", "field"),
    [
        (harms.replace(200, {"data": {"id": "x"}}), 0, "data"),
        (harms.replace(200, {"data": {"taskId": None}}), 0, "data.taskId"),
        (harms.edit({"data.status": "dreaming"}), 1, "data.status"),
        (harms.edit({"0.warehouses.0": {"place": "Тула", "quantity": 1}}), 5, "warehouseName"),
    ],
)
async def test_a_change_that_is_not_understood_names_the_field(wb, harm, after, field):
    wb.twin.faults.plant(harm, REMAINS, after=after)
    with pytest.raises(Defect) as caught:
        await wb.bring(Source.REMAINS)
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
    assert field in caught.value.detail
