"""Sealing: by key id, bound to purpose and owner; and where the keys come from."""

import pytest
from cryptography.fernet import Fernet

from bot.core.errors import Code, Defect
from bot.storage.errors import Misconfigured
from bot.storage.keys import check_keys, has_sealed_rows, load_or_make_keys
from bot.storage.vault import Purpose, Vault, key_id, kid_of
from tests.storage.people import seller, shop

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRET = "eyJhbGciOi.plant.plant"


def test_a_sealed_text_opens_and_shows_nothing():
    vault = Vault([OLD])
    sealed = vault.seal(Purpose.SHOP_KEY, 7, SECRET)
    assert sealed.startswith(f"v1:{key_id(OLD)}:gAAAA")
    assert "plant" not in sealed
    assert vault.open(Purpose.SHOP_KEY, 7, sealed) == SECRET
    assert vault.seal(Purpose.SHOP_KEY, 7, SECRET) != sealed


@pytest.mark.parametrize(
    ("purpose", "owner"),
    [(Purpose.SHOP_KEY, 8), (Purpose.SHOP_NAME, 7), (Purpose.SHOP_KEY, "07")],
)
def test_a_text_moved_to_another_row_does_not_open(purpose, owner):
    vault = Vault([OLD])
    sealed = vault.seal(Purpose.SHOP_KEY, 7, SECRET)
    _refused(vault, purpose, owner, sealed)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: sealed[:-2] + ("A=" if sealed[-2:] != "A=" else "B="),
        lambda sealed: sealed.replace("v1:", "v2:"),
        lambda sealed: sealed.split(":")[2],
        lambda _: "",
        lambda _: SECRET,
        lambda sealed: sealed + "ё",
        lambda sealed: f"v1:{key_id(NEW)}:{sealed.split(':')[2]}",
    ],
)
def test_what_was_altered_does_not_open(spoil):
    vault = Vault([OLD, NEW])
    _refused(vault, Purpose.SHOP_KEY, 7, spoil(vault.seal(Purpose.SHOP_KEY, 7, SECRET)))


def _refused(vault, purpose, owner, sealed):
    with pytest.raises(Defect) as refused:
        vault.open(purpose, owner, sealed)
    assert refused.value.code is Code.STORED_DATA_SEALED
    assert "plant" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_new_key_seals_and_the_old_one_still_opens():
    sealed = Vault([OLD]).seal(Purpose.DRAFT, "1:2:3", SECRET)
    both = Vault([NEW, OLD])
    assert both.open(Purpose.DRAFT, "1:2:3", sealed) == SECRET
    again = both.seal(Purpose.DRAFT, "1:2:3", SECRET)
    assert kid_of(again) == key_id(NEW) == both.current_kid
    assert Vault([NEW]).open(Purpose.DRAFT, "1:2:3", again) == SECRET
    _refused(Vault([NEW]), Purpose.DRAFT, "1:2:3", sealed)


@pytest.mark.parametrize("keys", [[], ["short"], ["ключ" * 11], [OLD, "nonsense"]])
def test_keys_that_are_none_are_named(keys):
    with pytest.raises(Misconfigured, match="ENCRYPTION_KEYS"):
        Vault(keys)


def _load(data_dir, keys=(), *, sqlite=True, sealed=False):
    return load_or_make_keys(
        keys, database_is_sqlite=sqlite, data_dir=data_dir, has_sealed_rows=sealed
    )


def test_a_key_is_made_once_and_for_us_alone(tmp_path):
    made = _load(tmp_path / "data")
    file = tmp_path / "data" / "encryption.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert _load(tmp_path / "data", sealed=True) == made
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["encryption.key"]
    Vault(made)


def test_no_key_is_made_where_sealed_rows_wait_for_theirs(tmp_path):
    with pytest.raises(Misconfigured, match="ENCRYPTION_KEYS"):
        _load(tmp_path, sealed=True)
    assert list(tmp_path.iterdir()) == []


def test_no_key_is_made_beside_postgresql(tmp_path):
    with pytest.raises(Misconfigured, match="ENCRYPTION_KEYS"):
        _load(tmp_path, sqlite=False)
    assert list(tmp_path.iterdir()) == []


def test_the_setting_goes_before_the_file(tmp_path):
    _load(tmp_path)
    assert _load(tmp_path, [f" {NEW} ", OLD, ""]) == [NEW, OLD]
    assert _load(tmp_path, [NEW], sqlite=False, sealed=True) == [NEW]


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"\xff\xfe"])
def test_a_spoilt_key_file_is_named(tmp_path, content):
    (tmp_path / "encryption.key").write_bytes(content)
    with pytest.raises(Misconfigured, match="ENCRYPTION_KEYS"):
        _load(tmp_path)


async def test_an_empty_database_holds_nothing_sealed(storage):
    assert not await has_sealed_rows(storage.database)
    await seller(storage)
    assert await has_sealed_rows(storage.database)


async def test_the_self_test_finds_a_missing_key(storage):
    await shop(storage)
    await check_keys(storage.database, storage.vault)
    with pytest.raises(Defect) as refused:
        await check_keys(storage.database, Vault([NEW]))
    assert refused.value.code is Code.STORED_DATA_SEALED
