"""A call to Google ends in time, whatever drips out of the other side, and frees its thread."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.core.errors import Code, Transient
from bot.outputs.google_sheets.accounts import read_accounts
from bot.outputs.google_sheets.client import Call, GoogleClient
from bot.outputs.google_sheets.config import SHEETS_URL
from bot.outputs.google_sheets.quota import CallKind, Quota

LOOK = Call(CallKind.READ, "GET", f"{SHEETS_URL}/v4/spreadsheets/1", repeatable=False)
STARTS = {
    "status line": b"HTTP/1.1 2",
    "headers": b"HTTP/1.1 200 OK\r\nX-Long: ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n[",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "last body": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[",
}


class Dripping:
    """A server that begins each answer with `start` and then sends a byte from time to time."""

    def __init__(self, start):
        self._start, self.reached, self.left = start, asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def open(self):
        server = await asyncio.start_server(self._drip, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _drip(self, reader, writer):
        writer.write(self._start)
        self.reached.set()
        while not reader.at_eof():
            writer.write(b"1")
            try:
                async with asyncio.timeout(0.01):
                    await reader.read(65536)
            except TimeoutError:
                continue
        self.left.set()
        writer.close()


@asynccontextmanager
async def client_of(config, clock, **changes):
    """Open a client with one thread, and give it with its account."""
    config = replace(config, threads=1, **changes)
    client = GoogleClient(config, Quota(clock), clock)
    try:
        yield client, read_accounts(config).everybody[0]
    finally:
        client.close()


async def assert_thread_is_free(client):
    async with asyncio.timeout(2):
        assert await client.run(int) == 0


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS.keys())
async def test_an_answer_that_drips_is_broken_off(config, clock, start):
    dripping = Dripping(start)
    async with (
        dripping.open() as url,
        client_of(config, clock, sheets_url=url, call_seconds=0.2) as (client, account),
    ):
        for _ in range(2):
            with pytest.raises(Transient) as late:
                async with asyncio.timeout(2):
                    await client.call(account, LOOK)
            assert late.value.code is Code.GOOGLE_UNREACHABLE
            await assert_thread_is_free(client)
            await dripping.left.wait()


async def test_a_token_that_drips_is_broken_off(config, clock, tmp_path):
    dripping = Dripping(STARTS["body"])
    async with dripping.open() as url:
        key = json.loads(config.credentials_files[0].read_text())
        path = tmp_path / "dripping.json"
        path.write_text(json.dumps(key | {"token_uri": f"{url}/token"}))
        changes = {"credentials_files": (path,), "call_seconds": 0.2}
        async with client_of(config, clock, **changes) as (client, account):
            with pytest.raises(Transient):
                async with asyncio.timeout(2):
                    await client.call(account, LOOK)
            await assert_thread_is_free(client)


async def test_who_waits_no_longer_frees_the_thread(config, clock):
    dripping = Dripping(STARTS["body"])
    async with (
        dripping.open() as url,
        client_of(config, clock, sheets_url=url) as (client, account),
    ):
        calling = asyncio.ensure_future(client.call(account, LOOK))
        await dripping.reached.wait()
        calling.cancel()
        await asyncio.wait({calling})

        await assert_thread_is_free(client)
        await dripping.left.wait()
