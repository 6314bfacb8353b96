"""A database's address that cannot be used is the operator's fault: one sentence, exit code 2."""

import asyncio
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

ROOT = Path(__file__).parents[2]
SECONDS = 60


async def run_bot(folder, **env):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run",
        cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={"PYTHONPATH": str(ROOT), "BOT_TOKEN": "1:plain", "HTTP_PORT": "0", **env},
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    return process.returncode, said.decode()


async def test_an_address_of_nothing_that_we_know(tmp_path):
    code, said = await run_bot(tmp_path, DATABASE_URL="mysql://here/bot")
    assert code == 2, said
    (sentence,) = said.strip().splitlines()
    assert sentence.startswith("DATABASE_URL")


async def test_a_database_that_is_not_there(tmp_path, database_url):
    if not database_url.startswith("postgresql"):
        pytest.skip("SQLite makes its file")
    missing = make_url(database_url).set(database="nobody_made_this_one")
    code, said = await run_bot(
        tmp_path,
        DATABASE_URL=missing.render_as_string(hide_password=False),
        ENCRYPTION_KEYS=Fernet.generate_key().decode(),
    )
    assert code == 2, said
    assert said.strip().splitlines()[-1].startswith("DATABASE_URL")


async def test_nothing_is_made_on_postgresql_before_there_are_keys(tmp_path, database_url):
    if not database_url.startswith("postgresql"):
        pytest.skip("SQLite keeps its key in a file")
    code, said = await run_bot(tmp_path, DATABASE_URL=database_url)
    assert code == 2, said
    (sentence,) = said.strip().splitlines()  # no migration went before it
    assert sentence.startswith("ENCRYPTION_KEYS")
