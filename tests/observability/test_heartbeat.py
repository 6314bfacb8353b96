"""The outside watchman hears start, done and fail; one that does not answer is no error."""

import pytest
from aiohttp import web

from bot.observability.heartbeat import Heartbeat


@pytest.fixture
async def watchman():
    heard = []

    async def hear(request):
        if request.method == "POST" and "wordless" in request.path:
            return web.Response(status=405)
        words = await request.text()
        heard.append((request.path, words) if words else request.path)
        return web.Response(status=500 if "deaf" in request.path else 200)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", heard
    await runner.cleanup()


async def test_each_word_has_its_address(watchman):
    url, heard = watchman
    heartbeat = Heartbeat(f"{url}/secret-id/")
    assert [await heartbeat.ping(what) for what in ("start", "done", "fail")] == [True] * 3
    assert heard == ["/secret-id/start", "/secret-id", "/secret-id/fail"]


@pytest.mark.parametrize(
    ("name", "got"), [("id", ("/id/fail", "3 shops")), ("wordless", "/wordless/fail")]
)
async def test_words_go_with_it_where_they_are_taken(watchman, name, got):
    url, heard = watchman
    assert await Heartbeat(f"{url}/{name}").ping("fail", "3 shops")
    assert heard == [got]


async def test_whatever_breaks_is_only_not_heard(watchman, monkeypatch):
    url, heard = watchman
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")  # needs a library that is not there
    assert not await Heartbeat(url).ping("done")
    assert heard == []


async def test_who_does_not_hear_is_told_again_and_named_nowhere(watchman, caplog):
    url, _ = watchman
    assert not await Heartbeat(f"{url}/deaf").ping("done")
    assert not await Heartbeat("http://127.0.0.1:9/secret-id").ping("done")
    assert "secret-id" not in caplog.text


async def test_without_an_address_there_is_nobody_to_tell():
    assert await Heartbeat(None).ping("done")
