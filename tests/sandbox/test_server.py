import httpx
import pytest
from aiohttp import web

from bot.sandbox.server import LocalServer


class Hello(LocalServer):
    def application(self):
        app = web.Application()
        app.router.add_get("/hello", self._hello)
        return app

    async def _hello(self, _request):
        return web.Response(text="привет")


async def test_it_answers_on_a_free_port():
    async with Hello() as server, httpx.AsyncClient(base_url=server.url) as client:
        assert server.url.startswith("http://127.0.0.1:")
        assert (await client.get("/hello")).text == "привет"


async def test_it_comes_back_on_its_old_port():
    server = Hello()
    await server.start()
    url = server.url
    await server.stop()
    await server.stop()
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{url}/hello")
        await server.start(port=int(url.rsplit(":", 1)[1]))
        assert (await client.get(f"{url}/hello")).status_code == 200
    await server.stop()


async def test_an_address_before_the_start_is_a_fault():
    with pytest.raises(RuntimeError, match="before its start"):
        _ = Hello().url
