"""The other process: its answers, its deaths, and that the event loop never waits for it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from bot.core import table_words as words
from bot.core.errors import Code, Defect, Transient
from bot.kit.clock import settle
from bot.outputs.excel.maker import ExcelWorkbooks
from bot.outputs.excel.transfer import from_frames, to_frames
from bot.outputs.excel.workbook import to_xlsx
from tests.outputs.excel.reading import opened, values
from tests.support.reports import make_metrics, make_report, report_of


@pytest.fixture
def workbooks():
    made = ExcelWorkbooks()
    yield made
    made.close()


def test_a_report_travels_whole():
    report = make_report(products=700, places=30, is_partial=True)
    frames = list(to_frames(report))
    assert len(frames) > 3
    assert from_frames(frames) == report


def test_an_empty_report_travels_too():
    report = report_of([])
    assert from_frames(list(to_frames(report))) == report


async def test_the_other_process_makes_the_same_file(workbooks):
    report = make_report()
    assert await workbooks.make(report) == to_xlsx(report)
    assert workbooks.process_id != os.getpid()


async def test_no_process_is_started_before_it_is_needed(workbooks):
    assert workbooks.process_id is None


async def test_one_process_serves_many_reports_at_once(workbooks):
    reports = [make_report(products=count) for count in (1, 5, 9)]
    files = await asyncio.gather(*(workbooks.make(report) for report in reports))
    for report, file in zip(reports, files, strict=True):
        sheet = opened(file)[words.SHEET_MAIN]
        assert values(sheet, 3, sheet.max_row) == list(report.rows)


async def test_a_process_killed_between_two_reports_is_replaced(workbooks):
    await workbooks.make(make_report(products=1))
    first = workbooks.process_id
    os.kill(first, signal.SIGKILL)
    report = make_report(products=2)
    assert await workbooks.make(report) == to_xlsx(report)
    assert workbooks.process_id != first


async def test_a_process_killed_at_work_is_replaced_once(workbooks):
    report = make_report(products=500, places=20)
    await workbooks.make(make_report(products=1))
    first = workbooks.process_id
    os.kill(first, signal.SIGSTOP)  # it has taken the report and will never answer
    making = asyncio.ensure_future(workbooks.make(report))
    await settle()
    assert not making.done()
    os.kill(first, signal.SIGKILL)
    sheet = opened(await making)[words.SHEET_MAIN]
    assert sheet.max_row == 502
    assert workbooks.process_id != first


async def test_a_process_that_hangs_is_ended_and_the_next_report_is_made():
    workbooks = ExcelWorkbooks(timeout_seconds=3)
    try:
        await workbooks.make(make_report(products=1))
        hanging = workbooks.process_id
        os.kill(hanging, signal.SIGSTOP)
        with pytest.raises(Defect, match="took over 3 s") as caught:
            await workbooks.make(make_report(products=500, places=20))
        assert caught.value.code is Code.INTERNAL
        assert not _lives(hanging)
        report = make_report(products=2)
        assert await workbooks.make(report) == to_xlsx(report)
    finally:
        workbooks.close()


async def test_a_report_that_cannot_be_made_is_a_defect_without_its_data(workbooks):
    report = make_report(products=1)
    broken = replace(report, rows=(("Секретный бренд",),))
    with pytest.raises(Defect) as caught:
        await workbooks.make(broken)
    assert "Секретный" not in str(caught.value)
    assert "IndexError" in str(caught.value)
    assert await workbooks.make(report) == to_xlsx(report)


async def test_a_process_is_replaced_after_its_share_of_reports():
    workbooks = ExcelWorkbooks(reports_per_process=2)
    try:
        await workbooks.make(make_report(products=1))
        first = workbooks.process_id
        await workbooks.make(make_report(products=1))
        assert workbooks.process_id is None
        assert not _lives(first)
        await workbooks.make(make_report(products=1))
        assert workbooks.process_id is not None
    finally:
        workbooks.close()


async def test_closing_ends_the_process_and_says_so_to_who_waits(workbooks):
    await workbooks.make(make_report(products=1))
    process_id = workbooks.process_id
    os.kill(process_id, signal.SIGSTOP)
    making = [asyncio.ensure_future(workbooks.make(make_report())) for _ in range(2)]
    await settle()
    workbooks.close()
    for waiting in making:
        with pytest.raises(Transient):
            await waiting
    with pytest.raises(Transient):
        await workbooks.make(make_report())
    assert not _lives(process_id)


def test_closing_what_was_never_used_is_fine():
    ExcelWorkbooks().close()


async def test_the_event_loop_is_never_blocked_by_the_largest_shop(workbooks):
    metrics = make_metrics(products=10_000, places=40)
    report = report_of(metrics)
    await workbooks.make(make_report(products=1))
    longest = 0.0
    making = asyncio.ensure_future(workbooks.make(report))
    loop = asyncio.get_running_loop()
    while not making.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        longest = max(longest, loop.time() - before - 0.005)
    file = making.result()
    assert file.startswith(b"PK")
    assert len(file) < 20_000_000, "a bot may send up to 50 MB"
    assert longest < 0.1


def test_the_other_process_loads_only_what_a_workbook_needs():
    listing = "import sys, json, bot.outputs.excel.worker; print(json.dumps(sorted(sys.modules)))"
    loaded = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", listing], capture_output=True, check=True, timeout=60
    )
    modules = {name.split(".")[0] for name in json.loads(loaded.stdout)}
    heavy = {"aiogram", "aiohttp", "sqlalchemy", "httpx", "gspread", "pydantic", "asyncio"}
    assert not modules & heavy


def _lives(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
