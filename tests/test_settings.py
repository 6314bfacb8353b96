"""The settings as an operator meets them: defaults, and one sentence per fault."""

import pytest
from cryptography.fernet import Fernet

from bot.settings import ConfigurationError, bot_token, read_settings

LOOPBACK = {
    "wb_analytics_url": "http://127.0.0.1:1",
    "wb_statistics_url": "http://127.0.0.1:1",
    "wb_marketplace_url": "http://127.0.0.1:1",
    "wb_content_url": "http://127.0.0.1:1",
    "wb_common_url": "http://localhost:1",
    "telegram_api_url": "http://[::1]:2",
}


@pytest.fixture(autouse=True)
def _empty_world(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("BOT_TOKEN", "DATABASE_URL", "TIME_SCALE", "ADMIN_IDS"):
        monkeypatch.delenv(name, raising=False)


def test_defaults_need_nothing():
    settings = read_settings()
    assert settings.database == "sqlite+aiosqlite:///data/bot.db"
    assert settings.google_files == ()
    assert settings.refresh_at.strftime("%H:%M") == "00:01"


def test_no_token_says_where_to_get_one():
    with pytest.raises(ConfigurationError, match=r"BOT_TOKEN.*@BotFather"):
        bot_token(read_settings())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ADMIN_IDS", "me"),
        ("HTTP_PORT", "70000"),
        ("REFRESH_AT", "25:61"),
        ("TIMEZONE", "Mars/Base"),
        ("WB_ANALYTICS_URL", "https://host/with/path"),
        ("GOOGLE_SHEETS_URL", "ftp://host"),
        ("ENCRYPTION_KEYS", "secret-that-is-no-key"),
        ("REGISTRATION", "closed"),
        ("LOG_LEVEL", "LOUD"),
        ("TIME_SCALE", "0.5"),
        ("GOOGLE_GZIP", "perhaps"),
    ],
)
def test_a_fault_is_one_sentence_that_names_the_variable(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as fault:
        read_settings()
    (sentence,) = fault.value.sentences
    assert variable in sentence
    assert value not in sentence


def test_every_fault_is_told_at_once(monkeypatch):
    monkeypatch.setenv("ADMIN_IDS", "me")
    monkeypatch.setenv("HTTP_PORT", "70000")
    with pytest.raises(ConfigurationError) as fault:
        read_settings()
    assert len(fault.value.sentences) == 2


def test_lists_are_comma_separated(monkeypatch):
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    monkeypatch.setenv("ADMIN_IDS", "1, 22 ,")
    monkeypatch.setenv("ENCRYPTION_KEYS", ",".join(keys))
    settings = read_settings()
    assert settings.admin_ids == {1, 22}
    assert [key.get_secret_value() for key in settings.encryption_keys] == keys
    assert keys[0] not in repr(settings)


def test_the_database_can_be_given_in_parts(monkeypatch):
    for name, value in {"HOST": "db", "NAME": "n", "USER": "u", "PASSWORD": "p@ss:w"}.items():
        monkeypatch.setenv(f"DB_{name}", value)
    assert read_settings().database == "postgresql://u:p%40ss%3Aw@db:5432/n"


def test_time_scale_only_where_every_vendor_is_on_loopback():
    assert read_settings(**LOOPBACK, time_scale=60).time_scale == 60
    with pytest.raises(ConfigurationError, match=r"TIME_SCALE.*WB_COMMON_URL"):
        read_settings(**LOOPBACK | {"wb_common_url": "https://example.org"}, time_scale=60)


def test_time_scale_minds_google_only_where_it_is_set_up(tmp_path):
    (tmp_path / "credentials.json").write_text("{}")
    with pytest.raises(ConfigurationError, match=r"TIME_SCALE.*GOOGLE_SHEETS_URL"):
        read_settings(**LOOPBACK, time_scale=60)
