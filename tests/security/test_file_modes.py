"""Files with secrets that others may read are named at the start."""

import pytest
import structlog

from bot.settings import read_settings
from bot.storage.database import Database
from bot.storage.engine import make_engine
from bot.wiring.file_modes import warn_of_open_files


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in (".env", "credentials.json", "token.json"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o600)
    return tmp_path


def warned(place):
    database = Database(make_engine(f"sqlite:///{place / 'bot.db'}"))
    with structlog.testing.capture_logs() as lines:
        warn_of_open_files(read_settings(), database)
    return [line["file"] for line in lines if line["event"] == "file.readable_by_others"]


def test_our_own_files_are_for_us_alone(place):
    assert warned(place) == []


@pytest.mark.parametrize("name", [".env", "credentials.json", "token.json"])
@pytest.mark.parametrize("mode", [0o644, 0o640])
def test_each_open_file_is_named_once(place, name, mode):
    (place / name).chmod(mode)
    assert warned(place) == [name]


def test_an_open_database_is_named(place):
    assert warned(place) == []
    (place / "bot.db").chmod(0o644)
    assert warned(place) == [str(place / "bot.db")]
