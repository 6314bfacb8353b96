"""Nothing that names a person, and no key, lies open in any column of any table."""

import base64
import json
import shutil

from bot.core.ports import TableState
from bot.core.sellers import Profile
from tests.storage.people import NOW, access, card, claimed, save, seller
from tests.support.databases import world

PLANTS = ("Планта", "plant@planta.ru", "+79161112233", "eyJplant.plant.plant", "ИП Плантов П. П.")
NAME, EMAIL, PHONE, KEY, SHOP_NAME = PLANTS


async def test_planted_secrets_are_in_no_column(storage, rows_of):
    owner = await seller(storage, 77, Profile(NAME, EMAIL, PHONE))
    one = await storage.stores.shops.connect(owner.id, access(key=KEY), now=NOW)
    await storage.stores.shops.rename(one.id, SHOP_NAME)
    answers = {"name": NAME, "email": EMAIL, "phone": PHONE}
    await storage.stores.drafts.save_state("42:77:77", "RegistrationStates:GET_PHONE", now=NOW)
    await storage.stores.drafts.save_answers("42:77:77", answers, now=NOW)
    claim = await claimed(storage, one)
    await save(storage, claim, [card(1)])
    await storage.stores.tables.save_state(claim, TableState("https://x", {"shared": EMAIL}))

    assert (await storage.stores.shops.by_id(one.id)).name == SHOP_NAME  # it is there, sealed
    text = "\n".join(
        _readable(value)
        for rows in (await rows_of(storage)).values()
        for row in rows
        for value in row
    )
    assert "gAAAA" in text
    for plant in PLANTS:
        for shape in (plant, json.dumps(plant)[1:-1], base64.b64encode(plant.encode()).decode()):
            assert shape not in text


async def test_planted_secrets_are_in_no_file_of_sqlite(migrated_file, tmp_path):
    path = shutil.copy(migrated_file, tmp_path / "bot.db")
    async with world(f"sqlite:///{path}") as storage:
        await seller(storage, 77, Profile(NAME, EMAIL, PHONE))
        stored = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert b"gAAAA" in stored
    for plant in PLANTS:
        assert plant.encode() not in stored


def _readable(value) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
