"""A PostgreSQL of the test's own, which may die: made with initdb, never the machine's service."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Cluster:
    """A cluster in a folder of its own, on a port of its own."""

    folder: Path
    port: int
    tools: Path

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    async def start(self) -> None:
        """Let it live, and wait until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        await self._control("start", "-o", options, "-l", str(self.folder / "log"))

    async def die(self) -> None:
        """End it at once, as a crash does."""
        await self._control("stop", "-m", "immediate")

    def freeze(self) -> None:
        """Let it hang: connections stand, and nobody answers on them."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        postmaster = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        os.kill(int(postmaster), number)
        subprocess.run(["pkill", f"-{number.name}", "-P", postmaster], check=True, timeout=10)  # noqa: S603, S607 - our own words

    async def _control(self, *words: str) -> None:
        command = [self.tools / "pg_ctl", "-D", str(self.folder / "data"), "-w", *words]
        await asyncio.to_thread(_as_postgres, command)


@asynccontextmanager
async def scratch_cluster() -> AsyncIterator[Cluster]:
    """Make a cluster and start it; skips where PostgreSQL's tools are not installed."""
    tools = _tools()
    if tools is None:
        pytest.skip("no initdb: PostgreSQL's server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="stock-tracker-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(folder, _free_port(), tools)
    try:
        make = [tools / "initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "postgres"]
        await asyncio.to_thread(_as_postgres, make)
        await cluster.start()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            await cluster.die()
        shutil.rmtree(folder, ignore_errors=True)


def _tools() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


def _as_postgres(command: list) -> None:
    """Run a tool; PostgreSQL refuses to be run by root."""
    who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(  # noqa: S603 - our own words
        [*who, *map(str, command)],
        check=True, timeout=60, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
