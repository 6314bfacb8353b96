"""A token that Telegram does not know is said once, exit code 3: no waiting makes it right."""

import asyncio
import sys
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

ROOT = Path(__file__).parents[2]
TOKEN = "999:a-token-of-nobody"
SECONDS = 60


def telegram_that_says(status, description):
    async def answer(_request):
        body = {"ok": False, "error_code": status, "description": description}
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    return TestServer(app)


@pytest.mark.parametrize(("status", "description"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_a_token_that_telegram_does_not_know(tmp_path, status, description):
    async with telegram_that_says(status, description) as telegram:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run",
            cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            env={
                "PYTHONPATH": str(ROOT),
                "BOT_TOKEN": TOKEN,
                "TELEGRAM_API_URL": f"http://127.0.0.1:{telegram.port}",
                "HTTP_PORT": "0",
            },
        )  # fmt: skip
        said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 3, said.decode()
    assert said.decode().strip().splitlines()[-1].startswith("BOT_TOKEN")
    assert TOKEN not in said.decode()
