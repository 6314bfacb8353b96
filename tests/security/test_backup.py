"""Backup while a bot writes, and the way back: whole, checked, without what must not return."""

import asyncio
import errno
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.cli import DONE, WRONG_USAGE
from bot.core.events import Notice, NoticeKind
from bot.core.ports import Superseded
from bot.kit.clock import SystemClock
from bot.sandbox.wildberries import make_key
from bot.storage.backup import draft_of, set_aside
from bot.storage.key_file import in_use, lock_of, replace_key_file
from bot.storage.vault import Vault
from bot.wiring.backups import backup, restore
from tests.e2e.stage import (
    PATIENCE_SECONDS,
    REFRESH,
    connect,
    holds_table,
    open_stage,
    register,
    small_shop,
)
from tests.storage.people import access, claimed, seller, shop
from tests.support.databases import world

ROOT = Path(__file__).parents[2]
KEY = Fernet.generate_key().decode()
SELLER = 700400


@pytest.fixture
async def place(migrated_file, tmp_path):
    """A folder with a database that a key file has sealed, and a shop in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    shutil.copy(migrated_file, folder / "bot.db")
    replace_key_file(folder / "encryption.key", [KEY])
    async with world(url_of(folder), vault=Vault([KEY])) as storage:
        await shop(storage)
    return folder


def url_of(folder):
    return f"sqlite:///{folder / 'bot.db'}"


async def command(folder, *words, **env):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *map(str, words),
        cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={"DATABASE_URL": url_of(folder), "PYTHONPATH": str(ROOT), **env},
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


def listing(folder):
    return sorted(one.name for one in folder.iterdir())


async def test_a_copy_is_for_us_alone_and_holds_no_key(place, tmp_path):
    copy = tmp_path / "copy.db"
    code, said = await command(place, "backup", copy)
    assert code == DONE, said
    assert copy.stat().st_mode & 0o777 == 0o600
    content = copy.read_bytes()
    assert KEY.encode() not in content
    assert b"gAAAA" in content
    assert [name for name in listing(tmp_path) if "copy" in name] == ["copy.db"]
    code, _ = await command(place, "backup", copy)
    assert code == DONE, "an older copy gives way to a newer one"


async def test_a_copy_is_whole_while_somebody_writes(place, tmp_path):
    copy = tmp_path / "copy.db"
    async with world(url_of(place), vault=Vault([KEY])) as storage:
        written, stop, begun = [], asyncio.Event(), asyncio.Event()

        async def write():
            while not stop.is_set():
                number = 2000 + len(written)
                owner = await seller(storage, number)
                await storage.stores.shops.connect(
                    owner.id, access(f"sid-{number}"), now=storage.clock.now()
                )
                written.append(number)
                if len(written) >= 20:
                    begun.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(write())
            await begun.wait()
            before = len(written)
            code, said = await command(place, "backup", copy)
            after = len(written)
            stop.set()
    assert code == DONE, said
    assert after > before, "the copy holds nobody up"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (people,) = connection.execute("SELECT count(*) FROM sellers").fetchone()
        (shops,) = connection.execute("SELECT count(*) FROM shops").fetchone()
    assert before <= people <= after + 2
    assert people - shops in {0, 1}


async def test_what_was_erased_is_not_in_a_copy(place, tmp_path):
    async with world(url_of(place), vault=Vault([KEY])) as storage:
        gone = await seller(storage, 99)
        async with storage.database.read() as connection:
            row = await connection.exec_driver_sql(
                "SELECT profile_sealed FROM sellers WHERE telegram_id = 99"
            )
            sealed = row.scalar_one()
        await storage.stores.sellers.erase(gone.id)
    await command(place, "backup", tmp_path / "copy.db")
    assert sealed.encode() not in (tmp_path / "copy.db").read_bytes()


async def test_what_a_killed_backup_has_left_goes_with_the_next_one(place, tmp_path):
    with draft_of(tmp_path / "monday.db") as left, draft_of(tmp_path / "other.db") as in_work:
        beside = left.with_name(f"{left.name}-wal")
        beside.touch()
        thesis = tmp_path / ".thesis.draft-2.txt"
        thesis.touch()
        for each in (left, beside, thesis):
            os.utime(each, (0, 0))
        code, said = await command(place, "backup", tmp_path / "tuesday.db")
        assert code == DONE, said
        assert sorted(tmp_path.glob(".*")) == [in_work, thesis]
    assert (tmp_path / "tuesday.db").exists()


@pytest.mark.parametrize("words", [["backup", "x.db"], ["restore", "x.db"]])
async def test_postgresql_has_tools_of_its_own(tmp_path, words):
    code, said = await command(tmp_path, *words, DATABASE_URL="postgresql://u:pa55word@h/db")
    assert code == WRONG_USAGE
    assert "pg_dump" in said
    assert "pa55word" not in said


@pytest.mark.parametrize("target", ["bot.db", "encryption.key", "nowhere/copy.db", "."])
async def test_a_copy_overwrites_nothing_else(place, target):
    before = (place / "encryption.key").read_bytes()
    code, said = await command(place, "backup", place / target)
    assert code == WRONG_USAGE, said
    assert (place / "encryption.key").read_bytes() == before
    assert not [name for name in listing(place) if name.startswith(".")]


async def test_without_a_database_there_is_nothing_to_copy(tmp_path):
    code, said = await command(tmp_path, "backup", tmp_path / "copy.db")
    assert code == WRONG_USAGE
    assert "no database" in said
    assert listing(tmp_path) == []


async def test_a_copy_that_does_not_open_is_no_backup(place, tmp_path):
    replace_key_file(place / "encryption.key", [Fernet.generate_key().decode()])
    code, _ = await command(place, "backup", tmp_path / "copy.db")
    assert code != DONE
    assert not (tmp_path / "copy.db").exists()


async def test_leases_and_old_messages_do_not_come_back(place, tmp_path):
    now = SystemClock().now()
    async with world(url_of(place), vault=Vault([KEY]), start=now) as storage:
        one = await storage.stores.shops.by_id(1)
        claim = await claimed(storage, one, now=now)
        for name, hours in (("old", -30), ("fresh", -1), ("tomorrow", 20)):
            due = now + timedelta(hours=hours)
            life = timedelta(days=7)
            notice = Notice(NoticeKind.KEY_REFUSED, 77, name, {"shop_id": 1}, due, due + life)
            await storage.stores.outbox.put(notice)
        await storage.stores.locks.hold("polling", "somebody", seconds=3600)
    copy = tmp_path / "copy.db"
    assert (await command(place, "backup", copy))[0] == DONE
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(place / "encryption.key", elsewhere)
    code, said = await command(elsewhere, "restore", copy)
    assert code == DONE, said
    assert "1 old message" in said
    assert (elsewhere / "bot.db").stat().st_mode & 0o777 == 0o600
    async with world(url_of(elsewhere), vault=Vault([KEY]), start=now) as storage:
        due = await storage.stores.outbox.due(now=now, limit=9)
        assert [notice.dedupe_key for notice in due] == ["fresh"]
        assert not await storage.stores.locks.is_held("polling")
        with pytest.raises(Superseded):
            await storage.stores.runs.check(claim)
        again = await storage.stores.runs.claim("other", now=now, lease_seconds=45)
        assert again.shop_id == 1


async def test_a_database_that_is_there_is_set_aside_only_when_asked(place, tmp_path):
    copy = tmp_path / "copy.db"
    await command(place, "backup", copy)
    async with world(url_of(place), vault=Vault([KEY])) as storage:
        await seller(storage, 4242)
    code, said = await command(place, "restore", copy)
    assert (code, "--force" in said) == (WRONG_USAGE, True)
    code, said = await command(place, "restore", copy, "--force")
    assert code == DONE, said
    async with world(url_of(place), vault=Vault([KEY])) as storage:
        assert await storage.stores.sellers.by_telegram_id(4242) is None
        assert await storage.stores.sellers.by_telegram_id(77) is not None
    (aside,) = [name for name in listing(place) if name.startswith("bot.db.before-")]
    async with world(f"sqlite:///{place / aside}", vault=Vault([KEY])) as storage:
        assert await storage.stores.sellers.by_telegram_id(4242) is not None


async def test_no_moment_of_a_restore_is_without_a_database(place):
    aside = set_aside(place / "bot.db", "aside.db")
    for path in (place / "bot.db", aside):  # as a crash before the next step would leave them
        async with world(f"sqlite:///{path}", vault=Vault([KEY])) as storage:
            assert await storage.stores.sellers.by_telegram_id(77) is not None


class Linkless(type(Path())):
    """A path on a file system that knows no hard links, such as exFAT."""

    def hardlink_to(self, _target):
        raise PermissionError(errno.EPERM, "Operation not permitted")


async def test_without_hard_links_it_is_set_aside_too_and_overwrites_nothing(place):
    (place / "there.db").write_text("another one")
    with pytest.raises(OSError, match="not permitted"):
        set_aside(Linkless(place / "bot.db"), "there.db")
    assert (place / "there.db").read_text() == "another one"
    assert (place / "bot.db").exists()
    aside = set_aside(Linkless(place / "bot.db"), "aside.db")
    assert listing(place) == ["aside.db", "encryption.key", "there.db"]
    async with world(f"sqlite:///{aside}", vault=Vault([KEY])) as storage:
        assert await storage.stores.sellers.by_telegram_id(77) is not None


async def test_a_database_in_use_is_never_replaced(place, tmp_path):
    copy = tmp_path / "copy.db"
    await command(place, "backup", copy)
    with in_use(lock_of(place / "bot.db")):
        code, said = await command(place, "restore", copy, "--force")
    assert (code, "stop the bot" in said) == (WRONG_USAGE, True)


@pytest.mark.parametrize("spoil", ["no database", "cut", "another program", "another key"])
async def test_what_is_no_good_copy_changes_nothing(place, tmp_path, spoil):
    copy = tmp_path / "copy.db"
    await command(place, "backup", copy)
    if spoil == "no database":
        copy.write_bytes(b"nothing of the kind")
    elif spoil == "cut":
        copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    elif spoil == "another program":
        copy.unlink()
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("CREATE TABLE t (x)")
    else:
        replace_key_file(place / "encryption.key", [Fernet.generate_key().decode()])
    before = (place / "bot.db").read_bytes()
    code, said = await command(place, "restore", copy, "--force")
    assert code == WRONG_USAGE, said
    assert (place / "bot.db").read_bytes() == before
    assert [name for name in listing(place) if name.startswith((".", "bot.db.before"))] == []


async def test_the_drill(tmp_path):
    """Backup while the bot works, restore elsewhere, and a shop refreshes on the twins."""
    said = []
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'bot.db'}"
    async with open_stage(tmp_path, url, with_google=True, shops=[small_shop()]) as stage:
        user = stage.tg.user(SELLER)
        (sid,) = stage.wb.world.shops
        async with stage.bot():
            await register(user)
            await connect(user, make_key(sid=sid))
            user.press(REFRESH)
            await backup(stage.settings(), tmp_path / "copy.db", said.append)
            await user.wait_for(holds_table, timeout_seconds=PATIENCE_SECONDS)
        await asyncio.to_thread((tmp_path / "new").mkdir)
        stage.database_url = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'bot.db'}"
        copy = tmp_path / "copy.db"
        await restore(stage.settings(), copy, SystemClock(), said.append, force=False)
        (seller_shop,) = stage.wb.world.shops.values()
        seller_shop.card(101).stock["Минск"] = 33
        async with stage.bot():
            user.press(REFRESH)
            await user.wait_for(holds_table, timeout_seconds=PATIENCE_SECONDS)
            await user.wait_until(
                lambda: any(row[7] == 33 for row in stage.grid() if row[3] == 101),
                timeout_seconds=PATIENCE_SECONDS,
            )
        assert len(stage.google.tables()) == 1, "the table of before, and no second one"
    assert any("restored" in line for line in said)
