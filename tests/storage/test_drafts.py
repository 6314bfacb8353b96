"""Half-typed forms survive a restart and vanish when they are done."""

from tests.storage.people import NOW
from tests.support.databases import world

KEY = "42:77:77"


async def test_a_restart_loses_no_half_typed_form(migrated_url):
    async with world(migrated_url) as before:
        await before.stores.drafts.save_state(KEY, "RegistrationStates:GET_EMAIL", now=NOW)
        await before.stores.drafts.save_answers(KEY, {"name": "Иван", "n": 1}, now=NOW)
        vault = before.vault
    async with world(migrated_url, vault=vault) as after:
        found = await after.stores.drafts.load(KEY)
    assert found == ("RegistrationStates:GET_EMAIL", {"name": "Иван", "n": 1})


async def test_state_and_answers_change_apart(storage):
    drafts = storage.stores.drafts
    await drafts.save_answers(KEY, {"name": "Иван"}, now=NOW)
    await drafts.save_state(KEY, "a", now=NOW)
    await drafts.save_state(KEY, "b", now=NOW)
    assert await drafts.load(KEY) == ("b", {"name": "Иван"})
    await drafts.save_answers(KEY, {"name": "Пётр"}, now=NOW)
    assert await drafts.load(KEY) == ("b", {"name": "Пётр"})


async def test_a_finished_form_leaves_nothing(storage, rows_of):
    drafts = storage.stores.drafts
    assert await drafts.load(KEY) == (None, {})
    await drafts.save_state(KEY, "a", now=NOW)
    await drafts.save_answers(KEY, {"name": "Иван"}, now=NOW)
    await drafts.save_state(KEY, None, now=NOW)
    await drafts.save_answers(KEY, {}, now=NOW)
    assert await drafts.load(KEY) == (None, {})
    assert (await rows_of(storage))["drafts"] == []
