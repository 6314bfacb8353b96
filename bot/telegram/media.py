"""What a message is when it is no text, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from aiogram.enums import ContentType
from aiogram.types import Message

from bot.telegram.texts import Line

_KINDS: Mapping[str, Line] = MappingProxyType(
    {
        ContentType.PHOTO: Line.MEDIA_PHOTO,
        ContentType.VIDEO: Line.MEDIA_VIDEO,
        ContentType.VIDEO_NOTE: Line.MEDIA_VIDEO,
        ContentType.ANIMATION: Line.MEDIA_VIDEO,
        ContentType.VOICE: Line.MEDIA_VOICE,
        ContentType.AUDIO: Line.MEDIA_AUDIO,
        ContentType.STICKER: Line.MEDIA_STICKER,
        ContentType.DOCUMENT: Line.MEDIA_DOCUMENT,
        ContentType.LOCATION: Line.MEDIA_LOCATION,
        ContentType.VENUE: Line.MEDIA_LOCATION,
        ContentType.CONTACT: Line.MEDIA_CONTACT,
    }
)


def kind_of(message: Message) -> Line:
    """Return the word for what a message holds."""
    return _KINDS.get(message.content_type, Line.MEDIA_OTHER)
