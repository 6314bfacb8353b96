"""One catalogue in two languages: nothing missing, nothing too long, valid HTML."""

import string

import pytest

from bot.core.errors import Code
from bot.sandbox.telegram.html import parse_html
from bot.telegram.texts import Catalogue, Html, Label, Line, Noun, Words, en, language_of, ru
from bot.telegram.texts.problems import ENGLISH, RUSSIAN
from bot.telegram.texts.words import bare, russian_form

CONTRACT = {
    Label.ADD_KEY: "🔑 Добавить API ключ",
    Label.ABOUT: "ℹ️ О сервисе",
    Label.HELP: "❓ Помощь",
    Label.GET_TABLE: "📊 Получить мою таблицу",
    Label.REFRESH: "🔄 Обновить сейчас",
    Label.SETTINGS: "⚙️ Настройки",
    Label.PROFILE: "👤 Профиль",
    Label.API_KEY: "🔑 API ключ",
    Label.REPLACE_KEY: "Заменить",
    Label.DELETE_KEY: "Удалить",
    Label.CHECK_KEY: "Проверить",
    Label.SHOPS: "🏪 Магазины",
    Label.ADD_SHOP: "➕ Добавить магазин",
}
LANGUAGES = pytest.mark.parametrize("language", ["ru", "en"])


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def filled(words: Words, line: Line) -> Html:
    source = ru.LINES[line]
    return words(line, **dict.fromkeys(placeholders(source), "x & <b>y</b>"))


def test_every_key_has_its_words_in_both_languages():
    for catalogue in (ru, en):
        assert set(catalogue.LINES) == set(Line)
        assert set(catalogue.LABELS) == set(Label)
        assert set(catalogue.NOUNS) == set(Noun)
    for problems in (RUSSIAN, ENGLISH):
        assert set(problems) == set(Code)


def test_the_labels_are_the_contract_to_the_letter():
    assert {label: ru.LABELS[label] for label in CONTRACT} == CONTRACT


@pytest.mark.parametrize("line", Line)
def test_both_languages_fill_in_the_same(line):
    assert placeholders(ru.LINES[line]) == placeholders(en.LINES[line])


@LANGUAGES
@pytest.mark.parametrize("line", Line)
def test_every_sentence_is_html_that_telegram_takes(language, line):
    plain, _ = parse_html(filled(Words(language), line))
    assert 0 < len(plain) <= 1500


@LANGUAGES
@pytest.mark.parametrize("code", Code)
def test_every_problem_is_html_and_short_enough_for_a_caption(language, code):
    plain, _ = parse_html(Words(language).problem(code))
    assert 10 < len(plain) <= 300


@LANGUAGES
def test_labels_are_short_and_told_apart_without_emoji(language):
    labels = [Words(language).label(one) for one in Label]
    assert all(len(label) <= 28 for label in labels)
    assert len({bare(label) for label in labels}) == len(labels)


def test_a_typed_label_is_found_in_either_language():
    catalogue = Catalogue()
    for language in ("ru", "en"):
        for label in Label:
            assert catalogue.label_of(catalogue.words(language).label(label)) is label
    assert catalogue.label_of("  помощь ") is Label.HELP
    assert catalogue.label_of("help!") is Label.HELP
    assert catalogue.label_of("помощь нужна") is None
    assert catalogue.label_of(None) is None
    assert catalogue.label_of("🙂") is None


def test_values_are_escaped_and_html_is_not_twice():
    words = Words("ru")
    assert "&lt;b&gt;" in words(Line.ASK_EMAIL, name="<b>")
    assert "<i>" in words(Line.RUN_FAILED, shop="x", problem=Html("<i>y</i>"))


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 строк"),
        (1, "1 строка"),
        (2, "2 строки"),
        (5, "5 строк"),
        (11, "11 строк"),
        (12, "12 строк"),
        (21, "21 строка"),
        (112, "112 строк"),
        (1_248, "1\u202f248 строк"),
        (1_000_001, "1\u202f000\u202f001 строка"),
    ],
)
def test_russian_plurals(number, said):
    assert Words("ru").count(Noun.ROWS, number) == said


def test_every_number_has_a_form():
    assert {russian_form(number) for number in range(200)} == {0, 1, 2}


def test_english_plurals():
    words = Words("en")
    assert [words.count(Noun.SHOPS, n) for n in (0, 1, 2, 1_248)] == [
        "0 shops",
        "1 shop",
        "2 shops",
        "1,248 shops",
    ]


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (None, "ru"),
        ("", "ru"),
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("kk", "ru"),
        ("uz", "ru"),
        ("be", "ru"),
        ("en", "en"),
        ("en-US", "en"),
        ("zh-hans", "en"),
        ("de", "en"),
    ],
)
def test_the_language_follows_telegrams(code, language):
    assert language_of(code) == language
