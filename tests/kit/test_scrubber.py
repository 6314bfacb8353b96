"""What may never leave us is taken out; what an operator searches for stays."""

import json

import pytest
from cryptography.fernet import Fernet

from bot.kit.scrubber import scrub, scrubber

FERNET_KEY = Fernet.generate_key().decode()
SEALED = Fernet(FERNET_KEY).encrypt(b"a key").decode()
BOT_TOKEN = "7123456789:AAFakeFakeFakeFakeFakeFakeFakeFake_-1"
JWT = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzaWQiOiIxIn0.c2lnbmF0dXJl-_x"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0B+/==\n-----END PRIVATE KEY-----"

SECRETS = {
    BOT_TOKEN: "[bot token]",
    f"https://api.telegram.org/bot{BOT_TOKEN}/getMe": "AAFake",
    f"https://api.telegram.org/file/bot{BOT_TOKEN.replace(':', '%3A')}/x": "AAFake",
    JWT: "eyJ",
    JWT[:30]: "eyJ",
    "eyAiYWxnIjogIkVTMjU2IiB9.eyJz.c2ln": "eyA",
    SEALED: "gAAAA",
    f"v1:3fa9c1d2:{SEALED}": "gAAAA",
    FERNET_KEY: FERNET_KEY[:20],
    "seller@example.com": "seller",
    "ivan.petrov+wb@mail.example.co.uk": "petrov",
    "почта@пример.рф": "почта",
    "to=seller%40example.com&x=1": "seller",
    "<seller@example.com>": "seller",
    "+79991234567": "9991234567",
    "+7 (999) 123-45-67": "123-45",
    "8 (999) 123-45-67": "123-45",
    "8 999 123 45 67": "123 45",
    "89991234567": "9991234567",
    "tel:79991234567": "9991234567",
    "phone=79991234567,": "9991234567",
    "+375 29 123-45-67": "123-45",
    "+49 151 23456789": "23456789",
    "ya29.a0AfB_byC-secret-1234": "secret",
    "1//0gFakeRefreshToken-abc": "Fake",
    "GOCSPX-FakeClientSecret": "Fake",
    PEM: "MIIE",
    json.dumps({"private_key": PEM}): "MIIE",
    PEM[:60]: "MIIE",
    "Authorization: abcdef123": "abcdef",
    "{'Authorization': 'Bearer abcdef123'}": "abcdef",
    "(b'authorization', b'abcdef123')": "abcdef",
    '{"X-Client-Secret": "abcdef123"}': "abcdef",
    '{\\"Authorization\\": \\"abcdef123\\"}': "abcdef",
    "x-client-secret=abcdef123&x=1": "abcdef",
    "Bearer abcdef123456": "abcdef",
    "postgresql://bot:pa55word@db.example:5432/bot": "pa55word",
    "postgresql+asyncpg://bot:p@ss:w/rd@db/bot": "ss:w",
    "redis://:pa55word@cache/0": "pa55word",
    "socks5://user:pa55word@proxy:1080": "pa55word",
}

HARMLESS = [
    "nm_id=178204310 nm_ids=[178204310, 1782043101] cards=8",
    "telegram_id=7123456789 chat_id=-1001234567890",
    "2026-11-20T13:15:24.123456Z until=2026-11-20T21:07:00+00:00",
    "2026-11-20 00:07:00+03:00 at 1795208124 ms=1795208124123 ns=1795208124123456789",
    "seconds=7.1234567890 ratio=0.79991234567 speed=8.99912345671",
    "HTTP 429 from 127.0.0.1:8101, retry in 20.5 s",
    "http://127.0.0.1:8101/api/v1/warehouse_remains?groupByNm=true",
    "postgresql://db.example:5432/bot",
    "run_id=42 shop_id=7 code=rate_limited report.refreshed",
    "task 6f1b3c52-9d1e-4d2a-8f53-7a89991234aa",
    "srid=eb.r3f9c1d2a7b84e0f8a1c2d3e4f5a6b7c.0.0",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "Склад WB РФ: 1 545 штук, 8 999 заказов",
    "keys: @BotFather, v1.2.3, user@",
]


NUMBERS = range(len(SECRETS))  # the keys among them are others in each process


@pytest.mark.parametrize(("text", "secret"), SECRETS.items(), ids=NUMBERS)
def test_a_secret_is_taken_out(text, secret):
    scrubbed = scrub(f"before {text} after")
    if secret.startswith("["):
        assert secret in scrubbed
    else:
        assert secret not in scrubbed
    assert scrubbed.startswith("before ")
    assert scrubbed.endswith(" after")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_an_operator_searches_for_stays(text):
    assert scrub(text) == text


@pytest.mark.parametrize("text", SECRETS, ids=NUMBERS)
def test_scrubbing_twice_changes_nothing_more(text):
    once = scrub(text)
    assert scrub(once) == once


@pytest.mark.parametrize("text", SECRETS, ids=NUMBERS)
def test_json_stays_json(text):
    line = json.dumps({"event": text, "n": 1}, ensure_ascii=False)
    assert json.loads(scrub(line))["n"] == 1


def test_several_secrets_in_one_line():
    scrubbed = scrub(f"{JWT} a@example.com {BOT_TOKEN} b@example.com +79991234567")
    assert scrubbed == "[jwt] [e-mail] [bot token] [e-mail] [phone]"


def test_known_values_are_taken_out_whatever_they_look_like():
    clean = scrubber(["plain-words-secret", "plain-words-secret-longer", "short", ""])
    assert clean("x plain-words-secret-longer y plain-words-secret") == "x [secret] y [secret]"
    assert clean("short stays") == "short stays"


def test_a_long_line_takes_no_time_to_speak_of():
    for unit in ("a", "1", "a.", "eyJ", "7 ", "http://a:", "+7", "password="):
        line = unit * (100_000 // len(unit))
        assert len(scrub(line)) <= 2 * len(line)
