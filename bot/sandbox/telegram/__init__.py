"""The Telegram Bot API on loopback, with users whose hands a test or a script can move."""

from bot.sandbox.telegram.faults import Fault, FaultKind
from bot.sandbox.telegram.hands import NoSuchButtonError, TwinUser, has_button, has_document
from bot.sandbox.telegram.messages import ChatMessage
from bot.sandbox.telegram.twin import SANDBOX_BOT, Call, TelegramTwin
from bot.sandbox.telegram.world import CallbackAnswer, Tap

__all__ = [
    "SANDBOX_BOT",
    "Call",
    "CallbackAnswer",
    "ChatMessage",
    "Fault",
    "FaultKind",
    "NoSuchButtonError",
    "Tap",
    "TelegramTwin",
    "TwinUser",
    "has_button",
    "has_document",
]
