"""Rotation: resumable after a kill at any moment, and a key in use is never dropped."""

import asyncio
import contextlib
import random
import shutil
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update

from bot.cli import DEFECT, DONE, WRONG_USAGE
from bot.core.sellers import Profile
from bot.storage.key_file import in_use, lock_of, read_key_file, replace_key_file
from bot.storage.keys import check_keys
from bot.storage.rotation import envelopes_by_key, rotate
from bot.storage.tables import SEALED, sellers
from bot.storage.vault import Vault, key_id
from tests.storage.people import NOW, PROFILE, access, card, claimed, save, seller
from tests.support.databases import world

ROOT = Path(__file__).parents[2]
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
PEOPLE = 40


async def fill(storage, people=PEOPLE):
    """Seal something in every sealed column."""
    for number in range(people):
        owner = await seller(storage, 1000 + number, Profile(f"Имя {number}", "a@b.ru", "+7999"))
        one = await storage.stores.shops.connect(
            owner.id, access(f"sid-{number}", key=f"key.{number}.x"), now=NOW
        )
        await storage.stores.shops.rename(one.id, f"Магазин {number}")
        await storage.stores.drafts.save_answers(f"42:{number}:{number}", {"n": number}, now=NOW)
    claim = await claimed(storage, one)
    await save(storage, claim, [card(1)])
    state = (await storage.stores.tables.table(one.id)).state
    await storage.stores.tables.save_state(claim, state)


async def assert_whole(url, keys, people=PEOPLE):
    """Everything opens with these keys alone."""
    async with world(url, vault=Vault(keys)) as storage:
        await check_keys(storage.database, storage.vault)
        for number in range(people):
            owner = await storage.stores.sellers.by_telegram_id(1000 + number)
            assert owner.profile.name == f"Имя {number}"
            (one,) = await storage.stores.shops.of_seller(owner.id)
            assert one.name == f"Магазин {number}"
            assert (await storage.stores.shops.access(one.id)).key.reveal() == f"key.{number}.x"
            draft = await storage.stores.drafts.load(f"42:{number}:{number}")
            assert draft == (None, {"n": number})


async def run_to_the_end(database, keys):
    return [step async for step in rotate(database, Vault(keys))]


async def test_everything_is_sealed_by_the_new_key(migrated_url):
    async with world(migrated_url, vault=Vault([OLD])) as storage:
        await fill(storage)
        before = await envelopes_by_key(storage.database)
        steps = await run_to_the_end(storage.database, [NEW, OLD])
        after = await envelopes_by_key(storage.database)
    assert set(before) == {key_id(OLD)}
    assert after == {key_id(NEW): before[key_id(OLD)]}
    assert sum(step.moved for step in steps) == before[key_id(OLD)]
    assert {step.table for step in steps} == {sealed.table.name for sealed in SEALED}
    await assert_whole(migrated_url, [NEW])


async def test_a_second_time_there_is_nothing_to_do(migrated_url):
    async with world(migrated_url, vault=Vault([OLD])) as storage:
        await fill(storage, 3)
        await run_to_the_end(storage.database, [NEW, OLD])
        assert await run_to_the_end(storage.database, [NEW, OLD]) == []


async def test_killed_again_and_again_it_comes_to_its_end(migrated_url):
    async with world(migrated_url, vault=Vault([OLD])) as storage:
        await fill(storage)
    kills, dice = 0, random.Random(4)  # noqa: S311 - where to kill is no secret
    while await _killed_after(migrated_url, steps=dice.randint(1, 9)):
        kills += 1
        await assert_whole(migrated_url, [NEW, OLD])
    assert kills >= 4
    async with world(migrated_url, vault=Vault([NEW])) as storage:
        assert set(await envelopes_by_key(storage.database)) == {key_id(NEW)}
    await assert_whole(migrated_url, [NEW])


async def _killed_after(url, *, steps):
    """Rotate in a process that is killed after so many steps; say whether it was in time."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.security.rotator", url, f"{NEW},{OLD}",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    for _ in range(steps):
        if not await asyncio.wait_for(process.stdout.readline(), 30):
            break
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.communicate()
    return process.returncode != 0


async def test_what_a_bot_writes_meanwhile_is_kept(migrated_url):
    async with world(migrated_url, vault=Vault([NEW, OLD])) as storage:
        bot = world(migrated_url, vault=Vault([OLD]))
        async with bot as old_bot:
            await fill(old_bot, 3)
        changed = False
        async for _ in rotate(storage.database, storage.vault, rows_per_step=1):
            if not changed:
                changed = True
                await seller(storage, 1002, Profile("Новое имя", "n@n.ru", "+7"))
        found = await storage.stores.sellers.by_telegram_id(1002)
    assert found.profile.name == "Новое имя"


async def test_a_row_that_does_not_open_is_counted_and_left(migrated_url):
    lost = Fernet.generate_key().decode()
    async with world(migrated_url, vault=Vault([lost])) as storage:
        await seller(storage, 5, PROFILE)
    async with world(migrated_url, vault=Vault([OLD])) as storage:
        await fill(storage, 3)
        steps = await run_to_the_end(storage.database, [NEW, OLD])
        counts = await envelopes_by_key(storage.database)
    assert sum(step.unopened for step in steps) == 1
    assert counts[key_id(lost)] == 1
    assert key_id(OLD) not in counts


# ── the command and the key file ─────────────────────────────────────────────────────────────


@pytest.fixture
async def place(migrated_file, tmp_path):
    """A folder with a database that a key file has sealed."""
    shutil.copy(migrated_file, tmp_path / "bot.db")
    replace_key_file(tmp_path / "encryption.key", [OLD])
    async with world(f"sqlite:///{tmp_path / 'bot.db'}", vault=Vault([OLD])) as storage:
        await fill(storage, 5)
    return tmp_path


async def command(place, *words, **env):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words,
        cwd=place, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={"DATABASE_URL": f"sqlite:///{place / 'bot.db'}", "PYTHONPATH": str(ROOT), **env},
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


async def test_the_command_changes_the_key_file(place):
    code, said = await command(place, "keys", "rotate")
    assert code == DONE, said
    assert "Left under other keys: 0." in said
    file = place / "encryption.key"
    (key,) = read_key_file(file)
    assert key != OLD
    assert file.stat().st_mode & 0o777 == 0o600
    assert OLD not in said
    assert key not in said
    await assert_whole(f"sqlite:///{place / 'bot.db'}", [key], 5)
    assert not [one for one in place.iterdir() if one.name.startswith(".encryption")]


async def test_a_rotation_that_was_broken_off_goes_on_with_its_key(place):
    replace_key_file(place / "encryption.key", [NEW, OLD])
    code, _ = await command(place, "keys", "rotate")
    assert code == DONE
    assert read_key_file(place / "encryption.key") == [NEW]
    await assert_whole(f"sqlite:///{place / 'bot.db'}", [NEW], 5)


async def test_a_key_whose_row_does_not_open_is_not_dropped(place):
    spoilt = update(sellers).values(profile_sealed=f"v1:{key_id(OLD)}:gAAAAspoilt")
    url = f"sqlite:///{place / 'bot.db'}"
    async with world(url) as storage, storage.database.write() as connection:
        await connection.execute(spoilt.where(sellers.c.telegram_id == 1000))
    code, said = await command(place, "keys", "rotate")
    assert code == DEFECT
    assert "Left under other keys: 1." in said
    assert OLD in read_key_file(place / "encryption.key")


async def test_while_a_process_seals_by_the_file_nothing_is_changed(place):
    with in_use(lock_of(place / "bot.db")) as may_use:
        assert may_use
        code, said = await command(place, "keys", "rotate")
    assert code == WRONG_USAGE
    assert "stop the bot" in said
    assert read_key_file(place / "encryption.key") == [OLD]


async def test_keys_of_the_setting_are_rotated_and_dropped_by_nobody(place):
    code, said = await command(place, "keys", "rotate", ENCRYPTION_KEYS=f"{NEW},{OLD}")
    assert code == DONE, said
    await assert_whole(f"sqlite:///{place / 'bot.db'}", [NEW], 5)
    assert read_key_file(place / "encryption.key") == [OLD]


async def test_a_key_file_that_everybody_may_read_is_refused(place):
    (place / "encryption.key").chmod(0o644)
    code, said = await command(place, "sync", "--all")
    assert code == WRONG_USAGE
    assert "chmod 600" in said
    assert OLD not in said
