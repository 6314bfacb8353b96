"""Speaking one language: a sentence, a button, a problem, a count, a moment."""

import re
from datetime import datetime
from html import escape
from types import MappingProxyType

from bot.core.errors import Code
from bot.core.period import MOSCOW
from bot.telegram.texts import en, problems, ru
from bot.telegram.texts.keys import Label, Line, Noun

RUSSIAN = "ru"
ENGLISH = "en"

# Telegram languages whose speakers on a Russian marketplace read Russian rather than English.
_READ_RUSSIAN = frozenset({"ru", "be", "uk", "kk", "ky", "uz", "tg", "tk", "hy", "az", "tt", "ba"})
_NOT_WORDS = re.compile(r"[\W_]+")
_ONE, _FEW, _MANY = range(3)


class Html(str):
    """A text that is HTML already and is not escaped again."""

    __slots__ = ()


class Words:
    """Every sentence in one language; what is filled in is escaped unless it is `Html`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._english = language == ENGLISH
        self._lines = en.LINES if self._english else ru.LINES
        self._labels = en.LABELS if self._english else ru.LABELS
        self._problems = problems.ENGLISH if self._english else problems.RUSSIAN

    def __call__(self, line: Line, **values: object) -> Html:
        """Return a sentence with its values."""
        filled = {name: _escaped(value) for name, value in values.items()}
        return Html(self._lines[line].format_map(filled))

    def label(self, label: Label) -> str:
        """Return a button's words."""
        return self._labels[label]

    def problem(self, code: Code) -> Html:
        """Return what an error code means to a seller."""
        return Html(self._problems.get(code, self._problems[Code.INTERNAL]))

    def count(self, noun: Noun, number: int) -> str:
        """Return a number with its noun: «1 248 строк», "1,248 rows"."""
        if self._english:
            return f"{number:,} {en.NOUNS[noun][number != 1]}"
        return f"{number:,}".replace(",", "\u202f") + f" {ru.NOUNS[noun][russian_form(number)]}"

    def moment(self, at: datetime) -> str:
        """Return an instant as Moscow clocks show it, with the date."""
        return f"{at.astimezone(MOSCOW):%d.%m.%Y %H:%M} {self._zone}"

    def hour(self, at: datetime) -> str:
        """Return an instant as Moscow clocks show it, without the date."""
        return f"{at.astimezone(MOSCOW):%H:%M} {self._zone}"

    def day(self, at: datetime) -> str:
        """Return the Moscow date of an instant."""
        return f"{at.astimezone(MOSCOW):%d.%m.%Y}"

    @property
    def _zone(self) -> str:
        return "MSK" if self._english else "МСК"


class Catalogue:
    """Both languages, and the way from typed words back to a button."""

    def __init__(self) -> None:
        self._words = {language: Words(language) for language in (RUSSIAN, ENGLISH)}
        self._labels = MappingProxyType(
            {bare(words.label(one)): one for words in self._words.values() for one in Label}
        )

    def words(self, language: str) -> Words:
        """Return the sentences of a language ("ru" or "en")."""
        return self._words.get(language, self._words[RUSSIAN])

    def label_of(self, text: str | None) -> Label | None:
        """Return the button whose words these are, in either language, emoji and case aside."""
        return self._labels.get(bare(text)) if text else None


def language_of(code: str | None) -> str:
    """Return our language for a Telegram `language_code`; Russian when it is not known."""
    primary = (code or RUSSIAN).lower().partition("-")[0]
    return RUSSIAN if primary in _READ_RUSSIAN else ENGLISH


def bare(text: str) -> str:
    """Return the words of a text: no emoji, punctuation or case, single spaces."""
    return _NOT_WORDS.sub(" ", text).strip().casefold()


def russian_form(number: int) -> int:
    """Return which of the three Russian forms goes with a number (1, 2–4, 5 and more)."""
    tail = abs(number) % 100
    if tail % 10 == 1 and tail != 11:  # noqa: PLR2004 - grammar
        return _ONE
    if tail % 10 in {2, 3, 4} and tail not in {12, 13, 14}:
        return _FEW
    return _MANY


def _escaped(value: object) -> str:
    return value if isinstance(value, Html) else escape(str(value), quote=True)
