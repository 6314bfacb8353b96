"""The one catalogue of everything that the bot says, in Russian and in English."""

from bot.telegram.texts.keys import Label, Line, Noun
from bot.telegram.texts.words import ENGLISH, RUSSIAN, Catalogue, Html, Words, language_of

__all__ = [
    "ENGLISH",
    "RUSSIAN",
    "Catalogue",
    "Html",
    "Label",
    "Line",
    "Noun",
    "Words",
    "language_of",
]
