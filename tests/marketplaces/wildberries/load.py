"""300,000 orders, a report of 10,000 cards and 40 warehouses: in a process of its own.

Prints JSON: megabytes over the idle process, and the longest hold of the loop in milliseconds of
processor time (other processes of a busy machine do not count).
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date

import httpx

from bot.core.period import Period
from bot.core.products import Source
from bot.kit.clock import ManualClock
from bot.sandbox.wildberries import make_key
from tests.support.marketplace import NOON, MemoryMemo, wildberries_at

CARDS, WAREHOUSES, PAGES, ROWS = 10_000, 40, 4, 75_000


def order_rows(page: int) -> Iterator[str]:
    row = {
        "warehouseType": "Склад WB",
        "countryName": "Россия",
        "oblastOkrugName": "Центральный федеральный округ",
        "regionName": "Московская",
        "supplierArticle": "ALB-77/синий",
        "barcode": "4601234567890",
        "category": "Хобби",
        "subject": "Фотоальбомы",
        "brand": "Фотолавка",
        "techSize": "0",
        "totalPrice": 1887,
        "finishedPrice": 1145,
        "isCancel": False,
        "cancelDate": "0001-01-01T00:00:00",
        "gNumber": "34343462218572569531",
    }
    rest = json.dumps(row, ensure_ascii=False)[1:]
    for i in range(page * ROWS, (page + 1) * ROWS):
        stamp = f"{i // 3600 % 24:02d}:{i // 60 % 60:02d}:{i % 60:02d}"
        yield (
            f'{{"date":"2026-11-{13 + i % 7}T{stamp}",'
            f'"lastChangeDate":"2026-11-{13 + page}T{stamp}",'
            f'"warehouseName":"Склад {i % WAREHOUSES}","nmId":{180_000_000 + i % CARDS},'
            f'"srid":"e{i * 2654435761 % 2**32:08x}.i{i:07d}.0.0",{rest}'
        )


def remains_rows() -> Iterator[str]:
    for i in range(CARDS):
        listed = [
            {"warehouseName": f"Склад номер {n}", "quantity": i * n % 400}
            for n in range(WAREHOUSES)
        ]
        row = {"brand": "Фотолавка", "subjectName": "Фотоальбомы", "vendorCode": f"V-{i}"}
        row |= {"nmId": 180_000_000 + i, "warehouses": listed}
        yield json.dumps(row, ensure_ascii=False)


async def array(rows: Iterator[str]) -> AsyncIterator[bytes]:
    """Encode an array in pieces of 64 KB, so that no body is ever held as a whole."""
    piece, lead = bytearray(b"["), b""
    for row in rows:
        piece += lead + row.encode()
        lead = b","
        if len(piece) > 2**16:
            yield bytes(piece)
            piece.clear()
            await asyncio.sleep(0)
    yield bytes(piece + b"]")


def vendor() -> httpx.MockTransport:
    pages = iter(range(PAGES))

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.rsplit("/", 1)[1]
        if path == "orders":
            page = next(pages, None)
            rows = order_rows(page) if page is not None else iter(())
            return httpx.Response(200, content=array(rows))
        if path == "download":
            return httpx.Response(200, content=array(remains_rows()))
        if path == "status":
            return httpx.Response(200, json={"data": {"status": "done"}})
        return httpx.Response(200, json={"data": {"taskId": "t"}})

    return httpx.MockTransport(answer)


async def longest_hold(stop: asyncio.Event) -> float:
    longest, before = 0.0, time.thread_time()
    while not stop.is_set():
        await asyncio.sleep(0)
        now = time.thread_time()
        longest, before = max(longest, now - before), now
    return longest


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def main() -> None:
    clock, stop = ManualClock(NOON), asyncio.Event()
    period = Period.ending_before(date(2026, 11, 20), 7)
    watch = asyncio.ensure_future(longest_hold(stop))
    async with (
        wildberries_at("http://vendor.test", clock, transport=vendor()) as adapter,
        clock.autorun(),
    ):
        access = adapter.read_key(make_key())
        idle = peak_megabytes()
        orders, remains = await asyncio.gather(
            adapter.collect(Source.ORDERS, access, period, MemoryMemo()),
            adapter.collect(Source.REMAINS, access, period, MemoryMemo()),
        )
    stop.set()
    told = {
        "megabytes": peak_megabytes() - idle,
        "longest_hold_ms": await watch * 1000,
        "orders": sum(card.placed for card in orders.rows.values()),
        "cards": len(remains.rows),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main())
