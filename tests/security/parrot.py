"""A server that refuses everything and repeats, in its refusal, all that it was told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape

from aiohttp import web


@asynccontextmanager
async def parrot(status: int, *, as_html: bool) -> AsyncIterator[str]:
    """Give the address of a server that answers so."""

    async def repeat(request: web.Request) -> web.Response:
        body = (await request.read()).decode("utf-8", "replace")
        headers = " ".join(f"{name}: {value}" for name, value in request.headers.items())
        heard = f"{request.path_qs} {headers} {body}"
        if as_html:
            page = f"<html><body><h1>Error {status}</h1><pre>{escape(heard)}</pre></body></html>"
            return web.Response(status=status, text=page, content_type="text/html")
        return web.json_response(
            {
                "title": heard,
                "detail": heard,
                "error": {"code": status, "message": heard, "status": "FAILED"},
                "ok": False,
                "error_code": status,
                "description": heard,
            },
            status=status,
        )

    app = web.Application(client_max_size=2**26)
    app.router.add_route("*", "/{anything:.*}", repeat)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
